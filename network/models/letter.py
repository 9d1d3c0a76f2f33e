"""The outbox: every letter the portal writes, what became of it, and what the daily job did."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from network.models.people import User


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, user: User | AnonymousUser) -> "LetterQuerySet":
        """A person's own letters, once their time has come; what holds a password or a code, never."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(Q(not_before=None) | Q(not_before__lte=timezone.now()), to=user, secret=False)

    def for_list(self) -> "LetterQuerySet":
        """What the reader's list shows."""
        return self.only("subject", "language", "created_at").fetch_mode(models.FETCH_RAISE)

    def for_outbox(self, state: str = "") -> "LetterQuerySet":
        """What the operator's list shows: all, or those in one state."""
        chosen = self.filter(state=state) if state else self
        return chosen.defer("text").fetch_mode(models.FETCH_RAISE)

    def by_state(self) -> list[tuple["Letter.State", int]]:
        """How many letters are in each state, where there are any."""
        counts = dict(self.order_by().values_list("state").annotate(models.Count("pk")))
        return [(state, counts[state]) for state in Letter.State if state in counts]


class Letter(models.Model):
    """One letter to one address. Written by `outbox.post`, moved by `outbox` only."""

    class Urgency(models.TextChoices):
        ACCOUNT = "account", _("about the account")
        DEADLINE = "deadline", _("about a deadline")
        CASE = "case", _("about a case")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        UNCLEAR = "unclear", _("unclear")
        GATHERED = "gathered", _("in a daily letter")
        WITHHELD = "withheld", _("kept in the portal")

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(max_length=200, unique=True)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="received_letters",
        verbose_name=pgettext_lazy("letter", "to"),
    )
    address = models.EmailField(_("e-mail address"))
    reply_to = models.EmailField(_("reply to"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    ends_at_path = models.CharField(max_length=300, blank=True)  # where one click ends letters of this kind
    urgency = models.CharField(_("urgency"), max_length=8, choices=Urgency)
    secret = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    digest = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="gathered")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [
            models.Index(fields=["state", "-created_at"], name="letters_by_state"),
            models.Index(fields=["to", "-created_at"], name="letters_by_reader"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending", "sent", "failed", "unclear", "gathered", "withheld"]),
                name="letter_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="a_sent_letter_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(secret=False) | ~Q(state__in=["sent", "failed"]) | Q(text=""),
                name="a_secret_ends_with_its_letter",
            ),
            models.CheckConstraint(
                condition=Q(digest=None) | Q(state="gathered"),
                name="only_gathered_letters_have_a_digest",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class DailyRunQuerySet(models.QuerySet["DailyRun"]):
    def last_of_each(self) -> "DailyRunQuerySet":
        """The last run of every duty."""
        return self.order_by("duty", "-started_at", "-pk").distinct("duty")


class DailyRun(models.Model):
    """One duty of the daily job, done once. `started_at` is the end of its window and the beginning of the next."""

    duty = models.CharField(_("duty"), max_length=60)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    letters = models.PositiveIntegerField(_("letters"), default=0)
    error = models.TextField(_("error"), blank=True)

    objects = DailyRunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("run of the daily job")
        verbose_name_plural = _("runs of the daily job")
        indexes = [models.Index(F("duty"), F("started_at").desc(), name="runs_by_duty")]

    def __str__(self) -> str:
        return f"{self.duty}, {self.started_at:%Y-%m-%d %H:%M}"
