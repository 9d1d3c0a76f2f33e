"""What an uploaded file may be, told by its content; and sizes as a reader reads them."""

from enum import StrEnum

from django.utils.formats import number_format

MEGABYTE = 1024 * 1024


class FileKind(StrEnum):
    """What an uploaded document may be, told by its content."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    DOCX = "docx"
    ODT = "odt"


LABELS = {
    FileKind.PDF: "PDF",
    FileKind.JPEG: "JPEG",
    FileKind.PNG: "PNG",
    FileKind.DOCX: "DOCX (Word)",
    FileKind.ODT: "ODT (OpenDocument)",
}


def megabytes(size: int) -> str:
    """A size for the reader in megabytes, with one digit below ten, in the reader's format."""
    value = size / MEGABYTE
    return number_format(value, decimal_pos=0 if value >= 10 or value == int(value) else 1)
