"""Where a practice comes from: what to suggest while somebody types a place, and which place is meant.

The cities of the directory come first, then the places of a list of the world (world.py) with their position. Every
other place is entered by its name and country, with a position where somebody knows it.
"""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.directory import directory
from cities.models import City, Country
from cities.names import fold
from exchange.models import Practice
from exchange.world import SHORTEST, Spot, world
from network.templatetags.portal import number

LIKE = 0.75  # word similarity (pg_trgm) from which a name may be a slip of another
ASKED = 8  # places offered at most
SHOWN = 10  # places suggested at most
TYPED = 100  # letters that are looked at
NEAR = 0.25  # degrees within which two positions of one name are one place
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


def suggested(text: str) -> list[str]:
    """`Cork, Ireland` for every place whose name may begin so, in the reader's language: cities of the directory first,
    then the largest of the world. Two queries."""
    text = text[:TYPED].replace("\0", "")
    wanted = fold(text)
    if len(wanted) < SHORTEST:
        return []
    spots = world().beginning(text, most=SHOWN)
    cities = list(
        City.objects.filter(
            Q(search_text__contains=f"|{wanted}") | Q(geoname_id__in=[spot.geoname_id for spot in spots]), is_demo=False
        ).select_related("country")
    )
    cities.sort(key=lambda city: (f"|{wanted}|" not in city.search_text, fold(str(city))))
    countries = Country.objects.in_bulk({spot.country for spot in spots})
    others = [spot for spot in spots if spot.country in countries and not any(is_same(spot, city) for city in cities)]
    found = [f"{city}, {city.country}" for city in cities]
    return list(dict.fromkeys(found + [label_of(spot, countries[spot.country]) for spot in others]))[:SHOWN]


def label_of(spot: Spot, country: Country) -> str:
    """`Springfield, Illinois, United States`"""
    return ", ".join(part for part in (spot.name, spot.region, str(country)) if part)


def is_at(spot: Spot, latitude: float | None, longitude: float | None) -> bool:
    if latitude is None or longitude is None:
        return True
    return abs(spot.latitude - latitude) < NEAR and abs(spot.longitude - longitude) < NEAR


def is_same(spot: Spot, city: City) -> bool:
    """Whether a place of the world is a city of the directory."""
    if city.geoname_id == spot.geoname_id:
        return True
    near = is_at(spot, city.latitude, city.longitude)
    return near and city.country_id == spot.country and f"|{fold(spot.name)}|" in city.search_text


def spots_of(name: str, country: Country | None) -> list[Spot]:
    """The places of the world of this name, which may carry their region, in the country or in all."""
    code = country.pk if country else ""
    bare, _comma, region = name.rpartition(",")
    in_region = [
        spot for spot in world().named(bare, country=code) if spot.region and fold(spot.region) == fold(region)
    ]
    return in_region or world().named(name, country=code)


def of_the_world(name: str, country: Country) -> dict[str, Any]:
    """The only place of the world of this name, as columns of a proposal; empty where there are none or several. The
    name in the list counts before former names and those of other languages."""
    spots = spots_of(name, country)
    found = [spot for spot in spots if spot.name == spot.listed] or spots
    if len(found) != 1:
        return {}
    city = City.objects.filter(geoname_id=found[0].geoname_id, is_demo=False).select_related("country").first()
    return {"city": city} if city else columns(found[0], country)


def columns(spot: Spot, country: Country) -> dict[str, Any]:
    return {"authority": spot.name, "country": country, "latitude": spot.latitude, "longitude": spot.longitude}


def likely(name: str, country: Country | None, *, in_world: bool = True) -> list[Meant]:
    """Which known places, of the country or of all, may be meant by a name: cities of the directory of the same name or
    nearly the same, places of other practices, and (`in_world`) of the world's list. Eight at most."""
    spots = spots_of(name, country) if in_world else []
    cities = _cities(name, country, spots)
    found = [
        Meant(
            f"city-{city.slug}", _("%(place)s, in the directory") % {"place": f"{city}, {city.country}"}, {"city": city}
        )
        for city in cities
    ]
    spots = [spot for spot in spots if not any(is_same(spot, city) for city in cities)]
    countries = Country.objects.in_bulk({spot.country for spot in spots})
    if country is not None:
        found += _told(name, country, spots)
    found += [_meant(spot, countries[spot.country]) for spot in spots if spot.country in countries]
    return found[:ASKED]


def _cities(name: str, country: Country | None, spots: list[Spot]) -> list[City]:
    """Cities of the directory of this name, in the spelling of any language the world's list knows, or nearly of it."""
    there = City.objects.filter(is_demo=False)
    if country is not None:
        there = there.filter(country=country)
    same = [pk for pk, rank in there.named(name) if rank == 0]
    same += there.filter(geoname_id__in=[spot.geoname_id for spot in spots]).values_list("pk", flat=True)
    like = [pk for pk, likeness in there.named_like(name) if likeness >= LIKE]
    keys = list(dict.fromkeys(same + like))[:ASKED]
    by_key = there.select_related("country").in_bulk(keys)
    return [by_key[key] for key in keys]


def _told(name: str, country: Country, spots: list[Spot]) -> list[Meant]:
    """Places of other practices, unless the world's list has them."""
    told = Practice.objects.published().filter(city=None, country=country).order_by("authority", "pk")
    rows = told.values_list("authority", "latitude", "longitude").distinct("authority")
    found = []
    for authority, latitude, longitude in rows[:500]:
        if fold(authority) == fold(name) and not any(is_at(spot, latitude, longitude) for spot in spots):
            place = {"authority": authority, "country": country, "latitude": latitude, "longitude": longitude}
            label = _("%(place)s, as in another practice") % {"place": f"{authority}, {country}"}
            found.append(Meant(f"place-{fold(authority)}", label, place))
    return found


def _meant(spot: Spot, country: Country) -> Meant:
    """With the list's own name, where another was typed, and how many people live there: names repeat."""
    place = label_of(spot, country)
    if fold(spot.name) != fold(spot.listed):
        place = place.replace(spot.name, f"{spot.name} ({spot.listed})", 1)
    people = number(spot.people)
    label = _("%(place)s, %(people)s inhabitants (GeoNames)") % {"place": place, "people": people}
    return Meant(f"world-{spot.geoname_id}", label, columns(spot, country))


class PositionField(forms.CharField):
    """Latitude and longitude in one line, in degrees; None where it is empty."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Its position"), required=False, max_length=60,
            help_text=gettext_lazy(
                "Only for a place that is not found: latitude and longitude as maps on the web give them, for example "
                "50.8748, 8.0243. Without them the practice is not on the map."
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
