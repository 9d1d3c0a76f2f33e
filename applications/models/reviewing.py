"""Reviewers: who is asked to review what, what they state and declare about themselves, their reviews and scores."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.call import Call
from applications.models.submission import Submission
from cities.models import City, Country, Land
from network.models import User

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class ReviewerStatement(models.Model):
    """What somebody says of themselves before they review: conflicts of interest are found from it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reviewer_statement", verbose_name=_("person")
    )
    country = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("country"))
    land = models.ForeignKey(
        Land, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Land (German state)")
    )
    cities = models.ManyToManyField(
        City, related_name="reviewer_statements", blank=True, verbose_name=_("cities they work or worked for")
    )
    # as typed, one in a line: also those the portal does not know
    words = models.TextField(_("cities in their own words"), blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"))

    if TYPE_CHECKING:
        country_id: str
        land_id: str | None
        user_id: int

    class Meta:
        verbose_name = _("statement of a reviewer")
        verbose_name_plural = _("statements of reviewers")

    def __str__(self) -> str:
        return str(self.user)


class ReviewerInvitation(models.Model):
    """An address is invited to review for a call. The letter carries a signed code made of key and `serial`; a new
    letter raises the serial, so only the last one opens."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        REVOKED = "revoked", _("revoked")

    call = models.ForeignKey(Call, models.CASCADE, related_name="reviewer_invitations", verbose_name=_("call"))
    email = models.EmailField(_("e-mail address"), blank=True)  # empty once the account behind it has ended
    serial = models.PositiveSmallIntegerField(_("letter"), default=1)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("open until"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewer_invitations",
        verbose_name=_("accepted by"),
    )

    newer_letter = False  # set by actions.inviting.invitation_of: the code is of an earlier letter than the last one

    if TYPE_CHECKING:
        call_id: int
        person_id: int | None

    class Meta:
        ordering = ["sent_at", "pk"]
        verbose_name = _("invitation to review")
        verbose_name_plural = _("invitations to review")
        constraints = [
            models.UniqueConstraint(
                "call", Lower("email"), condition=Q(state="open"), name="one_open_invitation_per_address_and_call"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "declined", "revoked"]),
                name="invitation_to_review_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None) | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="answered_invitation_to_review_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", person__isnull=False) | (~Q(state="accepted") & Q(person=None)),
                name="accepted_invitation_to_review_has_its_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.call} ({self.get_state_display()})"

    @property
    def has_expired(self) -> bool:
        """Whether it waited too long; it can be sent again."""
        return self.state == self.State.OPEN and self.expires_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        """Whether a letter leads to nothing any more."""
        return self.newer_letter or self.has_expired or self.state != self.State.OPEN


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def of(self, user: User | AnonymousUser) -> "AssignmentQuerySet":
        """What the reviewer's pages start from: what is asked of the person, without whatever they are in conflict
        with, and only while they review for the network."""
        if not (isinstance(user, User) and user.is_active):
            return self.none()
        return self.filter(
            reviewer=user, state__in=STANDING, application__in=Application.objects.open_to_reviewer(user).values("pk")
        )


class Assignment(models.Model):
    """One person is asked to review one application. Its state is written by applications.actions alone."""

    class State(models.TextChoices):
        INVITED = "invited", _("not answered yet")
        ACCEPTED = "accepted", _("in progress")
        DONE = "done", _("review finished")
        DECLINED = "declined", _("declined")
        RECUSED = "recused", _("conflict of interest")
        TAKEN_BACK = "taken_back", _("taken back")

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="assignments", verbose_name=_("application")
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments", verbose_name=_("reviewer")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.INVITED)
    due_at = models.DateTimeField(_("due by"))
    assigned_at = models.DateTimeField(_("assigned at"))
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    if TYPE_CHECKING:
        application_id: int
        reviewer_id: int
        review: "Review"

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["application", "pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(fields=["application", "reviewer"], name="one_assignment_per_pair"),
            models.CheckConstraint(
                condition=Q(state__in=["invited", "accepted", "done", "declined", "recused", "taken_back"]),
                name="assignment_has_a_known_state",
            ),
            models.CheckConstraint(condition=~Q(state="recused", reason=""), name="recused_assignment_has_its_reason"),
            models.CheckConstraint(
                condition=Q(state="invited", answered_at=None)
                | Q(state="taken_back")
                | (~Q(state__in=["invited", "taken_back"]) & Q(answered_at__isnull=False)),
                name="answered_assignment_has_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["reviewer", "state", "due_at"], name="assignments_of_reviewer")]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.application} ({self.get_state_display()})"

    @property
    def is_accepted(self) -> bool:
        return self.state in READING


STANDING = (Assignment.State.INVITED, Assignment.State.ACCEPTED, Assignment.State.DONE)
READING = (Assignment.State.ACCEPTED, Assignment.State.DONE)  # who may read the application


class Conflict(models.Model):
    """Somebody is in conflict with one application, by their own word or the coordination's. Such rows are never
    taken away. Conflicts from facts are computed (applications.conflicts)."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="conflicts", verbose_name=_("application")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflicts", verbose_name=_("person")
    )
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("declared by"))

    if TYPE_CHECKING:
        application_id: int
        person_id: int
        by_id: int

    class Meta:
        ordering = ["application", "pk"]
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.UniqueConstraint(fields=["application", "person"], name="one_conflict_per_person_and_application"),
            models.CheckConstraint(condition=~Q(reason=""), name="conflict_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.application}"


class Review(models.Model):
    """What a reviewer writes on one application: open until it is finished, and once more where it is reopened."""

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="review", verbose_name=_("assignment"))
    private_note = models.TextField(_("private note"), blank=True)
    general = models.TextField(_("words for the city"), blank=True)
    general_released_at = models.DateTimeField(_("released for the city"), null=True, blank=True)
    general_released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("released by")
    )
    changed_at = models.DateTimeField(_("changed at"))
    done_at = models.DateTimeField(_("finished"), null=True, blank=True)

    if TYPE_CHECKING:
        assignment_id: int
        scores: RelatedManager["Score"]

    class Meta:
        ordering = ["assignment"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(general_released_at=None, general_released_by=None)
                | Q(general_released_at__isnull=False, general_released_by__isnull=False, general__gt=""),
                name="released_words_have_moment_and_person",
            )
        ]

    def __str__(self) -> str:
        return str(self.assignment)


class Score(models.Model):
    """What a review says to one criterion. `submission` is the version it judged; it is `confirmed` once the review is
    finished, and no longer where a later submission has changed what feeds the criterion."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores", verbose_name=_("review"))
    criterion = models.CharField(_("criterion"), max_length=60)
    value = models.SmallIntegerField(_("score"), null=True, blank=True)
    abstained = models.BooleanField(_("abstained"), default=False)
    reason = models.TextField(_("reason"), blank=True)
    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="scores", verbose_name=_("submission it judges")
    )
    confirmed = models.BooleanField(_("stands"), default=False)
    released_at = models.DateTimeField(_("released for the city"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("released by")
    )

    if TYPE_CHECKING:
        review_id: int
        submission_id: int

    class Meta:
        ordering = ["review", "pk"]
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="one_score_per_criterion"),
            models.CheckConstraint(condition=Q(value=None) | Q(abstained=False), name="score_is_a_value_or_abstains"),
            models.CheckConstraint(
                condition=Q(confirmed=False)
                | Q(value__isnull=False, abstained=False, reason__gt="")
                | Q(value=None, abstained=True),
                name="confirmed_score_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False, reason__gt=""),
                name="released_reason_has_moment_and_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {'–' if self.value is None else self.value}"
