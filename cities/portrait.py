"""A network as its page shows it: what it says of itself, and what the directory counts."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from cities.directory import Directory
from cities.entries import Entry, Named
from cities.models import WorldRegion
from cities.names import fold
from network.dates import readable
from network.models import Figure, Network, Passage

UNITS_A_ROW, UNIT = 48, 14  # the unit chart: dots a row, and their distance
MAX_UNITS = 600


@dataclass(frozen=True, slots=True)
class Column:
    """One column or bar of a chart."""

    label: str
    value: int
    height: int  # of the highest 100

    @property
    def top(self) -> int:
        return 100 - self.height


@dataclass(frozen=True, slots=True)
class Units:
    """One dot a member: listed in the directory, or a member whose name no source gave."""

    listed: str
    missing: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of one kind; where all rest on the same source it is shown once."""

    points: list[Passage]

    @property
    def common(self) -> Passage | None:
        """A point whose source and date are those of all."""
        first = self.points[0]
        sources = {(p.source_label, p.source_url, p.as_of) for p in self.points}
        said = first.source_label or first.as_of
        return first if said and len(sources) == 1 and len(self.points) > 1 else None


def _columns(values: list[tuple[str, int]]) -> list[Column]:
    highest = max((value for _label, value in values), default=0) or 1
    return [Column(label, value, round(100 * value / highest)) for label, value in values]


class Portrait:
    """Needs the network's figures prefetched (as in the directory, or `Network.objects.for_page()`)."""

    def __init__(self, directory: Directory, network: Network) -> None:
        self.directory = directory
        self.network = network
        self.bits = directory.members(network.slug)
        self.listed = self.bits.bit_count()

    # --- official figures

    @cached_property
    def totals(self) -> list[Figure]:
        """Official numbers of members, oldest first."""
        return sorted(
            (f for f in self.network.figures.all() if f.kind == Figure.Kind.MEMBERS), key=lambda figure: figure.as_of
        )

    @property
    def official(self) -> Figure | None:
        """The newest official number of members."""
        return self.totals[-1] if self.totals else None

    @property
    def official_date(self) -> str:
        return readable(self.official.as_of) if self.official else ""

    @cached_property
    def growth(self) -> list[Column]:
        """The official number at each announcement, by year."""
        return _columns([(figure.as_of[:4], figure.value) for figure in self.totals])

    # --- what the directory counts

    @cached_property
    def regions(self) -> list[Column]:
        """Listed members by part of the world, most first."""
        counted = self.directory.by_region(self.network.slug)
        rows = [(str(WorldRegion(region).label), count) for region, count in counted.items() if count]
        return _columns(sorted(rows, key=lambda row: -row[1]))

    @cached_property
    def years(self) -> list[Column]:
        """Listed members by year of joining."""
        counted = self.directory.by_year(self.network.slug)
        return _columns([(str(year), count) for year, count in counted.items() if year is not None])

    @property
    def years_unknown(self) -> int:
        return self.directory.by_year(self.network.slug).get(None, 0)

    @cached_property
    def fields(self) -> list[tuple[str, str, int]]:
        """(slug, name, listed members) of each field."""
        return [
            (field.slug, field.name, (self.bits & self.directory.with_field(self.network.slug, field.slug)).bit_count())
            for field in self.network.fields.all()
        ]

    @property
    def fields_counted(self) -> bool:
        """Whether the directory knows the field of any member."""
        return any(count for _slug, _name, count in self.fields)

    @property
    def german_bits(self) -> int:
        return self.bits & self.directory.of_country("DE")

    @property
    def german_count(self) -> int:
        """How many members are in Germany."""
        return self.german_bits.bit_count()

    @cached_property
    def german_rows(self) -> list[tuple[Entry, int | None]]:
        """The members in Germany with their year of joining this network."""
        return [
            (city, next(m.since for m in city.memberships if m.network.pk == self.network.pk))
            for city in self.directory.by_name(self.german_bits)
        ]

    @cached_property
    def units(self) -> Units | None:
        """The honest count; None where no official number is known, or it is too large to draw."""
        if self.official is None or not 0 < self.official.value <= MAX_UNITS or self.listed > self.official.value:
            return None
        paths = {True: "", False: ""}
        for number in range(self.official.value):
            row, column = divmod(number, UNITS_A_ROW)
            paths[number < self.listed] += f"M{column * UNIT + 7} {row * UNIT + 7}h0"
        rows = -(-self.official.value // UNITS_A_ROW)
        return Units(paths[True], paths[False], UNITS_A_ROW * UNIT, rows * UNIT)

    # --- texts

    @cached_property
    def texts(self) -> dict[str, Texts]:
        """The network's texts by kind, in their order."""
        ordered = sorted(self.network.passages.all(), key=lambda p: (p.kind, p.position, p.pk))
        return {kind: Texts(list(points)) for kind, points in groupby(ordered, key=lambda p: p.kind)}

    @cached_property
    def benefits(self) -> list[tuple[str, Texts]]:
        """Benefits by their group."""
        points = self.texts["benefit"].points if "benefit" in self.texts else []
        return [(title, Texts(list(group))) for title, group in groupby(points, key=lambda p: p.title)]


@dataclass(frozen=True, slots=True)
class PortalNumbers:
    """The directory in numbers."""

    cities: int
    memberships: int
    countries: int
    several: int


def numbers(directory: Directory) -> PortalNumbers:
    """Current members only."""
    current = directory.current
    return PortalNumbers(
        cities=current.bit_count(),
        memberships=sum(directory.members(slug).bit_count() for slug in directory.networks),
        countries=sum(1 for code in directory.countries if directory.of_country(code) & current),
        several=directory.several.bit_count(),
    )


def german_members(directory: Directory) -> list[tuple[Named | None, list[Entry]]]:
    """All sixteen Länder in alphabetical order with their member cities; None for cities whose Land is not known."""
    by_land: dict[Named | None, list[Entry]] = {
        land: [] for land in sorted(directory.lands.values(), key=lambda land: fold(land.name))
    }
    for city in directory.by_name(directory.of_country("DE") & directory.current):
        by_land.setdefault(city.land, []).append(city)
    return list(by_land.items())
