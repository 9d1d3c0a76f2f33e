"""Documents of applications: what may be uploaded where, and whether everything stored is as it came."""

from collections.abc import Iterator

from applications.models import Document
from applications.pack import Question
from network.documents import MEGABYTE, FileKind, Rules
from network.documents.keeping import faults_of

# A signed sheet: a scan, or a photograph of it.
SHEET = Rules(accepts=(FileKind.PDF, FileKind.JPEG, FileKind.PNG), max_bytes=10 * MEGABYTE, at_most=1)


def rules_for(question: Question) -> Rules:
    """What a question of kind document allows."""
    return Rules(question.accepts, question.max_bytes, question.max_pages, question.min_pixels, question.at_most)


def faults_of_files() -> Iterator[str]:
    """Reads every document ever uploaded, removed ones too, and names in English what is missing or changed."""
    documents = Document.objects.order_by("pk").iterator(chunk_size=500)
    yield from faults_of(
        (f"document {one.pk} of application {one.application_id}", one.file, one.sha256) for one in documents
    )
