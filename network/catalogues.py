"""Compiles the catalogues of translations (.po to .mo) without GNU gettext."""

import os
from collections.abc import Iterable
from pathlib import Path

import polib
from django.conf import settings


def compile_all(folders: Iterable[str | Path] | None = None) -> list[Path]:
    """Compile every catalogue that is newer than its compiled twin; return the compiled ones.

    `folders` are Django's LOCALE_PATHS unless given. Fuzzy and empty entries are left out: readers then see the
    source text. Safe while others read or compile: the finished file is moved into its place.
    """
    compiled = []
    for folder in settings.LOCALE_PATHS if folders is None else folders:
        for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
                continue
            unfinished = target.with_suffix(f".{os.getpid()}")
            polib.pofile(str(source)).save_as_mofile(str(unfinished))
            unfinished.replace(target)
            compiled.append(target)
    return compiled
