"""Deadlines to the second, in the zone of the call."""

import datetime

import pytest
from django.utils import timezone
from django.utils.translation import override

from applications.actions import MoveNotAllowedError
from applications.actions.moving import allow_late, submit
from applications.models import Submission
from tests.applications.submitting import BERLIN, KIRITIMATI, NEW_YORK, a_complete_draft, moment, page, seen, text_of
from tests.factories import a_city
from tests.factories_applications import (
    a_coordinator,
    a_lead,
    an_application,
    complete,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("zone", "day", "utc"),
    [
        (BERLIN, "2027-01-15", "22:59:59"),  # winter time
        (BERLIN, "2027-07-15", "21:59:59"),  # summer time
        (BERLIN, "2027-03-27", "22:59:59"),  # the night before the clocks go forward
        (BERLIN, "2027-03-28", "21:59:59"),  # the day they went
        (BERLIN, "2027-10-30", "21:59:59"),  # the night before they go back
        (BERLIN, "2027-10-31", "22:59:59"),
        (NEW_YORK, "2027-01-15", "04:59:59"),
        (NEW_YORK, "2027-07-15", "03:59:59"),
        (KIRITIMATI, "2027-07-15", "09:59:59"),
        ("UTC", "2027-07-15", "23:59:59"),
    ],
)
def test_deadline_then_the_last_second_counts_and_the_next_one_does_not(monkeypatch, zone, day, utc):
    closes = moment(day, "23:59:59", zone)
    assert f"{closes.astimezone(datetime.UTC):%H:%M:%S}" == utc
    application = a_complete_draft(closes_at=closes, zone=zone)
    lead, checked = a_lead(application.city), seen(application)
    second = datetime.timedelta(seconds=1)
    for now in (closes + second, closes + datetime.timedelta(hours=1), closes + 2 * second):
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        with override("en"), pytest.raises(MoveNotAllowedError, match="The deadline has passed"):
            submit(application, by=lead, seen=checked)
    assert Submission.objects.count() == 0
    last = closes + second - datetime.timedelta(microseconds=1)
    monkeypatch.setattr(timezone, "now", lambda: last)
    assert submit(application, by=lead, seen=checked).submitted_at == last


def test_deadline_when_the_call_has_not_opened_then_nothing_is_submitted(monkeypatch):
    application = a_complete_draft()
    before = application.call.opens_at - datetime.timedelta(microseconds=1)
    monkeypatch.setattr(timezone, "now", lambda: before)
    with pytest.raises(MoveNotAllowedError):
        submit(application, by=a_lead(application.city), seen=seen(application))


def test_deadline_when_more_time_was_granted_then_only_to_this_city_and_to_its_second(monkeypatch):
    closes = moment("2027-03-27", "23:59:59", BERLIN)
    application = a_complete_draft(closes_at=closes)
    other = an_application(call=application.call, city=a_city("fern"))
    complete(other, by=a_lead(other.city))
    until = moment("2027-03-28", "03:00:00", BERLIN)  # two o'clock does not exist that night
    monkeypatch.setattr(timezone, "now", lambda: closes + datetime.timedelta(minutes=1))
    allow_late(application, until=until, note="Strom weg.", by=a_coordinator(application.call.network))
    monkeypatch.setattr(timezone, "now", lambda: until + datetime.timedelta(milliseconds=999))
    with pytest.raises(MoveNotAllowedError):
        submit(other, by=a_lead(other.city), seen=seen(other))
    monkeypatch.setattr(timezone, "now", lambda: until + datetime.timedelta(seconds=1))
    with pytest.raises(MoveNotAllowedError):
        submit(application, by=a_lead(application.city), seen=seen(application))
    monkeypatch.setattr(timezone, "now", lambda: until + datetime.timedelta(milliseconds=999))
    assert submit(application, by=a_lead(application.city), seen=seen(application)).number == 1


def test_deadline_when_it_has_passed_then_the_page_says_so_and_has_no_button(client, monkeypatch):
    application = a_complete_draft(days=0.01)
    late = application.call.closes_at + datetime.timedelta(seconds=1)
    client.force_login(a_lead(application.city))
    monkeypatch.setattr(timezone, "now", lambda: late)
    words = text_of(page(client, "check", application))
    assert "The deadline has passed. Nothing is lost" in words
    assert "Submit for Musterstadt" not in words
