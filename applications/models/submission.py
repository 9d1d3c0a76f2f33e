"""Submissions: what a city submitted, frozen; the database refuses to change it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from applications.models.caring import CheckMark


class Submission(models.Model):
    """The whole application as JSON with the fingerprint of each document, and the receipt's number."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="submissions", verbose_name=_("application")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    receipt = models.CharField(_("receipt"), max_length=40, unique=True)
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    submitted_at = models.DateTimeField(_("submitted at"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("submitted by")
    )

    if TYPE_CHECKING:
        application_id: int
        marks: RelatedManager["CheckMark"]

    class Meta:
        ordering = ["application", "-number"]
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="one_submission_per_number")]

    def __str__(self) -> str:
        return self.receipt

    @property
    def code(self) -> str:
        """The fingerprint in groups of eight signs, to be compared by eye."""
        return " ".join(self.sha256[start : start + 8] for start in range(0, 64, 8))
