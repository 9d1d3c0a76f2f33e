"""Sessions for calendars and for search engines."""

import datetime
from collections.abc import Iterable
from typing import Any

import icalendar

from exchange.models import Session


def calendar_file(sessions: Iterable[Session], site: str, *, name: str = "") -> bytes:
    """iCalendar (RFC 5545) of sessions; `site` is the portal's own address. A time stands in the zone of the place;
    where only the day is known, the entry lasts all day. One that is cancelled says so."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//City Networks//Sessions//EN")
    calendar.add("version", "2.0")
    if name:
        calendar.add("x-wr-calname", name)
    days = []
    for session in sessions:
        calendar.add_component(_event(session, site))
        days.append(session.day)
    if days:
        calendar.add_missing_timezones(min(days), max(days) + datetime.timedelta(days=1))
    return bytes(calendar.to_ical())


def _event(session: Session, site: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"session-{session.slug}@{site.split('/')[2]}")
    assert session.published_at is not None, "only published sessions have a page"
    event.add("dtstamp", (session.changed_at or session.published_at).astimezone(datetime.UTC))
    if session.starts_at is None:
        event.add("dtstart", session.day)
        event.add("dtend", session.day + datetime.timedelta(days=1))
    else:
        event.add("dtstart", session.starts_at.astimezone(session.zone_info))
        if session.ends_at:
            event.add("dtend", session.ends_at.astimezone(session.zone_info))
    event.add("summary", session.title)
    event.add("description", session.summary)
    event.add("url", site + session.get_absolute_url())
    if session.cancelled_at:
        event.add("status", "CANCELLED")
    return event


def json_ld(session: Session) -> dict[str, Any]:
    """The session for search engines (schema.org)."""
    starts = session.starts_at.astimezone(session.zone_info) if session.starts_at else session.day
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": session.title,
        "description": session.summary,
        "startDate": starts.isoformat(),
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "organizer": {"@type": "Organization", "name": session.hosts},
    }
    if session.ends_at:
        data["endDate"] = session.ends_at.astimezone(session.zone_info).isoformat()
    if session.cancelled_at:
        data["eventStatus"] = "https://schema.org/EventCancelled"
    return data
