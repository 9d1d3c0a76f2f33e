"""A city's application to a call: its answers with their history, and who is at work in it."""

import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.barring import from_coordinating, from_judging
from applications.models.call import LAST_SECOND, Call, PackVersion
from applications.pack import Pack
from applications.workflow import ENDED, REVIEWABLE, SELECTED, STANDINGS, WRITABLE, Standing, State
from cities.models import City, TeamMember
from network.models import Letter, Office, User
from network.permissions import is_operator

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from applications.models.caring import Comment, Flag
    from applications.models.document import Document
    from applications.models.endorsement import Endorsement
    from applications.models.event import Event
    from applications.models.reviewing import Assignment, Conflict
    from applications.models.submission import Submission


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications a person may know of. Reviewers see what is assigned to them on pages of their own."""

    def visible_to(self, user: User | AnonymousUser) -> "ApplicationQuerySet":
        """Those of the person's own cities; submitted ones to coordinators of the network; all to operators."""
        if not (isinstance(user, User) and user.is_active):
            return self.none()
        if is_operator(user):
            return self.all()
        cities = TeamMember.objects.filter(user=user).values("city")
        networks = user.offices.filter(role=Office.Role.COORDINATOR).values("network")
        coordinated = Q(call__network__in=networks, submitted_at__isnull=False) & ~from_coordinating(user)
        return self.filter(Q(city__in=cities) | coordinated)

    def of_cities_of(self, user: User | AnonymousUser) -> "ApplicationQuerySet":
        """Those of the cities in whose team the person is: what the applicant's pages start from."""
        if not (isinstance(user, User) and user.is_active):
            return self.none()
        return self.filter(city__in=TeamMember.objects.filter(user=user).values("city"))

    def coordinated_by(self, user: User | AnonymousUser) -> "ApplicationQuerySet":
        """Submitted ones of the networks the person coordinates, but for those they are in conflict with: they decide
        nothing about these, and read those of their own cities as the city does."""
        if not (isinstance(user, User) and user.is_active):
            return self.none()
        networks = user.offices.filter(role=Office.Role.COORDINATOR).values("network")
        return self.filter(call__network__in=networks, submitted_at__isnull=False).without_conflicts_of(user)

    def without_conflicts_of(self, user: User) -> "ApplicationQuerySet":
        """But for those that somebody of the coordination must leave to a colleague, for facts or by declaration."""
        return self.exclude(from_coordinating(user))

    def in_conflict_with(self, user: User) -> "ApplicationQuerySet":
        """Those that somebody of the coordination must leave to a colleague."""
        return self.filter(from_coordinating(user))

    def open_to_reviewer(self, user: User) -> "ApplicationQuerySet":
        """Those under way in the networks the person reviews for, without those they must not judge. The same rules
        with their reasons, for many people at once, are in applications.conflicts."""
        networks = user.offices.filter(role=Office.Role.REVIEWER).values("network")
        found = self.filter(call__network__in=networks, state__in=REVIEWABLE)
        return found.exclude(from_coordinating(user)).exclude(from_judging(user))

    def assigned_to(self, user: User | AnonymousUser) -> "ApplicationQuerySet":
        """What a reviewer may read: what they have taken on, while it is under way, without any conflict."""
        if not (isinstance(user, User) and user.is_active):
            return self.none()
        taken = user.assignments.filter(state__in=["accepted", "done"])
        return self.open_to_reviewer(user).filter(pk__in=taken.values("application"))

    def cases_for(self, user: User | AnonymousUser) -> "ApplicationQuerySet":
        """What the coordination's pages start from: those one coordinates; operators read all that were submitted."""
        return self.filter(submitted_at__isnull=False) if is_operator(user) else self.coordinated_by(user)

    def readable_by(self, user: User | AnonymousUser) -> "ApplicationQuerySet":
        """Those whose submitted documents the person may ask for: visible ones, and those assigned for review."""
        visible, assigned = self.visible_to(user), self.assigned_to(user)
        return self.filter(Q(pk__in=visible.values("pk")) | Q(pk__in=assigned.values("pk")))

    def for_page(self) -> "ApplicationQuerySet":
        """With call, network, city and pack, as every page of one application needs them."""
        return self.select_related("call__network", "city", "pack_version", "submitted_by").defer(
            "pack_version__document"
        )

    def for_case(self) -> "ApplicationQuerySet":
        """With what the pages show that read one case as it was submitted; nothing else can be read from it."""
        found: ApplicationQuerySet = self.select_related("call__network", "city", "pack_version").only(*OF_A_CASE)
        return found.fetch_mode(models.FETCH_RAISE)


# Of an application, its call, city and pack what is shown, and what an endorsement covers (freezing.File.content).
OF_A_CASE = ("state", "language", "late_until", "returned_until", "returned_parts",
             "call__network__slug", "call__slug", "call__title_de", "call__title_en", "call__zone", "call__closes_at",
             "call__forwards_at", "call__decides_at", "city__slug", "city__name_de", "city__name_en", "city__country",
             "city__ags", "pack_version__number", "pack_version__sha256")  # fmt: skip


class CheckState(models.TextChoices):
    """How far the formal check of the latest submission is."""

    OPEN = "open", _("not finished")
    FAULTY = "faulty", _("something is not in order")
    PASSED = "passed", _("passed")


class Application(models.Model):
    """One for each city and call. Its state is written by applications.actions alone."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="applications", verbose_name=_("call"))
    city = models.ForeignKey(City, models.PROTECT, related_name="applications", verbose_name=_("city"))
    pack_version = models.ForeignKey(PackVersion, models.PROTECT, related_name="applications", verbose_name=_("pack"))
    earlier = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later", verbose_name=_("earlier application")
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    language = models.CharField(_("language of the answers"), max_length=2, default="de")
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    late_until = models.DateTimeField(_("may be submitted late until"), null=True, blank=True)
    returned_until = models.DateTimeField(_("answer due by"), null=True, blank=True)
    returned_parts = models.JSONField(_("parts that are open"), default=list, blank=True)
    letters = models.ManyToManyField(Letter, related_name="applications", blank=True, verbose_name=_("letters"))
    # what lists filter by, as it was submitted last
    field = models.CharField(_("field applied for"), max_length=120, blank=True)
    check_state = models.CharField(_("formal check"), max_length=8, choices=CheckState, default=CheckState.OPEN)

    if TYPE_CHECKING:
        call_id: int
        city_id: int
        pack_version_id: int
        earlier_id: int | None
        answers: RelatedManager["Answer"]
        comments: RelatedManager["Comment"]
        flags: RelatedManager["Flag"]
        assignments: RelatedManager["Assignment"]
        conflicts: RelatedManager["Conflict"]
        versions: RelatedManager["AnswerVersion"]
        documents: RelatedManager["Document"]
        endorsements: RelatedManager["Endorsement"]
        events: RelatedManager["Event"]
        submissions: RelatedManager["Submission"]

    objects: ClassVar[models.Manager["Application"]] = models.Manager.from_queryset(ApplicationQuerySet)()

    class Meta:
        ordering = ["-started_at", "pk"]
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        indexes = [models.Index(fields=["call"], condition=Q(state=State.DRAFT), name="drafts_of_call")]
        constraints = [
            models.UniqueConstraint(fields=["call", "city"], name="one_application_per_city_and_call"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="application_has_a_known_state"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="application_submitted_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.WITHDRAWN, State.LAPSED]) | Q(submitted_at__isnull=False),
                name="application_beyond_draft_was_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RETURNED) | Q(returned_until__isnull=False),
                name="returned_application_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(check_state__in=CheckState.values), name="application_has_a_known_check_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city}: {self.call}"

    @property
    def pack(self) -> Pack:
        return self.pack_version.pack

    @property
    def standing(self) -> Standing:
        if self.state == State.ENDORSED and self.pack.next_pack:
            return SELECTED
        return STANDINGS[State(self.state)]

    @property
    def is_writable(self) -> bool:
        return self.state in WRITABLE

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def due_at(self) -> datetime.datetime:
        """The last second in which the city may submit: the call's, a later one granted to it, or the answer's."""
        if self.returned_until is not None:
            return self.returned_until
        return max(self.call.closes_at, self.late_until or self.call.closes_at)

    def is_in_time(self, at: datetime.datetime | None = None) -> bool:
        """Whether the city may submit at this moment (now)."""
        return self.call.opens_at <= (at or timezone.now()) < self.due_at + LAST_SECOND


class Answer(models.Model):
    """What the city answers now; `version` grows with each change, so that nobody overwrites what they never saw."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers", verbose_name=_("application"))
    question = models.CharField(_("question"), max_length=60)
    value = models.JSONField(_("answer"), null=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )

    class Meta:
        ordering = ["application", "question"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["application", "question"], name="one_answer_per_question")]

    def __str__(self) -> str:
        return f"{self.question} {self.version}"


class AnswerVersion(models.Model):
    """What an answer was: one row for each person's stretch of work on it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="versions", verbose_name=_("application"))
    question = models.CharField(_("question"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    value = models.JSONField(_("answer"), null=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        ordering = ["application", "question", "-version"]
        verbose_name = _("earlier answer")
        verbose_name_plural = _("earlier answers")
        constraints = [
            models.UniqueConstraint(fields=["application", "question", "version"], name="one_answer_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.version}"


class Presence(models.Model):
    """Somebody has a section open: told by their browser while they write, forgotten after two minutes."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="present", verbose_name=_("application"))
    section = models.CharField(_("section"), max_length=60)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.UniqueConstraint(fields=["application", "section", "user"], name="one_presence_per_section")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.section}"
