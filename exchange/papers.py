"""Pictures and documents of practices as pages and checks read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cities.entries import in_english
from exchange.models import PracticeDocument, PracticePicture, Proposal
from network.documents.keeping import faults_of


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document as the public page names it: title in the reader's language, or in `lang` where it is told only
    there."""

    pk: int
    title: str
    lang: str
    credit: str
    licence: str
    kind: str
    size: int  # bytes
    pages: int | None
    language: str  # of the document itself


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture as the public page shows it; `lang` as of a document."""

    pk: int
    alt: str
    lang: str
    credit: str
    licence: str
    width: int
    height: int


def shown_document(row: dict[str, Any]) -> ShownDocument:
    """From a row of PracticeQuerySet.for_page."""
    title, lang = _said(row.pop("title_de"), row.pop("title_en"))
    return ShownDocument(title=title, lang=lang, **row)


def shown_picture(row: dict[str, Any]) -> ShownPicture:
    """From a row of PracticeQuerySet.for_page."""
    alt, lang = _said(row.pop("alt_de"), row.pop("alt_en"))
    return ShownPicture(alt=alt, lang=lang, **row)


def _said(german: str, english: str) -> tuple[str, str]:
    """The words in the reader's language, or in the other one with its code."""
    wanted, other, code = (english, german, "de") if in_english() else (german, english, "en")
    return (wanted, "") if wanted else (other, code)


def lacks(paper: PracticeDocument | PracticePicture) -> str:
    """What is not said yet about a file, in a sentence; empty where nothing lacks."""
    is_picture = isinstance(paper, PracticePicture)
    told = (paper.alt_de or paper.alt_en) if isinstance(paper, PracticePicture) else (paper.title_de or paper.title_en)
    if told and paper.credit and paper.licence:
        return ""
    if is_picture:
        return _("Say what the picture shows, whom to credit and under which licence it stands.")
    return _("Say what the document is, whom to credit and under which licence it stands.")


def faults_of_papers(proposal: Proposal) -> list[tuple[str, str]]:
    """What stands against publishing: `papers` and a sentence for each file whose description is not whole. Two
    queries."""
    papers: list[PracticeDocument | PracticePicture] = [*proposal.pictures.all(), *proposal.documents.present()]
    found = dict.fromkeys(sentence for paper in papers if (sentence := lacks(paper)))
    return [("papers", sentence) for sentence in found]


def faults_of_files() -> Iterator[str]:
    """Reads every picture and document of a practice and names in English what is missing or changed since it was
    stored; pictures from before fingerprints were kept are left out."""
    documents = PracticeDocument.objects.order_by("pk").iterator(chunk_size=500)
    yield from faults_of((f"document {one.pk} of a practice", one.file, one.sha256) for one in documents)
    pictures = PracticePicture.objects.exclude(sha256="").order_by("pk").iterator(chunk_size=500)
    yield from faults_of((f"picture {one.pk} of a practice", one.image, one.sha256) for one in pictures)
