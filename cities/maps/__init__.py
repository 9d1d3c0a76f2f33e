"""The maps of the directory as SVG: the world in true areas, and the view around one place in true distances.

Pure functions on the standard library. Positions are (latitude, longitude) in degrees, WGS 84; points are (x, y) in the
units of a view box, y downwards. Land only: borders are disputed, so none is drawn but Germany's own outline.
"""

from cities.maps.equal_earth import HEIGHT, WIDTH, WORLD, land, scale, view_box_for, within, world
from cities.maps.shapes import SHAPES, dots, marks
from cities.maps.sphere import bearing, distance_km
from cities.maps.views import View, disc, germany, locator

__all__ = [
    "HEIGHT",
    "SHAPES",
    "WIDTH",
    "WORLD",
    "View",
    "bearing",
    "disc",
    "distance_km",
    "dots",
    "germany",
    "land",
    "locator",
    "marks",
    "scale",
    "view_box_for",
    "within",
    "world",
]
