"""Where a practice comes from: what to suggest while somebody types a place, and which place is meant.

The portal has no list of all places of the world. It suggests the cities of the directory; every other place is entered
by its name and country, with a position where somebody knows it.
"""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.directory import directory
from cities.models import City, Country
from cities.names import fold
from exchange.models import Practice

LIKE = 0.75  # word similarity (pg_trgm) from which a name may be a slip of another
ASKED = 4  # places offered at most
# `50.8748, 8.0243` as maps on the web give it, or with decimal commas, set apart by a semicolon or spaces
POINTS = re.compile(r"(-?\d{1,2}\.\d+)°?[,;\s]+(-?\d{1,3}\.\d+)°?")
COMMAS = re.compile(r"(-?\d{1,2},\d+)°?(?:;|,?\s)\s*(-?\d{1,3},\d+)°?")


@dataclass(frozen=True, slots=True)
class Meant:
    """A place that may be meant by what was typed: a city of the directory, or a place of other practices."""

    key: str
    label: str
    place: dict[str, Any]  # columns of a proposal


def labels() -> list[str]:
    """`Cork, Ireland` for every city of the directory, in the reader's language; no query."""
    return sorted(f"{entry.name}, {entry.country.name}" for entry in directory().entries)


def parted(text: str, country: Country | None) -> tuple[str, Country | None]:
    """Name and country of `Cork, Ireland`, where its last part names a country in either language and none was chosen
    beside it, or that one; else the text as it is."""
    name, comma, last = text.rpartition(",")
    if not comma or not name.strip():
        return text, country
    wanted = fold(last)
    rows = Country.objects.all() if country is None else [country]
    found = next((each for each in rows if wanted in {fold(each.name_de), fold(each.name_en or "")}), None)
    return (name.strip(), found) if found else (text, country)


def the_city(name: str, country: Country) -> City | None:
    """The city of the directory with exactly this name, in any spelling of it; None where there are none or several."""
    cities = City.objects.filter(country=country, is_demo=False, search_text__contains=f"|{fold(name)}|")
    found = list(cities.select_related("country").order_by("slug")[:2])
    return found[0] if len(found) == 1 else None


def likely(name: str, country: Country) -> list[Meant]:
    """Which known places of the country may be meant by a name: of the same name, or of one that is nearly the same."""
    there = City.objects.filter(country=country, is_demo=False)
    same = [pk for pk, rank in there.named(name) if rank == 0]
    like = [pk for pk, likeness in there.named_like(name) if likeness >= LIKE]
    by_key = there.select_related("country").in_bulk(list(dict.fromkeys(same + like))[:ASKED])
    found = [
        Meant(f"city-{city.slug}", _("%(place)s, in the directory") % {"place": f"{city}, {country}"}, {"city": city})
        for city in by_key.values()
    ]
    told = Practice.objects.published().filter(city=None, country=country).order_by("authority", "pk")
    rows = told.values_list("authority", "latitude", "longitude").distinct("authority")
    for authority, latitude, longitude in rows[:500]:
        if fold(authority) == fold(name):
            place = {"authority": authority, "country": country, "latitude": latitude, "longitude": longitude}
            label = _("%(place)s, as in another practice") % {"place": f"{authority}, {country}"}
            found.append(Meant(f"place-{fold(authority)}", label, place))
    return found[:ASKED]


class PositionField(forms.CharField):
    """Latitude and longitude in one line, in degrees; None where it is empty."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Its position"), required=False, max_length=60,
            help_text=gettext_lazy(
                "Latitude and longitude as maps on the web give them, for example 50.8748, 8.0243. Without them the "
                "practice is not on the map."
            ),
        )  # fmt: skip

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        found = POINTS.fullmatch(text) or COMMAS.fullmatch(text)
        if found is None:
            raise ValidationError(
                _("Enter two numbers with decimals: latitude, then longitude. Example: 50.8748, 8.0243")
            )
        latitude, longitude = (float(part.replace(",", ".")) for part in found.groups())
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise ValidationError(_("Latitude goes from -90 to 90, longitude from -180 to 180. Check both numbers."))
        return latitude, longitude

    def prepare_value(self, value: Any) -> Any:
        return value
