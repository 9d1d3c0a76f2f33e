"""Where practices come from, as maps: all results on the world, and one place on the land around it."""

from dataclasses import dataclass

from cities.drawing import Mark, corners
from cities.maps import dots, land, marks, scale, view_box_for, within
from exchange.catalogue import Catalogue
from exchange.entries import PracticeEntry

MARK_SIZE, SMALLEST = (
    7.0,
    0.12,
)  # radius in units of the world map (1,000 wide), and the part of it that still scales it
WHOLE_FROM = 0.5  # share of the world's width from which the land of the whole world serves
COVER_WIDTH, COVER_HEIGHT = 70.0, 28.0  # units of the world map: about 2,800 km across


@dataclass(frozen=True, slots=True)
class PracticeMap:
    """A part of the world map: places with a practice as marks, other member cities as small dots."""

    view_box: str
    land: str  # empty for the whole world, whose land is a file
    others: str
    marks: list[Mark]
    missing: int  # practices of a place whose position is not known


def cover(entry: PracticeEntry) -> str:
    """The part of the world map around the place of a practice, which is in its middle: left, top, width, height.
    Empty where the position of the place is not known."""
    if entry.place.point is None:
        return ""
    x, y = entry.place.point
    return f"{x - COVER_WIDTH / 2:.1f},{y - COVER_HEIGHT / 2:.1f},{COVER_WIDTH:g},{COVER_HEIGHT:g}"


def practice_map(catalogue: Catalogue, bits: int) -> PracticeMap:
    """The places of these practices, and the part of the world they need."""
    found = catalogue.places_of(bits)
    directory = catalogue.directory
    places = sorted({place.point for place, _count in found if place.point})
    missing = sum(count for place, count in found if place.point is None)
    cities = directory.bits_of(place.pk for place, _count in found if place.pk)
    others = [directory.places[n] for n in directory.numbers(directory.current & ~cities)]
    view_box = view_box_for(corners(places), padding=10, min_width=90, tallest=1)
    share = scale(view_box)
    size = MARK_SIZE * max(min(share, WHOLE_FROM), SMALLEST)
    drawn = [Mark("circle", "ink", marks(places, "circle", size))]
    if share > WHOLE_FROM:
        return PracticeMap(view_box, "", dots(others), drawn, missing)
    return PracticeMap(view_box, land(view_box), dots(within(others, view_box)), drawn, missing)
