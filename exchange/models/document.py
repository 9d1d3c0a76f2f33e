"""Documents of practices: reports, forms, plans, kept as they came and told by their content."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exchange.models.proposal import Proposal


def private_path(_document: "PracticeDocument | None", _name: str) -> str:
    """A name that tells nothing and cannot be guessed; the person's own name for the file is kept in the row."""
    return f"exchange/documents/{uuid4().hex}"


class PracticeDocumentQuerySet(models.QuerySet["PracticeDocument"]):
    def present(self) -> "PracticeDocumentQuerySet":
        """Those nobody has removed."""
        return self.filter(removed_at=None)


class PracticeDocument(models.Model):
    """A file that belongs to a practice; public from the next publication on. Removed, it is nowhere public any more,
    and stays readable for those who write and check the practice until the daily job throws it away."""

    class Language(models.TextChoices):
        DE = "de", _("German")
        EN = "en", _("English")
        OTHER = "other", _("another language")

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="documents")
    file = models.FileField(upload_to=private_path, max_length=200)
    title_de = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, choices=Language)  # of the document
    credit = models.CharField(max_length=200)
    licence = models.CharField(max_length=100)
    name = models.CharField(max_length=200)  # of the file, cleaned
    kind = models.CharField(max_length=8)
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(null=True)
    virus_checked = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(PracticeDocumentQuerySet)()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("document of a practice")
        verbose_name_plural = _("documents of practices")
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(is_public=False), name="a_removed_document_is_not_public"
            )
        ]

    def __str__(self) -> str:
        return self.title_de or self.title_en

    @property
    def title(self) -> str:
        """In the reader's language where it is told in that one."""
        said = (self.title_en, self.title_de) if get_language() == "en" else (self.title_de, self.title_en)
        return said[0] or said[1]
