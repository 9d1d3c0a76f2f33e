"""Giving a stored file to a reader: to be saved, never to be shown as a page of the portal."""

import logging

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404

from network.documents.kinds import FileKind

log = logging.getLogger(__name__)

TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
}
# Whatever a file may hold, the browser stores it and never shows it as a page of the portal.
HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}
PRIVATE = "private, no-store"


def attachment(file: FieldFile, *, name: str, kind: str, cached: str = PRIVATE) -> FileResponse:
    """The file as it was uploaded, under `name`, with the type of its kind. The caller has asked who may read it.
    Raises Http404, and writes to the log, where the file is missing."""
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        log.exception("The file %s is missing.", file.name)
        raise Http404 from None
    headers = HEADERS | {"Cache-Control": cached}
    return FileResponse(opened, as_attachment=True, filename=name, content_type=TYPES[FileKind(kind)], headers=headers)
