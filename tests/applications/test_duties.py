"""What the daily job does for applications: over a whole year, over lost days and both changes of the clock."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from applications.models import Application, Event
from applications.workflow import State
from network import daily
from network.models import Letter
from tests.factories import a_city
from tests.factories_applications import a_call, an_application, an_editor, let_time_pass

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
DAY = datetime.timedelta(days=1)
OURS = {"deadlines of applications", "applications about to lapse", "applications that lapse", "who was at work"}


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def a_draft(closes: str, *, opens: str = "2026-01-01 09:00") -> Application:
    """A draft of a call with these dates, begun when it opened."""
    call = a_call()
    application = an_application(call=call)
    let_time_pass(opens_at=at(opens), closes_at=at(closes), published_at=at(opens))
    call.refresh_from_db()
    Application.objects.filter(pk=application.pk).update(started_at=at(opens))
    return application


def run_days(first: str, last: str, *, lost: tuple[str, ...] = (), hour: int = 6) -> None:
    """The daily job on each morning by the clock in Berlin, but for the lost days."""
    day = datetime.date.fromisoformat(first)
    while day <= datetime.date.fromisoformat(last):
        if day.isoformat() not in lost:
            daily.run(datetime.datetime.combine(day, datetime.time(hour), BERLIN))
        day += DAY


def posted(kind: str) -> list[str]:
    """The days left that the letters of this kind name, in the order of writing."""
    return [key.split(":")[-2] for key in Letter.objects.filter(kind=kind).order_by("pk").values_list("key", flat=True)]


@pytest.mark.parametrize(
    ("closes", "first", "last"),
    [
        ("2026-03-31 23:59:59", "2026-02-20", "2026-04-02"),  # summer time begins on 29 March
        ("2026-10-31 23:59:59", "2026-09-20", "2026-11-02"),  # and ends on 25 October
    ],
)
def test_a_draft_over_a_change_of_the_clock_then_each_reminder_once(closes, first, last):
    a_draft(closes)
    run_days(first, last)
    assert posted("application_deadline") == ["30", "14", "7", "3", "1"]


def test_two_lost_days_then_what_was_missed_is_sent_once_and_nothing_twice():
    a_draft("2026-06-30 23:59:59")
    run_days("2026-05-25", "2026-07-01", lost=("2026-06-24", "2026-06-25"))
    assert posted("application_deadline") == ["30", "14", "7", "3", "1"]


def test_many_lost_days_then_only_the_latest_reminder_comes():
    a_draft("2026-06-30 23:59:59")
    run_days("2026-05-20", "2026-05-25")
    run_days("2026-06-28", "2026-06-28")
    assert posted("application_deadline") == ["3"]


def test_the_job_ten_times_a_day_then_still_each_reminder_once():
    a_draft("2026-06-30 23:59:59")
    for day in ("2026-06-23", "2026-06-24"):
        for hour in (1, 6, 9, 12, 18, 23):
            run_days(day, day, hour=hour)
    assert posted("application_deadline") == ["7"]


def test_begun_shortly_before_the_deadline_then_no_reminder_for_days_before_that():
    application = a_draft("2026-06-30 23:59:59")
    Application.objects.filter(pk=application.pk).update(started_at=at("2026-06-26 10:00"))
    run_days("2026-05-25", "2026-07-01")
    assert posted("application_deadline") == ["3", "1"]


def test_deadline_moved_then_the_new_one_has_reminders_of_its_own():
    a_draft("2026-06-30 23:59:59")
    run_days("2026-06-01", "2026-06-28")
    let_time_pass(closes_at=at("2026-07-31 23:59:59"))
    run_days("2026-06-29", "2026-08-01")
    assert posted("application_deadline") == ["30", "14", "7", "3", "30", "14", "7", "3", "1"]


def test_everybody_in_the_team_is_reminded_and_nobody_else():
    application = a_draft("2026-06-30 23:59:59")
    editor = an_editor(application.city)
    an_editor(a_city("beispielhausen"))
    run_days("2026-06-24", "2026-06-24")
    readers = set(Letter.objects.filter(kind="application_deadline").values_list("to", flat=True))
    assert readers == {editor.pk, application.started_by_id}


@pytest.mark.parametrize("state", [State.SUBMITTED, State.WITHDRAWN, State.IN_REVIEW])
def test_what_is_no_draft_then_nobody_is_reminded(state):
    application = an_application(state)
    closes = application.call.closes_at
    daily.run(closes - 8 * DAY)
    daily.run(closes - 2 * DAY)
    assert posted("application_deadline") == []


def test_a_returned_application_then_three_warnings_and_it_lapses_after_its_last_second():
    application = an_application(State.RETURNED)
    due = at("2027-03-31 12:00")
    Application.objects.filter(pk=application.pk).update(returned_until=due, started_at=at("2026-12-01 12:00"))
    day = due - 20 * DAY
    while day <= due:
        daily.run(day)
        day += DAY
    assert posted("application_lapsing") == ["14", "7", "1"]
    application.refresh_from_db()
    assert application.state == State.RETURNED
    daily.run(due + datetime.timedelta(seconds=1))
    application.refresh_from_db()
    assert application.state == State.LAPSED
    event = application.events.latest("sequence")
    assert (event.kind, event.actor, event.role) == (Event.Kind.LAPSE, None, "portal")
    assert Letter.objects.filter(kind="application_moved", key__startswith=f"event:{event.pk}:").exists()


def test_a_draft_after_its_deadline_then_it_stays_for_a_month_and_lapses_once():
    application = a_draft("2026-06-30 23:59:59")
    run_days("2026-06-30", "2026-07-30")
    application.refresh_from_db()
    assert application.state == State.DRAFT
    run_days("2026-07-31", "2026-08-03")
    application.refresh_from_db()
    assert application.state == State.LAPSED
    assert application.events.filter(kind=Event.Kind.LAPSE).count() == 1
    assert posted("application_lapsing") == ["14", "7", "1"]


def test_our_duties_are_known_to_the_daily_job():
    assert {one.duty for one in daily.run(at("2026-06-01 06:00")) or []} >= OURS
