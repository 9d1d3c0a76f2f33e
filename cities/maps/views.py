"""Views around one place in true distance and direction: the disc of a city, its locator, and Germany."""

from dataclasses import dataclass
from functools import lru_cache

from cities.maps.paths import clipped, path
from cities.maps.shores import Point, vector
from cities.maps.sphere import Horizon

DISC = 640  # width and height of the disc's view box
DISC_RADIUS = 310
DISC_KM = 12_500
DISC_RINGS_KM = (2_500, 5_000, 10_000)
GERMANY = (51.19, 10.42)  # the middle of its outline
GERMANY_KM = 905  # what 400 units are from north to south: its 872 km and a margin


@dataclass(frozen=True, slots=True)
class View:
    """A drawing with one place in the middle; straight lines from the middle are true in length and direction."""

    latitude: float
    longitude: float
    width: int
    height: int
    per_km: float  # units of the view box
    land: str = ""  # path data
    round: bool = False

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"

    @property
    def centre(self) -> Point:
        return self.width / 2, self.height / 2

    @property
    def rings(self) -> list[tuple[int, float]]:
        """(km, radius) of the rings of a disc."""
        return [(km, self.radius(km)) for km in DISC_RINGS_KM]

    def radius(self, km: float) -> float:
        return round(km * self.per_km, 1)

    def place(self, latitude: float, longitude: float) -> Point | None:
        """The point of a position, or None if it lies outside the drawing."""
        horizon = Horizon(self.latitude, self.longitude, DISC_KM)
        east, south = horizon.flat(vector(latitude, longitude))
        x, y = east * self.per_km, south * self.per_km
        if self.round:
            seen = x * x + y * y <= DISC_RADIUS * DISC_RADIUS
        else:
            seen = abs(x) <= self.width / 2 and abs(y) <= self.height / 2
        return (round(x + self.width / 2, 1), round(y + self.height / 2, 1)) if seen else None


@lru_cache(maxsize=128)
def disc(latitude: float, longitude: float) -> View:
    """The world up to 12,500 km around a city: a circle of radius 310 in the view box 0 0 640 640."""
    view = View(latitude, longitude, DISC, DISC, DISC_RADIUS / DISC_KM, round=True)
    return _drawn(view, "land-110m", DISC_KM, step=2.0)


@lru_cache(maxsize=256)
def locator(latitude: float, longitude: float, width: int = 400, height: int = 300, across_km: int = 1_500) -> View:
    """The land around a city, `across_km` from left to right."""
    view = View(latitude, longitude, width, height, width / across_km)
    corner_km = (width**2 + height**2) ** 0.5 / 2 / view.per_km
    return _drawn(view, "land-50m", corner_km * 1.05, step=0.7)


@lru_cache
def germany() -> View:
    """Germany's outline in the view box 0 0 300 400."""
    view = View(*GERMANY, 300, 400, 400 / GERMANY_KM)
    return _drawn(view, "germany", GERMANY_KM, step=0)


def _drawn(view: View, name: str, km: float, step: float) -> View:
    middle_x, middle_y = view.centre
    box = (0.0, 0.0, float(view.width), float(view.height))
    polygons = (
        [(x * view.per_km + middle_x, y * view.per_km + middle_y) for x, y in polygon]
        for polygon in Horizon(view.latitude, view.longitude, km).land(name)
    )
    land = path(polygons if view.round else (clipped(polygon, box) for polygon in polygons), step=step)
    return View(view.latitude, view.longitude, view.width, view.height, view.per_km, land, view.round)
