"""Letters that end with one click of a mail program (RFC 8058), and those that do not."""

import datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from exchange.actions import alerts, meetings, registering, yearly
from exchange.models import Practice, Registration, SavedSearch, Unasked
from network import digest
from network.daily import Window
from network.ending import path_of
from network.models import Letter, User
from network.outbox import post
from tests.exchange.test_meetings import in_hours
from tests.factories import Role, a_city, a_network, a_person
from tests.factories_exchange import a_practice, a_registration
from tests.letters import let_time_pass, work

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def program() -> Client:
    """A mail program: no cookies, no token of a form."""
    return Client(enforce_csrf_checks=True)


def ended(program: Client, letter: Letter) -> tuple[int, int, int]:
    """What opening the address, sending the form, and opening it again answer; opening changes nothing."""
    opened = program.get(letter.ends_at_path)
    assert "<form" in opened.content.decode()
    sent = program.post(letter.ends_at_path, ONE_CLICK)
    assert "<form" not in sent.content.decode()
    return opened.status_code, sent.status_code, program.get(letter.ends_at_path).status_code


def test_alert_when_ended_by_the_mail_program_then_the_search_is_forgotten(program, settings):
    before = timezone.now()
    search = SavedSearch.objects.create(email="gast@example.org", language="en", query="", confirmed_at=before)
    a_practice("neu", city=a_city("bonn"))
    alerts.tell(Window(before, timezone.now()))
    letter = Letter.objects.get(kind="alert")
    work()
    sent = mail.outbox[0].message()
    assert sent["List-Unsubscribe"] == f"<{settings.SITE_ADDRESS}{letter.ends_at_path}>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (letter.ends_at_path[:16], letter.ends_at_path in str(mail.outbox[0].body)) == ("/en/letters/end/", True)
    program.get(letter.ends_at_path)
    assert SavedSearch.objects.get() == search
    assert ended(program, letter) == (200, 200, 410)
    assert not SavedSearch.objects.exists()


def test_reminders_when_ended_then_the_place_stays_and_no_later_move_brings_them_back(program):
    session = in_hours(30)
    for email in ("gast@example.org", "noch@example.org"):
        a_registration(session, email)
    registering.post_reminders(session)
    letter = Letter.objects.get(kind="session_soon", address="gast@example.org")
    assert ended(program, letter) == (200, 200, 410)
    assert Registration.objects.confirmed().count() == 2
    assert set(Letter.objects.values_list("address", flat=True)) == {"noch@example.org"}
    assert session.starts_at
    session.starts_at += datetime.timedelta(hours=2)
    meetings.change(session, by=a_person(Role.COORDINATOR, network=a_network("gnlc")), parts=[])
    found = sorted(Letter.objects.filter(address="gast@example.org").values_list("kind", "ends_at_path"))
    assert found == [("session_moved", "")]  # a duty: no address ends it


def test_digest_when_ended_then_letters_stay_in_the_portal_and_duties_still_leave(program):
    erika = a_person(Role.NEWCOMER)
    User.objects.filter(pk=erika.pk).update(letters=User.Letters.DAILY)
    erika.refresh_from_db()
    a_letter: dict[str, Any] = {"context": {"entries": [], "more": 0, "words": "", "search": SavedSearch()}}
    post("alert", to=erika, key="eins", **a_letter)
    digest.gather(Window(timezone.now(), timezone.now()))
    letter = Letter.objects.get(kind="digest")
    assert ended(program, letter) == (200, 200, 410)
    erika.refresh_from_db()
    post("alert", to=erika, key="zwei", **a_letter)
    duty = post("alert", to=erika, key="drei", urgency=Letter.Urgency.DEADLINE, **a_letter)
    assert duty
    assert (Letter.objects.get(key="zwei").state, duty.state) == (Letter.State.WITHHELD, Letter.State.WAITING)
    let_time_pass()
    work()
    headers = {message.subject: message.message()["List-Unsubscribe"] for message in mail.outbox}
    assert headers == {letter.subject: f"<http://127.0.0.1:8000{letter.ends_at_path}>", duty.subject: None}


def test_yearly_question_when_the_office_ends_it_then_it_is_asked_about_no_entry_any_more_and_a_team_still_is(program):
    long_ago = timezone.now() - datetime.timedelta(days=400)
    bonn, koeln = a_city("bonn"), a_city("koeln")
    for slug, city in (("eins", bonn), ("zwei", bonn), ("drei", koeln)):
        a_practice(slug, city=city, contact_email="Amt@example.org", published_at=long_ago)
    lead = a_person(Role.LEAD, city=koeln)
    yearly.ask(Window(long_ago, timezone.now()))
    letters = list(Letter.objects.order_by("pk"))
    assert {(letter.address, bool(letter.ends_at_path)) for letter in letters} == {
        ("Amt@example.org", True), (lead.email, False),
    }  # fmt: skip
    work()
    told = {message.to[0]: message.message()["List-Unsubscribe"] for message in mail.outbox}
    assert (bool(told["Amt@example.org"]), told[lead.email]) == (True, None)
    assert ended(program, next(letter for letter in letters if letter.ends_at_path)) == (200, 200, 410)
    a_year_on = timezone.now() + datetime.timedelta(days=366)
    yearly.ask(Window(timezone.now(), a_year_on))
    assert set(Letter.objects.exclude(pk__in=[one.pk for one in letters]).values_list("address", flat=True)) == {
        lead.email
    }
    yearly.forget()
    assert Unasked.objects.get().email == "amt@example.org"
    Practice.objects.update(contact_email="buero@example.org")
    yearly.forget()
    assert not Unasked.objects.exists()


def test_address_when_not_signed_by_the_portal_then_nothing_ends(program):
    search = SavedSearch.objects.create(email="gast@example.org", language="de", confirmed_at=timezone.now())
    page = path_of("alert", search.pk, "de")
    for wrong in ("/de/letters/end/erfunden/", page[:-4] + "xyz/"):
        assert program.post(wrong, ONE_CLICK).status_code == 410
    assert SavedSearch.objects.exists()
