"""Uploaded files: a ZIP or single CSV files, taken in with limits and kept until a person confirms."""

import io
import zipfile
import zlib
from collections.abc import Iterable
from datetime import timedelta
from pathlib import PurePosixPath
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.imports.problems import ImportRefused
from cities.imports.reading import COLUMNS

MEGABYTE = 1024 * 1024
LIMIT = 20 * MEGABYTE  # of all files as sent
UNPACKED_LIMIT = 60 * MEGABYTE
ENTRIES_LIMIT = 40
COMPANIONS = {"README.md", "practices.csv", "Unicode-3.0.txt"}  # lie beside the lists in cities/data and are not read
FOLDER = "import"
KEPT_FOR = timedelta(days=1)


class BadParcel(ImportRefused):
    """The upload itself cannot be used."""

    def __init__(self, for_reader: str) -> None:
        self.for_reader = for_reader
        super().__init__(for_reader)


def unpack(uploads: Iterable[UploadedFile]) -> dict[str, bytes]:
    """The CSV files by name, out of ZIP files where they are in some. Nothing is written to a disk."""
    uploads = list(uploads)
    if sum(upload.size or 0 for upload in uploads) > LIMIT:
        raise BadParcel(
            _("The files are too large: at most %(limit)d megabytes together.") % {"limit": LIMIT // MEGABYTE}
        )
    files: dict[str, bytes] = {}
    for upload in uploads:
        name, content = upload.name or "", upload.read()
        for inner, text in _from_zip(content).items() if name.lower().endswith(".zip") else [(name, content)]:
            if inner in COMPANIONS:
                continue
            if inner not in COLUMNS:
                raise BadParcel(_unknown(inner))
            if inner in files:
                raise BadParcel(_("The file %(file)s is there twice.") % {"file": inner})
            files[inner] = text
    return files


def _unknown(name: str) -> str:
    return _("The file %(file)s is not part of an import. Known are: %(files)s") % {
        "file": name[:100], "files": ", ".join(COLUMNS),
    }  # fmt: skip


def _from_zip(content: bytes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = UNPACKED_LIMIT
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not _is_clutter(entry)]
            if len(entries) > ENTRIES_LIMIT or sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
                raise BadParcel(_too_large())
            for entry in entries:
                name = _flat_name(entry)
                if name in files:
                    raise BadParcel(_("The file %(file)s is there twice.") % {"file": name})
                with archive.open(entry) as packed:
                    files[name] = packed.read(left + 1)
                left -= len(files[name])
                if left < 0:  # the sizes an archive states of itself need not be true
                    raise BadParcel(_too_large())
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):
        raise BadParcel(_("The ZIP file is damaged, encrypted or packed in an unusual way. Pack it again.")) from None
    return files


def _too_large() -> str:
    return _("The ZIP file is too large when unpacked: at most %(limit)d megabytes and %(count)d files.") % {
        "limit": UNPACKED_LIMIT // MEGABYTE, "count": ENTRIES_LIMIT,
    }  # fmt: skip


def _is_clutter(entry: zipfile.ZipInfo) -> bool:
    """Folders, and what macOS adds."""
    return entry.is_dir() or entry.filename.startswith("__MACOSX/") or entry.filename.endswith(".DS_Store")


def _flat_name(entry: zipfile.ZipInfo) -> str:
    """The name without folders; a path that leads out of the archive is refused, though nothing is unpacked to it."""
    path = PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
        raise BadParcel(_("The ZIP file holds the path %(path)s. Pack plain files only.") % {"path": path})
    return path.name


def keep(files: dict[str, bytes]) -> UUID:
    """Store the files until they are confirmed; parcels nobody came back for are thrown away."""
    _throw_away_old()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    key = uuid4()
    default_storage.save(_path(key), ContentFile(packed.getvalue()))
    return key


def fetch(key: UUID) -> dict[str, bytes] | None:
    """The files of a parcel; None if it is no longer there."""
    if not default_storage.exists(_path(key)):
        return None
    with default_storage.open(_path(key)) as stored:
        return _from_zip(stored.read())


def throw_away(key: UUID) -> None:
    default_storage.delete(_path(key))


def _path(key: UUID) -> str:
    return f"{FOLDER}/{key}.zip"


def _throw_away_old() -> None:
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return
    for name in names:
        path = f"{FOLDER}/{name}"
        if default_storage.get_modified_time(path) < timezone.now() - KEPT_FOR:
            default_storage.delete(path)
