"""Reports: somebody thinks that a published practice should not stand there as it does."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exchange.models.practice import Practice


class Report(models.Model):
    """A report about a published practice. `sender` is a keyed hash of person or network address, never these."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for a look")
        KEPT = "kept", _("the practice stays")
        HIDDEN = "hidden", _("the practice is hidden")

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="reports")
    text = models.TextField()
    sender = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("report about a practice")
        verbose_name_plural = _("reports about practices")
        indexes = [models.Index(fields=["sender", "at"], name="report_sender")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="a_decided_report_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "kept", "hidden"]), name="a_report_has_a_known_state"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
