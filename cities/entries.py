"""A city as lists show it: held in memory by the directory, so that a page of results needs no query for its rows."""

from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.translation import get_language

from cities.models import Membership
from network.models import Network


def in_english() -> bool:
    return get_language() == "en"


@cache
def _address(_language: str | None) -> str:
    """Of any city, with a gap for its short name: asking for each one's address takes longer than the rest of a row."""
    return reverse("cities:detail", args=["SLUG"])


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a key and a name in both languages: a country, a Land, a field."""

    key: str
    de: str
    en: str

    @property
    def name(self) -> str:
        return self.en if in_english() else self.de


@dataclass(frozen=True, slots=True)
class EntryMembership:
    """A membership in a row: the network's mark, what the city is through it, since when."""

    network: Network
    fields: tuple[Named, ...]
    title_de: str
    title_en: str
    since: int | None
    status: str

    @property
    def title(self) -> str:
        """`Creative City: Literature`."""
        return self.title_en if in_english() else self.title_de

    @property
    def status_label(self) -> str:
        """The status in words, empty for the usual one."""
        return "" if self.status == Membership.Status.ACTIVE else str(Membership.Status(self.status).label)


@dataclass(frozen=True, slots=True)
class Entry:
    """A city in the directory; `people` is None where the population is not known."""

    pk: int
    slug: str
    name_de: str
    name_en: str
    country: Named
    land: Named | None
    latitude: float
    longitude: float
    people: int | None
    memberships: tuple[EntryMembership, ...]

    @property
    def name(self) -> str:
        return self.name_en if in_english() else self.name_de

    @property
    def url(self) -> str:
        return _address(get_language()).replace("SLUG", self.slug)
