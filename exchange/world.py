"""The list of all places of the world with 15,000 people or more, as it ships in `data/places.tsv.gz`.

It is read when it is first asked, and kept as two blocks of bytes in which one looks by halving: about 10 MB a process
and no table. `make_places` writes it; data/README.md says from what.
"""

import gzip
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path

from cities.names import fold

FILE = Path(__file__).parent / "data/places.tsv.gz"
SHORTEST = 3  # letters from which names are suggested
# How likely a spelling is meant, where several are the same to `fold`: the list's own name, one with umlauts (the other
# marks are of languages the portal does not speak), one without marks, any other.
LISTED, UMLAUTS, PLAIN, OTHER = "0", "1", "2", "3"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the list. `name` is the spelling that was looked for, `listed` the one of the list."""

    geoname_id: int
    name: str
    listed: str
    country: str  # ISO code
    region: str  # a state of the USA; of other countries the list knows no names
    latitude: float
    longitude: float
    people: int


class Lines:
    """Lines of tab-separated text, cut only when one is asked for."""

    def __init__(self, block: bytes) -> None:
        self._block = block
        self._starts = array("I", [0, *(found.end() for found in re.finditer(rb"\n", block))])

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> list[str]:
        return self._block[self._starts[number] : self._starts[number + 1] - 1].decode().split("\t")


class World:
    """The whole list. A place's number is its rank by people; a place has as many names as spellings."""

    def __init__(self, content: bytes) -> None:
        places, names = content.split(b"\n\n", 1)
        self._places, self._names = Lines(places + b"\n"), Lines(names)

    def __len__(self) -> int:
        return len(self._places)

    def named(self, text: str, *, country: str = "") -> list[Spot]:
        """The places of this name in any spelling, of one country or of all, the largest first."""
        wanted = fold(text)
        rows = takewhile(lambda row: row[0] == wanted, self._from(wanted)) if wanted else iter(())
        return [spot for spot in self._spots(rows, wanted) if country in ("", spot.country)]

    def beginning(self, text: str, *, most: int) -> list[Spot]:
        """The places with a name that begins so: those of just this name first, then the largest."""
        wanted = fold(text)
        if len(wanted) < SHORTEST:
            return []
        return self._spots(takewhile(lambda row: row[0].startswith(wanted), self._from(wanted)), wanted, most=most)

    def _from(self, wanted: str) -> Iterator[list[str]]:
        """The names in their order, from the first that is not before this one."""
        first = bisect_left(range(len(self._names)), wanted, key=lambda number: self._names[number][0])
        return (self._names[number] for number in range(first, len(self._names)))

    def _spots(self, rows: Iterator[list[str]], wanted: str, *, most: int | None = None) -> list[Spot]:
        """Each place once, by the spelling most likely meant. Names of the list come before others of the same
        beginning: those are of many languages."""
        best: dict[int, tuple[bool, str, str]] = {}
        for folded, kind, spelling, number in rows:
            found = (folded != wanted, kind, spelling)
            best[int(number)] = min(best.get(int(number), found), found)
        order = sorted(best, key=lambda number: (best[number][0], best[number][0] and best[number][1] > LISTED, number))
        return [self._spot(number, best[number][2]) for number in order[:most]]

    def _spot(self, number: int, spelling: str) -> Spot:
        key, listed, country, region, latitude, longitude, people = self._places[number]
        return Spot(int(key), spelling, listed, country, region, float(latitude), float(longitude), int(people))


@cache
def world() -> World:
    """The list, read once a process."""
    return World(gzip.decompress(FILE.read_bytes()))
