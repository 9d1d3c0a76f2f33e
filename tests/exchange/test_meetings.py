"""A session from the draft to the report: time zones, registration, reminders, cancellation."""

import datetime
import re
import zoneinfo
from typing import Any

import icalendar
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from exchange.actions import meetings, registering
from exchange.actions.acting import ExchangeRefusedError
from exchange.models import Registration, Session
from network.daily import Window
from network.models import Letter
from tests.exchange.test_visitors import begun
from tests.factories import Role, a_city, a_network, a_person
from tests.factories_exchange import a_practice, a_programme, a_registration, a_session

pytestmark = pytest.mark.django_db
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


@pytest.fixture
def gnlc():
    return a_network("gnlc")


@pytest.fixture
def coordinator(gnlc):
    return a_person(Role.COORDINATOR, network=gnlc)


def in_hours(hours: float, slug: str = "treffen", **values: Any) -> Session:
    """A public session that begins so many hours from now, with registration."""
    begins = timezone.now() + datetime.timedelta(hours=hours)
    day = begins.astimezone(BERLIN).date()
    given: dict[str, Any] = {"starts_at": begins, "zone": "Europe/Berlin", "takes_registrations": True, "day": day}
    return a_session(slug, **(given | {"link": "https://meet.example/raum"} | values))


def letters(kind: str) -> int:
    return Letter.objects.filter(kind=kind).count()


def link_in(letter: Letter) -> str:
    found = re.search(re.escape(settings.SITE_ADDRESS) + r"(/\S*registrations\S+)", letter.text)
    assert found
    return found[1]


WORDS = {"title_de": "Lernen am Abend", "title_en": "Learning at night", "summary_de": "Worum es geht.",
         "theme": "learning", "day": "2027-03-24", "zone": "Europe/Berlin", "begins": "15:00", "ends": "16:30",
         "hosts": "Ein Netzwerk", "link_minutes": "30"}  # fmt: skip


def test_series_over_the_change_to_summer_time_then_the_clock_stays_and_nothing_is_public_before(client, coordinator):
    client.force_login(coordinator)
    answer = client.post("/de/sessions/new/", WORDS | {"repeat": "weekly", "times": "2"})
    assert answer.status_code == 302
    first, second = Session.objects.order_by("day")
    begins = [moment for moment in (first.starts_at, second.starts_at) if moment]
    assert [moment.astimezone(datetime.UTC).hour for moment in begins] == [14, 13]
    assert [moment.astimezone(BERLIN).hour for moment in begins] == [15, 15]
    client.logout()
    assert client.get(first.get_absolute_url()).status_code == 404
    assert "Lernen am Abend" not in client.get("/de/sessions/").content.decode()
    client.force_login(coordinator)
    client.post(reverse("exchange:session_act", args=[first.slug, "announce"]))
    assert Session.objects.published().count() == 2
    file = client.get(first.get_absolute_url() + "calendar/").content.decode()
    assert "DTSTART;TZID=Europe/Berlin:20270324T150000" in file


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"ends": "14:00"}, "ends"),
        ({"zone": "Berlin"}, "zone"),
        ({"repeat": "weekly"}, "times"),
        ({"told_practices": "gibt-es-nicht"}, "told_practices"),
        ({"title_de": ""}, "title_de"),
    ],
)
def test_session_when_an_entry_is_wrong_then_told_beside_it_and_nothing_saved(client, coordinator, wrong, beside):
    client.force_login(coordinator)
    answer = client.post("/de/sessions/new/", WORDS | wrong)
    assert (answer.status_code, list(answer.context["form"].errors), Session.objects.count()) == (422, [beside], 0)
    assert 'value="Ein Netzwerk"' in answer.content.decode()


def parts(**given: str) -> dict[str, str]:
    """The management forms of the three kinds of rows, with one new row each."""
    forms: dict[str, str] = {}
    for prefix in ("speakers", "links", "sections"):
        forms |= {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0"}
    return forms | given


def test_session_with_report_speakers_and_links_then_on_its_page_and_names_only_with_consent(client, coordinator):
    session = a_session("abend", series="")
    practice = a_practice("park", city=a_city("bonn"))
    client.force_login(coordinator)
    page = reverse("exchange:session_edit", args=["abend"])
    seen = client.get(page).context["form"].saved_at
    rows = parts(**{"sections-0-title_de": "Der Anfang", "sections-0-text_de": "Worte <b>x</b>.",
                    "links-0-kind": "recording", "links-0-label_de": "Film", "links-0-url": "https://example.org/f",
                    "speakers-0-office_de": "Bildungsbüro", "speakers-0-name": "Erika Muster"})  # fmt: skip
    sent = WORDS | rows | {"seen": seen, "day": str(session.day), "told_practices": "/de/practices/park/"}
    answer = client.post(page, sent)
    assert (answer.status_code, session.sections.count()) == (422, 0)
    assert client.post(page, sent | {"speakers-0-has_agreed": "on"}).status_code == 302
    text = client.get(session.get_absolute_url()).content.decode()
    for words in ("Der Anfang", "Worte &lt;b&gt;x&lt;/b&gt;.", "https://example.org/f", "Erika Muster",
                  practice.get_absolute_url()):  # fmt: skip
        assert words in text
    assert "<iframe" not in text
    assert client.post(page, sent | {"speakers-0-has_agreed": "on"}).status_code == 422  # an old form


def test_sessions_then_kept_only_by_coordinators_of_the_programmes_networks(client, gnlc, coordinator):
    reihe = a_programme("reihe")
    reihe.networks.add(gnlc)
    session = a_session("abend", programme=reihe)
    other = a_person(Role.COORDINATOR, network=a_network("uccn"))
    client.force_login(other)
    assert client.get(reverse("exchange:session_edit", args=["abend"])).status_code == 404
    with pytest.raises(ExchangeRefusedError):
        meetings.cancel(session, by=other, reason="Weil.")
    with pytest.raises(ExchangeRefusedError):
        meetings.create(Session(programme=reihe), by=other, networks=[], practices=[], cities=[])


# --- registration


def test_registration_then_a_place_only_when_confirmed_reminded_twice_and_the_link_when_it_is_time(client):
    session = in_hours(30, places=1)
    page = reverse("exchange:register", args=["treffen"])
    guest = {"name": "Gast", "email": "gast@example.org", "begun": begun()}
    assert client.post(page, guest).status_code == 422  # without consent
    client.post(page, guest | {"consent": "on"})
    own = link_in(Letter.objects.get(kind="session_confirm"))
    client.get(own)
    assert not Registration.objects.confirmed().exists()
    client.post(own)
    assert (letters("session_registered"), letters("session_tomorrow"), letters("session_soon")) == (1, 1, 1)
    soon = Letter.objects.get(kind="session_soon")
    assert session.starts_at
    assert (soon.not_before, "https://meet.example/raum" in soon.text) == (
        session.starts_at - datetime.timedelta(hours=1), True,
    )  # fmt: skip
    registering.remind(Window(timezone.now(), timezone.now()))
    assert letters("session_soon") == 1
    assert "meet.example" not in client.get(session.get_absolute_url()).content.decode()
    assert "meet.example" not in client.get(own).content.decode()
    assert client.post(page, guest | {"email": "spaet@example.org", "consent": "on"}).status_code == 422  # full
    Session.objects.update(starts_at=timezone.now() + datetime.timedelta(minutes=20))
    assert "https://meet.example/raum" in client.get(own).content.decode()
    client.post(own, {"leave": "1"})
    assert (Registration.objects.count(), letters("session_soon"), client.get(own).status_code) == (0, 0, 410)


def test_session_when_moved_or_cancelled_then_everybody_is_told_and_no_old_reminder_leaves(coordinator):
    session = in_hours(30)
    a_registration(session)
    a_registration(session, "nie@example.org", confirmed=False)
    registering.post_reminders(session)
    before = Letter.objects.get(kind="session_soon").not_before
    assert session.starts_at
    assert before
    session.starts_at += datetime.timedelta(hours=2)
    meetings.change(session, by=coordinator, parts=[])
    assert (letters("session_moved"), letters("session_soon")) == (1, 1)
    assert Letter.objects.get(kind="session_soon").not_before == before + datetime.timedelta(hours=2)
    meetings.cancel(session, by=coordinator, reason="Niemand kann.")
    assert (letters("session_cancelled"), letters("session_soon"), letters("session_tomorrow")) == (1, 0, 0)
    assert {letter.address for letter in Letter.objects.all()} == {"gast@example.org"}
    with pytest.raises(ExchangeRefusedError):
        registering.register(session, name="G", place="", email="g@example.org", language="de", sender="1")


def test_registrations_when_a_month_has_gone_then_forgotten():
    session = in_hours(30)
    a_registration(session)
    now = timezone.now()
    registering.remind(Window(now, now + datetime.timedelta(days=20)))
    assert Registration.objects.count() == 1
    registering.remind(Window(now, now + datetime.timedelta(days=33)))
    assert Registration.objects.count() == 0


def test_open_meeting_then_its_address_stands_only_on_its_own_page_shortly_before(client):
    session = in_hours(30, takes_registrations=False)
    page = reverse("exchange:join", args=["treffen"])
    assert "meet.example" not in client.get(session.get_absolute_url()).content.decode()
    assert "meet.example" not in client.get(page).content.decode()
    Session.objects.update(starts_at=timezone.now() + datetime.timedelta(minutes=20))
    assert "https://meet.example/raum" in client.get(page).content.decode()


def test_archive_then_found_by_words_theme_and_programme(client):
    a_session("eins", title_de="Über Parks", programme=a_programme("reihe"))
    a_session("zwei", theme="health")

    def found(query: str) -> list[str]:
        return [session.slug for session in client.get(f"/de/sessions/?{query}").context["archive"]]

    assert (found("q=parks"), found("theme=health"), found("programme=reihe")) == (["eins"], ["zwei"], ["eins"])
    assert (found("q=parks&theme=health"), found("theme=erfunden")) == ([], ["zwei", "eins"])


def test_programme_as_a_calendar_then_its_sessions_with_what_is_cancelled(client):
    reihe = a_programme("reihe")
    a_session("eins", programme=reihe)
    in_hours(30, programme=reihe, cancelled_at=timezone.now())
    a_session("fremd")
    file = icalendar.Calendar.from_ical(client.get("/de/programmes/reihe/calendar/").content)
    found = {str(event["uid"]).split("@")[0]: str(event.get("status", "")) for event in file.walk("VEVENT")}
    assert found == {"session-eins": "", "session-treffen": "CANCELLED"}


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_of_keepers_then_the_same_number_of_queries_for_one_row_as_for_three(
    client, coordinator, rows, django_assert_num_queries
):
    session = in_hours(30, speakers=["Amt"] * rows)
    bonn = a_city("bonn")
    session.speakers.update(city=bonn)
    for number in range(rows):
        a_registration(session, f"{number}@example.org")
        a_session(f"s-{number}", programme=a_programme(f"r-{number}"))
    client.force_login(coordinator)
    for name, number in (("exchange:session_edit", 18), ("exchange:registered", 7)):
        page = reverse(name, args=["treffen"])
        client.get(page)
        with django_assert_num_queries(number):
            assert client.get(page).status_code == 200
    with django_assert_num_queries(8):
        assert client.get(reverse("exchange:sessions_kept")).status_code == 200
