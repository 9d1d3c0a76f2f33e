"""What may be done to the directory: change or confirm the profile of a city, add and remove its pictures."""

import io
from functools import partial
from typing import IO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from cities.models import City, Fact, Picture, ProfileEdit
from cities.particulars import LABELS, Population, Value, Values, particulars
from network.actions import RefusedError
from network.models import User

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
    city: City,
    file: IO[bytes],
    *,
    alt_de: str,
    credit: str,
    licence: str,
    alt_en: str = "",
    position: int = 100,
    by: User | None = None,
) -> Picture:
    """Redraws and stores a picture. What it shows (German at least), credit and licence must be given.
    With `by` the city's history tells who added it.

    Raises RefusedError with a sentence for the reader where one of them is missing or the file is no picture.
    """
    if not (alt_de.strip() and credit.strip() and licence.strip()):
        raise RefusedError(_("Say what the picture shows, whom to credit and under which licence it stands."))
    picture = Picture(
        city=city, image=redrawn(file), alt_de=alt_de, alt_en=alt_en, credit=credit, licence=licence, position=position
    )
    with transaction.atomic():
        picture.save()
        if by is not None:
            ProfileEdit.objects.create(city=city, field="pictures", new=picture.alt_de, by=by)
    return picture


def remove_picture(picture: Picture, *, by: User) -> None:
    """Removes the picture and notes it in the city's history; the file goes after the commit."""
    file = str(picture.image.name)
    with transaction.atomic():
        ProfileEdit.objects.create(city=picture.city, field="pictures", old=picture.alt_de, by=by)
        picture.delete()
        transaction.on_commit(partial(picture.image.storage.delete, file), robust=True)


class ProfileChangedError(RefusedError):
    """Somebody else has changed what was to be written; `now` is what the profile says."""

    def __init__(self, now: Values) -> None:
        super().__init__(_("Somebody else saved at the same moment. Look at the profile and save once more."))
        self.now = now


def edit_profile(city: City, *, by: User, seen: Values | None = None, **values: Value) -> list[str]:
    """Writes those of the values (names of particulars.LABELS) that differ, and one ProfileEdit for each, which an
    import respects. Returns their names.

    `seen` are the values the person has decided upon. Raises ProfileChangedError, and writes nothing, where one that
    is to be written has become another since.
    """
    if unknown := values.keys() - LABELS.keys():
        raise ValueError(f"{sorted(unknown)}: a profile has {sorted(LABELS)}")
    with transaction.atomic():
        wait_for_imports()
        locked = City.objects.select_for_update().get(pk=city.pk)
        now = particulars(locked)
        changed = [name for name in values if values[name] != now[name]]
        if seen is not None and any(seen[name] != now[name] for name in changed):
            raise ProfileChangedError(now)
        for name in changed:
            _set(locked, name, values[name])
        if set(changed) - {"population"}:
            locked.save()
        ProfileEdit.objects.bulk_create(
            [
                ProfileEdit(city=locked, field=name, old=str(now[name] or ""), new=str(values[name] or ""), by=by)
                for name in changed
            ]
        )
    return changed


def wait_for_imports() -> None:
    """An import locks whole tables against writing. Whoever held a row already would wait for it and it for them."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {City._meta.db_table} IN ROW EXCLUSIVE MODE")


def _set(city: City, name: str, value: Value) -> None:
    if name != "population":
        setattr(city, name, value)
    elif isinstance(value, Population):
        stated = {"value": value.people, "year": value.year, "source_label": value.source, "source_url": value.url}
        of_today = stated | {"read_on": timezone.localdate()}
        Fact.objects.update_or_create(city=city, kind=Fact.Kind.POPULATION, defaults=of_today)
    else:
        Fact.objects.filter(city=city, kind=Fact.Kind.POPULATION).delete()


def confirm_profile(city: City, *, by: User) -> None:
    """The team says that everything is still right today; once a day the history notes who."""
    today = timezone.localdate()
    with transaction.atomic():
        wait_for_imports()
        locked = City.objects.select_for_update().get(pk=city.pk)
        if locked.confirmed_on == today:
            return
        before = locked.confirmed_on
        City.objects.filter(pk=city.pk).update(confirmed_on=today)
        ProfileEdit.objects.create(city=locked, field="confirmed_on", old=str(before or ""), new=str(today), by=by)
