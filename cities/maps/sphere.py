"""Distances and directions on the globe, and the land within a distance of a place."""

from collections.abc import Iterator
from math import asin, atan2, cos, degrees, hypot, pi, radians, sin, sqrt

from cities.maps.shores import Point, Vector, on_land, vector, vectors

EARTH = 6371.0088  # km, the mean radius of the IUGG


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance of two positions on a sphere (within 0.6 % of the ellipsoid)."""
    (ax, ay, az), (bx, by, bz) = vector(*a), vector(*b)
    across = hypot(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx)
    return EARTH * atan2(across, ax * bx + ay * by + az * bz)


def bearing(a: Point, b: Point) -> float:
    """The direction in which to leave a for b: degrees from north over east, 0 up to 360."""
    turn = radians(b[1] - a[1])
    here, there = radians(a[0]), radians(b[0])
    east = sin(turn) * cos(there)
    north = cos(here) * sin(there) - sin(here) * cos(there) * cos(turn)
    return degrees(atan2(east, north)) % 360


def destination(a: Point, direction: float, km: float) -> Point:
    """Where one is after `km` from a in a direction (radians from north over east)."""
    here, way = radians(a[0]), km / EARTH
    there = asin(sin(here) * cos(way) + cos(here) * sin(way) * cos(direction))
    turn = atan2(sin(direction) * sin(way) * cos(here), cos(way) - sin(here) * sin(there))
    return degrees(there), (a[1] + degrees(turn) + 180) % 360 - 180


class Horizon:
    """The globe seen from one place: azimuthal and equidistant, in km eastwards and southwards, up to a distance."""

    def __init__(self, latitude: float, longitude: float, km: float) -> None:
        self.place, self.km = (latitude, longitude), km
        self.up = vector(latitude, longitude)
        turn = radians(longitude)
        self.east = (-sin(turn), cos(turn), 0.0)
        self.north = (-sin(radians(latitude)) * cos(turn), -sin(radians(latitude)) * sin(turn), cos(radians(latitude)))
        self.edge = cos(km / EARTH)

    def flat(self, point: Vector) -> Point:
        x, y, z = point
        (ux, uy, uz), (ex, ey, _), (nx, ny, nz) = self.up, self.east, self.north
        right, ahead = ex * x + ey * y, nx * x + ny * y + nz * z
        across = hypot(right, ahead)
        if not across:
            return 0.0, 0.0
        stretch = EARTH * atan2(across, ux * x + uy * y + uz * z) / across
        return right * stretch, -ahead * stretch

    def land(self, name: str) -> Iterator[list[Point]]:
        """Polygons of the land up to the horizon, cut along its circle."""
        chains: list[Chain] = []
        ux, uy, uz = self.up
        for ring in vectors(name):
            heights = [ux * x + uy * y + uz * z for x, y, z in ring]
            if min(heights) >= self.edge:
                yield [self.flat(point) for point in ring]
            elif max(heights) >= self.edge:
                chains += self._chains(ring, heights)
        if chains:
            yield from self._joined(chains)
        elif on_land(*destination(self.place, 0, self.km), name):  # nothing but land all along the horizon
            yield self._arc(0, 2 * pi)

    def _chains(self, ring: list[Vector], heights: list[float]) -> "list[Chain]":
        """The stretches of one shore within the horizon, each from where it comes in to where it goes out."""
        edge, count = self.edge, len(ring)
        first = next(index for index in range(count) if heights[index] < edge)
        chains: list[Chain] = []
        before = first
        for step in range(1, count + 1):
            here = (first + step) % count
            if heights[before] < edge <= heights[here]:
                chains.append(Chain(self._crossing(ring, heights, before, here)))
            if heights[here] >= edge:
                chains[-1].points.append(self.flat(ring[here]))
            elif heights[before] >= edge:
                chains[-1].exit = self._crossing(ring, heights, before, here)
            before = here
        return chains

    def _crossing(self, ring: list[Vector], heights: list[float], a: int, b: int) -> float:
        """The direction (radians from north over east) in which a piece of shore crosses the horizon."""
        bend = 1 - sum(p * q for p, q in zip(ring[a], ring[b], strict=True))
        share = 0.5
        for _ in range(4):  # the straight line between two points of the globe runs a little below its surface
            depth = sqrt(1 - 2 * share * (1 - share) * bend)
            share = (self.edge * depth - heights[a]) / (heights[b] - heights[a])
        x, y, z = (p + share * (q - p) for p, q in zip(ring[a], ring[b], strict=True))
        (ex, ey, _), (nx, ny, nz) = self.east, self.north
        return atan2(ex * x + ey * y, nx * x + ny * y + nz * z) % (2 * pi)

    def _joined(self, chains: "list[Chain]") -> Iterator[list[Point]]:
        """Land lies to the right of a shore: where one goes out, the horizon is land clockwise up to the next entry."""
        crossings = sorted(
            [(chain.entry, True, index) for index, chain in enumerate(chains)]
            + [(chain.exit, False, index) for index, chain in enumerate(chains)]
        )
        for at, (turn, enters, _) in enumerate(crossings[:-1]):
            # a spit without width goes out and in at one point: entries and exits take turns
            if enters == crossings[at - 1][1] and turn == crossings[at + 1][0]:
                crossings[at : at + 2] = crossings[at + 1], crossings[at]
        following: dict[int, int] = {}
        entry = next(index for _, enters, index in crossings if enters)
        for _, enters, index in reversed(crossings):
            if enters:
                entry = index
            else:
                following[index] = entry
        left = set(following)
        while left:
            index = min(left)
            polygon: list[Point] = []
            while index in left:
                left.remove(index)
                chain = chains[index]
                index = following[index]
                polygon += [self._rim(chain.entry), *chain.points, *self._arc(chain.exit, chains[index].entry)]
            yield polygon

    def _arc(self, begin: float, end: float) -> list[Point]:
        """Points on the horizon, clockwise, two degrees apart."""
        if end < begin:
            end += 2 * pi
        count = int((end - begin) / radians(2)) + 1
        turns = [begin + (end - begin) * step / count for step in range(count + 1)]
        return [self._rim(turn) for turn in turns]

    def _rim(self, turn: float) -> Point:
        return self.km * sin(turn), -self.km * cos(turn)


class Chain:
    """A stretch of shore between two crossings of the horizon."""

    def __init__(self, entry: float) -> None:
        self.entry = self.exit = entry
        self.points: list[Point] = []
