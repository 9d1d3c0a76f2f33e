"""Documents of word processors (DOCX, ODT): archives that hold the parts of one text and nothing that runs."""

import re
import stat
import zipfile
import zlib

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from network.actions import RefusedError
from network.documents.disguises import A_PDF, MARKUP, content, refusal
from network.documents.kinds import FileKind

MEGABYTE = 1024 * 1024
CHUNK = 256 * 1024
MOST_PARTS = 3000
MOST_UNPACKED = 200 * MEGABYTE
MOST_RATIO = 100  # times its size; texts of many tables reach 30
UNSUSPICIOUS = 5 * MEGABYTE  # unpacked: below it, no ratio is a bomb
TYPES, WORD = "[Content_Types].xml", "word/document.xml"
ODT = b"application/vnd.oasis.opendocument.text"
MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml)$|^(basic|scripts)/.|^word/activex/", re.I)
MACRO_TYPES = re.compile(rb"macroEnabled|vnd\.ms-office\.vbaProject", re.I)
# A template or frame that the reader's program would fetch from another machine when it opens the document.
REMOTE = re.compile(
    rb"<Relationship\b(?=[^>]*/(?:attachedTemplate|frame|subDocument|oleObject)[\"'])"
    rb"(?=[^>]*Target\s*=\s*[\"']\s*(?:https?:|ftp:|//|\\\\|file:/{0,2}\\\\|mhtml:))",
    re.I,
)
ENTITY = re.compile(rb"<!ENTITY", re.I)
INSIDE = (b"PK\x03\x04", b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"%PDF-")


def kind_of(upload: UploadedFile) -> FileKind | None:
    """DOCX or ODT by what the archive holds; None for any other archive."""
    try:
        with zipfile.ZipFile(content(upload)) as archive:
            names = archive.namelist()
            if TYPES in names and WORD in names:
                return FileKind.DOCX
            if names[:1] == ["mimetype"] and _beginning(archive, "mimetype", len(ODT) + 1) == ODT:
                return FileKind.ODT
    except (*BROKEN, KeyError):
        raise _unreadable() from None
    return None


BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError)


def _beginning(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    with archive.open(name) as part:
        return part.read(size)


def _unreadable() -> RefusedError:
    return RefusedError(_("This document cannot be read. Open it, save it once more and upload that one."))


def look_into(upload: UploadedFile, kind: FileKind) -> None:
    """Reads every part once. Raises RefusedError where one is broken, protected or in a strange place, where there are
    macros or other files inside, or where it would unpack to a bomb."""
    upload.seek(0)
    head = upload.read(1024)
    if A_PDF.search(head) or MARKUP.search(head):
        raise refusal()
    try:
        with zipfile.ZipFile(content(upload)) as archive:
            parts = archive.infolist()
            if archive.comment or min(part.header_offset for part in parts) != 0:
                raise refusal()
            _refuse_names(parts)
            _refuse_sizes(parts, upload.size or 0)
            left = MOST_UNPACKED
            for part in parts:
                left = _read(archive, part, kind, left)
    except BROKEN:
        raise _unreadable() from None


def _refuse_names(parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 0x1 for part in parts):
        raise RefusedError(
            _("This document is protected by a password. Save it without one, so that others can open it.")
        )
    names = [part.filename for part in parts]
    if len({name.lower() for name in names}) != len(names) or any(_is_strange(part) for part in parts):
        raise _unreadable()
    if any(MACROS.search(name) for name in names):
        raise _macros()


def _is_strange(part: zipfile.ZipInfo) -> bool:
    """A path that would lead out of the folder it is unpacked to, or a link."""
    name = part.orig_filename
    return (
        name.startswith("/")
        or ".." in name.split("/")
        or bool(re.search(r"[\\:\x00-\x1f\x7f]", name))
        or stat.S_ISLNK(part.external_attr >> 16)
    )


def _refuse_sizes(parts: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > max(UNSUSPICIOUS, min(MOST_UNPACKED, MOST_RATIO * size)):
        raise _bomb()


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo, kind: FileKind, left: int) -> int:
    """Reads a part to its end and returns how many bytes may still follow in others."""
    with archive.open(part) as opened:
        first = opened.read(CHUNK)
        _refuse_part(part.filename, first, kind)
        left -= len(first)
        while left >= 0 and (chunk := opened.read(CHUNK)):
            left -= len(chunk)
    if left < 0:  # the sizes an archive states of itself need not be true
        raise _bomb()
    return left


def _refuse_part(name: str, first: bytes, kind: FileKind) -> None:
    if first.startswith(INSIDE):
        raise RefusedError(
            _("This document contains other files (%(name)s). Save it without them, or as a PDF.") % {"name": name[:80]}
        )
    if ENTITY.search(first):
        raise _unreadable()
    if kind is FileKind.DOCX:
        if name == TYPES and MACRO_TYPES.search(first):
            raise _macros()
        if name.endswith(".rels") and REMOTE.search(first):
            raise RefusedError(
                _("This document loads parts of itself from another computer. Save it as a PDF and upload that one.")
            )


def _macros() -> RefusedError:
    return RefusedError(_("This document contains macros. Save it without macros, or as a PDF."))


def _bomb() -> RefusedError:
    return RefusedError(_("This document becomes far too large when it is opened. Save it as a PDF."))
