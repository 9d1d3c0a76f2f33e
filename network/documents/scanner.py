"""The virus scanner ClamAV, asked over a socket (clamd, command INSTREAM). The portal runs without one, and says so."""

import logging
import socket
import struct
from contextlib import suppress

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from network.actions import RefusedError

log = logging.getLogger(__name__)

CONNECT_SECONDS, ANSWER_SECONDS = 5, 20  # below the half minute after which a web worker is ended
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096


def virus_scan_configured() -> bool:
    """Whether uploads are checked for viruses (CLAMAV); where not, the operator's page says so."""
    return settings.CLAMAV is not None


def scan(upload: UploadedFile) -> None:
    """Has the scanner read the file. Raises RefusedError where it finds something, and also where it does not answer:
    what was not checked is not stored."""
    try:
        answer = _answer(upload)
    except OSError:
        log.exception("The virus scanner at %s does not answer.", settings.CLAMAV)
        raise _not_now() from None
    if answer.endswith("FOUND"):
        name = answer.removeprefix("stream: ").removesuffix("FOUND").strip()
        log.warning("The virus scanner refused an upload: %s", name)
        raise RefusedError(
            _("The virus scanner objects to this file (%(name)s). It was not stored.") % {"name": name[:80]}
        )
    if answer != "stream: OK":
        log.error("The virus scanner at %s says: %s", settings.CLAMAV, answer)
        raise _not_now()


def _not_now() -> RefusedError:
    return RefusedError(
        _(
            "Files are checked for viruses before they are stored, and the check does not answer now. "
            "Try again in some minutes; everything else you entered is still there."
        )
    )


def _answer(upload: UploadedFile) -> str:
    with _connected() as connection:
        upload.seek(0)
        # a scanner that stops listening, since the file is too large for it, has said why before
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(b"zINSTREAM\0")
            for chunk in upload.chunks(CHUNK):
                connection.sendall(struct.pack(">I", len(chunk)) + chunk)
            connection.sendall(struct.pack(">I", 0))
        answer = b""
        while b"\0" not in answer and len(answer) < LONGEST_ANSWER and (part := connection.recv(LONGEST_ANSWER)):
            answer += part
    return answer.partition(b"\0")[0].decode(errors="replace").strip()


def _connected() -> socket.socket:
    place = settings.CLAMAV
    if isinstance(place, str):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(CONNECT_SECONDS)
        try:
            connection.connect(place)
        except OSError:
            connection.close()
            raise
    else:
        assert place is not None
        connection = socket.create_connection(place, timeout=CONNECT_SECONDS)
    connection.settimeout(ANSWER_SECONDS)
    return connection
