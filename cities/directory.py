"""The directory in memory: one bit a city for every value it can be filtered by.

Python's own integers are the bitmaps: bit n stands for the n-th city in the order of German names. A filter is a few
`&` and `|`, a count is `bit_count()`, so that all facets of a page cost less than one query. Each process builds the
directory from the database when the content version has changed, and never serves it for another version.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext

from cities.entries import Entry, EntryMembership, Named, in_english
from cities.maps import world
from cities.models import City, Country, Fact, Land, Membership, WorldRegion
from cities.names import fold, spellings
from cities.selection import CURRENT, UNKNOWN, Layer, Selection, Status, population_class, union
from network.models import Field, Network
from network.models.version import content_version

SHORTEST_GUESS = 4  # letters
# The groups that belong to the city itself, with the attribute of Selection that holds the choice.
OF_THE_CITY = {"country": "countries", "region": "regions", "land": "lands", "population": "populations"}
Counts = dict[str, dict[str, int]]


def _named(key: str, thing: Country | Land | Field) -> Named:
    return Named(key, thing.name_de, thing.name_en or thing.name_de)


def _newest_first(numbers: Iterable[int], years: Mapping[int, int]) -> list[int]:
    return sorted(numbers, key=lambda n: -years.get(n, -1))


def title_of(network: Network, fields: Iterable[Named]) -> tuple[str, str]:
    """What a city is through a membership, in German and English: `Kreativstadt: Literatur`."""
    german, english = network.member_name_de, network.member_name_en or network.member_name_de
    known = list(fields)
    if not known:
        return german, english
    return f"{german}: {', '.join(f.de for f in known)}", f"{english}: {', '.join(f.en for f in known)}"


class Directory:
    """All cities of the directory at one content version. Never changed after it was built."""

    def __init__(self, version: int) -> None:
        self.version = version
        networks = Network.objects.prefetch_related("figures", "fields")
        self.networks: dict[str, Network] = {network.slug: network for network in networks}
        self._field_of: dict[int, Named] = {}
        for network in networks:
            for field_ in network.fields.all():
                self._field_of[field_.pk] = _named(field_.slug, field_)
        # one choice of the filter for fields of the same short name in several networks
        self.fields = {named.key: named for named in self._field_of.values()}
        self.lands = {land.key: _named(land.key, land) for land in Land.objects.all()}
        countries = {country.pk: country for country in Country.objects.all()}
        self.layers: dict[str, Layer] = {slug: Layer() for slug in self.networks}
        self._since: dict[str, dict[int, int]] = {slug: {} for slug in self.networks}
        self._of_city: dict[str, dict[str, int]] = {group: defaultdict(int) for group in OF_THE_CITY}
        self.entries: list[Entry] = []
        self.places: list[tuple[float, float]] = []  # on the world map
        self._read_cities(countries)
        self.number = {entry.pk: number for number, entry in enumerate(self.entries)}
        self.everything = (1 << len(self.entries)) - 1
        self.countries = {key: _named(key, countries[key]) for key in self._of_city["country"]}
        self._spellings = {key: spellings(named.de, named.en) for key, named in self.countries.items()}
        self.several = 0  # in more than one network
        self.current = 0  # in at least one
        for slug in self.layers:
            members = self.members(slug)
            self.several |= self.current & members
            self.current |= members
        self._make_orders()
        self.drawn_rows: dict[tuple[str, str, int], str] = {}  # by kind, language and city, see templatetags/lists.py
        self.drawn_maps: dict[tuple[int, str], Any] = {}  # by cities and network, see Listing.map

    def _read_cities(self, countries: Mapping[str, Country]) -> None:
        rows = (
            City.objects.in_directory()
            .order_by("sort_de", "pk")
            .values_list(
                "pk", "slug", "name_de", "name_en", "country_id", "land_id", "latitude", "longitude", "sort_en"
            )
        )
        people = dict(Fact.objects.filter(kind=Fact.Kind.POPULATION).values_list("city_id", "value"))
        memberships = self._memberships()
        named = {key: _named(key, country) for key, country in countries.items()}
        self._sort_en: list[str] = []
        groups = self._of_city
        for number, (pk, slug, name_de, name_en, country, land, latitude, longitude, sort_en) in enumerate(rows):
            bit = 1 << number
            entry = Entry(
                pk, slug, name_de, name_en or name_de, named[country], self.lands.get(land), latitude, longitude,
                int(people[pk]) if pk in people else None, tuple(memberships[pk]),
            )  # fmt: skip
            self.entries.append(entry)
            self.places.append(world(latitude, longitude))
            self._sort_en.append(sort_en)
            groups["country"][country] |= bit
            groups["region"][countries[country].region] |= bit
            groups["population"][population_class(entry.people)] |= bit
            if land:
                groups["land"][land] |= bit
            for membership in entry.memberships:
                self._note(membership, number, bit)

    def _memberships(self) -> dict[int, list[EntryMembership]]:
        """All memberships by city, in the order of networks."""
        by_key = {network.pk: network for network in self.networks.values()}
        titles: dict[tuple[object, ...], tuple[str, str]] = {}
        found: dict[int, list[EntryMembership]] = defaultdict(list)
        for city, key, since, status, field_ids in Membership.objects.bare_rows():
            network, fields = by_key[key], tuple(self._field_of[pk] for pk in field_ids)
            if (key, *field_ids) not in titles:
                titles[key, *field_ids] = title_of(network, fields)
            found[city].append(EntryMembership(network, fields, *titles[key, *field_ids], since, status))
        return found

    def _note(self, membership: EntryMembership, number: int, bit: int) -> None:
        layer = self.layers[membership.network.slug]
        layer.by_status[membership.status] |= bit
        for field_ in membership.fields:
            layer.by_field[field_.key] |= bit
        if membership.since is None:
            layer.year_unknown |= bit
        else:
            layer.by_year[membership.since] |= bit
            self._since[membership.network.slug][number] = membership.since

    def _size(self, number: int) -> int:
        people = self.entries[number].people
        return -1 if people is None else people

    def _make_orders(self) -> None:
        numbers = range(len(self.entries))
        # Without a number or a year a city comes last; the name decides among equals.
        self._orders: dict[str, list[int]] = {
            "name:de": list(numbers),
            "name:en": sorted(numbers, key=self._sort_en.__getitem__),
            "population": sorted(
                numbers, key=lambda n: -1 if (people := self.entries[n].people) is None else people, reverse=True
            ),
        }
        latest: dict[int, int] = {}
        for slug, years in self._since.items():
            self._orders[f"since:{slug}"] = _newest_first(numbers, years)
            for number, year in years.items():
                latest[number] = max(year, latest.get(number, 0))
        self._orders["since"] = _newest_first(numbers, latest)

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
                bits &= union(self._of_city[group], values)
        return bits

    def _membership_part(self, chosen: Selection) -> int:
        bits = 0
        for slug in chosen.networks or self.layers:
            bits |= self.layers[slug].fitting(chosen)
        if chosen.mode == "all":
            for slug in chosen.networks:
                bits &= union(self.layers[slug].by_status, chosen.statuses or CURRENT)
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
        named = City.objects.named(text)
        named.sort(key=lambda row: (row[1], -(self.people(row[0]) or 0), row[0]))
        best = dict.fromkeys(pk for pk, _rank in named)
        for code in self.countries:
            if any(name.startswith(typed) for name in self._spellings[code]):
                best |= dict.fromkeys(entry.pk for entry in self.by_name(self._of_city["country"][code]))
        return [pk for pk in best if pk in self.number]

    def find_misspelt(self, text: str) -> list[int]:
        """The primary keys of cities whose name is like the text, only those as like as the best; none for a text so
        short that everything is like it."""
        if sum(letter.isalnum() for letter in text) < SHORTEST_GUESS:
            return []
        rows = [row for row in City.objects.named_like(text) if row[0] in self.number]
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
        chosen = f"{bits:b}".zfill(len(self.entries))[::-1]
        return (n for n in self._orders[order] if chosen[n] == "1")

    def listed(self, bits: int, order: str = "name:de") -> list[Entry]:
        """The cities in an order."""
        return [self.entries[n] for n in self.numbers(bits, order)]

    def by_name(self, bits: int) -> list[Entry]:
        """The cities in the alphabet of the active language."""
        return self.listed(bits, "name:en" if in_english() else "name:de")

    def order_name(self, sort: str, language: str, chosen: Selection) -> str:
        """The order for a choice of `sort` (name, since, population)."""
        if sort == "since" and len(chosen.networks) == 1:
            return f"since:{chosen.networks[0]}"
        return f"name:{language}" if sort == "name" else sort

    def members(self, network: str) -> int:
        """The current members of a network."""
        return union(self.layers[network].by_status, CURRENT)

    def with_field(self, network: str, slug: str) -> int:
        """The cities whose membership in the network has or had this field."""
        return self.layers[network].by_field.get(slug, 0)

    def of_population_class(self, name: str) -> int:
        """The cities of a population class."""
        return self._of_city["population"].get(name, 0)

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

    def field_names(self, *ids: int | None) -> list[str]:
        """The names of fields by their keys; of none, words that say so."""
        return [self._field_of[pk].name if pk in self._field_of else gettext("not known") for pk in ids]

    def title_with(self, network: Network, field_id: int) -> str:
        """What a city is, or was, in a network with just this field: `Kreativstadt: Medienkunst`."""
        return title_of(network, [self._field_of[field_id]] if field_id in self._field_of else [])[in_english()]

    def people(self, pk: int) -> int | None:
        """The number of inhabitants of a city, None where it is not known."""
        number = self.number.get(pk)
        return None if number is None else self.entries[number].people

    def complete(self, memberships: Iterable[Membership]) -> list[Membership]:
        """Put network, fields and title, known here, into memberships that carry only keys; in networks' order."""
        by_key = {network.pk: network for network in self.networks.values()}
        done = list(memberships)
        for membership in done:
            membership.network = by_key[membership.network_id]
            membership.shown_fields = [self._field_of[pk] for pk in membership.field_ids]
            membership.title = title_of(membership.network, membership.shown_fields)[in_english()]
        return sorted(done, key=lambda m: (m.network.position, m.network.slug))

    def regions(self) -> list[WorldRegion]:
        """The parts of the world in which there are cities."""
        return [region for region in WorldRegion if self._of_city["region"].get(region)]


_kept: Directory | None = None
_lock = threading.Lock()


def directory(version: int | None = None) -> Directory:
    """The directory of now. `version` spares the small query where the caller has just asked for it; the cities are
    read again only after a change."""
    global _kept
    now = content_version() if version is None else version
    kept = _kept
    while kept is None or kept.version != now:
        with _lock:
            if _kept is None or _kept.version != now:
                _kept = Directory(now)
            kept = _kept
        now = content_version()  # a change while reading would leave a mixture
    return kept
