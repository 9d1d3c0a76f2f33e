"""The lines of a calendar: unfolded, with their numbers, in blocks of one event each; only those the portal needs."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from icalendar.parser import Contentline, Parameters

LIMIT = 1024 * 1024  # bytes
EVENTS = 2000
LINE = 20_000  # characters of one unfolded line; what is longer is cut
NEEDED = {
    "BEGIN", "END", "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS",
    "SEQUENCE", "DTSTAMP", "SUMMARY", "DESCRIPTION", "LOCATION", "CONFERENCE", "X-GOOGLE-CONFERENCE", "CLASS",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-WR-TIMEZONE", "X-WR-CALNAME", "TZID", "TZOFFSETFROM", "TZOFFSETTO",
}  # fmt: skip
_content_line: Callable[[str], Any] = Contentline  # which has no types of its own
NAME = re.compile(rb"[A-Za-z0-9-]+")
MARK = b"\xef\xbb\xbf"
MARKS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class NoCalendarError(Exception):
    """This is no calendar, or too large a one; `for_reader` says so."""

    def __init__(self, for_reader: str) -> None:
        self.for_reader = for_reader
        super().__init__(for_reader)


@dataclass(frozen=True, slots=True)
class Line:
    """One property: where it begins, name in capitals, parameters, and the value as it is written."""

    number: int
    name: str
    params: Parameters
    value: str


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What is wrong, or was read otherwise than written: line, property, value, and a sentence."""

    line: int
    part: str
    value: str
    reason: str


@dataclass(slots=True)
class Block:
    """One event, or the definition of a time zone; without the alarms inside."""

    kind: str
    number: int
    lines: list[Line] = field(default_factory=list)

    def first(self, name: str) -> Line | None:
        return next((line for line in self.lines if line.name == name), None)

    def value(self, name: str) -> str:
        found = self.first(name)
        return found.value if found else ""


@dataclass(slots=True)
class Lines:
    """A calendar in blocks, with what is wrong in its lines; `own` are the calendar's own properties."""

    own: Block
    events: list[Block] = field(default_factory=list)
    zones: list[Block] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def reduced(content: bytes) -> bytes:
    """The same calendar with every line emptied that the portal does not need: nobody's address is kept. Lines keep
    their numbers. Raises NoCalendarError for what is none."""
    if len(content) > LIMIT:
        raise NoCalendarError(_("The calendar is too large: at most %(limit)d megabyte.") % {"limit": LIMIT >> 20})
    content = _as_utf8(content)
    if b"BEGIN:VCALENDAR" not in content[:4000].upper():
        raise NoCalendarError(
            _("This is no calendar. It must be an iCalendar file (.ics), which begins with BEGIN:VCALENDAR.")
        )
    kept: list[bytes] = []
    is_needed = False
    for line in _physical(content):
        if not line.startswith((b" ", b"\t")):
            name = NAME.match(line)
            is_needed = name is None or name[0].decode().upper() in NEEDED
        kept.append(line if is_needed else b"")
    return b"\n".join(kept)


def _as_utf8(content: bytes) -> bytes:
    if content.startswith(MARKS_OF_UTF_16):
        return content.decode("utf-16", errors="replace").encode()
    return content.removeprefix(MARK)


def _physical(content: bytes) -> list[bytes]:
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")


def _unfolded(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Whole lines with the number they begin at. Folds are taken out of the bytes: they may part a character."""
    begun, parts = 0, [b""]
    for number, line in enumerate(_physical(content), 1):
        if line.startswith((b" ", b"\t")) and begun:
            parts.append(line[1:])
            continue
        if begun and any(parts):
            yield begun, b"".join(parts)
        begun, parts = number, [line]
    if any(parts):
        yield begun, b"".join(parts)


def scan(content: bytes) -> Lines:
    """The blocks of a reduced calendar. Raises NoCalendarError where it holds too many events."""
    found = Lines(Block("VCALENDAR", 1))
    block, inside = found.own, 0
    for number, raw in _unfolded(content):
        line = _line(number, raw, found.findings)
        if line is None:
            continue
        kind = line.value.strip().upper()
        if line.name == "BEGIN" and block.kind == "VCALENDAR" and kind in {"VEVENT", "VTIMEZONE"}:
            block, inside = Block(kind, number), 0
        elif line.name == "BEGIN":
            inside += kind != "VCALENDAR"
            block.lines.append(line)
        elif line.name == "END" and inside and kind != block.kind:
            inside -= 1
        elif line.name == "END" and kind == block.kind and kind != "VCALENDAR":
            (found.events if kind == "VEVENT" else found.zones).append(block)
            block, inside = found.own, 0
        elif not inside or block.kind == "VTIMEZONE":
            block.lines.append(line)
    if block.kind == "VEVENT":
        found.findings.append(
            Finding(block.number, "BEGIN", "VEVENT", _("This event has no end. The file is not whole."))
        )
    if len(found.events) > EVENTS:
        raise NoCalendarError(
            _("The calendar holds more than %(count)d events. Choose one with fewer.") % {"count": EVENTS}
        )
    return found


def _line(number: int, raw: bytes, findings: list[Finding]) -> Line | None:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
        reason = _("This line is not in UTF-8. It was read as Windows-1252: check umlauts and accents.")
        findings.append(Finding(number, text.partition(":")[0].partition(";")[0][:40], "", reason))
    try:
        name, params, value = _content_line(text[:LINE]).parts()
    except ValueError:
        findings.append(Finding(number, "", text[:60], _("This line is no property of a calendar. It was left out.")))
        return None
    return Line(number, name.upper(), params, value)
