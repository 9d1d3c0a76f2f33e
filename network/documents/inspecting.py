"""Looking into an upload before anything of it is stored: what it is, whether it is whole, whether it is one thing."""

import hashlib
import math
from collections.abc import Collection
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.actions import RefusedError
from network.documents import pdf, pictures, word_texts
from network.documents.kinds import LABELS, MEGABYTE, FileKind, megabytes
from network.documents.names import clean_name
from network.documents.scanner import scan, virus_scan_configured

PICTURES = {FileKind.JPEG, FileKind.PNG}


@dataclass(frozen=True)
class Rules:
    """What may be uploaded in one place."""

    accepts: Collection[FileKind]
    max_bytes: int
    max_pages: int | None = None
    min_pixels: int | None = None
    at_most: int | None = None


@dataclass(frozen=True)
class Facts:
    """What the portal has found in a file. `size` in bytes, `sha256` in hexadecimal, pages of a PDF, pixels of a
    picture."""

    name: str
    kind: FileKind
    size: int
    sha256: str
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    virus_checked: bool = False


def inspect(upload: UploadedFile, rules: Rules) -> Facts:
    """What the file is, told by its content. Leaves the upload open, at its beginning.

    Raises RefusedError with one sentence for the reader where the file is empty, too large, of another kind, cut off,
    protected, two things at once, carries programs or other files, would unpack to a bomb, or where the virus scanner
    objects or does not answer.
    """
    _refuse_size(upload.size or 0, rules)
    kind = _kind(upload)
    if kind is None or kind not in rules.accepts:
        raise RefusedError(_wrong_kind(kind, rules))
    pages = width = height = None
    if kind is FileKind.PDF:
        pages = _pages(upload, rules)
    elif kind in PICTURES:
        width, height = _pixels(upload, kind, rules)
    else:
        word_texts.look_into(upload, kind)
    if virus_scan_configured():
        scan(upload)
    facts = Facts(
        name=clean_name(upload.name, kind),
        kind=kind,
        size=upload.size or 0,
        sha256=_sha256(upload),
        pages=pages,
        width=width,
        height=height,
        virus_checked=virus_scan_configured(),
    )
    upload.seek(0)
    return facts


def _refuse_size(size: int, rules: Rules) -> None:
    if size == 0:
        raise RefusedError(_("The file is empty. Choose it once more."))
    if size <= rules.max_bytes:
        return
    found, most = megabytes(size), megabytes(rules.max_bytes)
    if round(size / MEGABYTE) <= rules.max_bytes / MEGABYTE:  # "20 MB, the limit is 20 MB" would puzzle
        found = number_format(math.ceil(size / MEGABYTE * 100) / 100, 2)
    sentence = _("The file is %(size)s MB, the limit is %(most)s MB. Everything else you entered is still there.")
    raise RefusedError(sentence % {"size": found, "most": most})


def _kind(upload: UploadedFile) -> FileKind | None:
    upload.seek(0)
    head = upload.read(1024)
    if head.startswith(b"%PDF-"):
        return FileKind.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if head.startswith(b"PK\x03\x04"):
        return word_texts.kind_of(upload)
    if b"%PDF-" in head:
        raise RefusedError(
            _("Something stands before the beginning of this PDF. Open it and save it as a PDF once more.")
        )
    return None


def _wrong_kind(kind: FileKind | None, rules: Rules) -> str:
    possible = ", ".join(LABELS[one] for one in rules.accepts)
    if kind is None:
        return _("This file is of no kind that can be used here, whatever its name says. Possible: %(kinds)s.") % {
            "kinds": possible
        }
    return _("This file is of the kind %(kind)s. Possible here: %(kinds)s.") % {
        "kind": LABELS[kind],
        "kinds": possible,
    }


def _pages(upload: UploadedFile, rules: Rules) -> int:
    pages = pdf.look_into(upload)
    if rules.max_pages is not None and pages > rules.max_pages:
        sentence = ngettext(
            "The PDF has one page, the limit is %(most)s.",
            "The PDF has %(pages)s pages, the limit is %(most)s.",
            pages,
        )
        raise RefusedError(sentence % {"pages": pages, "most": rules.max_pages})
    return pages


def _pixels(upload: UploadedFile, kind: FileKind, rules: Rules) -> tuple[int, int]:
    width, height = pictures.look_into(upload, kind)
    if rules.min_pixels is not None and min(width, height) < rules.min_pixels:
        sentence = _("The picture has %(width)s × %(height)s pixels; the shorter side needs %(least)s at least.")
        raise RefusedError(sentence % {"width": width, "height": height, "least": rules.min_pixels})
    return width, height


def _sha256(upload: UploadedFile) -> str:
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()
