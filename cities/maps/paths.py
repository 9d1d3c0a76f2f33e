"""Polygons in the plane, and the shortest SVG path data for them."""

from collections.abc import Iterable
from functools import lru_cache

from cities.maps.shores import Point

Box = tuple[float, float, float, float]


def path(polygons: Iterable[list[Point]], decimals: int = 1, step: float = 0) -> str:
    """Closed polygons as relative path data; points nearer than `step` to the one before are left out."""
    unit = 10**decimals
    parts: list[str] = []
    start_x = start_y = 0
    for polygon in polygons:
        points = [(round(x * unit), round(y * unit)) for x, y in thinned(polygon, step)]
        points = [point for index, point in enumerate(points) if point != points[index - 1]]
        if len(points) < 3:
            continue
        before_x, before_y = start_x, start_y
        numbers = []
        for x, y in points:
            numbers += [number(x - before_x, decimals), number(y - before_y, decimals)]
            before_x, before_y = x, y
        start_x, start_y = points[0]
        parts += ["m", joined(numbers), "z"]
    return "".join(parts)


def thinned(points: list[Point], step: float) -> list[Point]:
    if not step or not points:
        return points
    kept = [points[0]]
    x, y = points[0]
    limit = step * step
    for point in points:
        if (point[0] - x) ** 2 + (point[1] - y) ** 2 >= limit:
            kept.append(point)
            x, y = point
    return kept


@lru_cache(maxsize=4096)
def number(steps: int, decimals: int) -> str:
    """`steps` tenths (hundredths, …) without any character a path can do without: -5 is "-.5"."""
    text = f"{steps / 10**decimals:.{decimals}f}".rstrip("0").rstrip(".") if decimals else str(steps)
    if text in ("", "-", "-0"):
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def joined(numbers: Iterable[str]) -> str:
    """Numbers one after the other, with a space only where two would run together."""
    parts: list[str] = []
    fraction = True  # the first number follows a letter
    for text in numbers:
        if parts and text[0] != "-" and not (text[0] == "." and fraction):
            parts.append(" ")
        parts.append(text)
        fraction = "." in text
    return "".join(parts)


def clipped(polygon: list[Point], box: Box) -> list[Point]:
    """What of a polygon lies in a box (left, top, right, bottom): Sutherland and Hodgman's way, side by side."""
    left, top, right, bottom = box
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    if max(xs) < left or min(xs) > right or max(ys) < top or min(ys) > bottom:
        return []
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        if not polygon:
            break
        kept: list[Point] = []
        before = polygon[-1]
        before_in = (before[axis] - limit) * sign >= 0
        for point in polygon:
            inside = (point[axis] - limit) * sign >= 0
            if inside != before_in:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                x, y = (before[i] + share * (point[i] - before[i]) for i in (0, 1))
                kept.append((x, y))
            if inside:
                kept.append(point)
            before, before_in = point, inside
        polygon = kept
    return polygon
