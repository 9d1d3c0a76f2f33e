"""Moments as people read them: weekday, day, time, and always the zone of the call."""

import datetime
import zoneinfo
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

# What the time zone database calls zones of Europe; in German they have names of their own.
ZONES: dict[str, Promise] = {
    "CET": gettext_lazy("CET"),
    "CEST": gettext_lazy("CEST"),
    "GMT": gettext_lazy("GMT"),
    "BST": gettext_lazy("BST"),
    "UTC": gettext_lazy("UTC"),
    "EET": gettext_lazy("EET"),
    "EEST": gettext_lazy("EEST"),
    "WET": gettext_lazy("WET"),
    "WEST": gettext_lazy("WEST"),
}
ATTENTION_DAYS, URGENT_DAYS = 14, 3


def in_words(moment: datetime.datetime, zone: zoneinfo.ZoneInfo) -> str:
    """For example "Friday, 15 January 2027, 23:59 (CET)"; the zone's own name where it has no usual abbreviation."""
    return _in_words(moment, zone, get_language())


@lru_cache(maxsize=1024)
def _in_words(moment: datetime.datetime, zone: zoneinfo.ZoneInfo, _language: str | None) -> str:
    """Kept: the rows of a list have few deadlines, and writing one takes as long as the rest of a row."""
    local = moment.astimezone(zone)
    return _("%(day)s, %(time)s (%(zone)s)") % {
        "day": date_format(local, pgettext("format of a day with its weekday", "l, j F Y")),
        "time": clock(local),
        "zone": ZONES.get(local.tzname() or "", zone.key.replace("_", " ")),
    }


def clock(local: datetime.datetime) -> str:
    """The time of day: "23:59", in German with "Uhr"."""
    return date_format(local, pgettext("format of a time of day", "H:i"))


@dataclass(frozen=True)
class Countdown:
    """How long until a deadline, by the calendar of its own zone."""

    end: datetime.datetime
    zone: zoneinfo.ZoneInfo
    now: datetime.datetime

    @cached_property
    def days(self) -> int:
        """Nights until the day of the deadline; negative where it is over."""
        return (self.end.astimezone(self.zone).date() - self.now.astimezone(self.zone).date()).days

    @property
    def is_over(self) -> bool:
        return self.now >= self.end + datetime.timedelta(seconds=1)

    @property
    def tone(self) -> str:
        """`over`, `urgent`, `attention` or nothing."""
        if self.is_over:
            return "over"
        return "urgent" if self.days <= URGENT_DAYS else "attention" if self.days <= ATTENTION_DAYS else ""

    @property
    def sentence(self) -> str:
        """ "Today until 23:59", "12 days left", "Deadline passed"."""
        if self.is_over:
            return _("The deadline has passed.")
        if self.days == 0:
            return _("Today until %(time)s") % {"time": clock(self.end.astimezone(self.zone))}
        return ngettext("%(days)s day left", "%(days)s days left", self.days) % {"days": self.days}

    def __str__(self) -> str:
        return self.sentence


def countdown(end: datetime.datetime, zone: zoneinfo.ZoneInfo) -> Countdown:
    """From now."""
    return Countdown(end, zone, timezone.now())
