"""What somebody looks for in the directory, and which memberships of a network fit it, as bits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from cities.models import Membership

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
        bits = union(self.by_status, chosen.statuses or CURRENT)
        if chosen.fields:
            bits &= union(self.by_field, chosen.fields)
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


def union(sets: Mapping[str, int], values: Iterable[str]) -> int:
    bits = 0
    for value in values:
        bits |= sets.get(value, 0)
    return bits
