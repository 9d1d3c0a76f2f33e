"""Which time zone of the IANA database a calendar means: by its name, by Windows' name, or by its definition."""

import datetime
import zoneinfo
from functools import cache

from django.utils import timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from exchange.calendars.lines import Block

UTC_NAMES = {"utc", "etc/utc", "gmt", "z", "etc/gmt"}
STRANGE = {"localtime", "Factory", "posixrules"}

type Changes = frozenset[tuple[int, str]]  # the month of a change of the clock (0: there is none) and the offset then


def zone_named(name: str, definitions: dict[str, Block], home: str) -> str:
    """The zone; empty where neither name nor definition is understood. Of zones that fit a definition `home` is taken
    first, then one of Europe."""
    plain = name.strip().strip('"').strip("/")
    if plain.lower() in UTC_NAMES:
        return "UTC"
    parts = plain.split("/")
    ends = ["/".join(parts[at:]) for at in range(len(parts))]  # /mozilla.org/20050126_1/Europe/Berlin
    for candidate in [*ends, WINDOWS_TO_OLSON.get(plain, "")]:
        if candidate in zoneinfo.available_timezones() - STRANGE:
            return candidate
    if (definition := definitions.get(name)) is None:
        return ""
    wanted = _changes_defined(definition)
    rest = sorted(zoneinfo.available_timezones() - STRANGE, key=lambda zone: (not zone.startswith("Europe/"), zone))
    return next((zone for zone in [home, *rest] if "/" in zone and _changes_of(zone) == wanted), "")


def _changes_defined(definition: Block) -> Changes:
    """What the parts in force say: those with a rule that has no end, else the last one."""
    parts: list[Block] = []
    for line in definition.lines:
        if line.name == "BEGIN":
            parts.append(Block(line.value.upper(), line.number))
        elif parts:
            parts[-1].lines.append(line)
    parts.sort(key=lambda part: part.value("DTSTART"))
    ruled = [part for part in parts if part.value("RRULE") and "UNTIL" not in part.value("RRULE").upper()]
    in_force = ruled or parts[-1:]
    return frozenset((_month(part) if ruled else 0, part.value("TZOFFSETTO")[:5]) for part in in_force)


def _month(part: Block) -> int:
    rule = dict(piece.partition("=")[::2] for piece in part.value("RRULE").upper().split(";"))
    month = rule.get("BYMONTH", "") or part.value("DTSTART")[4:6]
    return int(month) if month.isascii() and month.isdecimal() else 0


@cache
def _changes_of(zone: str) -> Changes:
    """This year's changes in a zone, from the offsets on the first days of its months."""
    there = zoneinfo.ZoneInfo(zone)
    year = timezone.now().year
    firsts = [datetime.datetime(year + month // 12, month % 12 + 1, 1, 12, tzinfo=there) for month in range(13)]
    offsets = [f"{first:%z}"[:5] for first in firsts]
    changes = frozenset((at + 1, offsets[at + 1]) for at in range(12) if offsets[at] != offsets[at + 1])
    return changes or frozenset({(0, offsets[0])})
