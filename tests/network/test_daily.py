"""The daily job: windows without gap or overlap whatever happens, one duty's failure alone, one run at a time."""

import datetime
import threading
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.tasks import TaskResultStatus
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from network import daily, locks, service
from network.models import DailyRun, Letter
from network.outbox import post
from tests.letters import work_left
from tests.network.people import a_person
from tests.network.test_outbox import a_letter, a_report

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def duties(monkeypatch):
    """Only the duties a test registers."""
    monkeypatch.setattr(daily, "_duties", {})
    monkeypatch.setattr(daily, "_last_duties", {})


@pytest.fixture
def windows(duties):
    """What a duty that does nothing else was told."""
    seen: list[daily.Window] = []
    daily.register("watch", seen.append)
    return seen


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, *rest: int) -> datetime.datetime:
    return datetime.datetime(year, month, day, hour, minute, sum(rest), tzinfo=BERLIN)


def test_first_run_then_the_window_is_one_day(windows):
    now = at(2026, 5, 4, 6, 30)
    daily.run(now)
    assert windows == [daily.Window(since=now - daily.DAY, now=now)]


@pytest.mark.parametrize(
    ("days", "hours"),
    [
        ([(2026, 5, 4), (2026, 5, 5), (2026, 5, 6)], [24, 24, 24]),
        ([(2026, 5, 4), (2026, 5, 7)], [24, 72]),  # two days lost
        ([(2026, 3, 28), (2026, 3, 29), (2026, 3, 30)], [24, 23, 24]),  # summer time begins
        ([(2026, 10, 24), (2026, 10, 25), (2026, 10, 26)], [24, 25, 24]),  # and ends
    ],
)
def test_windows_then_they_follow_one_another_without_gap_or_overlap(windows, days, hours):
    for day in days:
        daily.run(at(*day, 6, 30))
    assert [window.now for window in windows] == [at(*day, 6, 30) for day in days]
    assert [window.since for window in windows[1:]] == [window.now for window in windows[:-1]]
    lengths = [
        (window.now.astimezone(datetime.UTC) - window.since.astimezone(datetime.UTC)) / HOUR for window in windows
    ]
    assert lengths == hours


def test_run_when_often_on_one_day_then_windows_are_short_and_nothing_is_covered_twice(windows):
    for hour in (6, 7, 12):
        daily.run(at(2026, 5, 4, hour))
    assert [(window.since, window.now) for window in windows[1:]] == [
        (at(2026, 5, 4, 6), at(2026, 5, 4, 7)),
        (at(2026, 5, 4, 7), at(2026, 5, 4, 12)),
    ]


def test_reminders_when_two_days_were_lost_then_each_is_written_once_however_often_the_job_runs(duties):
    """A duty as apps write it: seven days before a deadline."""
    erika = a_person("erika")
    deadlines = {number: at(2026, 5, 10 + number, 23, 59) for number in range(5)}
    before = datetime.timedelta(days=7)

    def remind(window):
        for number, deadline in deadlines.items():
            if window.since < deadline - before <= window.now:
                context = {"report": a_report()}
                post("barrier", to=erika, context=context, key=f"remind:{number}", urgency=Letter.Urgency.DEADLINE)

    daily.register("remind", remind)
    for moment in [at(2026, 5, 4, 6), at(2026, 5, 7, 6), at(2026, 5, 7, 6, 5), at(2026, 5, 8, 6)]:
        daily.run(moment)
    # 3 May 23:59 falls into the first run, 4 to 6 May into the late one, 7 May into the last
    assert list(DailyRun.objects.order_by("pk").values_list("letters", flat=True)) == [1, 3, 0, 1]
    assert Letter.objects.count() == 5


def test_duty_when_it_fails_then_others_are_done_and_its_next_window_reaches_back(windows, caplog):
    def broken(window):
        seen.append(window)
        a_letter("a@example.org", key="before")
        if window.now < at(2026, 5, 6):
            raise ZeroDivisionError("by nothing")

    seen: list[daily.Window] = []
    daily.register("broken", broken)
    for day in (4, 5, 6):
        daily.run(at(2026, 5, day))
    first, second, third = DailyRun.objects.filter(duty="broken").order_by("pk")
    assert (first.error, second.error, third.error) == (*["ZeroDivisionError: by nothing"] * 2, "")
    assert all(run.finished_at for run in (first, second, third))
    assert [window.since for window in seen] == [at(2026, 5, 3)] * 3
    assert [window.since for window in windows] == [at(2026, 5, day) for day in (3, 4, 5)]
    assert Letter.objects.count() == 1
    assert "The daily duty broken failed." in caplog.text


def fail(_window: daily.Window) -> None:
    raise ZeroDivisionError("by nothing")


def test_duties_then_the_last_ones_see_the_letters_of_all_others(duties):
    order = []
    daily.register("digest", lambda _window: order.append("digest"), last=True)
    daily.register("reminders", lambda _window: order.append("reminders"))
    daily.run()
    assert order == ["reminders", "digest"]
    with pytest.raises(ValueError, match="digest"):
        daily.register("digest", lambda _window: None)


def test_run_that_was_broken_off_then_it_counts_for_nothing(windows):
    daily.run(at(2026, 5, 4))
    DailyRun.objects.create(duty="watch", started_at=at(2026, 5, 5))
    daily.run(at(2026, 5, 6))
    assert windows[-1].since == at(2026, 5, 4)


@pytest.mark.django_db(transaction=True)
def test_job_when_another_process_is_at_it_then_nothing_is_done(windows, capsys):
    held, done = threading.Event(), threading.Event()

    def other():
        with locks.held("daily job") as mine:
            assert mine
            held.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    assert held.wait(10)
    assert daily.run() is None
    call_command("daily")
    assert "Another process" in capsys.readouterr().out
    done.set()
    thread.join()
    assert windows == []
    assert daily.run() is not None
    assert len(windows) == 1


def test_command_then_it_tells_what_was_done_and_fails_where_a_duty_did(duties, capsys):
    daily.register("well", lambda _window: a_letter("a@example.org"))
    call_command("daily")
    assert capsys.readouterr().out == "well: done, new letters: 1\n"
    daily.register("ill", fail)
    with pytest.raises(CommandError, match=r"again with the next run: ill$"):
        call_command("daily", verbosity=0)
    assert capsys.readouterr().out == ""


# --- the portal's own duties


def test_portal_then_its_own_duties_are_there_and_do_their_work():
    lost = a_letter("a@example.org")
    DBTaskResult.objects.all().delete()
    old = timezone.now() - datetime.timedelta(days=100)
    DailyRun.objects.create(duty="tidy", started_at=old, finished_at=old)
    for status in (TaskResultStatus.SUCCESSFUL, TaskResultStatus.READY):
        DBTaskResult.objects.create(
            args_kwargs={"args": [], "kwargs": {}}, task_path="x", backend_name="default", run_after=old, status=status
        )
    DBTaskResult.objects.update(enqueued_at=old)
    runs = daily.run() or []
    assert {"digest", "outbox", "tidy"} <= {run.duty for run in runs}
    assert [run.error for run in runs if run.error] == []
    assert [arguments for _minutes, arguments in work_left()] == [[], [lost.pk]]
    assert not DailyRun.objects.filter(started_at=old).exists()
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {TaskResultStatus.READY}


# --- what the operator is told


def test_signs_when_all_is_well_then_nothing_is_amiss():
    daily.run()
    a_letter("a@example.org")
    assert {sign.is_well for sign in service.signs()} == {True}


def test_sign_when_the_job_did_not_run_or_failed_for_26_hours_then_it_names_the_duties(duties):
    daily.register("well", lambda _window: None)
    daily.register("ill", fail)
    assert daily.overdue() == ["well", "ill"]
    daily.run(timezone.now() - 25 * HOUR)
    assert daily.overdue() == ["ill"]
    DailyRun.objects.update(started_at=timezone.now() - 27 * HOUR)
    assert daily.overdue() == ["well", "ill"]
    with translation.override("en"):
        bad = [sign.words for sign in service.signs() if not sign.is_well]
    assert bad == ["Not done for more than 26 hours: well, ill"]


def test_sign_when_letters_wait_too_long_then_the_worker_is_asked_about():
    daily.run()
    late, due, later = (a_letter(f"{name}@example.org", key=name) for name in "abc")
    now = timezone.now()
    Letter.objects.filter(pk=late.pk).update(created_at=now - HOUR)
    Letter.objects.filter(pk=due.pk).update(created_at=now - 2 * HOUR, next_try_at=now - HOUR)
    Letter.objects.filter(pk=later.pk).update(created_at=now - HOUR, next_try_at=now + HOUR)
    bad = [sign.words for sign in service.signs() if not sign.is_well]
    assert len(bad) == 1
    assert bad[0].startswith("2 ")


def test_sign_of_mail_when_in_earnest_then_it_names_the_server_and_no_password(settings):
    settings.DEMO = False
    options = {"host": "mail.example.org", "port": 587, "password": "geheim", "username": "portal"}
    settings.MAILERS = {"default": {"BACKEND": "network.mailers.SMTP", "OPTIONS": options}}
    words = service.signs()[0].words
    assert "mail.example.org" in words
    assert "geheim" not in words


def test_sign_of_the_virus_scan_then_in_earnest_it_warns_where_there_is_none(settings):
    for demo, scanner, is_well in [(True, None, True), (False, None, False), (False, "/run/clamd", True)]:
        settings.DEMO, settings.CLAMAV = demo, scanner
        settings.MAILERS = {"default": {"OPTIONS": {"host": "mail.example.org", "port": 25}}}
        assert service.signs()[-1].is_well == is_well
