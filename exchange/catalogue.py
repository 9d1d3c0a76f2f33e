"""What published practices are filtered and sorted by, in memory: one bit a practice for every value.

The same design as the directory of cities (cities/directory.py): a filter is a few `&` and `|`, a count `bit_count()`.
Texts stay in the database (exchange/entries.py). A process reads all practices once; the catalogue of a later content
version takes over the one before and reads only the practices that the database has noted as changed since.
"""

import threading
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import compress, repeat
from operator import attrgetter
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from cities.directory import Directory
from cities.entries import Named, in_english
from cities.models import City, Country
from cities.names import fold, spellings
from cities.selection import UNKNOWN, population_class, union
from exchange.entries import Place, networks_of, place_of
from exchange.models import Practice, PracticeChange, Programme, TransferStep

FACETS = ("theme", "goal", "region", "country", "network", "programme", "adopted", "partners", "population", "year",
          "stage", "money", "language")  # fmt: skip
GROUPS = (*FACETS, "place")
OF_THE_PLACE = ("region", "country", "network", "population")
ONE = ord("1")
AS_FLAGS = bytes.maketrans(b"01", b"\0\1")
ANEW = 4  # when more than one practice of so many has changed, all are read
Counts = dict[str, dict[str, int]]  # by group and value
Labels = dict[str, dict[str, str]]  # the same


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for. Within a group any value fits, groups are joined by *and*."""

    theme: tuple[str, ...] = ()
    goal: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    programme: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    population: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    money: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    found: int | None = None  # the practices found by words, as bits; None: nothing was searched


@dataclass(frozen=True, slots=True)
class Line:
    """What is kept of a practice beside its bits: by what it is sorted, folded, in German and English."""

    pk: int
    year: int  # 0: not stated
    title_de: str
    title_en: str
    place: str  # its key
    place_de: str
    place_en: str
    published_at: datetime


# Newest first means that those without a year come last; the title decides among equals.
ORDERS: dict[str, Callable[[Line], tuple[object, ...]]] = {
    "new:de": lambda line: (-line.year, line.title_de, line.pk),
    "new:en": lambda line: (-line.year, line.title_en, line.pk),
    "title:de": lambda line: (line.title_de, line.pk),
    "title:en": lambda line: (line.title_en, line.pk),
    "place:de": lambda line: (line.place_de, line.title_de, line.pk),
    "place:en": lambda line: (line.place_en, line.title_en, line.pk),
    "published": lambda line: (-line.published_at.timestamp(), line.pk),
}


def _flags(bits: int) -> bytes:
    """One byte a number, 1 for a practice that is there."""
    return f"{bits:b}".encode().translate(AS_FLAGS)[::-1]


class Catalogue:
    """All published practices at one content version. Never changed after it was built. Five queries at most."""

    def __init__(self, directory: Directory, before: "Catalogue | None" = None) -> None:
        self.directory = directory
        self.programmes = {p.slug: Named(p.slug, p.name_de, p.name_en or p.name_de) for p in Programme.objects.all()}
        countries = list(Country.objects.values_list("iso2", "name_de", "name_en", "region"))
        self.countries = {code: Named(code, german, english or german) for code, german, english, _region in countries}
        self._regions = {code: region for code, _german, _english, region in countries}
        self.lines: list[Line | None] = []  # by number; None: no longer published
        self.number: dict[int, int] = {}  # by primary key in ascending order, also of those no longer published
        self.places: dict[str, Place] = {}
        # what places are called, folded: each spelling on a line of its own, after a blank
        self.names: dict[str, str] = {}
        self.of_value: dict[str, dict[str, int]] = {group: {} for group in (*GROUPS, "told")}
        self._orders: dict[str, list[int]] = {name: [] for name in ORDERS}
        self.labels: dict[str, Labels] = {}  # by language, see exchange/labels.py
        self.searches: dict[str, tuple[list[int], bool]] = {}  # by text, see exchange/search.py
        changed = None if before is None else before.changed()
        if before is None or changed is None:
            self._add(Practice.objects.published())
        else:
            self._take_over(before, changed)
        self._gather()

    def changed(self) -> list[int] | None:
        """The primary keys of practices that have changed since; None: so many that all are better read again."""
        notes = PracticeChange.objects.filter(number__gt=self.directory.version)
        changed = list(notes.values_list("practice", flat=True))
        return None if len(changed) * ANEW > len(self.number) else changed

    # --- building

    def _take_over(self, before: "Catalogue", changed: list[int]) -> None:
        self.lines, self.number = before.lines.copy(), before.number.copy()
        self.places, self.names = before.places.copy(), before.names.copy()
        self._orders = {name: order.copy() for name, order in before._orders.items()}
        gone = [n for pk in changed if (n := self.number.get(pk)) is not None and self.lines[n] is not None]
        for name, order in self._orders.items():
            key = self._key(name)
            for number in gone:
                del order[bisect_left(order, key(number), key=key)]
        rest = before.everything & ~self.with_numbers(gone)
        self.of_value = {
            group: {value: left for value, bits in sets.items() if (left := bits & rest)}
            for group, sets in before.of_value.items()
        }
        for number in gone:
            self.lines[number] = None
        if changed:
            self._add(Practice.objects.published().filter(pk__in=changed))

    def _key(self, order: str) -> Callable[[int], tuple[object, ...]]:
        by = ORDERS[order]

        return lambda number: by(self.line(number))

    def _add(self, practices: QuerySet[Practice]) -> None:
        cities = {city.pk: city for city in City.objects.filter(pk__in=practices.values("city"))}
        homes: dict[tuple[object, ...], tuple[str, str, str]] = {}
        added: list[int] = []
        holding: dict[str, dict[str, list[int]]] = {group: defaultdict(list) for group in self.of_value}
        for row in _rows(practices):
            at = (row.city_id, row.authority, row.country_id, row.latitude, row.longitude)
            if at not in homes:
                homes[at] = self._home(cities.get(row.city_id), row)
            number = self.number.setdefault(row.pk, len(self.lines))
            if number == len(self.lines):
                self.lines.append(None)
            self.lines[number] = Line(
                row.pk, row.last_year or row.first_year or 0, row.sort_de, row.sort_en, *homes[at],
                row.published_at,
            )  # fmt: skip
            added.append(number)
            for group, values in _values(row, homes[at][0]).items():
                for value in values:
                    holding[group][value].append(number)
        for group, sets in holding.items():
            for value, numbers in sets.items():
                self.of_value[group][value] = self.of(group, value) | self.with_numbers(numbers)
        self._put_in_order(added)

    def _home(self, city: City | None, row: Any) -> tuple[str, str, str]:
        """The place of a row: its key, and its folded names in German and English."""
        country = self.countries[city.country_id if city else row.country_id]
        place = place_of(city, row.authority, country, (row.latitude, row.longitude))
        self.places[place.key] = place
        self.names[place.key] = "".join(f"\n {name}\n" for name in spellings(place.name.de, place.name.en))
        return place.key, fold(place.name.de), fold(place.name.en)

    def _put_in_order(self, added: list[int]) -> None:
        for name, order in self._orders.items():
            if len(added) > len(order):
                order.extend(added)
                order.sort(key=self._key(name))
            else:
                for number in added:
                    insort(order, number, key=self._key(name))

    def _gather(self) -> None:
        """The values that a practice has through its place, and all practices."""
        sets: dict[str, dict[str, int]] = {group: defaultdict(int) for group in OF_THE_PLACE}
        self.everything = 0
        for key, bits in self.of_value["place"].items():
            place = self.places[key]
            self.everything |= bits
            sets["country"][place.country.key] |= bits
            people = self.directory.people(place.pk) if place.pk else None
            sets["population"][population_class(people)] |= bits
            for slug in networks_of(place.pk, self.directory):
                sets["network"][slug] |= bits
        for code, bits in sets["country"].items():
            sets["region"][self._regions[code]] |= bits
        for slug, network in self.directory.networks.items():
            if bits := self.of_value["told"].get(str(network.pk), 0):
                sets["network"][slug] |= bits
        self.of_value |= sets

    @cached_property
    def titles(self) -> list[str]:
        """By number, folded, in German and English, each after a line break; empty where no longer published."""
        return ["" if line is None else f"\n{line.title_de}\n{line.title_en}" for line in self.lines]

    @cached_property
    def place_words(self) -> list[str]:
        """All words of the names of places, folded."""
        return sorted({word for names in self.names.values() for word in names.split()})

    @cached_property
    def country_names(self) -> dict[str, list[str]]:
        """Of each country in which there are practices, folded, in every spelling."""
        named = {code: self.countries[code] for code in self.of_value["country"]}
        return {code: spellings(country.de, country.en) for code, country in named.items()}

    # --- who fits

    def hits(self, wanted: Wanted, *, without: str = "") -> int:
        """The practices that fit, as bits; `without` leaves the choice of one group out."""
        bits = self.everything if wanted.found is None else wanted.found
        for group in GROUPS:
            values = getattr(wanted, group)
            if values and group != without:
                bits &= union(self.of_value[group], values)
        return bits

    def counts(self, wanted: Wanted) -> Counts:
        """For every value of every facet how many practices there would be with it instead of the facet's choice."""
        every = self.hits(wanted)
        counts: Counts = {}
        for group in FACETS:
            rest = self.hits(wanted, without=group) if getattr(wanted, group) else every
            counts[group] = {value: (rest & bits).bit_count() for value, bits in self.of_value[group].items()}
        return counts

    def of(self, group: str, value: str) -> int:
        """The practices with one value, as bits."""
        return self.of_value[group].get(value, 0)

    def bits_of(self, keys: Iterable[int]) -> int:
        """The published ones among the practices with these primary keys."""
        beyond = len(self.lines)  # a number of no practice
        return self.with_numbers(map(self.number.get, keys, repeat(beyond))) & self.everything

    def with_numbers(self, numbers: Iterable[int]) -> int:
        """The bits with these numbers; many at a time, because each change of an integer copies it."""
        chosen = bytearray(b"0") * (len(self.lines) + 1)
        for number in numbers:
            chosen[number] = ONE
        chosen.reverse()
        return int(chosen, 2)

    # --- practices

    def holds(self, pk: int) -> bool:
        """Whether the practice with this primary key is published."""
        number = self.number.get(pk)
        return number is not None and self.lines[number] is not None

    def place_of(self, pk: int) -> Place:
        """The place of a published practice."""
        return self.places[self.line(self.number[pk]).place]

    # --- from bits to practices

    def line(self, number: int) -> Line:
        """What is kept of a published practice."""
        line = self.lines[number]
        assert line is not None, "orders and bits hold only published practices"
        return line

    def unsorted(self, bits: int) -> Iterator[int]:
        """The practices by number."""
        return compress(self.number.values(), _flags(bits))

    def numbers(self, bits: int, sort: str = "new") -> Iterator[int]:
        """The practices by one of the sorts `new`, `title`, `place` as a reader of the active language has them, or
        `published`: the last published one first."""
        chosen = f"{bits:b}".zfill(len(self.lines))[::-1]
        order = sort if sort in self._orders else f"{sort}:{'en' if in_english() else 'de'}"
        return (number for number in self._orders[order] if chosen[number] == "1")

    def keys(self, bits: int, sort: str = "new") -> Iterator[int]:
        """Their primary keys, sorted as numbers() does it."""
        return (self.line(number).pk for number in self.numbers(bits, sort))

    def places_of(self, bits: int) -> list[tuple[Place, int]]:
        """The places that these practices come from, each with how many there are."""
        counted = Counter(map(attrgetter("place"), compress(self.lines, _flags(bits))))
        return [(self.places[key], counted[key]) for key in self.of_value["place"] if key in counted]


def _rows(practices: QuerySet[Practice]) -> Iterator[Any]:
    """What is kept of them, without their texts; one query."""
    of_practice = {"practice_id": OuterRef("pk")}
    told = Practice.networks.through._default_manager.filter(**of_practice)
    steps = TransferStep.objects.public().filter(**of_practice).order_by("city_id", "-pk").distinct("city_id")
    return (
        practices.order_by()
        .annotate(told_in=ArraySubquery(told.values("network_id")), steps=ArraySubquery(steps.values("stage")))
        .values_list(
            "pk", "city_id", "authority", "country_id", "latitude", "longitude", "theme", "goals", "first_year",
            "last_year", "stage", "programme__slug", "money", "partners", "languages", "sort_de", "sort_en",
            "published_at", "told_in", "steps", named=True,
        )
        .iterator()
    )  # fmt: skip


def _values(row: Any, place: str) -> dict[str, Iterable[str]]:
    """Every value of a practice itself by group; `unknown` stands for what is not stated, and for a practice that no
    other city tries."""
    years: Iterable[str] = (UNKNOWN,)
    if row.first_year is not None:
        years = map(str, range(row.first_year, (row.last_year or row.first_year) + 1))
    return {
        "theme": (row.theme,),
        "goal": map(str, row.goals),
        "programme": (row.programme__slug,) if row.programme__slug else (),
        "adopted": set(row.steps) or (UNKNOWN,),
        "partners": (row.partners,) if row.partners else (),
        "year": years,
        "stage": (row.stage or UNKNOWN,),
        "money": (row.money or UNKNOWN,),
        "language": row.languages,
        "place": (place,),
        "told": map(str, row.told_in),
    }


_kept: Catalogue | None = None
_lock = threading.Lock()


def catalogue(directory: Directory) -> Catalogue:
    """The practices that belong to this directory; after a change of content only what has changed is read."""
    global _kept
    with _lock:
        if _kept is None or _kept.directory is not directory:
            follows = _kept is not None and _kept.directory.version < directory.version
            _kept = Catalogue(directory, _kept if follows else None)
        return _kept
