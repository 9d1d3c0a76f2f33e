"""Many marks of one shape as one SVG path."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from math import cos, pi, sin

from cities.maps.paths import joined, number
from cities.maps.shores import Point

SHAPES = ("circle", "diamond", "square", "triangle", "ring", "pentagon", "cross", "half-disc")


def marks(points: Iterable[Point], shape: str, size: float) -> str:
    """Path data for all points; `size` is the radius of a circle, the other shapes weigh about the same."""
    start, outline = _outline(shape, size)
    parts = []
    before_x = before_y = 0
    # sorted, so that each step to the next mark is a short number; after a z the pen is back at the start of its mark
    left, top = start
    for x, y in sorted([(round((x + left) * 10), round((y + top) * 10)) for x, y in points]):
        parts.append(f"m{number(x - before_x, 1)} {number(y - before_y, 1)}{outline}")
        before_x, before_y = x, y
    return "".join(parts)


def dots(points: Iterable[Point]) -> str:
    """Path data of lines without length: with round caps each is a dot as wide as the stroke."""
    parts = []
    before_x = before_y = 0
    for x, y in sorted({(round(x * 10), round(y * 10)) for x, y in points}):
        parts.append(f"m{number(x - before_x, 1)} {number(y - before_y, 1)}h0")
        before_x, before_y = x, y
    return "".join(parts)


@lru_cache(maxsize=256)
def _outline(shape: str, size: float) -> tuple[Point, str]:
    """Where a mark begins, seen from its middle, and the way round it back to there."""
    match shape:
        case "circle":
            return (-size, 0), f"{_circle(size, sweep=1)}z"
        case "ring":
            outer, inner = size * 1.15, size * 0.6
            # the hole runs the other way round, so that it stays empty under any fill rule
            hole = f"m{joined([_text(outer - inner), '0'])}{_circle(inner, sweep=0)}"
            return (-outer, 0), f"{_circle(outer, sweep=1)}{hole}m{joined([_text(inner - outer), '0'])}z"
        case "half-disc":
            radius = size * 1.25
            return (-radius, radius / 2), f"a{_text(radius)} {_text(radius)} 0 01{_text(radius * 2)} 0z"
        case "diamond":
            corners = _star(size * 1.3, 4)
        case "triangle":
            corners = [(x, y + size * 0.2) for x, y in _star(size * 1.45, 3)]
        case "pentagon":
            corners = _star(size * 1.18, 5)
        case "square":
            half = size * 0.9
            corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
        case "cross":
            far, near = size * 1.15, size * 0.4
            corners = [(-near, -far), (near, -far), (near, -near), (far, -near), (far, near), (near, near)]
            corners += [(-x, -y) for x, y in corners]
        case _:
            raise ValueError(f"no shape {shape!r}; there are {', '.join(SHAPES)}")
    steps = [text for (x, y), (to_x, to_y) in pairwise(corners) for text in (_text(to_x - x), _text(to_y - y))]
    return corners[0], f"l{joined(steps)}z"


def _star(radius: float, corners: int) -> list[Point]:
    """A regular polygon standing with a corner on top."""
    turns = [2 * pi * corner / corners for corner in range(corners)]
    return [(radius * sin(turn), -radius * cos(turn)) for turn in turns]


def _circle(radius: float, *, sweep: int) -> str:
    r, across = _text(radius), _text(radius * 2)
    back = across if across == "0" else f"-{across}"
    return f"a{r} {r} 0 1{sweep}{across} 0 {r} {r} 0 1{sweep}{back} 0"


def _text(value: float) -> str:
    return number(round(value * 100), 2)
