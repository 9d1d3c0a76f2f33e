"""Shorelines as rings of positions, read from the TopoJSON files in data/world."""

import json
from functools import lru_cache
from math import cos, radians, sin
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data" / "world"

Point = tuple[float, float]
Vector = tuple[float, float, float]


@lru_cache
def rings(name: str) -> tuple[list[Point], ...]:
    """Open rings of (latitude, longitude), the land to the right of the way: `land-110m`, `land-50m` or `germany`."""
    data = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return tuple(topology_rings(data, next(iter(data["objects"].values()))))


def topology_rings(data: dict[str, Any], shape: dict[str, Any]) -> list[list[Point]]:
    """The rings of one object of a quantised TopoJSON file."""
    (step_x, step_y), (left, bottom) = data["transform"]["scale"], data["transform"]["translate"]
    arcs = []
    for arc in data["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((y * step_y + bottom, x * step_x + left))
        arcs.append(points)
    found = []
    for part in shape.get("geometries", [shape]):
        for polygon in part["arcs"] if part["type"] == "MultiPolygon" else [part["arcs"]]:
            for indices in polygon:
                ring: list[Point] = []
                for index in indices:
                    # ~index means: the same arc, walked backwards; each arc begins where the one before ended
                    ring += (arcs[index] if index >= 0 else arcs[~index][::-1])[:-1]
                found.append(ring)
    return found


@lru_cache
def vectors(name: str) -> tuple[list[Vector], ...]:
    """The same rings as unit vectors."""
    return tuple([vector(*position) for position in ring] for ring in rings(name))


def vector(latitude: float, longitude: float) -> Vector:
    latitude, longitude = radians(latitude), radians(longitude)
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)


def on_land(latitude: float, longitude: float, name: str) -> bool:
    """Whether a position lies on land: counts the shores on the way to the north pole, which is sea."""
    inside = False
    for ring in rings(name):
        before_lat, before_lon = ring[-1][0], (ring[-1][1] - longitude + 180) % 360 - 180
        for lat, lon in ring:
            here = (lon - longitude + 180) % 360 - 180
            if (here < 0) != (before_lon < 0) and abs(here - before_lon) < 180:
                crossing = before_lat + (lat - before_lat) * before_lon / (before_lon - here)
                inside ^= crossing > latitude
            before_lat, before_lon = lat, here
    return inside
