"""Makes a template fail that shows a variable nobody gave it."""

import sys
from pathlib import Path
from types import FrameType

from django.template.base import Node, Origin, Template


class UnknownVariableError(Exception):
    """A template of the portal shows a variable that is not in its context."""


class UnknownVariable(str):
    """Django's `string_if_invalid`: an error in the portal's own templates, empty in all others (the admin's)."""

    __slots__ = ("templates",)
    templates: Path

    def __new__(cls, templates: Path) -> "UnknownVariable":
        made = super().__new__(cls, "")
        made.templates = templates
        return made

    def __bool__(self) -> bool:
        """Whether Django shall use this text instead of going on with nothing."""
        origin = _template_in_work(sys._getframe(1))
        return origin is not None and Path(origin).is_relative_to(self.templates)

    def __contains__(self, part: object) -> bool:
        return part == "%s"  # so Django asks for `text % variable`

    def __mod__(self, variable: object) -> str:
        origin = _template_in_work(sys._getframe(1))
        raise UnknownVariableError(f"{origin} shows {variable}, which is not in its context")


def _template_in_work(frame: FrameType | None) -> str | None:
    """The file of the innermost template that is being rendered."""
    while frame is not None:
        worker = frame.f_locals.get("self")
        if isinstance(worker, Node | Template):
            origin = getattr(worker, "origin", None)
            if isinstance(origin, Origin):
                return str(origin.name)
        frame = frame.f_back
    return None
