"""What the coordination notes on a case: comments, flags with an owner, the marks of its formal check."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.submission import Submission


class Comment(models.Model):
    """Words about one application. What is internal never reaches the city, in no page, letter or file."""

    class Kind(models.TextChoices):
        INTERNAL = "internal", _("internal note")
        TO_CITY = "to_city", _("message to the city")
        FROM_CITY = "from_city", _("answer of the city")

    application = models.ForeignKey(Application, models.PROTECT, related_name="comments", verbose_name=_("application"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        ordering = ["application", "at", "pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["internal", "to_city", "from_city"]), name="comment_has_a_known_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Flag(models.Model):
    """Something that one coordinator sees to before a day. Internal, as whatever is said when it is settled."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="flags", verbose_name=_("application"))
    text = models.CharField(_("what is to be done"), max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="owned_flags", verbose_name=_("who sees to it")
    )
    due_on = models.DateField(_("by when"))
    raised_at = models.DateTimeField(_("raised at"), auto_now_add=True)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("raised by")
    )
    resolution = models.CharField(_("how it was settled"), max_length=1000, blank=True)
    resolved_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )

    if TYPE_CHECKING:
        application_id: int
        owner_id: int

    class Meta:
        ordering = ["application", "due_on", "pk"]
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True, resolution="")
                | Q(resolved_at__isnull=False, resolved_by__isnull=False, resolution__gt=""),
                name="flag_is_open_or_settled_with_words",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=Q(resolved_at__isnull=True), name="open_flags_of_owner")
        ]

    def __str__(self) -> str:
        return self.text


class CheckMark(models.Model):
    """One line of the formal check of one submission, as it was marked last. The next submission asks anew.

    `version` grows with each change, so that nobody overwrites a colleague's mark they never saw.
    """

    class Verdict(models.TextChoices):
        FINE = "fine", _("in order")
        FAULTY = "faulty", _("not in order")
        NOT_APPLICABLE = "not_applicable", _("does not apply")

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="marks", verbose_name=_("submission"))
    check_key = models.CharField(_("line of the check"), max_length=60)
    verdict = models.CharField(_("result"), max_length=16, choices=Verdict)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    if TYPE_CHECKING:
        submission_id: int

    class Meta:
        ordering = ["submission", "check_key"]
        verbose_name = _("mark of the formal check")
        verbose_name_plural = _("marks of the formal check")
        constraints = [
            models.UniqueConstraint(fields=["submission", "check_key"], name="one_mark_per_check_and_submission"),
            models.CheckConstraint(
                condition=Q(verdict__in=["fine", "faulty", "not_applicable"]), name="mark_has_a_known_verdict"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_key}: {self.get_verdict_display()}"
