"""Sending, to a real mail server that is away, slow, refuses or falls: a letter arrives once, or is asked about."""

import datetime
import signal
import subprocess
import sys
import threading
import time
from textwrap import dedent

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from network import locks, mailers
from network.actions import Decision, decide
from network.delivery import AGAIN_AFTER, deliver, heal
from network.models import Letter
from network.outbox import post
from tests.letters import let_time_pass, work, work_left
from tests.network.people import a_person, an_operator
from tests.network.test_outbox import a_report
from tests.smtp_server import CLOSE, HANG, PAUSE, TAKE_AND_CLOSE, mail_server

pytestmark = pytest.mark.django_db
State = Letter.State


@pytest.fixture
def server(settings, monkeypatch):
    monkeypatch.setattr(mailers, "PATIENCE", 1)
    with mail_server() as running:
        settings.MAILERS = running.settings
        yield running


def a_letter(address="erika@example.org", *, text="Die Karte geht nicht.", **values):
    report = a_report(text=text)
    return post("barrier", to=address, context={"report": report}, key=f"barrier:{report.pk}", **values)


def now(letter):
    letter.refresh_from_db()
    return letter.state, letter.attempts


# --- what arrives


def test_server_when_well_then_letters_arrive_once_each_as_they_were_written(server):
    text = ".Punkt am Anfang\n.\n..\nÄöü – „Zitat“ " + "x" * 2000
    letters = [a_letter(f"{name}@example.org", text=text) for name in ("erika", "max")]
    work()
    assert [now(letter) for letter in letters] == [(State.SENT, 1)] * 2
    assert [message["To"] for message in server.received] == ["erika@example.org", "max@example.org"]
    body = server.received[0].get_body(("plain",))
    assert text in body.get_content().replace("\r\n", "\n")
    assert "Äöü – „Zitat“" in server.received[0].get_body(("html",)).get_content()
    assert server.received[0].as_bytes().isascii()
    work()
    assert len(server.received) == 2


def test_server_then_the_envelope_holds_the_plain_addresses(server, settings):
    settings.DEFAULT_FROM_EMAIL = "Städte <portal@example.org>"
    a_letter("erika@bücher.example")
    work()
    envelope = [line.lower() for line in server.lines if line.upper().startswith(("MAIL", "RCPT"))]
    assert envelope == ["mail from:<portal@example.org>", "rcpt to:<erika@xn--bcher-kva.example>"]


# --- what is tried again: nothing can have arrived


def test_server_when_away_then_the_letter_waits_and_arrives_once_it_is_back(server, settings):
    away = {"host": "127.0.0.1", "port": 1, "timeout": 1}
    settings.MAILERS = {"default": {"BACKEND": "network.mailers.SMTP", "OPTIONS": away}}
    letter = a_letter()
    work()
    assert now(letter) == (State.WAITING, 1)
    assert "refused" in letter.error
    assert work_left() == [(1, [letter.pk])]
    settings.MAILERS = server.settings
    let_time_pass()
    work()
    assert now(letter) == (State.SENT, 2)
    assert letter.error == ""
    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("line", "plan"),
    [
        ("EHLO", HANG), ("EHLO", CLOSE), ("MAIL", HANG), ("MAIL", "451 later"), ("MAIL", "530 sign in first"),
        ("RCPT", "450 greylisted"), ("RCPT", CLOSE), ("DATA", "451 later"), ("DATA", CLOSE), (".", "452 disk full"),
    ],
)  # fmt: skip
def test_server_when_it_does_not_take_the_letter_for_now_then_it_is_tried_again_and_arrives_once(server, line, plan):
    server.script = {line: plan} if line != "EHLO" else {"EHLO": plan, "HELO": plan}
    letter = a_letter()
    work()
    assert now(letter) == (State.WAITING, 1)
    assert letter.error
    assert server.received == []
    server.script = {}
    let_time_pass()
    work()
    assert now(letter) == (State.SENT, 2)
    assert len(server.received) == 1


def test_server_when_it_falls_in_the_middle_of_a_long_letter_then_that_is_no_unclear_end(server, settings):
    """The end has not left: the connection broke while we were still sending."""
    server.script = {"BODY": CLOSE}
    long = EmailMessage("Lang", "lang lang lang lang lang lang lang\n" * 400_000, to=["erika@example.org"])
    with pytest.raises(OSError, match=r"closed|not connected|reset|pipe"):
        long.send()
    assert server.received == []


def test_server_when_away_for_days_then_pauses_grow_and_the_letter_has_failed_after_two_days(settings):
    settings.MAILERS = {
        "default": {"BACKEND": "network.mailers.SMTP", "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 1}}
    }
    letter = a_letter()
    pauses = []
    while now(letter)[0] == State.WAITING:
        work()
        pauses += [minutes for minutes, _arguments in work_left()]
        let_time_pass()
    assert pauses == [1, 5, 15, 60, *[240] * 12]
    assert sum(AGAIN_AFTER, datetime.timedelta()) > datetime.timedelta(days=2)
    assert now(letter) == (State.FAILED, len(pauses) + 1)
    assert "refused" in letter.error
    assert letter.next_try_at is None


# --- what is refused for good


def test_server_when_it_refuses_one_reader_for_good_then_that_letter_has_failed_and_others_arrive(server):
    server.script = {"RCPT TO:<GONE@": "550 5.1.1 no such person"}
    gone, here = a_letter("gone@example.org"), a_letter("here@example.org")
    work()
    assert now(gone) == (State.FAILED, 1)
    assert gone.error == "550 5.1.1 no such person"
    assert now(here) == (State.SENT, 1)
    assert work_left() == []


@pytest.mark.parametrize("line", ["DATA", "."])
def test_server_when_it_refuses_the_letter_for_good_then_it_has_failed(server, line):
    server.script = {line: "554 looks like spam"}
    letter = a_letter()
    work()
    assert now(letter) == (State.FAILED, 1)
    assert (letter.error, work_left()) == ("554 looks like spam", [])


def test_secret_when_refused_for_good_then_its_text_is_gone(server):
    server.script = {"RCPT": "550 no such person"}
    letter = a_letter(secret=True)
    work()
    assert now(letter) == (State.FAILED, 1)
    assert letter.text == ""


# --- what is unclear: it may have arrived


@pytest.mark.parametrize(("plan", "arrived"), [(TAKE_AND_CLOSE, 1), (CLOSE, 0), (HANG, 0)])
def test_server_when_its_last_answer_is_lost_then_the_letter_is_unclear_and_not_sent_again(server, plan, arrived):
    server.script = {".": plan}
    letter = a_letter()
    work()
    assert now(letter) == (State.UNCLEAR, 1)
    assert letter.error
    assert len(server.received) == arrived
    server.script = {}
    heal()
    assert let_time_pass() == 0
    work()
    assert len(server.received) == arrived


def test_server_when_it_only_hangs_up_after_the_answer_then_the_letter_was_sent(server):
    server.script = {"QUIT": CLOSE}
    letter = a_letter()
    work()
    assert now(letter) == (State.SENT, 1)
    assert len(server.received) == 1


# --- a letter that cannot be made


def test_letter_that_cannot_be_made_into_a_mail_then_it_waits_with_its_error_and_others_go(caplog):
    broken, well = a_letter(), a_letter("max@example.org")
    Letter.objects.filter(pk=broken.pk).update(subject="Eins\nBcc: all@example.org")
    work()
    assert now(broken) == (State.WAITING, 1)
    assert "ValueError" in broken.error
    assert now(well) == (State.SENT, 1)
    assert [message.to for message in mail.outbox] == [["max@example.org"]]
    assert f"The letter no. {broken.pk} could not be sent." in caplog.text


# --- work that is done twice, or lost


def test_letter_when_worked_off_twice_then_one_mail():
    letter = a_letter()
    deliver.enqueue(letter.pk)
    work()
    assert len(mail.outbox) == 1
    assert now(letter) == (State.SENT, 1)


@pytest.mark.parametrize(
    "state", [State.SENT, State.FAILED, State.UNCLEAR, State.SENDING, State.GATHERED, State.WITHHELD]
)
def test_letter_when_it_does_not_wait_then_work_leaves_it_alone(state):
    letter = a_letter()
    Letter.objects.update(state=state, sent_at=timezone.now() if state == State.SENT else None)
    work()
    assert mail.outbox == []
    assert now(letter) == (state, 0)


def test_account_letters_then_they_go_first():
    a_letter("case@example.org")
    a_letter("deadline@example.org", urgency=Letter.Urgency.DEADLINE)
    a_letter("account@example.org", urgency=Letter.Urgency.ACCOUNT)
    work()
    assert [message.to[0] for message in mail.outbox] == [
        "account@example.org",
        "deadline@example.org",
        "case@example.org",
    ]


def test_work_when_lost_then_the_sweep_finds_the_letters_and_makes_none_twice():
    lost, known, later = (a_letter(f"{n}@example.org") for n in "abc")
    Letter.objects.filter(pk=later.pk).update(next_try_at=timezone.now() + datetime.timedelta(hours=2))
    DBTaskResult.objects.exclude(args_kwargs__args__0=known.pk).delete()
    heal()
    heal()
    assert work_left() == [(0, [known.pk]), (0, [lost.pk]), (120, [later.pk])] or len(work_left()) == 3
    work()
    assert sorted(message.to[0] for message in mail.outbox) == ["a@example.org", "b@example.org"]


def test_work_when_its_worker_died_before_the_attempt_then_the_sweep_has_it_done():
    letter = a_letter()
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    work()
    assert mail.outbox == []
    heal()
    work()
    assert now(letter) == (State.SENT, 1)


# --- real workers and real deaths; the database must hold what they see


def a_worker(server, *, patience=30):
    """Another process that does the work, with this test's database and mail server."""
    options = dict(server.settings["default"]["OPTIONS"], timeout=patience)
    code = f"""
        import os, django
        from django.conf import settings
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        settings.DATABASES["default"]["NAME"] = {connection.settings_dict["NAME"]!r}
        settings.MAILERS = {{"default": {{"BACKEND": "network.mailers.SMTP", "OPTIONS": {options!r}}}}}
        django.setup()
        from django.core.management import call_command
        call_command("worker", "--batch", "--no-startup-delay", "--no-reload")
    """
    return subprocess.Popen([sys.executable, "-c", dedent(code)])


def killed(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 5
    with connection.cursor() as cursor:  # the database notices that the process is gone
        while time.monotonic() < deadline:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.02)
    pytest.fail("the lock of a dead worker is still held")


@pytest.mark.django_db(transaction=True)
def test_worker_when_killed_before_the_body_then_the_letter_is_sent_by_the_next_one_once(server):
    letter = a_letter()
    server.script = {"DATA": HANG}
    worker = a_worker(server)
    assert server.at_hang.wait(30)
    heal()  # beside a worker that lives it changes nothing
    assert (now(letter), work_left()) == ((State.WAITING, 1), [])
    killed(worker)
    server.script = {}
    heal()
    let_time_pass()
    work()
    assert now(letter) == (State.SENT, 2)
    assert len(server.received) == 1


@pytest.mark.django_db(transaction=True)
def test_worker_when_killed_after_the_body_then_the_letter_is_unclear_and_not_sent_again(server):
    letter = a_letter()
    server.script = {".": HANG}
    worker = a_worker(server)
    assert server.at_hang.wait(30)
    heal()
    assert now(letter) == (State.SENDING, 1)
    killed(worker)
    server.script = {}
    heal()
    assert now(letter) == (State.UNCLEAR, 1)
    let_time_pass()
    work()
    assert server.received == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_work_then_every_letter_arrives_once(server):
    letters = [a_letter(f"{number}@example.org") for number in range(12)]
    start = threading.Barrier(2)

    def one():
        start.wait(10)
        for letter in letters:
            deliver.call(letter.pk)
        connection.close()

    workers = [threading.Thread(target=one) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(str(message["To"]) for message in server.received) == sorted(x.address for x in letters)
    assert {now(letter) for letter in letters} == {(State.SENT, 1)}


@pytest.mark.django_db(transaction=True)
def test_letter_when_the_operator_gives_it_up_in_the_middle_of_an_attempt_then_it_does_not_leave(server):
    letter = a_letter()
    server.script = {"RCPT": PAUSE}

    def attempt():
        deliver.call(letter.pk)
        connection.close()

    worker = threading.Thread(target=attempt)
    worker.start()
    assert server.at_hang.wait(10)
    decide(letter, Decision.GIVE_UP, by=an_operator())
    server.released.set()
    worker.join()
    assert now(letter) == (State.FAILED, 1)
    assert server.received == []


@pytest.mark.django_db(transaction=True)
def test_letter_when_another_worker_has_it_then_nothing_is_done_and_the_worker_does_not_wait():
    letter = a_letter()
    held, done = threading.Event(), threading.Event()

    def other_worker():
        with locks.held(f"letter {letter.pk}") as mine:
            assert mine
            held.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=other_worker)
    thread.start()
    assert held.wait(10)
    work()
    Letter.objects.update(state=State.SENDING)
    heal()
    assert (mail.outbox, now(letter)) == ([], (State.SENDING, 0))
    done.set()
    thread.join()
    heal()
    assert now(letter) == (State.UNCLEAR, 0)


def test_demo_then_a_mail_is_one_line_in_the_terminal(settings, capsys):
    settings.MAILERS = {"default": {"BACKEND": "network.mailers.Terminal"}}
    reader = a_person("erika")
    shown = a_letter()
    post("barrier", to=reader, context={"report": a_report(text="Ihr Code: 123456")}, key="code", secret=True)
    work()
    first, second = capsys.readouterr().out.splitlines()
    link = f"{settings.SITE_ADDRESS}/de/desk/network/barrierreport/"
    assert first.startswith(f"✉ erika@example.org · {shown.subject} · {link}")
    assert "Ihr Code: 123456" in second
    assert Letter.objects.filter(state=State.SENT).count() == 2
