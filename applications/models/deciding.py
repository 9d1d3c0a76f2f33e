"""Decisions: prepared quietly, checked by a second person, released together at one moment."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.call import Call
from applications.models.event import Event
from applications.models.submission import Submission
from applications.workflow import Action, Move, State, move_for
from network.models import Field

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


OUTCOMES = {
    Action.ENDORSE: pgettext_lazy("outcome", "Endorse"),
    Action.REFUSE: pgettext_lazy("outcome", "Do not endorse"),
    Action.ADMIT: pgettext_lazy("outcome", "Admitted by the network"),
    Action.NOT_ADMIT: pgettext_lazy("outcome", "Not admitted by the network"),
    Action.CORRECT: pgettext_lazy("outcome", "Correct what was recorded: it is open again"),
}


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Releases by what became of them."""

    def waiting(self) -> "ReleaseQuerySet":
        """Those whose moment is set and which are not carried out yet."""
        return self.filter(released_at__isnull=True, taken_back_at__isnull=True)

    def due(self) -> "ReleaseQuerySet":
        """Those whose moment has come."""
        return self.waiting().filter(at__lte=timezone.now())


class Release(models.Model):
    """A second person has checked a list of outcomes and set the moment at which all of them become known."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="releases", verbose_name=_("call"))
    at = models.DateTimeField(_("released at"))
    set_at = models.DateTimeField(_("checked at"), default=timezone.now)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("checked by"))
    released_at = models.DateTimeField(_("carried out at"), null=True, blank=True)
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )

    if TYPE_CHECKING:
        call_id: int
        set_by_id: int
        outcomes: RelatedManager["Outcome"]

    objects: ClassVar = models.Manager.from_queryset(ReleaseQuerySet)()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("release of decisions")
        verbose_name_plural = _("releases of decisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="release_taken_back_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(taken_back_at__isnull=True),
                name="release_is_carried_out_or_taken_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call}: {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_due(self) -> bool:
        """Whether the moment has come."""
        return self.at <= timezone.now()


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    """Outcomes by where they stand. Nobody but the coordination of a call learns of one before its release."""

    def prepared(self) -> "OutcomeQuerySet":
        """Those that are not known to anybody else yet, with a moment set or without."""
        return self.filter(event__isnull=True, is_void=False)

    def listed(self) -> "OutcomeQuerySet":
        """Those that wait for a second person."""
        return self.prepared().filter(release__isnull=True)


class Outcome(models.Model):
    """What is to become of one application, and why. It counts from the moment its event is written."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="outcomes", verbose_name=_("application"))
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+", verbose_name=_("submission"))
    action = models.CharField(_("outcome"), max_length=12)
    old = models.CharField(_("state before"), max_length=12, choices=State)
    reason_de = models.TextField(_("reason, in German"), blank=True)
    reason_en = models.TextField(_("reason, in English"), blank=True)
    without_quorum = models.TextField(_("why it is decided with fewer reviews"), blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    source_label = models.CharField(_("source"), max_length=200, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    fields = models.ManyToManyField(Field, blank=True, related_name="+", verbose_name=_("fields"))
    prepared_at = models.DateTimeField(_("prepared at"), default=timezone.now)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    release = models.ForeignKey(
        Release, models.PROTECT, null=True, blank=True, related_name="outcomes", verbose_name=_("release")
    )
    event = models.OneToOneField(
        Event, models.PROTECT, null=True, blank=True, related_name="outcome", verbose_name=_("event")
    )
    is_void = models.BooleanField(_("the application had moved before"), default=False)

    if TYPE_CHECKING:
        application_id: int
        submission_id: int
        prepared_by_id: int
        release_id: int | None
        event_id: int | None
        texts: RelatedManager["OutcomeText"]

    objects: ClassVar = models.Manager.from_queryset(OutcomeQuerySet)()

    class Meta:
        ordering = ["application", "-pk"]
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(event__isnull=True, is_void=False),
                name="one_prepared_outcome_per_application",
            ),
            models.CheckConstraint(
                condition=Q(event__isnull=True) | Q(release__isnull=False, is_void=False),
                name="outcome_counts_by_a_release",
            ),
            models.CheckConstraint(
                condition=Q(action__in=["endorse", "refuse", "admit", "not_admit", "correct"]),
                name="outcome_is_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.action}"

    @property
    def label(self) -> str:
        """In words, for those who decide."""
        return str(OUTCOMES[Action(self.action)])

    @property
    def move(self) -> Move:
        """What it does to the application."""
        found = move_for(self.action, self.old)
        assert found is not None
        return found

    @property
    def is_prepared(self) -> bool:
        """Whether it is not known to anybody else yet, as `OutcomeQuerySet.prepared`."""
        return self.event_id is None and not self.is_void

    @property
    def ends_membership(self) -> bool:
        """Whether it corrects an admission with which a membership began."""
        if (self.action, self.old) != (Action.CORRECT, State.ADMITTED):
            return False
        admitted = self.application.events.filter(kind=Event.Kind.ADMIT).last()
        return admitted is not None and bool(admitted.data.get("begins"))

    @property
    def is_current(self) -> bool:
        """Whether the application still stands as it did when this was prepared."""
        latest = max(one.number for one in self.application.submissions.all())
        return self.application.state == self.old and self.submission.number == latest

    @property
    def reason(self) -> str:
        """In the reader's language."""
        return self.reason_en if (get_language() or "de").startswith("en") else self.reason_de


class OutcomeText(models.Model):
    """The words of an outcome's letter as somebody has changed them; the latest of a language counts."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="texts", verbose_name=_("outcome"))
    language = models.CharField(_("language"), max_length=2, choices=[("de", _("German")), ("en", _("English"))])
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    changed_at = models.DateTimeField(_("changed at"), auto_now_add=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )

    if TYPE_CHECKING:
        changed_by_id: int

    class Meta:
        ordering = ["outcome", "language", "-pk"]
        verbose_name = _("words of a letter")
        verbose_name_plural = _("words of letters")

    def __str__(self) -> str:
        return self.subject
