"""Saved results of a readiness check, by signed-in people for their city; they seed an application."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.call import Call
from cities.models import City


class ReadinessResult(models.Model):
    """What a city's team last said to each statement: {key: met | partly | not_yet | unknown}."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="readiness_results", verbose_name=_("call"))
    city = models.ForeignKey(City, models.CASCADE, related_name="+", verbose_name=_("city"))
    answers = models.JSONField(_("answers"), default=dict)
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("saved by"))

    class Meta:
        verbose_name = _("readiness check")
        verbose_name_plural = _("readiness checks")
        constraints = [models.UniqueConstraint(fields=["call", "city"], name="one_readiness_result_per_city_and_call")]

    def __str__(self) -> str:
        return f"{self.city}: {self.call}"
