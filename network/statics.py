"""Collects the static files, but only when one of them has changed."""

import hashlib
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = ".collected"


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
