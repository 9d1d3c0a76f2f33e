"""Repeating events (RRULE, RDATE, EXDATE) by the day: the clock of their zone stays, also over a change of the clocks.

Every count has an end, also of a rule that never comes true: days are looked at one by one, up to the last one wanted.
Rules by hours, minutes, weeks of the year and days of the year are refused.
"""

import calendar
import datetime
import re
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

from django.utils.translation import gettext as _

from exchange.calendars.lines import Block
from exchange.calendars.times import FIRST, LAST, Times, When, parsed

YEARS = 15  # a series that began earlier is not counted through
LONGEST = 300  # characters
PIECE = re.compile(r"[A-Z]+=[A-Z0-9,+-]+")
DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
WEEK = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
ONE = datetime.timedelta(days=1)


class RuleError(Exception):
    """A rule that is not followed; the text is for the reader."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a RRULE says, as far as it is about days (RFC 5545, 3.3.10)."""

    every: str  # DAILY, WEEKLY, MONTHLY, YEARLY
    interval: int
    count: int | None
    months: frozenset[int]
    month_days: frozenset[int]  # negative: from the end of the month
    weekdays: frozenset[tuple[int, int]]  # which one of the month or year (0: each), and the day from Monday 0
    places: tuple[int, ...]  # BYSETPOS
    week_starts: int

    def days(self, first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
        """The days from the first one on, in order; `count` is the caller's."""
        for period in takewhile(lambda days: days[0] <= last, self._periods(first)):
            days = [day for day in period if self._fits(day, first)]
            if self.places:
                there = (place - 1 if place > 0 else place for place in self.places)
                days = sorted({days[at] for at in there if -len(days) <= at < len(days)})
            yield from (day for day in days if first <= day <= last)

    def ever_comes(self, first: datetime.date) -> bool:
        """Whether it has a day at all; longer than for a 29 February nobody needs to look."""
        return any(True for _day in self.days(first, first + ONE * 366 * (YEARS + 2)))

    def _periods(self, first: datetime.date) -> Iterator[list[datetime.date]]:
        """All days of each day, week, month or year that counts."""
        monday = first - ONE * ((first.weekday() - self.week_starts) % 7)
        for number in range(0, 366 * (YEARS + 3), self.interval):
            year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
            if self.every == "DAILY":
                yield [first + ONE * number]
            elif self.every == "WEEKLY":
                yield [monday + ONE * (7 * number + day) for day in range(7)]
            elif self.every == "MONTHLY":
                yield _days_of(year, month + 1)
            else:
                yield [day for month in range(1, 13) for day in _days_of(first.year + number, month)]

    def _fits(self, day: datetime.date, first: datetime.date) -> bool:
        if self.months and day.month not in self.months:
            return False
        length = calendar.monthrange(day.year, day.month)[1]
        if self.month_days and not {day.day, day.day - length - 1} & self.month_days:
            return False
        if self.weekdays:
            return any(wanted == day.weekday() and which in self._ranks(day) for which, wanted in self.weekdays)
        if self.month_days or self.every == "DAILY":
            return True
        if self.every == "WEEKLY":
            return day.weekday() == first.weekday()
        return day.day == first.day and (self.every == "MONTHLY" or bool(self.months) or day.month == first.month)

    def _ranks(self, day: datetime.date) -> set[int]:
        """0, and which one of its weekday it is, counted from either end."""
        if self.every in {"DAILY", "WEEKLY"}:
            return {0}
        if self.every == "YEARLY" and not self.months:
            place, length = day.timetuple().tm_yday, 366 if calendar.isleap(day.year) else 365
        else:
            place, length = day.day, calendar.monthrange(day.year, day.month)[1]
        return {0, (place - 1) // 7 + 1, -((length - place) // 7 + 1)}


def _days_of(year: int, month: int) -> list[datetime.date]:
    return [datetime.date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1)]


def read_rule(text: str) -> Rule:
    """Raises RuleError for what is no rule by days."""
    pieces = [piece for piece in text.strip().upper().split(";") if piece]
    parts = dict(piece.partition("=")[::2] for piece in pieces)
    parts.pop("UNTIL", None)
    if len(text) > LONGEST or not all(PIECE.fullmatch(piece) for piece in pieces):
        raise _unreadable()
    try:
        rule = Rule(
            every={each: each for each in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")}[parts.pop("FREQ")],
            interval=_number(parts.pop("INTERVAL", "1"), 1, 1000),
            count=_number(parts.pop("COUNT"), 1, 1_000_000) if "COUNT" in parts else None,
            months=frozenset(_numbers(parts.pop("BYMONTH", ""), 12)),
            month_days=frozenset(_numbers(parts.pop("BYMONTHDAY", ""), 31, negative=True)),
            weekdays=frozenset(map(_weekday, filter(None, parts.pop("BYDAY", "").split(",")))),
            places=tuple(_numbers(parts.pop("BYSETPOS", ""), 366, negative=True)),
            week_starts=WEEK.index(parts.pop("WKST", "MO")),
        )
    except (KeyError, ValueError):
        raise _unreadable() from None
    by_ranks = any(which for which, _day in rule.weekdays) and rule.every in {"DAILY", "WEEKLY"}
    if parts or by_ranks or (rule.month_days and rule.every == "WEEKLY"):  # forbidden by RFC 5545
        raise _unreadable()
    return rule


def _unreadable() -> RuleError:
    return RuleError(_("This rule cannot be read. Rules of days, weeks, months and years can."))


def _number(text: str, least: int, most: int) -> int:
    number = int(text)
    if not least <= abs(number) <= most or (least > 0 > number):
        raise ValueError(text)
    return number


def _numbers(text: str, most: int, *, negative: bool = False) -> list[int]:
    numbers = [_number(piece, 0 if negative else 1, most) for piece in text.split(",") if piece]
    if 0 in numbers:
        raise ValueError(text)
    return numbers


def _weekday(text: str) -> tuple[int, int]:
    found = DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return int(found[1] or 0), WEEK.index(found[2])


def starts_of(master: Block, first: When, times: Times, *, until: datetime.date) -> list[datetime.datetime]:
    """When a series begins, by the clock of its zone, up to and including a day; at most once a day. Raises RuleError
    and BadTimeError."""
    if first.local.year < until.year - YEARS:
        raise RuleError(_("This series began more than %(count)d years ago.") % {"count": YEARS})
    found = {first.local.date(): first.local}
    if line := master.first("RRULE"):
        rule, last = read_rule(line.value), _until(line.value, first)
        days = rule.days(first.local.date(), min(until, last.date()))
        ruled = (datetime.datetime.combine(day, first.local.time()) for day in islice(days, rule.count))
        found = {at.date(): at for at in ruled if at <= last}
        if not found and not rule.ever_comes(first.local.date()):
            raise RuleError(_("No day ever fits this rule."))
    for when in _listed(master, "RDATE", times):
        at = by_clock_of(first, when)
        if at.date() <= until:
            found.setdefault(at.date(), at)
    for when in _listed(master, "EXDATE", times):
        found.pop(by_clock_of(first, when).date(), None)
    return sorted(found.values())


def _until(text: str, first: When) -> datetime.datetime:
    """The end of a rule by the clock of the series; the last moment of all where it names none."""
    given = re.search(r"UNTIL=([0-9TZ]+)", text.upper())
    if given is None:
        return datetime.datetime(9999, 12, 31)  # noqa: DTZ001 - a clock without its zone
    try:
        value = parsed(given[1])
    except ValueError:
        raise _unreadable() from None
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None or first.is_day or not FIRST <= value.year <= LAST:  # `99991231T235959Z`: no end
            return value.replace(tzinfo=None)
        return value.astimezone(zoneinfo.ZoneInfo(first.zone)).replace(tzinfo=None)
    if not isinstance(value, datetime.date):
        raise _unreadable()
    return datetime.datetime.combine(value, datetime.time.max)


def _listed(master: Block, name: str, times: Times) -> Iterator[When]:
    for line in master.lines:
        if line.name == name:
            yield from (times.read(line, text) for text in line.value.split(",")[:1000] if text.strip())


def by_clock_of(first: When, when: When) -> datetime.datetime:
    """By the clock of the series; a whole day stands for the series' own time on it."""
    if when.is_day or first.is_day:
        return datetime.datetime.combine(when.local.date(), first.local.time())
    return when.moment.astimezone(zoneinfo.ZoneInfo(first.zone)).replace(tzinfo=None)
