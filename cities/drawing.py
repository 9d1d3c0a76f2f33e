"""Cities of the directory as marks on the maps."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from math import ceil, floor

from cities.directory import Directory
from cities.maps import WORLD, View, dots, land, marks, scale, view_box_for, within
from cities.maps.shores import Point

MARK_SIZE = 2.7  # radius in units of the world map (1,000 wide)
FILTERED_SIZE = 7.0  # the same where only a part of the world is shown
WHOLE_FROM = 0.5  # share of the world's width from which the whole world is shown
GRID = 20  # units of the world map
SMALLEST = 0.12  # marks do not shrink further than on this part of the world's width


@dataclass(frozen=True, slots=True)
class Mark:
    """The marks of one kind on a map, as path data; cities in several networks are circles in ink."""

    shape: str
    accent: str
    path: str


@dataclass(frozen=True, slots=True)
class WorldMap:
    """A part of the world map with its marks. `land` is empty for the whole world, whose land is a file."""

    view_box: str
    land: str
    others: str
    marks: list[Mark]


def _mark(directory: Directory, name: str, places: list[tuple[float, float]], size: float) -> Mark:
    network = directory.networks.get(name)
    if network is None:
        return Mark("circle", "ink", marks(places, "circle", size * 0.9))
    return Mark(network.shape, network.accent, marks(places, network.shape, size))


def corners(points: Iterable[Point]) -> list[Point]:
    """The corners of a box around the points, on a grid: like results share a part of the map, which is drawn once."""
    places = list(points)
    if not places:
        return []
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return [
        (GRID * floor(min(xs) / GRID), GRID * floor(min(ys) / GRID)),
        (GRID * ceil(max(xs) / GRID), GRID * ceil(max(ys) / GRID)),
    ]


def world_map(directory: Directory, hits: int, *, whole: bool = False, network: str = "") -> WorldMap:
    """The hits as marks of their networks, the other member cities as small dots; the part of the world they need.

    With `network` all hits get its mark, also those in several networks.
    """
    parts = {network: hits} if network and hits else directory.parts(hits)
    places = {name: [directory.places[n] for n in directory.numbers(part)] for name, part in parts.items()}
    view_box = WORLD if whole else view_box_for(corners(chain(*places.values())), padding=10, min_width=90, tallest=1)
    others = directory.current & ~hits
    if scale(view_box) > WHOLE_FROM:
        shown = [directory.places[n] for n in directory.numbers(others)]
        drawn_marks = [_mark(directory, name, group, MARK_SIZE) for name, group in places.items()]
        return WorldMap(WORLD, "", dots(shown), drawn_marks)
    size = FILTERED_SIZE * max(scale(view_box), SMALLEST)
    shown = within((directory.places[n] for n in directory.numbers(others)), view_box)
    drawn_marks = [_mark(directory, name, group, size) for name, group in places.items()]
    return WorldMap(view_box, land(view_box), dots(shown), drawn_marks)


def drawn(directory: Directory, bits: int, view: View, size: float) -> list[Mark]:
    """The cities as marks of their networks on a view; those outside are left out."""
    found = []
    for name, part in directory.parts(bits).items():
        places = [view.place(city.latitude, city.longitude) for city in directory.listed(part)]
        if inside := [place for place in places if place]:
            found.append(_mark(directory, name, inside, size))
    return found
