"""Uploaded documents: kept as they came, told by their content, never given to strangers."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application

SHEETS = "endorsement:"  # with the key of a link: the `question` of signed sheets, which answer none


def private_path(_document: "Document | None", _name: str) -> str:
    """A name that tells nothing and cannot be guessed; the person's own name for the file is kept in the row."""
    return f"documents/{uuid4().hex}"


class Document(models.Model):
    """One file; a later one replaces it in the answer, never in the history."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="documents", verbose_name=_("application")
    )
    question = models.CharField(_("question"), max_length=60)
    file = models.FileField(_("file"), upload_to=private_path)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=8)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    width = models.PositiveIntegerField(_("width in pixels"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height in pixels"), null=True, blank=True)
    virus_checked = models.BooleanField(_("checked for viruses"), default=False)
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("removed by")
    )

    if TYPE_CHECKING:
        application_id: int

    class Meta:
        ordering = ["application", "uploaded_at", "pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="document_removed_at_and_by",
            )
        ]

    def __str__(self) -> str:
        return self.name
