"""The dates of a call in order, for its page and its calendar file."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

import icalendar
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Call
from applications.models.call import LAST_SECOND

REMINDERS = (datetime.timedelta(days=14), datetime.timedelta(days=2))


class Phase(StrEnum):
    """Where a date lies: the latest of those past is `now`."""

    PAST = "past"
    NOW = "now"
    FUTURE = "future"


@dataclass(frozen=True)
class Milestone:
    """One date of a call: the name of its field, its label, and the moment."""

    name: str
    label: str
    at: datetime.datetime
    phase: Phase


LABELS: dict[str, Promise] = {
    "opens_at": gettext_lazy("The call opens"),
    "closes_at": gettext_lazy("Deadline for cities"),
    "forwards_at": gettext_lazy("The coordination forwards"),
    "decides_at": gettext_lazy("Decision expected"),
}


def milestones(call: Call) -> list[Milestone]:
    """The dates a call has, in order."""
    now = timezone.now()
    dates = [(name, at) for name in LABELS if (at := getattr(call, name)) is not None]
    passed = [name for name, at in dates if at + LAST_SECOND <= now]
    phases = dict.fromkeys(passed, Phase.PAST) | dict.fromkeys(passed[-1:], Phase.NOW)
    return [Milestone(name, str(LABELS[name]), at, phases.get(name, Phase.FUTURE)) for name, at in dates]


def calendar_file(call: Call, address: str) -> bytes:
    """The dates of a call as an iCalendar file; the cities' deadline reminds 14 and 2 days before. `address` is the
    call's page. The moments stand in UTC, which every calendar shows in its owner's zone."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//City Networks//Calls//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", call.title)
    for milestone in milestones(call):
        event = icalendar.Event()
        event.add("uid", f"call-{call.pk}-{milestone.name}@{address.split('/')[2]}")
        event.add("dtstamp", timezone.now())
        event.add("dtstart", milestone.at.astimezone(datetime.UTC))
        event.add("summary", f"{milestone.label}: {call.title}")
        event.add("url", address)
        if milestone.name == "closes_at":
            for before in REMINDERS:
                alarm = icalendar.Alarm()
                alarm.add("action", "DISPLAY")
                alarm.add("description", _("The deadline is near: %(call)s") % {"call": call.title})
                alarm.add("trigger", -before)
                event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
