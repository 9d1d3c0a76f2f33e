"""What makes a file two things at once: something in it that another program would take for its own."""

import re
import zipfile
from typing import BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from network.actions import RefusedError

# A browser, or a server that runs pages, would take a file with this for a page of the web. The sign after the word
# keeps it from being met by chance in megabytes of picture.
MARKUP = re.compile(rb"<(?:script|html|iframe|!doctype|\?php)[\s>]", re.I)
A_PDF = re.compile(rb"%PDF-\d")
OVERLAP = 64


def refusal() -> RefusedError:
    return RefusedError(
        _("There is something else inside this file. Open it in its own program, save it anew and upload that one.")
    )


def content(upload: UploadedFile) -> BinaryIO:
    """The open file behind an upload, at its beginning."""
    upload.seek(0)
    assert upload.file is not None
    return upload.file  # type: ignore[return-value]  # it is open for reading bytes


def is_archive(upload: UploadedFile) -> bool:
    """Whether a program that unpacks archives (ZIP, JAR) would find one here; those are read from their end."""
    return zipfile.is_zipfile(content(upload))


def holds(upload: UploadedFile, *expressions: re.Pattern[bytes]) -> bool:
    """Whether one of the expressions is met anywhere in the file."""
    upload.seek(0)
    before = b""
    for chunk in upload.chunks():
        if any(expression.search(before + chunk) for expression in expressions):
            return True
        before = chunk[-OVERLAP:]
    return False
