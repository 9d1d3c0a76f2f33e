"""Moments of a calendar: with a time zone's name, in UTC, without a zone, or a whole day."""

import datetime
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from icalendar.prop import vDDDTypes

from exchange.calendars.lines import Block, Line
from exchange.calendars.zones import zone_named

parsed: Callable[[str], object] = vDDDTypes.from_ical  # a date, moment, duration or pair of them, else ValueError
FIRST, LAST = 1990, 2100  # years
LONGEST = datetime.timedelta(days=31)


class BadTimeError(Exception):
    """A time that cannot be read; the text is for the reader, `part` names the property."""

    def __init__(self, part: str, for_reader: str) -> None:
        self.part = part
        super().__init__(for_reader)


@dataclass(frozen=True, slots=True)
class When:
    """What the clock shows at the place (without zone), and the zone; a whole day begins at midnight."""

    local: datetime.datetime
    zone: str
    is_day: bool = False

    @property
    def moment(self) -> datetime.datetime:
        """In UTC. A time that the change to summer time leaves out counts as if the clock had not been changed."""
        return self.local.replace(tzinfo=zoneinfo.ZoneInfo(self.zone)).astimezone(datetime.UTC)


class Times:
    """Reads the moments of one calendar. `home` is the zone of times without one, and in which those in UTC are told:
    the calendar's own (X-WR-TIMEZONE), else the given one."""

    def __init__(self, definitions: list[Block], zone: str, own: str) -> None:
        self.definitions = {block.value("TZID"): block for block in definitions}
        self.home = (zone_named(own, self.definitions, zone) if own else "") or zone
        self._known: dict[str, str] = {}

    def when(self, line: Line | None) -> When:
        """Raises BadTimeError."""
        if line is None:
            raise BadTimeError("DTSTART", _("This event has no beginning."))
        return self.read(line, line.value)

    def read(self, line: Line, text: str) -> When:
        """One moment of a line that may hold several."""
        try:
            value = parsed(text.strip())
        except ValueError:
            value = None
        if isinstance(value, tuple):
            value = value[0]
        if not isinstance(value, datetime.date) or not FIRST <= value.year <= LAST:
            raise BadTimeError(line.name, _("This is no date of a calendar, for example 20270324T150000."))
        if not isinstance(value, datetime.datetime):
            return When(datetime.datetime.combine(value, datetime.time()), self.home, is_day=True)
        if value.tzinfo is not None:
            return When(value.replace(tzinfo=None), "UTC")
        return When(value, self._zone(line))

    def _zone(self, line: Line) -> str:
        name = str(line.params.get("TZID", ""))
        if not name:
            return self.home
        if name not in self._known:
            self._known[name] = zone_named(name, self.definitions, self.home)
        if not self._known[name]:
            sentence = _("The time zone “%(name)s” is not known, and the calendar does not define it.")
            raise BadTimeError(line.name, sentence % {"name": name[:60]})
        return self._known[name]

    def length(self, block: Block, first: When) -> datetime.timedelta | None:
        """How long an event lasts; None where it does not say. Raises BadTimeError."""
        if (end := block.first("DTEND")) is not None:
            found = self.read(end, end.value).moment - first.moment
            name = "DTEND"
        elif (line := block.first("DURATION")) is not None:
            name = "DURATION"
            try:
                value = parsed(line.value.strip())
            except ValueError:
                value = None
            if not isinstance(value, datetime.timedelta):
                raise BadTimeError(name, _("This is no duration of a calendar, for example PT1H30M."))
            found = value
        else:
            return None
        if not datetime.timedelta() <= found <= LONGEST:
            raise BadTimeError(name, _("This event ends before it begins, or lasts longer than a month."))
        return found or None
