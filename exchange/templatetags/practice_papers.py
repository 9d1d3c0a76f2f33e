"""What pages say about the pictures and documents of a practice: `{% load practice_papers %}`."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exchange import papers
from exchange.models import PracticeDocument, PracticePicture
from exchange.papers import ShownDocument
from network.documents.kinds import LABELS, MEGABYTE, FileKind, megabytes

register = template.Library()


@register.filter
def about_document(document: PracticeDocument | ShownDocument) -> str:
    """`PDF, 3 pages, 1.2 MB, in German`."""
    said = [LABELS[FileKind(document.kind)]]
    if document.pages is not None:
        said.append(ngettext("%(pages)d page", "%(pages)d pages", document.pages) % {"pages": document.pages})
    said.append(_size(document.size))
    written = {"de": _("in German"), "en": _("in English"), "other": _("in another language")}
    return ", ".join([*said, *filter(None, [written.get(document.language)])])


def _size(size: int) -> str:
    """`340 kB` below one megabyte, `1.2 MB` above."""
    if size < MEGABYTE:
        return _("%(size)s kB") % {"size": max(1, round(size / 1024))}
    return _("%(size)s MB") % {"size": megabytes(size)}


@register.filter
def lacks(paper: PracticeDocument | PracticePicture) -> str:
    """What is not said yet about a file."""
    return papers.lacks(paper)
