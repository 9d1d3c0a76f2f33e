"""The directory in memory: one bit a city for every value it can be filtered by.

Python's own integers are the bitmaps: bit n stands for the n-th city in the order of German names. A filter is a few
`&` and `|`, a count is `bit_count()`, so that all facets of a page cost less than one query. Each process builds the
directory from the database when the content version has changed, and never serves it for another version.
"""

import threading
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

from django.utils.translation import gettext

from cities.maps import world
from cities.models import City, Country, Fact, Land, Membership, WorldRegion
from cities.names import fold, spellings
from network.models import Field, Network
from network.models.version import content_version

Status = Membership.Status
CURRENT = (Status.ACTIVE, Status.DORMANT)

# Population classes: value in addresses → from (inclusive), below.
POPULATION_CLASSES: Mapping[str, tuple[int, int]] = {
    "under-100k": (0, 100_000),
    "100k-500k": (100_000, 500_000),
    "500k-1m": (500_000, 1_000_000),
    "1m-5m": (1_000_000, 5_000_000),
    "over-5m": (5_000_000, 10**12),
}
UNKNOWN = "unknown"


def population_class(population: int | None) -> str:
    """The class of a number of inhabitants; `unknown` where there is none."""
    if population is None:
        return UNKNOWN
    return next(name for name, (low, high) in POPULATION_CLASSES.items() if low <= population < high)


@dataclass(frozen=True, slots=True)
class Selection:
    """What somebody looks for. Within a group any value fits, groups are joined by *and*.

    Network, field, year and status must fit one and the same membership; with mode `all` the city must moreover
    be in every chosen network.
    """

    networks: tuple[str, ...] = ()
    mode: Literal["any", "all"] = "any"
    fields: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since_from: int | None = None
    since_to: int | None = None
    since_unknown: bool = False
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    lands: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    found: frozenset[int] | None = None  # primary keys of cities found by name; None: nothing was searched

    @property
    def has_years(self) -> bool:
        return self.since_from is not None or self.since_to is not None or self.since_unknown


@dataclass(slots=True)
class Layer:
    """The memberships of one network, a city having one at most."""

    by_status: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_field: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_year: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    year_unknown: int = 0

    def fitting(self, chosen: Selection) -> int:
        """Cities whose membership here fits field, year and status."""
        bits = _union(self.by_status, chosen.statuses or CURRENT)
        if chosen.fields:
            bits &= _union(self.by_field, chosen.fields)
        if chosen.has_years:
            bits &= self._in_years(chosen)
        return bits

    def _in_years(self, chosen: Selection) -> int:
        bits = self.year_unknown if chosen.since_unknown else 0
        if chosen.since_from is None and chosen.since_to is None:
            return bits
        first = chosen.since_from or 0
        last = 9999 if chosen.since_to is None else chosen.since_to
        for year, members in self.by_year.items():
            if first <= year <= last:
                bits |= members
        return bits


def _union(sets: Mapping[str, int], values: Iterable[str]) -> int:
    bits = 0
    for value in values:
        bits |= sets.get(value, 0)
    return bits


# The groups that belong to the city itself, with the attribute of Selection that holds the choice.
OF_THE_CITY = {"country": "countries", "region": "regions", "land": "lands", "population": "populations"}
Counts = dict[str, dict[str, int]]


class Directory:
    """All cities of the directory at one content version. Never changed after it was built."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.networks: dict[str, Network] = {n.slug: n for n in Network.objects.prefetch_related("figures", "fields")}
        self.fields: dict[str, Field] = {f.slug: f for n in self.networks.values() for f in n.fields.all()}
        self._network_of_field = {f.slug: n.slug for n in self.networks.values() for f in n.fields.all()}
        self.lands: dict[str, Land] = {land.key: land for land in Land.objects.all()}
        self._network_of = {n.pk: n for n in self.networks.values()}
        self._field_of = {f.pk: f for f in self.fields.values()}
        self.layers: dict[str, Layer] = {slug: Layer() for slug in self.networks}
        self._of_city: dict[str, dict[str, int]] = {group: defaultdict(int) for group in OF_THE_CITY}
        self._read_cities()
        self._read_memberships()
        countries = {country.pk: country for country in Country.objects.filter(pk__in=self._of_city["country"])}
        self.countries: dict[str, Country] = countries
        self._make_orders()

    def _read_cities(self) -> None:
        rows = (
            City.objects.in_directory()
            .order_by("sort_de", "pk")
            .values_list("pk", "slug", "country_id", "country__region", "land_id", "latitude", "longitude", "sort_en")
        )
        inhabitants = dict(Fact.objects.filter(kind=Fact.Kind.POPULATION).values_list("city_id", "value"))
        self.ids = array("q")
        self.slugs: list[str] = []
        self.positions: list[tuple[float, float]] = []
        self.places: list[tuple[float, float]] = []
        self.population: list[int | None] = []
        self._sort_en: list[str] = []
        groups = self._of_city
        for number, (pk, slug, country, region, land, latitude, longitude, sort_en) in enumerate(rows):
            bit = 1 << number
            people = int(inhabitants[pk]) if pk in inhabitants else None
            self.ids.append(pk)
            self.slugs.append(slug)
            self.positions.append((latitude, longitude))
            self.places.append(world(latitude, longitude))
            self.population.append(people)
            self._sort_en.append(sort_en)
            groups["country"][country] |= bit
            groups["region"][region] |= bit
            groups["population"][population_class(people)] |= bit
            if land:
                groups["land"][land] |= bit
        self.number = {pk: number for number, pk in enumerate(self.ids)}
        self.everything = (1 << len(self.ids)) - 1

    def _read_memberships(self) -> None:
        self._since: dict[str, dict[int, int]] = {slug: {} for slug in self.networks}
        rows = Membership.objects.for_rows().values_list("city_id", "network_id", "since", "status", "field_ids")
        for city_id, network_id, since, status, fields in rows:
            number = self.number.get(city_id)
            if number is None:  # a demo city
                continue
            bit = 1 << number
            slug = self._network_of[network_id].slug
            layer = self.layers[slug]
            layer.by_status[status] |= bit
            for field_id in fields:
                layer.by_field[self._field_of[field_id].slug] |= bit
            if since is None:
                layer.year_unknown |= bit
            else:
                layer.by_year[since] |= bit
                self._since[slug][number] = since
        self.several = 0  # in more than one network
        self.current = 0  # in at least one
        for slug in self.layers:
            members = self.members(slug)
            self.several |= self.current & members
            self.current |= members

    def _make_orders(self) -> None:
        numbers = range(len(self.ids))
        # Without a number or a year a city comes last; the name decides among equals.
        self._orders: dict[str, list[int]] = {
            "name:de": list(numbers),
            "name:en": sorted(numbers, key=self._sort_en.__getitem__),
            "population": sorted(numbers, key=lambda n: -(self.population[n] or -1)),
        }
        latest: dict[int, int] = {}
        for slug, years in self._since.items():
            self._orders[f"since:{slug}"] = sorted(numbers, key=lambda n, y=years: -y.get(n, -1))  # type: ignore[misc]
            for number, year in years.items():
                latest[number] = max(year, latest.get(number, 0))
        self._orders["since"] = sorted(numbers, key=lambda n: -latest.get(n, -1))

    # --- who fits

    def hits(self, chosen: Selection) -> int:
        """The cities that fit, as bits."""
        return self._city_part(chosen) & self._membership_part(chosen)

    def _city_part(self, chosen: Selection, *, without: str = "") -> int:
        bits = self.everything
        if chosen.found is not None:
            bits = self.bits_of(chosen.found)
        for group, attribute in OF_THE_CITY.items():
            values = getattr(chosen, attribute)
            if values and group != without:
                bits &= _union(self._of_city[group], values)
        return bits

    def _membership_part(self, chosen: Selection) -> int:
        bits = 0
        for slug in chosen.networks or self.layers:
            bits |= self.layers[slug].fitting(chosen)
        if chosen.mode == "all":
            for slug in chosen.networks:
                bits &= _union(self.layers[slug].by_status, chosen.statuses or CURRENT)
        return bits

    def counts(self, chosen: Selection) -> Counts:
        """For every value of every group how many cities there would be with it instead of the group's own choice
        (for networks in mode `all`: with it added)."""
        members = self._membership_part(chosen)
        counts: Counts = {}
        for group, sets in self._of_city.items():
            rest = members & self._city_part(chosen, without=group)
            counts[group] = {value: (rest & bits).bit_count() for value, bits in sets.items()}
        cities = self._city_part(chosen)

        def count(changed: Selection) -> int:
            return (cities & self._membership_part(changed)).bit_count()

        kept = chosen.networks if chosen.mode == "all" else ()
        counts["network"] = {s: count(replace(chosen, networks=(*{*kept, s},))) for s in self.layers}
        counts["field"] = {f: count(replace(chosen, fields=(f,))) for f in self.fields}
        counts["status"] = {s: count(replace(chosen, statuses=(s,))) for s in Status.values}
        nothing_known = replace(chosen, since_from=None, since_to=None, since_unknown=True)
        counts["since"] = {UNKNOWN: count(nothing_known)}
        return counts

    # --- search by name

    def find(self, text: str) -> list[int]:
        """The primary keys of cities whose name in either language holds the words of the text (the exact name
        first, then by rank and size), followed by those of countries of that name."""
        typed = fold(text)
        if not typed:
            return []
        named = list(City.objects.search(text).values_list("pk", "rank"))
        named.sort(key=lambda row: (row[1], -(self.people(row[0]) or 0), row[0]))
        best = dict.fromkeys(pk for pk, _rank in named)
        for code, country in self.countries.items():
            if any(name.startswith(typed) for name in spellings(country.name_de, country.name_en or "")):
                best |= dict.fromkeys(self.ids[n] for n in self.numbers(self._of_city["country"][code]))
        return [pk for pk in best if pk in self.number]

    def find_misspelt(self, text: str) -> list[int]:
        """The primary keys of cities whose name is like the text, only those as like as the best."""
        rows = [r for r in City.objects.search_misspelt(text).values_list("pk", "likeness")[:50] if r[0] in self.number]
        return [pk for pk, likeness in rows if likeness >= rows[0][1] - 0.1]

    # --- from bits to cities

    def bits_of(self, ids: Iterable[int]) -> int:
        """The bits of the cities with these primary keys; others are left out."""
        bits = 0
        for pk in ids:
            if (number := self.number.get(pk)) is not None:
                bits |= 1 << number
        return bits

    def numbers(self, bits: int, order: str = "name:de") -> Iterator[int]:
        """The cities' numbers in an order: name:de, name:en, population, since, since:<network>."""
        mask = bits.to_bytes(len(self.ids) // 8 + 1, "little")
        return (n for n in self._orders[order] if mask[n >> 3] >> (n & 7) & 1)

    def page(self, bits: int, order: str, start: int, length: int) -> list[int]:
        """The primary keys of one page of results, from the start-th on."""
        return [self.ids[n] for n in islice(self.numbers(bits, order), start, start + length)]

    def order_name(self, sort: str, language: str, chosen: Selection) -> str:
        """The order for a choice of `sort` (name, since, population)."""
        if sort == "since" and len(chosen.networks) == 1:
            return f"since:{chosen.networks[0]}"
        return f"name:{language}" if sort == "name" else sort

    def members(self, network: str) -> int:
        """The current members of a network."""
        return _union(self.layers[network].by_status, CURRENT)

    def with_field(self, slug: str) -> int:
        """The cities that have or had this field."""
        return self.layers[self._network_of_field[slug]].by_field.get(slug, 0)

    def of_population_class(self, name: str) -> int:
        """The cities of a population class."""
        return self._of_city["population"].get(name, 0)

    def of_land(self, key: str) -> int:
        """The cities of a German Land."""
        return self._of_city["land"].get(key, 0)

    def of_country(self, code: str) -> int:
        """The cities of a country."""
        return self._of_city["country"].get(code, 0)

    def by_region(self, network: str) -> dict[WorldRegion, int]:
        """How many current members a network has in each part of the world."""
        members = self.members(network)
        return {r: (members & self._of_city["region"].get(r, 0)).bit_count() for r in WorldRegion}

    def by_year(self, network: str) -> dict[int | None, int]:
        """How many current members joined in each year; None: not known."""
        members, layer = self.members(network), self.layers[network]
        years: dict[int | None, int] = {
            year: (members & bits).bit_count() for year, bits in sorted(layer.by_year.items())
        }
        years[None] = (members & layer.year_unknown).bit_count()
        return {year: count for year, count in years.items() if count}

    def parts(self, bits: int) -> dict[str, int]:
        """These cities by how they are drawn: by the slug of their one network, or `several`."""
        parts = {slug: bits & self.members(slug) & ~self.several for slug in self.networks}
        parts["several"] = bits & self.several
        return {name: part for name, part in parts.items() if part}

    def marks(self, bits: int) -> dict[str, list[tuple[float, float]]]:
        """Where to draw these cities on the world map, by network slug, or `several`."""
        return {name: [self.places[n] for n in self.numbers(part)] for name, part in self.parts(bits).items()}

    def field_names(self, *ids: int | None) -> list[str]:
        """The names of fields by their keys; of none, words that say so."""
        return [self._field_of[pk].name if pk in self._field_of else gettext("not known") for pk in ids]

    def rows(self, ids: Iterable[int]) -> list[City]:
        """The cities with these primary keys in the same order, each with country, `shown_memberships` (with network
        and `shown_fields`) and `people`; two queries, however many."""
        wanted = list(ids)
        memberships: dict[int, list[Membership]] = defaultdict(list)
        for membership in Membership.objects.filter(city_id__in=wanted).for_rows():
            memberships[membership.city_id].append(membership)
        loaded = {city.pk: city for city in City.objects.filter(pk__in=wanted).for_list()}
        cities = [loaded[pk] for pk in wanted if pk in loaded]
        for city in cities:
            city.people = self.people(city.pk)
            city.shown_memberships = self.complete(memberships[city.pk])
        return cities

    def people(self, pk: int) -> int | None:
        """The number of inhabitants of a city, None where it is not known."""
        number = self.number.get(pk)
        return None if number is None else self.population[number]

    def complete(self, memberships: Iterable[Membership]) -> list[Membership]:
        """Put network and fields, known here, into memberships that carry only their keys; in networks' order."""
        done = []
        for membership in memberships:
            membership.network = self._network_of[membership.network_id]
            membership.shown_fields = [self._field_of[pk] for pk in membership.field_ids]
            done.append(membership)
        return sorted(done, key=lambda m: (m.network.position, m.network.slug))

    def regions(self) -> list[WorldRegion]:
        """The parts of the world in which there are cities."""
        return [region for region in WorldRegion if self._of_city["region"].get(region)]


_kept: Directory | None = None
_lock = threading.Lock()


def directory(version: int | None = None) -> Directory:
    """The directory of now. `version` spares the small query where the caller has just asked for it; the cities are
    read again only after a change."""
    global _kept  # noqa: PLW0603
    now = content_version() if version is None else version
    kept = _kept
    while kept is None or kept.version != now:
        with _lock:
            if _kept is None or _kept.version != now:
                _kept = Directory(now)
            kept = _kept
        now = content_version()  # a change while reading would leave a mixture
    return kept
