"""The next round of a call: its dates moved by the distance of rounds, its title with the next year or number."""

import calendar
import datetime
import re
import zoneinfo

MONTHS_OF_A_YEAR = 12
DAYS_OF_A_MONTH = 30.4375
YEAR = re.compile(r"\b(20\d\d)\b")
LAST_NUMBER = re.compile(r"\b(\d{1,3})(?=\D*$)")


def months_between(earlier: datetime.datetime, later: datetime.datetime) -> int:
    """How many months lie between two rounds, at least one."""
    return max(1, round((later - earlier).days / DAYS_OF_A_MONTH))


def months_on(moment: datetime.datetime, months: int, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """The same day and time of day, by the clocks of the zone, so many months later; the last of a shorter month."""
    local = moment.astimezone(zone)
    year, month = divmod(local.year * MONTHS_OF_A_YEAR + local.month - 1 + months, MONTHS_OF_A_YEAR)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)


def next_title(title: str, months: int, year: int) -> str:
    """The title with its years moved on; else with the last number in it counted on; else with the year added."""
    years = max(1, round(months / MONTHS_OF_A_YEAR))
    if YEAR.search(title):
        return YEAR.sub(lambda found: str(int(found[1]) + years), title)
    if LAST_NUMBER.search(title):
        return LAST_NUMBER.sub(lambda found: str(int(found[1]) + 1), title)
    return f"{title} {year}" if title else ""
