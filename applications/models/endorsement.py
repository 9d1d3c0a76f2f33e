"""Endorsements of an application: a sheet that is printed, signed and uploaded, tied to what it covers."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.document import Document


class Endorsement(models.Model):
    """One link of the chain of a pack, for one state of the application.

    `covered` is what was to be signed, frozen when the sheet was prepared, and `sha256` its fingerprint. Once the
    signed sheet has come it counts for as long as the application still says the same; else it is to be renewed.
    What others than the city give after the submission is recorded by the coordination, with a document or without.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="endorsements", verbose_name=_("application")
    )
    link = models.CharField(_("link of the chain"), max_length=60)
    covered = models.JSONField(_("what is covered"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    prepared_at = models.DateTimeField(_("prepared at"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed sheet")
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signatory = models.CharField(_("signed by"), max_length=200, blank=True)
    office = models.CharField(_("office of the signatory"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )

    if TYPE_CHECKING:
        application_id: int
        document_id: int | None

    class Meta:
        ordering = ["application", "link", "-pk"]
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    document__isnull=True, signed_on__isnull=True, recorded_at__isnull=True, recorded_by__isnull=True
                )
                | Q(
                    signed_on__isnull=False,
                    signatory__gt="",
                    recorded_at__isnull=False,
                    recorded_by__isnull=False,
                ),
                name="endorsement_is_prepared_or_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.link} {self.code}"

    @property
    def is_given(self) -> bool:
        return self.recorded_at is not None

    @property
    def code(self) -> str:
        """The short fingerprint printed on the sheet: 12 signs in groups of four."""
        return " ".join(self.sha256[start : start + 4].upper() for start in (0, 4, 8))
