"""Storing an upload under a private name, and comparing what is stored with what was uploaded."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.files import File
from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile


@contextmanager
def stored(storage: Storage, path: str, content: File) -> Iterator[str]:
    """Stores a file and gives the name it has got; takes it away again where the block fails."""
    kept = storage.save(path, content)
    try:
        yield kept
    except BaseException:
        storage.delete(kept)
        raise


def faults_of(files: Iterable[tuple[str, FieldFile, str]]) -> Iterator[str]:
    """Reads every file (what it is, in English; the file; its SHA-256) and names what is missing or changed."""
    for what, file, sha256 in files:
        try:
            with file.open("rb") as content:
                found = hashlib.file_digest(content, "sha256").hexdigest()
        except FileNotFoundError:
            yield f"{what}: its file is missing"
            continue
        if found != sha256:
            yield f"{what}: its file was changed"
