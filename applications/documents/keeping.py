"""Comparing what is stored with what was uploaded."""

import hashlib
from collections.abc import Iterator

from applications.models import Document


def faults_of_files() -> Iterator[str]:
    """Reads every document ever uploaded, removed ones too, and names in English what is missing or changed."""
    for document in Document.objects.order_by("pk").iterator(chunk_size=500):
        try:
            with document.file.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            yield f"document {document.pk} of application {document.application_id}: its file is missing"
            continue
        if found != document.sha256:
            yield f"document {document.pk} of application {document.application_id}: its file was changed"
