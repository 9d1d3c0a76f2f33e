"""What the desk filters, counts and sorts submitted applications by, in memory: one bit an application for every value.

The same design as the directory of cities and the catalogue of practices: a filter is a few `&` and `|`, a count
`bit_count()`. A process reads all applications once; afterwards, for each page, only those that the database has noted
as changed (migration 0008) by transactions which the look before has not seen. Whose they are to see is said by
applications.reach, never here.
"""

import datetime
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import get_language

from applications.looks import Kept, Look
from applications.models import Application, Assignment, Call, Flag, PackVersion, Submission
from cities.models import City, Country, Land
from cities.names import wanted_parts
from network.models import Field

YES, NO = "yes", "no"
ANEW = 4  # when more than one application of so many has changed, all are read
MOST_ORDERS = 24  # kept at a time
MOST_CITIES = 2_000  # the same
GROUPS = ("call", "state", "check", "flags", "again", "late", "field", "country", "land", "owner", "assigned")
# In the order of the models.
OF_APPLICATION = ("id", "call_id", "city_id", "pack_version_id", "earlier_id", "state", "submitted_at", "late_until",
                  "returned_until", "field", "check_state")  # fmt: skip
OF_CITY = ("id", "slug", "name_de", "name_en", "country_id", "land_id")
type Key = Callable[["Line"], Any]


class Line(NamedTuple):
    """What is kept of one application."""

    pk: int
    call: int
    city: int
    pack_version: int
    earlier: int | None
    state: str
    submitted_at: datetime.datetime
    late_until: datetime.datetime | None
    returned_until: datetime.datetime | None
    field: str
    check: str
    slug: str
    name_de: str
    name_en: str
    country: str
    land: str | None
    sort_de: str
    sort_en: str
    search_text: str
    receipts: list[str]  # one a submission, the latest first
    owners: list[int]  # of its open flags
    assigned: list[str]  # who reviews it, with the state of the assignment: "12 done"

    @property
    def name(self) -> str:
        """Of the city, in the active language."""
        return (self.name_en if get_language() == "en" else "") or self.name_de

    @property
    def receipt(self) -> str:
        """The number of the latest one."""
        return self.receipts[0] if self.receipts else ""

    @property
    def reviewers(self) -> dict[int, str]:
        """The state of each assignment, by primary key of the person."""
        return dict(_assignment(one) for one in self.assigned)


def _assignment(words: str) -> tuple[int, str]:
    """The person and the state."""
    person, state = words.split()
    return int(person), state


class Names(NamedTuple):
    """What fields, by network and key, countries and Länder are called, in German and English."""

    version: int  # of the content, see network.models.version
    fields: dict[tuple[int, str], tuple[str, str]]
    countries: dict[str, tuple[str, str]]
    lands: dict[str, tuple[str, str]]


class Register:
    """All submitted applications as one look at the database found them. Never changed after it was built."""

    def __init__(self, seen: Look, before: "Register | None" = None) -> None:
        self.snapshot = seen.snapshot
        self.names: Names = before.names if before and before.names.version == seen.version else _names(seen.version)
        self.lines: list[Line | None] = []  # by number; None: no longer there
        self.number: dict[int, int] = {}  # by primary key
        self._sets: dict[str, dict[str, int]] = {group: {} for group in GROUPS}
        self._orders: dict[Hashable, tuple[Key, list[int]]] = {}
        self._packs: dict[int, PackVersion] = {}
        self._places: dict[str, Country | Land] = {}  # by primary key, which differ
        self._cities: dict[int, City] = {}
        self.rankings: dict[Hashable, Any] = {}  # see applications.ranking
        applications = Application.objects.filter(submitted_at__isnull=False)
        if before:
            self._take_over(before, seen.cases)
            applications = applications.filter(pk__in=seen.cases)
        if seen.cases or not before:
            self._add(list(_rows(applications)))
        self.everything = 0
        for bits in self._sets["state"].values():
            self.everything |= bits

    # --- building

    def _take_over(self, before: "Register", changed: Collection[int]) -> None:
        self.lines, self.number, self._packs = before.lines.copy(), before.number.copy(), before._packs
        gone = {n for pk in changed if (n := self.number.get(pk)) is not None and self.lines[n] is not None}
        rest = before.everything & ~self.with_numbers(gone)
        self._sets = {
            group: {value: left for value, bits in sets.items() if (left := bits & rest)}
            for group, sets in before._sets.items()
        }
        self._orders = {
            name: (key, [number for number in order if number not in gone])
            for name, (key, order) in before._orders.copy().items()
        }
        for number in gone:
            self.lines[number] = None

    def _add(self, lines: Collection[Line]) -> None:
        holding: dict[str, dict[str, list[int]]] = {group: defaultdict(list) for group in GROUPS}
        for line in lines:
            number = self.number.setdefault(line.pk, len(self.lines))
            if number == len(self.lines):
                self.lines.append(None)
            self.lines[number] = line
            for group, values in _values(line).items():
                for value in values:
                    holding[group][value].append(number)
            for key, order in self._orders.values():
                insort(order, number, key=lambda n, key=key: key(self.line(n)))  # type: ignore[misc]
        for group, sets in holding.items():
            for value, numbers in sets.items():
                self._sets[group][value] = self.of(group, value) | self.with_numbers(numbers)
        unknown = {line.pack_version for line in lines}.difference(self._packs)
        if unknown:
            self._packs = self._packs | PackVersion.objects.defer("document").in_bulk(unknown)

    # --- bits

    def of(self, group: str, value: str) -> int:
        """The applications with one value, as bits."""
        return self._sets[group].get(value, 0)

    def values(self, group: str) -> dict[str, int]:
        """Those with each value of a group, as bits."""
        return self._sets[group]

    def counts(self, group: str, among: int) -> dict[str, int]:
        """How many of these have each value of a group; values that none has are missing."""
        numbers = {value: (bits & among).bit_count() for value, bits in self._sets[group].items()}
        return {value: number for value, number in numbers.items() if number}

    def bits_of(self, keys: Iterable[int]) -> int:
        """The applications with these primary keys."""
        numbers = (self.number[key] for key in keys if key in self.number)
        return self.with_numbers(numbers) & self.everything

    def with_numbers(self, numbers: Iterable[int]) -> int:
        """The bits with these numbers; many at a time, because each change of an integer copies it."""
        chosen = bytearray(len(self.lines) // 8 + 1)
        for number in numbers:
            chosen[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(chosen, "little")

    def searched(self, text: str) -> int:
        """Those of cities that somebody may mean by this (as CityQuerySet.named), or with it in the number of a
        receipt."""
        found: Collection[int] = range(len(self.lines))
        for parts in wanted_parts(text):
            found = {number for part in parts for number in found if part in self._names_of[number]}
        if any(letter.isdigit() for letter in text):
            receipt = text.upper()
            numbered = {number for number, receipts in enumerate(self._receipts) if receipt in receipts}
            return self.with_numbers(numbered.union(found))
        return self.with_numbers(found)

    @cached_property
    def _names_of(self) -> list[str]:
        """Of cities, by number."""
        return [line.search_text if line else "" for line in self.lines]

    @cached_property
    def _receipts(self) -> list[str]:
        """By number, one receipt a line."""
        return ["\n".join(line.receipts) if line else "" for line in self.lines]

    def assignments(self, among: int) -> dict[int, dict[str, int]]:
        """How many assignments of each person in these have each state, by primary key of the person."""
        found: dict[int, dict[str, int]] = defaultdict(dict)
        for words, count in self.counts("assigned", among).items():
            person, state = _assignment(words)
            found[person][state] = count
        return found

    # --- from bits to applications

    def line(self, number: int) -> Line:
        """What is kept of an application that is there."""
        line = self.lines[number]
        assert line is not None, "orders and bits hold only applications that are there"
        return line

    def lines_of(self, bits: int, order: Hashable, key: Key) -> list[Line]:
        """These in an order, which `order` names: kept, so the same name always stands for the same key."""
        return [self.line(number) for number in self._numbers(bits, order, key)]

    def part(self, bits: int, order: Hashable, key: Key, part: slice) -> list[Line]:
        """Some of them."""
        return [self.line(number) for number in self._numbers(bits, order, key)[part]]

    def _numbers(self, bits: int, order: Hashable, key: Key) -> list[int]:
        chosen = f"{bits:b}"[::-1].ljust(len(self.lines), "0")
        return [number for number in self._in_order(order, key) if chosen[number] == "1"]

    def _in_order(self, order: Hashable, key: Key) -> list[int]:
        if kept := self._orders.get(order):
            return kept[1]
        if len(self._orders) >= MOST_ORDERS:
            self._orders.clear()
        numbers = [number for number, line in enumerate(self.lines) if line]
        numbers.sort(key=lambda number: key(self.line(number)))
        self._orders[order] = key, numbers
        return numbers

    def application(self, line: Line, call: Call) -> Application:
        """As a row of a list shows it, with its city, the names of country and Land, `receipt`, `round` (number and
        count of its submissions) and `open_flags`: asking it for another field is an error."""
        of_application = line[: len(OF_APPLICATION)]
        one = Application.from_db("default", OF_APPLICATION, of_application, fetch_mode=models.FETCH_RAISE)
        one.city, one.call, one.pack_version = self._city(line), call, self._packs[line.pack_version]
        one.__dict__ |= {
            "receipt": line.receipt,
            "round": len(line.receipts),
            "open_flags": len(line.owners),
        }
        return one

    def _city(self, line: Line) -> City:
        """Never changed: the same one for all pages."""
        if city := self._cities.get(line.city):
            return city
        if len(self._cities) >= MOST_CITIES:
            self._cities.clear()
        values = line.city, *line[len(OF_APPLICATION) :]
        city = City.from_db("default", OF_CITY, values[: len(OF_CITY)], fetch_mode=models.FETCH_RAISE)
        city.country = self._place(Country, line.country, self.names.countries)
        if line.land:
            city.land = self._place(Land, line.land, self.names.lands)
        self._cities[line.city] = city
        return city

    def _place[Place: (Country, Land)](self, of: type[Place], key: str, names: Mapping[str, tuple[str, str]]) -> Place:
        """Of which only the names are known; never changed either."""
        if key not in self._places:
            fields = of._meta.pk.attname, "name_de", "name_en"
            self._places[key] = of.from_db("default", fields, (key, *names[key]), fetch_mode=models.FETCH_RAISE)
        place = self._places[key]
        assert isinstance(place, of)
        return place


def by_city() -> tuple[Hashable, Key]:
    """The order of the names of cities in the active language, for Register.lines_of."""
    if get_language() == "en":
        return "city:en", lambda line: (line.sort_en, line.pk)
    return "city:de", lambda line: (line.sort_de, line.pk)


def _rows(applications: models.QuerySet[Application]) -> Iterator[Line]:
    """What is kept of them; one query."""
    of_application = {"application": OuterRef("pk")}
    submissions = Submission.objects.filter(**of_application).order_by("-number")
    flags = Flag.objects.filter(**of_application, resolved_at=None).order_by("owner")
    words = Concat(Cast("reviewer", models.TextField()), Value(" "), "state", output_field=models.TextField())
    assigned = Assignment.objects.filter(**of_application).order_by("reviewer").values(words=words)
    city = (f"city__{name}" for name in (*OF_CITY[1:], "sort_de", "sort_en", "search_text"))
    rows = applications.order_by("pk").annotate(
        receipts=ArraySubquery(submissions.values("receipt")),
        owners=ArraySubquery(flags.values("owner")),
        assigned=ArraySubquery(assigned),
    )
    found = rows.values_list(*OF_APPLICATION, *city, "receipts", "owners", "assigned")
    return (Line(*row) for row in found.iterator())


def _values(line: Line) -> dict[str, Iterable[str]]:
    """Every value of one application by group."""
    return {
        "call": (str(line.call),),
        "state": (line.state,),
        "check": (line.check,),
        "flags": (YES if line.owners else NO,),
        "again": (YES if len(line.receipts) > 1 else NO,),
        "late": (YES if line.late_until else NO,),
        "field": (line.field,) if line.field else (),
        "country": (line.country,),
        "land": (line.land,) if line.land else (),
        "owner": {str(owner) for owner in line.owners},
        "assigned": line.assigned,
    }


def _names(version: int) -> Names:
    """One query."""
    # plain QuerySets: those of modeltranslation mix the order of the columns up
    kinds: list[tuple[models.QuerySet[Any], models.F | models.Value, str]] = [
        (models.QuerySet(Field), models.F("network_id"), "slug"),
        (models.QuerySet(Country), models.Value(None, models.BigIntegerField()), "pk"),
        (models.QuerySet(Land), models.Value(0, models.BigIntegerField()), "pk"),
    ]
    rows = [
        of.order_by().annotate(of_network=network, of_key=models.F(key))
        .values_list("of_network", "of_key", "name_de", "name_en")
        for of, network, key in kinds
    ]  # fmt: skip
    found = Names(version, {}, {}, {})
    for network, key, german, english in rows[0].union(*rows[1:], all=True).order_by():
        names = german, english or german
        if network:
            found.fields[network, key] = names
        elif network is None:
            found.countries[key] = names
        else:
            found.lands[key] = names
    return found


def _renewed(seen: Look, before: Register | None) -> Register:
    if before and not seen.cases and before.names.version == seen.version:
        return before
    if before and len(seen.cases) * ANEW > len(before.number):
        before = None
    return Register(seen, before)


_kept = Kept(_renewed)


def register() -> Register:
    """The register as it stands now. One query; at most three more where something has changed."""
    return _kept.now()
