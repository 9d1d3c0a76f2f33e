"""Reports of barriers: who cannot use what. The operator must answer within a month (§ 12b BGG)."""

import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ANSWER_WITHIN = datetime.timedelta(days=30)


def answer_due() -> datetime.date:
    """The day by which an answer to a report of today is due (Berlin)."""
    return timezone.localdate() + ANSWER_WITHIN


class BarrierReport(models.Model):
    """What somebody could not use; name and address are up to them."""

    text = models.TextField(_("What can you not use?"), max_length=5000)
    page = models.CharField(_("On which page?"), max_length=500, blank=True)
    name = models.CharField(_("Your name"), max_length=200, blank=True)
    email = models.EmailField(_("Your e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=2, default="de")
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    due_on = models.DateField(_("answer due"), default=answer_due)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("report of a barrier")
        verbose_name_plural = _("reports of barriers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_on__isnull=True, answer="")
                | (models.Q(answered_on__isnull=False) & ~models.Q(answer="")),
                name="an_answer_has_its_day",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]
