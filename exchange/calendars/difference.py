"""What an import would do to the sessions of a programme: a value that can be counted and read; it touches nothing."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from exchange.calendars.entries import Entry, Reading, Slot, Values
from exchange.models import CalendarImport, Programme, Session


def values_of(session: Session, language: str) -> Values:
    """What the portal says where a calendar in this language would say it; a summary that is only the title is none."""
    has_time = session.starts_at is not None
    title, summary = (getattr(session, f"{name}_{language}") or "" for name in ("title", "summary"))
    return {
        "title": title,
        "summary": "" if summary == title else summary,
        "slot": Slot(session.day, session.starts_at, session.ends_at, session.zone if has_time else ""),
        "link": session.link,
    }


def stored(value: str | Slot) -> Any:
    """A value as JSON keeps it, the same for the same moment in whatever zone."""
    if not isinstance(value, Slot):
        return value
    moments = [at and at.astimezone(datetime.UTC).isoformat() for at in (value.starts_at, value.ends_at)]
    return [value.day.isoformat(), *moments, value.zone]


@dataclass(frozen=True, slots=True)
class Change:
    """One value that the calendar has otherwise. `name` finds it in a form."""

    session: Session
    entry: Entry
    part: str
    old: str | Slot
    new: str | Slot

    @property
    def name(self) -> str:
        return f"{self.session.pk}-{self.part}"


@dataclass(slots=True)
class Difference:
    """What would be new, changed, cancelled; what stays although the calendar says otherwise; what is the same."""

    new: list[Entry] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    edited: list[Change] = field(default_factory=list)  # changed by hand, and in the calendar as well: somebody chooses
    cancelled: list[Session] = field(default_factory=list)
    revived: list[Session] = field(default_factory=list)  # cancelled here, not so in the calendar: stays cancelled
    missing: list[Session] = field(default_factory=list)  # still to come, and no longer in the calendar: stays
    elsewhere: list[tuple[Entry, Programme | None]] = field(
        default_factory=list
    )  # in another programme, or none: stays
    unchanged: int = 0
    off: int = 0  # cancelled in the calendar before they were ever taken over

    @property
    def changes_nothing(self) -> bool:
        """Whether a confirmation would write nothing."""
        return not (self.new or self.changes or self.edited or self.cancelled)


def compare(reading: Reading, source: CalendarImport, today: datetime.date) -> Difference:
    """The entries against the sessions of the programme; one that is in another programme stays as it is there. Two
    queries."""
    difference = Difference()
    told = {entry.key: entry for entry in reading.entries}
    rows = Session.objects.exclude(calendar_key="").order_by("day", "pk")
    known = {session.calendar_key: session for session in rows.filter(programme=source.programme_id)}
    others = rows.filter(calendar_key__in=told.keys() - known.keys()).select_related("programme")
    elsewhere = {session.calendar_key: session.programme for session in others}
    for key, entry in told.items():
        if key in known:
            _compare_one(difference, entry, known[key], source.language)
        elif key in elsewhere:
            difference.elsewhere.append((entry, elsewhere[key]))
        elif entry.is_cancelled:
            difference.off += 1
        else:
            difference.new.append(entry)
    origin = source.address or source.name
    difference.missing = [
        session for key, session in known.items()
        if key not in told and session.day >= today and not session.cancelled_at
        and session.imported.get("from") == origin
    ]  # fmt: skip
    return difference


def _compare_one(difference: Difference, entry: Entry, session: Session, language: str) -> None:
    """Against what the calendar said the last time: what it has changed since comes in, unless people have changed it
    here as well; what only people have changed stays. An older version of the entry changes nothing."""
    if entry.sequence < session.imported.get("sequence", 0):
        difference.unchanged += 1
        return
    if entry.is_cancelled != bool(session.cancelled_at):
        (difference.cancelled if entry.is_cancelled else difference.revived).append(session)
        if entry.is_cancelled:
            return
    found = 0
    now = values_of(session, language)
    for part, new in entry.values.items():
        before = session.imported.get(part)
        if stored(new) in (before, stored(now[part])):
            continue
        change = Change(session, entry, part, now[part], new)
        (difference.changes if stored(now[part]) == before else difference.edited).append(change)
        found += 1
    difference.unchanged += not found
