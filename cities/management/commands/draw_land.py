"""Draws the land of the world maps into static/img; to be run again only when the projection changes."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cities.maps.equal_earth import WORLD, shores
from cities.maps.paths import path
from cities.maps.shores import Point

# file, source, greatest error in units of the map (1 unit is about 35 km), decimals
DRAWINGS = (
    ("land.svg", "land-110m", 0.3, 1),
    ("land-fine.svg", "land-50m", 0.07, 2),
)


class Command(BaseCommand):
    help = "Draws static/img/land.svg and land-fine.svg (Equal Earth, land only) from cities/data/world."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for name, source, error, decimals in DRAWINGS:
            target = Path(settings.BASE_DIR) / "static" / "img" / name
            target.write_text(drawing(source, error, decimals), encoding="utf-8")
            self.stdout.write(f"{name}: {target.stat().st_size:,} bytes")


def drawing(source: str, error: float, decimals: int) -> str:
    """An SVG file with the one path #land; it has no colour, so that the page using it decides."""
    land = path((simplified(ring, error) for ring in shores(source)), decimals)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{WORLD}"><path id="land" d="{land}"/></svg>\n'


def simplified(ring: list[Point], error: float) -> list[Point]:
    """The ring with as few of its points as keep it within `error` (Douglas and Peucker)."""
    far = max(range(len(ring)), key=lambda index: _square(ring[0], ring[index]))
    closed = [*ring, ring[0]]
    kept = {0, far}
    stretches = [(0, far), (far, len(ring))]
    while stretches:
        begin, end = stretches.pop()
        if end - begin < 2:
            continue
        offs = [_off(closed[index], closed[begin], closed[end]) for index in range(begin + 1, end)]
        worst = max(offs)
        if worst > error * error:
            middle = begin + 1 + offs.index(worst)
            kept.add(middle)
            stretches += [(begin, middle), (middle, end)]
    return [ring[index] for index in sorted(kept)]


def _square(a: Point, b: Point) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _off(point: Point, a: Point, b: Point) -> float:
    """The square of the distance of a point from the line between a and b."""
    length = _square(a, b)
    share = ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / length if length else 0.0
    share = min(max(share, 0.0), 1.0)
    return _square(point, (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
