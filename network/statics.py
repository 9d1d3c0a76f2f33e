"""Collects the static files when one of them has changed, and compresses them once for all readers."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

STAMP = ".collected"
BROTLI_QUALITY = 10  # of 11: a third of the time for less than half a percent more bytes


class QuickCompressor(Compressor):  # type: ignore[misc]  # whitenoise has no types
    """Brotli and gzip, without the last and slowest step of brotli."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        compressed: bytes = brotli.compress(data, quality=BROTLI_QUALITY)
        return compressed


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with a hash, compressed. The files under their plain names stay for error pages, uncompressed."""

    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)

    def compress_files(self, paths: set[str]) -> Iterator[tuple[str, str]]:
        compressed: Iterator[tuple[str, str]] = super().compress_files(paths & set(self.hashed_files.values()))
        return compressed


def fingerprint() -> str:
    """A number for all source files (place, size, time of change) and for what makes the collected ones of them."""
    known = hashlib.sha256(f"{django.VERSION} {settings.STORAGES['staticfiles']}".encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            facts = Path(storage.path(name)).stat()
            known.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return known.hexdigest()


def collect() -> bool:
    """Fill STATIC_ROOT; False when it was filled from the same files before."""
    stamp = Path(settings.STATIC_ROOT, STAMP)
    now = fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)
    return True
