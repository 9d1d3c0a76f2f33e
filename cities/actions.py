"""What may be done to the directory: add a picture to a city."""

import io
from typing import IO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from cities.models import City, Picture
from network.actions import RefusedError

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 60_000_000
LONGEST_SIDE = 2400  # pixels; wide enough for a full-width picture on a dense screen


def redrawn(file: IO[bytes]) -> ContentFile:
    """The picture decoded and written anew as WebP: upright, at most 2,400 pixels wide or high, and without anything
    else the file carried (where and when it was taken, hidden content). Raises RefusedError for what is no picture."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise RefusedError(_("The file is larger than 15 MB. Save the picture smaller and choose it again."))
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise RefusedError(
                    _("The picture has more than 60 million pixels. Save it smaller and choose it again.")
                )
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise RefusedError(_("This file cannot be read as a picture. Choose a JPEG, PNG or WebP file.")) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    upright.save(out, "WEBP", quality=82, method=4)
    return ContentFile(out.getvalue(), name=f"{uuid4().hex}.webp")


def add_picture(
    city: City, file: IO[bytes], *, alt_de: str, credit: str, licence: str, alt_en: str = "", position: int = 100
) -> Picture:
    """Redraws and stores a picture. What it shows (German at least), credit and licence must be given.

    Raises RefusedError with a sentence for the reader where one of them is missing or the file is no picture.
    """
    if not (alt_de.strip() and credit.strip() and licence.strip()):
        raise RefusedError(_("Say what the picture shows, whom to credit and under which licence it stands."))
    picture = Picture(
        city=city, image=redrawn(file), alt_de=alt_de, alt_en=alt_en, credit=credit, licence=licence, position=position
    )
    picture.save()
    return picture
