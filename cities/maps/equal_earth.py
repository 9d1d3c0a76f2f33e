"""The world in the Equal Earth projection, which shows areas in true proportion.

B. Šavrič, T. Patterson, B. Jenny: The Equal Earth map projection (2018), doi:10.1080/13658816.2018.1504949.
"""

from collections.abc import Iterable
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

from cities.maps.paths import Box, clipped, path, thinned
from cities.maps.shores import Point, rings

MIDDLE = 11.0  # degrees east: the opposite meridian runs through the Bering Strait and cuts no continent
NORTH, SOUTH = 84.0, -57.0  # from the tip of Greenland to below Cape Horn; Antarctica is left out
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
WIDTH = 1000
STEPS = (0.6, 0.3, 0.15)  # units: how fine the land is kept ready for cutting


def _equal_earth(latitude: float, turn: float) -> Point:
    """Plane coordinates on a globe of radius 1, northwards up; `turn` is counted in degrees from the middle."""
    angle = asin(sqrt(3) / 2 * sin(radians(latitude)))
    square = angle * angle
    sixth = square**3
    narrowing = 3 * (9 * A4 * sixth * square + 7 * A3 * sixth + 3 * A2 * square + A1)
    x = 2 * sqrt(3) * radians(turn) * cos(angle) / narrowing
    return x, angle * (A1 + A2 * square + sixth * (A3 + A4 * square))


UNIT = WIDTH / 2 / _equal_earth(0, 180)[0]
TOP = _equal_earth(NORTH, 0)[1]
HEIGHT = round((TOP - _equal_earth(SOUTH, 0)[1]) * UNIT)
WORLD = f"0 0 {WIDTH} {HEIGHT}"


def _placed(latitude: float, turn: float) -> Point:
    x, y = _equal_earth(latitude, turn)
    return WIDTH / 2 + x * UNIT, (TOP - y) * UNIT


def world(latitude: float, longitude: float) -> Point:
    """The point of a position on the world map, to a tenth of a unit."""
    x, y = _placed(latitude, (longitude - MIDDLE + 180) % 360 - 180)
    return round(x, 1), round(y, 1)


@lru_cache
def shores(name: str) -> tuple[list[Point], ...]:
    """The rings of `land-110m` or `land-50m` on the world map, without Antarctica."""
    return tuple(_placed_ring(ring) for ring in rings(name) if max(ring)[0] > SOUTH)


def _placed_ring(ring: list[Point]) -> list[Point]:
    """An island on the cut keeps together on the side where most of it lies."""
    turns: list[float] = []
    for _, longitude in ring:
        before = turns[-1] if turns else 0.0
        turns.append(before + (longitude - MIDDLE - before + 180) % 360 - 180)
    shift = 360 * round(sum(turns) / len(turns) / 360)
    return [_placed(latitude, turn - shift) for (latitude, _), turn in zip(ring, turns, strict=True)]


@lru_cache(maxsize=8)
def _coarse(name: str, step: float) -> tuple[tuple[Box, list[Point]], ...]:
    """The rings as fine as `step` units, each with the box around it: who cuts a part need not look at all."""
    found = []
    for ring in shores(name):
        if len(points := thinned(ring, step)) > 2:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            found.append(((min(xs), min(ys), max(xs), max(ys)), points))
    return tuple(found)


@lru_cache(maxsize=512)
def land(view_box: str = WORLD, pixels: int = 400) -> str:
    """Path data of the land in a view box, cut along its edges and as fine as `pixels` across can show."""
    left, top, width, height = map(float, view_box.split())
    box = (left, top, left + width, top + height)
    name, step = ("land-110m", 0.5) if width > WIDTH / 2 else ("land-50m", width / pixels)
    near = (
        ring
        for (west, north, east, south), ring in _coarse(name, next((s for s in STEPS if s <= step), 0))
        if west < box[2] and east > box[0] and north < box[3] and south > box[1]
    )
    return path((clipped(ring, box) for ring in near), decimals=1 if width > WIDTH / 5 else 2, step=step)


def view_box_for(
    points: Iterable[Point],
    padding: float = 20,
    min_width: float = 120,
    *,
    tallest: float = 4 / 5,
    widest: float = 16 / 10,
) -> str:
    """The part of the world map around some points (the whole of it around none).

    Width by height stays between `tallest` and `widest`; only points on both sides of the world may make it wider,
    because the map has no more height. A box never reaches beyond the map.
    """
    places = list(points)
    if not places:
        return WORLD
    left, right = min(x for x, _ in places) - padding, max(x for x, _ in places) + padding
    top, bottom = min(y for _, y in places) - padding, max(y for _, y in places) + padding
    width = min(max(right - left, min_width, (bottom - top) * tallest), WIDTH)
    height = min(max(bottom - top, width / widest), width / tallest, HEIGHT)
    x = min(max((left + right - width) / 2, 0), WIDTH - width)
    y = min(max((top + bottom - height) / 2, 0), HEIGHT - height)
    return " ".join(f"{value:.1f}".removesuffix(".0") for value in (x, y, width, height))


def within(points: Iterable[Point], view_box: str, rim: float = 0) -> list[Point]:
    """The points in a view box, or at most `rim` beside it.

    A path that reaches beyond its drawing counts as covering the text around it when contrast is checked.
    """
    left, top, width, height = map(float, view_box.split())
    return [(x, y) for x, y in points if -rim <= x - left <= width + rim and -rim <= y - top <= height + rim]


def scale(view_box: str) -> float:
    """How much smaller than the world a view box is: marks of size s look alike at size s * scale(view_box)."""
    return float(view_box.split()[2]) / WIDTH
