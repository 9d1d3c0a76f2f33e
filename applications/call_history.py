"""What the coordination has done with a call, for those who prepare it: who, when, and which dates moved why."""

import datetime
from dataclasses import dataclass

from applications.models import Call, CallEvent, Extension
from network.models import User


@dataclass(frozen=True)
class Line:
    """One act. `moment` is when the call will be published, or the new date; `extension` has the reason of a moved one;
    `version` is that of the questions where they changed."""

    what: str
    by: User
    at: datetime.datetime
    moment: datetime.datetime | None = None
    extension: Extension | None = None
    version: int | None = None


def history_of(call: Call) -> list[Line]:
    """Latest first. Two queries."""
    events = CallEvent.objects.filter(call=call).select_related("by", "pack_version").defer("pack_version__document")
    extensions = Extension.objects.filter(call=call).select_related("by")
    lines = [*map(_line_of, events), *map(_line_of_extension, extensions)]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _line_of(event: CallEvent) -> Line:
    shows_version = event.kind in {CallEvent.Kind.CHANGED, CallEvent.Kind.PUBLISHED, CallEvent.Kind.SCHEDULED}
    version = event.pack_version.number if shows_version and event.pack_version else None
    return Line(event.get_kind_display(), event.by, event.at, moment=event.moment, version=version)


def _line_of_extension(extension: Extension) -> Line:
    what = extension.get_deadline_display()
    return Line(what, extension.by, extension.at, moment=extension.new, extension=extension)
