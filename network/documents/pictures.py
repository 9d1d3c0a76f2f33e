"""Pictures: whole, of a size a machine can decode, and nothing but a picture."""

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from network.actions import RefusedError
from network.documents.disguises import A_PDF, MARKUP, content, holds, is_archive, refusal
from network.documents.kinds import FileKind

MOST_PIXELS = 80_000_000  # an A3 page at 600 dots an inch has 70 million
TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError)


def look_into(upload: UploadedFile, kind: FileKind) -> tuple[int, int]:
    """Width and height in pixels, after decoding all of it once. Raises RefusedError."""
    if is_archive(upload) or holds(upload, MARKUP, A_PDF):
        raise refusal()
    try:
        with Image.open(content(upload), formats=[kind.name]) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise _too_many()
            # a JPEG is read to its end, but decoded to an eighth of its size only
            picture.draft(None, (max(1, width // 8), max(1, height // 8)))
            picture.load()
    except TOO_LARGE:
        raise _too_many() from None
    except BROKEN:
        raise RefusedError(
            _("This picture cannot be read to its end. Save it once more and upload it again.")
        ) from None
    return width, height


def _too_many() -> RefusedError:
    sentence = _("The picture has more than %(most)s million pixels. Save it smaller and upload it again.")
    return RefusedError(sentence % {"most": MOST_PIXELS // 1_000_000})
