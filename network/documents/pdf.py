"""PDF files: whole, readable without a password, and nothing in them but pages."""

import re
import time
from collections.abc import Iterator

import pikepdf
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from network.actions import RefusedError
from network.documents.disguises import MARKUP, content, holds, is_archive, refusal

MEGABYTE = 1024 * 1024
EDGE = 1024  # bytes: a PDF ends in the last of them, and what guesses kinds of files looks at the first
MOST_OBJECTS = 500_000
# What one part of a document may unpack to while it is opened; for the whole process, since qpdf knows no other way.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=32 * MEGABYTE,
    run_length_max_memory=32 * MEGABYTE,
    png_max_memory=32 * MEGABYTE,
    tiff_max_memory=32 * MEGABYTE,
    dct_max_memory=32 * MEGABYTE,
    max_stream_filters=4,
    doc_max_warnings=200,
)
READING_SECONDS = 15  # a web worker has half a minute
SUSPICIOUS = re.compile(rb"/(?:JavaScript|JS|Launch|ImportData|RichMedia|RichMediaExecute|EF|EmbeddedFile|XFA)\b")
PROGRAMS = (Name.JavaScript, Name.Launch, Name.ImportData, Name.RichMediaExecute)


def _name(text: str) -> str:
    """An expression for a name in a PDF, whose letters may each be written as a number (#4C for L)."""
    return "".join(f"(?:{sign}|#(?i:{ord(sign):02x}))" for sign in text)


# qpdf limits what every packing of streams may unpack to but this one, which nothing made in this century uses for the
# streams that are read when a file is opened; those exist only where there is a table of that kind (XRef).
LZW = re.compile(rf"/{_name('LZW')}(?:{_name('Decode')})?(?=[\s/\[\]<>(%])".encode())
TABLE = re.compile(rf"/{_name('XRef')}(?=[\s/\[\]<>(%])".encode())


def look_into(upload: UploadedFile) -> int:
    """How many pages it has. Raises RefusedError where it is not whole, not only a PDF, protected, or more than pages:
    scripts, commands that start programs, files inside, a form that only few programs can draw (XFA)."""
    _refuse_edges(upload)
    if holds(upload, LZW) and holds(upload, TABLE):
        raise _unreadable()
    end = time.monotonic() + READING_SECONDS
    try:
        with pikepdf.open(content(upload)) as document:
            if len(document.objects) > MOST_OBJECTS:
                raise _unreadable()
            for found in _suspects(document, end):
                _refuse_active(found)
            pages = len(document.pages)
    except pikepdf.PasswordError:
        raise RefusedError(
            _("This PDF is protected by a password. Save it without one, so that others can open it.")
        ) from None
    except (pikepdf.PdfError, ValueError, RuntimeError, MemoryError):
        raise _unreadable() from None
    if pages == 0:
        raise _unreadable()
    return pages


def _unreadable() -> RefusedError:
    return RefusedError(_("This PDF cannot be read. Open it, save it as a PDF once more and upload that one."))


def _refuse_edges(upload: UploadedFile) -> None:
    upload.seek(0)
    head = upload.read(EDGE)
    upload.seek(max(0, (upload.size or 0) - EDGE))
    _before, end, after = upload.read(EDGE).rpartition(b"%%EOF")
    if not end:
        raise RefusedError(_("The end of this PDF is missing. Save it once more and upload it again."))
    if after.strip(b"\0\t\n\f\r ") or MARKUP.search(head) or is_archive(upload):
        raise refusal()


def _suspects(document: Pdf, end: float) -> Iterator[Object]:
    """The dictionaries that could be more than pages, also those inside others and those of streams. What an object
    looks like when written out decides where to look: walking through all of them takes five times as long."""
    for top in document.objects:
        if time.monotonic() > end:
            raise _unreadable()
        thing = top.stream_dict if isinstance(top, Stream) else top
        if isinstance(thing, Array | Dictionary) and SUSPICIOUS.search(thing.unparse(resolved=True)):
            yield from _dictionaries(thing)


def _dictionaries(top: Object) -> Iterator[Object]:
    waiting: list[object] = [top]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, Array):
            waiting += [item for item in thing if _is_inside(item)]
        elif isinstance(thing, Dictionary):
            assert isinstance(thing, Object)
            yield thing
            waiting += [item for _key, item in thing.items() if _is_inside(item)]


def _is_inside(item: object) -> bool:
    return isinstance(item, Array | Dictionary) and isinstance(item, Object) and not item.is_indirect


def _refuse_active(found: Object) -> None:
    keys = found.keys()
    if "/S" in keys and (found["/S"] in PROGRAMS or "/JS" in keys):
        raise RefusedError(
            _("This PDF contains scripts or starts other programs. Print it to a new PDF and upload that one.")
        )
    if "/EF" in keys or found.get("/Subtype") == Name.RichMedia or found.get("/Type") == Name.EmbeddedFile:
        raise RefusedError(
            _("This PDF carries other files inside. Upload those on their own, and the PDF without them.")
        )
    if "/XFA" in keys:
        raise RefusedError(
            _("This PDF is a form that few programs can show. Print it to a new PDF and upload that one.")
        )
