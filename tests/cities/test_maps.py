"""The maps: true areas, true distances, and no line that runs across them."""

import gzip
import re
from itertools import pairwise
from math import atan2, degrees, hypot, pi, radians, sin, sqrt
from pathlib import Path

import pytest

from cities import maps
from cities.management.commands.draw_land import simplified

HEIDELBERG = (49.4077, 8.6908)
WELLINGTON = (-41.2866, 174.7756)
QUITO = (-0.2299, -78.5249)
SUVA = (-18.1416, 178.4415)
NUUK = (64.1835, -51.7216)
URUMQI = (43.8, 87.6)
CHUKOTKA = (66.1, -169.8)
TOKYO = (35.6895, 139.6917)

NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
IMAGES = Path(__file__).parents[2] / "static" / "img"


def polygons(path: str) -> list[list[tuple[float, float]]]:
    """Reads path data of relative lines back into points."""
    assert set(path) <= set("mz-. 0123456789")
    found = []
    start_x = start_y = 0.0
    for part in path.split("z")[:-1]:
        numbers = [float(number) for number in NUMBER.findall(part)]
        x, y = start_x, start_y
        ring = []
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        start_x, start_y = ring[0]
        found.append(ring)
    return found


def longest(path: str) -> float:
    return max(
        hypot(x - to_x, y - to_y)
        for ring in polygons(path)
        for (x, y), (to_x, to_y) in zip(ring, ring[1:] + ring[:1], strict=True)
    )


def area(path: str) -> float:
    """Land counts positive, lakes negative, because they run the other way round."""
    return (
        sum(
            x * to_y - to_x * y
            for ring in polygons(path)
            for (x, y), (to_x, to_y) in zip(ring, ring[1:] + ring[:1], strict=True)
        )
        / 2
    )


def holds(path: str, x: float, y: float) -> bool:
    """Whether a point lies on the land of a path (even-odd)."""
    inside = False
    for ring in polygons(path):
        for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                inside = not inside
    return inside


# The world


def test_the_middle_meridian_stands_in_the_middle_and_the_cut_at_both_edges():
    assert maps.world(0, 11)[0] == 500
    assert maps.world(0, -169.0001)[0] == 1000
    assert maps.world(0, -168.9999)[0] == 0


def test_the_map_reaches_from_greenland_to_below_cape_horn():
    assert maps.world(84, 11) == (500, 0)
    assert maps.world(-57, 11)[1] == pytest.approx(maps.HEIGHT, abs=0.6)


def test_positions_east_and_west_of_the_middle_mirror_each_other():
    for latitude, turn in ((10, 30), (-45, 120), (70, 179)):
        east, west = maps.world(latitude, 11 + turn), maps.world(latitude, 11 - turn)
        assert east[0] - 500 == pytest.approx(500 - west[0], abs=0.11)
        assert east[1] == west[1]


def test_equal_fields_on_the_globe_are_equal_fields_on_the_map():
    def strip(south: int, north: int) -> float:
        """The area between two parallels, in slices of one degree."""
        edges = [maps.world(latitude, -169.0001) for latitude in range(south, north + 1)]
        return sum((x + to_x - 1000) * (y - to_y) for (x, y), (to_x, to_y) in pairwise(edges))

    # on a globe it goes with the difference of the sines
    for south, north in ((0, 20), (20, 40), (60, 80), (-50, -30)):
        share = strip(south, north) / strip(0, 30)
        assert share == pytest.approx((sin(radians(north)) - sin(radians(south))) / sin(radians(30)), rel=3e-3)


def test_the_land_of_the_world_is_as_large_as_the_continents_without_antarctica():
    # 135 million km² of land on a globe of 510 million
    radius = 500 / (2 * sqrt(3) * pi / (3 * 1.340264))
    assert area(maps.land()) / (4 * pi * radius**2) == pytest.approx(0.263, abs=0.01)


def test_no_line_runs_across_the_world():
    assert longest(maps.land()) < 20


def test_places_on_both_sides_of_the_bering_strait_and_in_fiji_lie_on_their_own_side():
    land = maps.land("0 0 1000 435")
    assert holds(land, *maps.world(66.8, -172))  # Chukotka, at the right edge
    assert holds(land, *maps.world(65, -163))  # Alaska, at the left edge
    assert maps.world(66.8, -172)[0] > 700
    assert maps.world(65, -163)[0] < 300
    assert maps.world(*SUVA)[0] > 900


def test_a_crop_is_cut_at_its_edges():
    view_box = maps.view_box_for([maps.world(*HEIDELBERG)])
    left, top, width, height = map(float, view_box.split())
    for ring in polygons(maps.land(view_box)):
        for x, y in ring:
            assert left - 0.02 <= x <= left + width + 0.02
            assert top - 0.02 <= y <= top + height + 0.02
    assert holds(maps.land(view_box), *maps.world(*HEIDELBERG))


def test_the_drawn_files_have_no_colour_and_stay_light():
    for name, limit in (("land.svg", 9_000), ("land-fine.svg", 72_000)):
        drawing = (IMAGES / name).read_text(encoding="utf-8")
        head, data = drawing.split(' d="')
        assert head == f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{maps.WORLD}"><path id="land"'
        assert len(gzip.compress(drawing.encode())) < limit
        assert longest(data.split('"')[0]) < 40


def test_simplified_keeps_corners_and_drops_points_on_a_line():
    square = [(0.0, 0.0), (5.0, 0.01), (10.0, 0.0), (10.0, 5.0), (10.0, 10.0), (0.0, 10.0)]
    assert simplified(square, 0.1) == [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]


# The part of the world around some points


def box(*points, **options):
    return tuple(map(float, maps.view_box_for(points, **options).split()))


def test_no_point_shows_the_whole_world():
    assert maps.view_box_for([]) == maps.WORLD


def test_one_point_stands_in_the_middle_of_the_least_width():
    left, top, width, height = box((500, 200), padding=10, min_width=160)
    assert (left + width / 2, top + height / 2) == (500, 200)
    assert (width, height) == (160, 100)


@pytest.mark.parametrize("point", [(0, 0), (1000, 435), (1000, 0), (3, 430)])
def test_a_box_never_reaches_beyond_the_world(point):
    left, top, width, height = box(point)
    assert left >= 0
    assert top >= 0
    assert left + width <= maps.WIDTH
    assert top + height <= maps.HEIGHT
    assert left <= point[0] <= left + width
    assert top <= point[1] <= top + height


def test_points_on_both_sides_show_all_between_them_and_the_whole_height():
    honolulu, wellington = maps.world(21.3, -157.9), maps.world(*WELLINGTON)
    left, top, width, height = box(honolulu, wellington)
    assert (top, height) == (0, maps.HEIGHT)
    assert left == pytest.approx(honolulu[0] - 20)
    assert left + width == pytest.approx(wellington[0] + 20)


def test_wide_and_tall_groups_keep_the_proportions_in_bounds():
    _, _, width, height = box((100, 200), (500, 205), padding=0)
    assert width / height == pytest.approx(1.6, abs=0.01)
    _, _, width, height = box((300, 10), (310, 300), padding=0)
    assert width / height == pytest.approx(0.8, abs=0.01)


def test_within_leaves_out_the_points_beside_a_box():
    points = [(10, 10), (59, 10), (61, 10), (30, 41)]
    assert maps.within(points, "10 10 50 30") == [(10, 10), (59, 10)]
    assert maps.within(points, "10 10 50 30", rim=2) == points


def test_scale_is_the_part_of_the_worlds_width():
    assert maps.scale("10 10 250 100") == 0.25


# Marks


@pytest.mark.parametrize("shape", maps.SHAPES)
def test_each_point_becomes_one_mark_at_its_place(shape):
    path = maps.marks([(10, 20), (300.5, 40), (300.5, 40.2)], shape, 3)
    outlines = 2 if shape == "ring" else 1
    assert path.count("z") == 3
    assert path.count("m") == 3 if outlines == 1 else path.count("m") > 3
    x, y = (float(number) for number in NUMBER.findall(path)[:2])
    assert hypot(x - 10, y - 20) < 6


def test_marks_of_no_points_are_empty():
    assert maps.marks([], "circle", 3) == ""
    assert maps.dots([]) == ""


def test_an_unknown_shape_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="no shape 'star'; there are circle, diamond"):
        maps.marks([(1, 1)], "star", 3)


def test_dots_are_lines_without_length():
    assert maps.dots([(10, 20), (10.5, 19.8)]) == "m10 20h0m.5 -.2h0"


def test_two_dots_at_one_place_are_drawn_once():
    assert maps.dots([(10, 20), (10.01, 20.02)]) == "m10 20h0"


# Distances and directions


def test_distances_are_those_of_the_globe():
    assert maps.distance_km((0, 0), (0, 90)) == pytest.approx(10_007.6, abs=0.5)
    assert maps.distance_km(HEIDELBERG, (52.5244, 13.4105)) == pytest.approx(480, abs=5)  # Berlin
    assert maps.distance_km(HEIDELBERG, WELLINGTON) == pytest.approx(18_605, abs=5)
    assert maps.distance_km(HEIDELBERG, HEIDELBERG) == 0
    assert maps.distance_km((90, 0), (-90, 0)) == pytest.approx(20_015, abs=1)


def test_bearings_count_from_north_over_east():
    assert maps.bearing((0, 0), (10, 0)) == 0
    assert maps.bearing((0, 0), (0, 10)) == 90
    assert maps.bearing((0, 170), (0, -170)) == 90
    assert maps.bearing((10, 5), (0, 5)) == 180
    assert maps.bearing((0, 0), (0, -1)) == 270


# The view from a city


@pytest.mark.parametrize("here", [HEIDELBERG, WELLINGTON, QUITO, SUVA, NUUK, URUMQI, CHUKOTKA])
def test_a_disc_shows_true_distances_and_directions(here):
    disc = maps.disc(*here)
    for there in (HEIDELBERG, WELLINGTON, QUITO, SUVA, TOKYO):
        km = maps.distance_km(here, there)
        point = disc.place(*there)
        if km > 12_500:
            assert point is None
        else:
            assert point is not None
            assert hypot(point[0] - 320, point[1] - 320) == pytest.approx(km * 310 / 12_500, abs=0.1)
            if km > 1_000:
                east, south = point[0] - 320, point[1] - 320
                assert degrees(atan2(east, -south)) % 360 == pytest.approx(maps.bearing(here, there), abs=0.3)


def test_a_disc_leaves_out_the_far_side_of_the_globe():
    assert maps.disc(*HEIDELBERG).place(*WELLINGTON) is None
    assert maps.disc(*HEIDELBERG).place(-49.4, -171.3) is None  # the antipode itself
    assert maps.disc(*HEIDELBERG).place(*HEIDELBERG) == (320, 320)


def test_the_rings_of_a_disc_are_to_scale():
    assert maps.disc(*HEIDELBERG).rings == [(2_500, 62.0), (5_000, 124.0), (10_000, 248.0)]


@pytest.mark.parametrize("here", [HEIDELBERG, WELLINGTON, QUITO, SUVA, NUUK, URUMQI, CHUKOTKA, (89.9, 0), (-77, 166)])
def test_the_land_of_a_disc_stays_inside_and_has_no_line_across(here):
    land = maps.disc(*here).land
    assert len(land) < 22_000
    assert longest(land) < 40
    for ring in polygons(land):
        for x, y in ring:
            assert hypot(x - 320, y - 320) <= 310.2


@pytest.mark.parametrize("here", [HEIDELBERG, WELLINGTON, QUITO, SUVA, NUUK])
def test_land_and_sea_of_a_disc_are_where_they_are_on_the_globe(here):
    disc = maps.disc(*here)
    for land in ((48, 16), (25, 20), (60, 100), (-10, -55), (-25, 135), (40, -100), (-80, 60), (75, -40)):
        if point := disc.place(*land):
            assert holds(disc.land, *point), land
    for sea in ((0, -140), (30, -45), (-30, 80), (-45, -120), (88, 0), (20, 160), (-55, 120), (42, 51)):
        if point := disc.place(*sea):
            assert not holds(disc.land, *point), sea


@pytest.mark.parametrize(
    ("here", "inland"),
    [
        ((-7.23056, -35.88111), (-10, -55)),
        ((-7.115, -34.86306), (-10, -55)),
        ((-38.14711, 144.36069), (-25, 135)),
    ],
)
def test_a_spit_that_crosses_the_horizon_and_comes_back_leaves_no_gap(here, inland):
    disc = maps.disc(*here)
    point = disc.place(*inland)
    assert point is not None
    assert holds(disc.land, *point)
    assert longest(disc.land) < 40


# Germany and locators


def test_german_cities_lie_on_germanys_outline_and_others_beside_it():
    germany = maps.germany()
    assert germany.view_box == "0 0 300 400"
    for city in (HEIDELBERG, (52.5244, 13.4105), (53.55, 9.99), (48.1374, 11.5755), (50.7374, 7.0982)):
        point = germany.place(*city)
        assert point is not None
        assert holds(germany.land, *point)
    for city in ((50.0755, 14.4378), (48.5734, 7.7521)):  # Prague, Strasbourg
        point = germany.place(*city)
        assert point is None or not holds(germany.land, *point)
    assert germany.place(*WELLINGTON) is None


def test_germany_fits_its_box():
    xs = [x for ring in polygons(maps.germany().land) for x, _ in ring]
    ys = [y for ring in polygons(maps.germany().land) for _, y in ring]
    assert 2 < min(xs) < 30
    assert 270 < max(xs) < 298
    assert 2 < min(ys) < 20
    assert 380 < max(ys) < 398


@pytest.mark.parametrize("here", [HEIDELBERG, WELLINGTON, QUITO, SUVA, NUUK, CHUKOTKA, TOKYO])
def test_a_locator_has_its_city_in_the_middle_and_stays_in_its_box(here):
    locator = maps.locator(*here)
    assert locator.place(*here) == (200, 150)
    for ring in polygons(locator.land):
        for x, y in ring:
            assert -0.1 <= x <= 400.1
            assert -0.1 <= y <= 300.1
    assert locator.radius(1_500) == 400


def test_a_locator_far_from_every_shore_is_all_land():
    assert area(maps.locator(*URUMQI).land) == pytest.approx(400 * 300)


def test_a_locator_far_out_at_sea_is_empty():
    assert maps.locator(-40, -120).land == ""
