"""The events of a calendar as entries: each occurrence of a series by itself, in its time zone, within bounds."""

import datetime
import hashlib
import zoneinfo
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from exchange.calendars import texts
from exchange.calendars.lines import Block, Finding, NoCalendarError, scan
from exchange.calendars.rules import RuleError, by_clock_of, starts_of
from exchange.calendars.times import BadTimeError, Times, When

AROUND = datetime.timedelta(days=3 * 366)  # single events further away are left out
AROUND_SERIES = datetime.timedelta(days=366)
OCCURRENCES, SERIES, ENTRIES = 100, 200, 500
HIDDEN = {"PRIVATE", "CONFIDENTIAL"}

type Values = dict[str, Any]


class Slot(NamedTuple):
    """When a session takes place; without a time of day there is neither an end nor a zone."""

    day: datetime.date
    starts_at: datetime.datetime | None = None
    ends_at: datetime.datetime | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One session as the calendar tells it. `key` finds it again: the event and, in a series, the day it was meant for.
    `values` are title, summary (may be empty), slot and link."""

    key: str
    line: int
    sequence: int
    is_cancelled: bool
    series: str
    values: Values


@dataclass(slots=True)
class Reading:
    """What was read: entries in the order of time, findings in that of the lines, and how many were left out."""

    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    far: int = 0
    hidden: int = 0


def read(content: bytes, *, zone: str, today: datetime.date) -> Reading:
    """All entries around today; `zone` is that of times without one. What cannot be read is a finding, and the rest is
    read all the same. Raises NoCalendarError where it is too much."""
    lines = scan(content)
    reading = Reading(findings=lines.findings)
    times = Times(lines.zones, zone, lines.own.value("X-WR-TIMEZONE"))
    groups: dict[str, list[Block]] = defaultdict(list)
    for block in lines.events:
        if uid := block.value("UID").strip():
            groups[uid].append(block)
        else:
            reading.findings.append(
                Finding(block.number, "UID", "", _("This event has no UID. It cannot be found again."))
            )
    if sum(any(block.first("RRULE") for block in blocks) for blocks in groups.values()) > SERIES:
        raise NoCalendarError(_("The calendar holds more than %(count)d series.") % {"count": SERIES})
    for uid, blocks in groups.items():
        reading.entries += _Event(uid, blocks, times, reading, today).entries()
        if len(reading.entries) > ENTRIES:
            sentence = _("The calendar holds more than %(count)d sessions. Choose one with fewer.")
            raise NoCalendarError(sentence % {"count": ENTRIES})
    reading.entries.sort(key=lambda entry: (entry.values["slot"].day, entry.line, entry.key))
    reading.findings.sort()
    return reading


class _Event:
    """All blocks of one UID: the event itself, and what differs on single days of its series."""

    def __init__(self, uid: str, blocks: list[Block], times: Times, reading: Reading, today: datetime.date) -> None:
        self.uid, self.times, self.reading, self.today = uid, times, reading, today
        self.master: Block | None = None
        self.others: dict[datetime.date, Block] = {}
        for block in sorted(blocks, key=lambda block: (block.first("RECURRENCE-ID") is not None, _version(block))):
            self._place(block)

    def _place(self, block: Block) -> None:
        """Where a block belongs; of two with the same place the newer one counts."""
        day = block.first("RECURRENCE-ID")
        if day is None:
            if self.master is not None:
                sentence = _("The calendar holds a newer version of this event. This one was left out.")
                self._find(self.master, "UID", sentence)
            self.master = block
        elif day.params.get("RANGE"):
            self._find(
                block, "RECURRENCE-ID", _("A change of all later days of a series cannot be read. It was left out.")
            )
        else:
            try:
                self.others[self._day_meant(block, self.times.when(day))] = block
            except BadTimeError as problem:
                self._find(block, "RECURRENCE-ID", str(problem))

    def _day_meant(self, block: Block, when: When) -> datetime.date:
        """By the clock of the series, also where it is told in UTC."""
        try:
            first = self.times.when((self.master or block).first("DTSTART"))
        except BadTimeError:  # a finding once its entries are read
            return when.local.date()
        return by_clock_of(first, when).date()

    def _find(self, block: Block, part: str, reason: str) -> None:
        line = block.first(part)
        value = line.value[:60] if line else ""
        self.reading.findings.append(Finding(line.number if line else block.number, part, value, reason))

    def entries(self) -> list[Entry]:
        found = [self._entry(self.others[day], day=day) for day in sorted(self.others)]
        if self.master is not None and not self.master.first("RRULE") and not self.master.first("RDATE"):
            found.append(self._entry(self.master))
        elif self.master is not None:
            found += [self._entry(self.master, at=at, day=at.date()) for at in self._starts(self.master)]
        return [entry for entry in found if entry]

    def _starts(self, master: Block) -> Iterator[datetime.datetime]:
        """The days of the series around today that no other block is about, by the clock of its zone."""
        try:
            first = self.times.when(master.first("DTSTART"))
            starts = starts_of(master, first, self.times, until=self.today + AROUND_SERIES)
        except BadTimeError as problem:
            self._find(master, "DTSTART", str(problem))
            return
        except RuleError as problem:
            self._find(master, "RRULE", str(problem))
            return
        begin = self.today - AROUND_SERIES
        near = (at for at in starts if at.date() >= begin and at.date() not in self.others)
        yield from islice(near, OCCURRENCES)
        if next(near, None):
            sentence = _("This series has more than %(count)d sessions within a year. Only the first ones were read.")
            self._find(master, "RRULE", sentence % {"count": OCCURRENCES})

    def _entry(
        self, block: Block, *, at: datetime.datetime | None = None, day: datetime.date | None = None
    ) -> Entry | None:
        """One session: of a single event, of a day of a series (`at`), or of a day that differs (`day` alone)."""
        if (self._said(block, "CLASS") or "PUBLIC").upper() in HIDDEN:
            self.reading.hidden += 1
            return None
        try:
            first = self.times.when(block.first("DTSTART"))
            slot = self._slot(block, first, When(at, first.zone, is_day=first.is_day) if at else first)
        except BadTimeError as problem:
            self._find(block, problem.part, str(problem))
            return None
        if not self.today - AROUND <= slot.day <= self.today + AROUND:
            self.reading.far += 1
            return None
        title = texts.title(self._said(block, "SUMMARY"))
        if not title:
            self._find(block, "SUMMARY", _("This event has no title."))
            return None
        names = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "LOCATION")
        values = {
            "title": title,
            "summary": texts.summary(self._said(block, "DESCRIPTION")),
            "slot": slot,
            "link": texts.meeting_address(*(self._said(block, name) for name in names)),
        }
        key = hashlib.sha256(f"{self.uid}\0{day or ''}".encode()).hexdigest()
        series = hashlib.sha256(self.uid.encode()).hexdigest()[:40] if day else ""
        is_cancelled = block.value("STATUS").strip().upper() == "CANCELLED"
        return Entry(key, block.number, _version(block)[0], is_cancelled, series, values)

    def _said(self, block: Block, name: str) -> str:
        """A property; where a day that differs says nothing, what the series says."""
        return block.value(name) or (self.master.value(name) if self.master else "")

    def _slot(self, block: Block, first: When, start: When) -> Slot:
        if start.is_day:
            return Slot(start.local.date())
        length = self.times.length(block, first)
        begins = start.moment
        zone = self.times.home if start.zone == "UTC" else start.zone
        day = begins.astimezone(zoneinfo.ZoneInfo(zone)).date()
        return Slot(day, begins, begins + length if length else None, zone)


def _version(block: Block) -> tuple[int, str]:
    number = block.value("SEQUENCE").strip()
    return (int(number) if number.isascii() and number.isdecimal() and len(number) < 8 else 0, block.value("DTSTAMP"))
