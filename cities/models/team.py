"""Who may speak for a city: its team, how somebody comes into it, and what has happened there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models.city import City


class TeamMember(models.Model):
    """A person in a city's team; one lead at most."""

    class Role(models.TextChoices):
        LEAD = "lead", _("lead")
        DEPUTY = "deputy", _("deputy")
        EDITOR = "editor", _("editor")

    city = models.ForeignKey(City, models.CASCADE, related_name="team", verbose_name=_("city"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="teams", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=8, choices=Role)
    since = models.DateField(_("since"), auto_now_add=True)

    class Meta:
        ordering = ["city", "role", "pk"]
        verbose_name = _("member of a city's team")
        verbose_name_plural = _("city teams")
        constraints = [
            models.UniqueConstraint(fields=["city", "user"], name="one_role_per_person_and_city"),
            models.UniqueConstraint(fields=["city"], condition=Q(role="lead"), name="one_lead_per_city"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.city} ({self.get_role_display()})"


class TeamRequest(models.Model):
    """Somebody asks to speak for a city. What was asked and answered is kept."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    city = models.ForeignKey(City, models.CASCADE, related_name="team_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="team_requests")
    office = models.CharField(max_length=200)
    proof = models.TextField()
    email = models.EmailField(blank=True)  # official, at the city
    phone = models.CharField(max_length=50, blank=True)
    message = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    role = models.CharField(max_length=8, choices=TeamMember.Role, blank=True)  # once confirmed
    reason = models.TextField(blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="decided_team_requests"
    )

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("request to speak for a city")
        verbose_name_plural = _("requests to speak for a city")
        constraints = [
            models.UniqueConstraint(
                fields=["city", "user"], condition=Q(state="open"), name="one_open_request_per_person_and_city"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "confirmed", "declined", "withdrawn"]),
                name="a_request_has_a_known_state",
            ),
            models.CheckConstraint(condition=~Q(email="", phone=""), name="a_request_names_an_official_contact"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="a_decided_request_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", role__in=["lead", "deputy", "editor"])
                | (~Q(state="confirmed") & Q(role="")),
                name="a_confirmed_request_has_its_role",
            ),
            models.CheckConstraint(condition=~Q(state="declined", reason=""), name="a_declined_request_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.city} ({self.get_state_display()})"


class TeamInvitation(models.Model):
    """An address is invited into a city's team. The letter carries a signed code made of key and `serial`; a new letter
    raises the serial, so only the last one opens."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        REVOKED = "revoked", _("revoked")

    city = models.ForeignKey(City, models.CASCADE, related_name="team_invitations")
    email = models.EmailField()
    role = models.CharField(max_length=8, choices=TeamMember.Role)
    serial = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="team_invitations_sent"
    )
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    newer_letter = False  # set by cities.teams.invitation_of: the code is of an earlier letter than the last one

    class Meta:
        ordering = ["sent_at", "pk"]
        verbose_name = _("invitation into a city's team")
        verbose_name_plural = _("invitations into a city's team")
        constraints = [
            models.UniqueConstraint(
                "city", Lower("email"), condition=Q(state="open"), name="one_open_invitation_per_address_and_city"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "declined", "revoked"]),
                name="an_invitation_has_a_known_state",
            ),
            models.CheckConstraint(condition=Q(role__in=["deputy", "editor"]), name="nobody_is_invited_to_be_the_lead"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="a_closed_invitation_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.city} ({self.get_state_display()})"

    @property
    def has_expired(self) -> bool:
        """Whether it waited too long; it can be sent again."""
        return self.state == self.State.OPEN and self.expires_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        """Whether a letter leads to nothing any more."""
        return self.newer_letter or self.has_expired or self.state != self.State.OPEN


class TeamHandOver(models.Model):
    """The lead wants to hand the lead over to another member, who must agree."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    city = models.ForeignKey(City, models.CASCADE, related_name="team_hand_overs")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    taker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="team_hand_overs")
    stays = models.BooleanField()  # whether the former lead becomes deputy, or leaves
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    proposed_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["proposed_at", "pk"]
        verbose_name = _("hand-over of the lead")
        verbose_name_plural = _("hand-overs of the lead")
        constraints = [
            models.UniqueConstraint(fields=["city"], condition=Q(state="open"), name="one_open_hand_over_per_city"),
            models.CheckConstraint(condition=~Q(giver=models.F("taker")), name="a_hand_over_is_between_two_people"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "declined", "withdrawn"]),
                name="a_hand_over_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="a_closed_hand_over_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city}: {self.giver}, {self.taker}"


class TeamEvent(models.Model):
    """One act in a city's team. Written once: the database refuses to change or delete it (migration 0004).

    People are kept by their number without a foreign key, so that erasing a person leaves the history as it is.
    """

    class Kind(models.TextChoices):
        """In words: cities.chronicle."""

        ASKED = "asked"
        CONFIRMED = "confirmed"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"
        INVITED = "invited"
        INVITED_AGAIN = "invited_again"
        REVOKED = "revoked"
        ACCEPTED = "accepted"
        TURNED_DOWN = "turned_down"
        ROLE = "role"
        REMOVED = "removed"
        LEFT = "left"
        PROPOSED = "proposed"
        NOT_TAKEN = "not_taken"
        TAKEN_BACK = "taken_back"
        BECAME_LEAD = "became_lead"
        WAS_LEAD = "was_lead"

    city = models.ForeignKey(City, models.PROTECT, related_name="team_events")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    kind = models.CharField(max_length=13, choices=Kind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    invitation = models.ForeignKey(TeamInvitation, models.PROTECT, null=True, related_name="+")
    old_role = models.CharField(max_length=8, choices=TeamMember.Role, blank=True)
    new_role = models.CharField(max_length=8, choices=TeamMember.Role, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("act in a city's team")
        verbose_name_plural = _("acts in a city's team")

    def __str__(self) -> str:
        return f"{self.city}: {self.kind}"
