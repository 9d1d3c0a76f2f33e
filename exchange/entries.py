"""A practice as lists, cards and files show it, read from the database for just those that are shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language

from cities.directory import Directory
from cities.entries import Named, in_english
from cities.maps import world
from cities.models import City
from cities.selection import CURRENT
from exchange.models import Partners, Practice, Stage, Theme, TransferStep

if TYPE_CHECKING:
    from exchange.catalogue import Catalogue


@cache
def _address(_language: str | None) -> str:
    """Of any practice, with a gap for its short name: asking for each one's address takes longer than the rest."""
    return reverse("exchange:practice", args=["SLUG"])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a practice is at home. `key` stands for it in addresses: a city's slug, else country and name."""

    key: str
    name: Named
    country: Named
    pk: int | None = None  # of the city
    position: tuple[float, float] | None = None  # degrees
    point: tuple[float, float] | None = None  # on the world map

    @property
    def label(self) -> str:
        """`Cork, Ireland`."""
        return f"{self.name.name}, {self.country.name}"


@dataclass(frozen=True, slots=True)
class PracticeEntry:
    """A published practice; title and summary are each whole in all of `languages`."""

    pk: int
    slug: str
    title_de: str
    title_en: str
    summary_de: str
    summary_en: str
    languages: frozenset[str]
    original: str
    place: Place
    theme: str
    goals: tuple[int, ...]
    first_year: int | None
    last_year: int | None
    stage: str
    programme: str
    networks: frozenset[str]  # told in them, or its city is a member of them
    money: str
    partners: str
    transfers: tuple[str, ...]  # how far each other city has come with it, one value a city
    licence: str
    source_url: str
    published_at: datetime
    changed_at: datetime

    @property
    def language(self) -> str:
        """The language that all its texts are shown in."""
        wanted = "en" if in_english() else "de"
        return wanted if wanted in self.languages else self.original

    @property
    def is_translated(self) -> bool:
        """Whether the reader gets the language of the page."""
        return self.language == ("en" if in_english() else "de")

    @property
    def title(self) -> str:
        return self.title_en if self.language == "en" else self.title_de

    @property
    def summary(self) -> str:
        return self.summary_en if self.language == "en" else self.summary_de

    @property
    def theme_label(self) -> str:
        return str(Theme(self.theme).label)

    @property
    def stage_label(self) -> str:
        return str(Stage(self.stage).label) if self.stage else ""

    @property
    def partners_label(self) -> str:
        """`Looking for partners`, or nothing where it was not said or they are found."""
        return "" if self.partners in {"", Partners.FOUND} else str(Partners(self.partners).label)

    @property
    def adopted(self) -> int:
        """How many other cities have adapted it."""
        return self.transfers.count(TransferStep.Stage.ADAPTED)

    @property
    def trying(self) -> int:
        """How many other cities are interested in it or trying it out."""
        return sum(stage in {TransferStep.Stage.INTERESTED, TransferStep.Stage.TRYING} for stage in self.transfers)

    @property
    def years(self) -> str:
        """`2013 – 2015`, `2013`, or nothing where it is not stated."""
        if self.first_year is None:
            return ""
        return f"{self.first_year} – {self.last_year}" if self.last_year else str(self.first_year)

    @property
    def url(self) -> str:
        return _address(get_language()).replace("SLUG", self.slug)


def place_of(city: City | None, authority: str, country: Named, position: tuple[float | None, float | None]) -> Place:
    """A city, or another territorial authority, whose `position` need not be known."""
    if city is not None:
        named = Named(city.slug, city.name_de, city.name_en or city.name_de)
        here = (city.latitude, city.longitude)
        return Place(city.slug, named, country, city.pk, here, world(*here))
    latitude, longitude = position
    known = None if latitude is None or longitude is None else (latitude, longitude)
    key = f"{country.key.lower()}:{slugify(authority)}"
    return Place(key, Named("", authority, authority), country, position=known, point=known and world(*known))


def networks_of(city: int | None, directory: Directory) -> frozenset[str]:
    """The networks that a city is a member of, by slug."""
    number = directory.number.get(city or 0)
    memberships = () if number is None else directory.entries[number].memberships
    return frozenset(m.network.slug for m in memberships if m.status in CURRENT)


def place_of_practice(practice: Practice) -> Place:
    """The place of one that for_page() has read."""
    country = practice.city.country if practice.city else practice.country
    assert country is not None, "the database holds that a practice has one place"
    named = Named(country.iso2, country.name_de, country.name_en or country.name_de)
    return place_of(practice.city, practice.authority, named, (practice.latitude, practice.longitude))


def entry_of(practice: Any, place: Place, directory: Directory) -> PracticeEntry:
    """A published practice as for_page() has read it, or a row of listed()."""
    assert practice.published_at is not None, "only published practices are shown"
    return PracticeEntry(
        practice.pk, practice.slug, practice.title_de or "", practice.title_en or "", practice.summary_de or "",
        practice.summary_en or "", frozenset(practice.languages), practice.original_language, place, practice.theme,
        tuple(practice.goals), practice.first_year, practice.last_year, practice.stage, practice.programme_slug or "",
        frozenset(practice.network_slugs) | networks_of(place.pk, directory), practice.money, practice.partners,
        tuple(practice.transfer_stages), practice.licence, practice.source_url, practice.published_at,
        practice.changed_at,
    )  # fmt: skip


def entries_of(keys: Iterable[int], catalogue: "Catalogue") -> list[PracticeEntry]:
    """The practices with these primary keys, in this order, without those that are no longer public. One query."""
    wanted = [pk for pk in keys if catalogue.holds(pk)]
    if not wanted:
        return []
    rows = Practice.objects.listed(wanted)
    return [entry_of(rows[pk], catalogue.place_of(pk), catalogue.directory) for pk in wanted if pk in rows]
