"""Words for times of sessions, and for what a calendar of others says: `{% load calendars %}`."""

import datetime
import zoneinfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from exchange.calendars import Slot
from exchange.models import Session

register = template.Library()


@register.filter
def said(value: str | Slot) -> str:
    """A value of a calendar: words, or when a session takes place."""
    if isinstance(value, str):
        return value or gettext("(empty)")
    day = date_format(value.day, "DATE_FORMAT")
    if value.starts_at is None:
        return gettext("%(day)s, no time of day") % {"day": day}
    zone = zoneinfo.ZoneInfo(value.zone)
    clocks = [date_format(at.astimezone(zone), "TIME_FORMAT") for at in (value.starts_at, value.ends_at) if at]
    return f"{day}, {' – '.join(clocks)} ({value.zone})"


@register.filter
def part_name(part: str) -> str:
    """What a value of a calendar is called."""
    names = {"title": gettext("Title"), "summary": gettext("In short"), "slot": gettext("When")}
    return names.get(part) or gettext("Address of the meeting")


@register.filter
def as_date(text: str) -> datetime.date:
    """A day as JSON keeps it."""
    return datetime.date.fromisoformat(text)


@register.filter
def in_berlin(session: Session) -> str:
    """The time of a session by the portal's own clock (Europe/Berlin), with its day; empty where the clock at the place
    shows the same, or no time is known."""
    if session.starts_at is None:
        return ""
    here = timezone.get_default_timezone()
    if session.starts_at.astimezone(here).utcoffset() == session.starts_at.astimezone(session.zone_info).utcoffset():
        return ""
    begins = session.starts_at.astimezone(here)
    clocks = [date_format(at.astimezone(here), "TIME_FORMAT") for at in (begins, session.ends_at) if at]
    return f"{date_format(begins, 'l')}, {date_format(begins, 'DATE_FORMAT')}, {' – '.join(clocks)}"
