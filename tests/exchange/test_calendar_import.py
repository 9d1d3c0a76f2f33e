"""Sessions taken over from a calendar: looked at first, again without effect, never over what people wrote by hand."""

import datetime
import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from exchange import links
from exchange.actions import calendars, meetings
from exchange.actions.acting import ExchangeRefusedError
from exchange.models import CalendarImport, Session
from network.daily import Window
from network.models import Letter
from tests.exchange.test_calendars import a_calendar, event
from tests.factories import Role, a_network, a_person
from tests.factories_exchange import a_calendar_import, a_programme, a_registration

pytestmark = pytest.mark.django_db
PAGE = "/de/sessions/import/"


@pytest.fixture
def gnlc():
    return a_network("gnlc")


@pytest.fixture
def coordinator(gnlc):
    return a_person(Role.COORDINATOR, network=gnlc)


@pytest.fixture
def reihe(gnlc):
    programme = a_programme("reihe", hosts_de="Ein Netzwerk")
    programme.networks.add(gnlc)
    return programme


def at(days: int, clock: str = "150000") -> str:
    day = timezone.localdate() + datetime.timedelta(days=days)
    return f"DTSTART;TZID=America/Bogota:{day:%Y%m%d}T{clock}"


def taken(programme, by, *events: str, **how) -> CalendarImport:
    source = a_calendar_import(programme, *events)
    calendars.take_over(source, by=by, **how)
    source.refresh_from_db()
    return source


def done(source: CalendarImport) -> list[str]:
    return [row["act"] + row.get("part", "") for row in source.told]


def test_file_when_chosen_looked_at_and_confirmed_then_drafts_and_the_same_again_changes_nothing(
    client, coordinator, reihe
):
    client.force_login(coordinator)
    content = a_calendar(event(at(9), "LOCATION:https://meet.example/raum", title="Lernen <b>nachts</b>"),
                         event("DTSTART:morgen", uid="zwei"))  # fmt: skip
    given = {"programme": reihe.pk, "language": "de", "theme": "health", "zone": "Europe/Berlin"}
    for number in range(2):
        answer = client.post(PAGE, given | {"file": SimpleUploadedFile("plan.ics", content)})
        page = client.get(answer["Location"])
        text = page.content.decode()
        assert ("America/Bogota" in text, "This is no date" in text or "kein Datum" in text) == (number == 0, True)
        assert Session.objects.count() == number
        if number == 0:
            assert client.post(answer["Location"], {"shown": "veraltet"}).status_code == 422
            assert Session.objects.count() == 0
            assert client.post(answer["Location"], {"shown": page.context["seen"]}).status_code == 302
    assert page.context["difference"].changes_nothing
    session = Session.objects.get()
    assert (session.title_de, session.theme, session.link, session.published_at) == (
        "Lernen nachts", "health", "https://meet.example/raum", None,
    )  # fmt: skip
    assert session.starts_at
    assert session.starts_at.astimezone(session.zone_info).hour == 15
    assert client.get(session.get_absolute_url()).status_code == 404
    assert CalendarImport.objects.get(name="plan.ics", done_at__isnull=False).content == b""
    text = client.get(answer["Location"]).content.decode()
    assert "Lernen nachts" not in text
    client.post(answer["Location"] + "drop/")
    assert not CalendarImport.objects.waiting().exists()


def test_changes_then_taken_over_but_for_what_people_wrote_by_hand_which_is_asked(reihe, coordinator):
    taken(reihe, coordinator, event(at(9), title="Eins"), announce=True)
    session = Session.objects.get()
    a_registration(session)
    Session.objects.filter(pk=session.pk).update(summary_de="Von Hand.")
    # the calendar says the same: what was written by hand stays, and nobody is asked
    assert calendars.look_at(a_calendar_import(reihe, event(at(9), title="Eins")))[1].changes_nothing
    moved = event(at(9, "170000"), "DESCRIPTION:Neu", title="Zwei")
    difference = calendars.look_at(a_calendar_import(reihe, moved))[1]
    assert ([c.part for c in difference.changes], [c.part for c in difference.edited]) == (
        ["title", "slot"],
        ["summary"],
    )
    assert done(taken(reihe, coordinator, moved)) == ["changedtitle", "changedslot"]
    session.refresh_from_db()
    assert (session.title_de, session.summary_de) == ("Zwei", "Von Hand.")
    assert session.starts_at
    assert session.starts_at.astimezone(session.zone_info).hour == 17
    assert Letter.objects.get(kind="session_moved").address == "gast@example.org"
    # decided once: the same calendar asks no more; chosen, the calendar's words come in
    assert calendars.look_at(a_calendar_import(reihe, moved))[1].changes_nothing
    again = moved.replace("DESCRIPTION:Neu", "DESCRIPTION:Neuer")
    taken(reihe, coordinator, again, chosen=[f"{session.pk}-summary"])
    session.refresh_from_db()
    assert session.summary_de == "Neuer"
    assert Session.objects.count() == 1


def test_cancelled_in_the_calendar_then_cancelled_here_with_a_letter_and_gone_from_it_then_only_said(
    reihe, coordinator
):
    both = [event(at(9), title="Eins"), event(at(16), uid="zwei", title="Zwei"),
            event(at(17), "STATUS:CANCELLED", uid="drei")]  # fmt: skip
    taken(reihe, coordinator, *both, announce=True)
    one, two = Session.objects.order_by("day")
    a_registration(one)
    off = event(at(9), "STATUS:CANCELLED", title="Eins")
    difference = calendars.look_at(a_calendar_import(reihe, off))[1]
    assert (difference.cancelled, difference.missing, difference.changes) == ([one], [two], [])
    taken(reihe, coordinator, off, reason="Der Saal ist zu.")
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.cancelled_why, two.cancelled_at) == ("Der Saal ist zu.", None)
    assert "Der Saal ist zu." in Letter.objects.get(kind="session_cancelled").text
    back = calendars.look_at(a_calendar_import(reihe, *both))[1]
    assert (back.revived, back.changes_nothing) == ([one], True)


def test_session_when_moved_to_another_programme_then_known_there_and_left_as_it_is(client, gnlc, reihe, coordinator):
    both = [event(at(9), title="Eins"), event(at(16), uid="zwei", title="Zwei")]
    taken(reihe, coordinator, *both)
    other = a_programme("andere", name_de="Andere Reihe")
    other.networks.add(gnlc)
    Session.objects.filter(title_de="Eins").update(programme=other, title_de="Von Hand")
    Session.objects.filter(title_de="Zwei").update(programme=None)
    later = a_calendar_import(reihe, event(at(9), "STATUS:CANCELLED", title="Eins!"), both[1])
    client.force_login(coordinator)
    page = client.get(reverse("exchange:calendar_check", args=[later.pk]))
    difference = page.context["difference"]
    told = [(entry.values["title"], programme) for entry, programme in difference.elsewhere]
    assert (told, difference.changes_nothing, difference.missing) == ([("Eins!", other), ("Zwei", None)], True, [])
    text = page.content.decode()
    assert ("Andere Reihe" in text, "Von Hand" in text) == (True, False)
    calendars.take_over(later, by=coordinator)
    assert sorted(Session.objects.values_list("title_de", "cancelled_at")) == [("Von Hand", None), ("Zwei", None)]


def test_older_version_then_it_changes_nothing(reihe, coordinator):
    taken(reihe, coordinator, event(at(9), "SEQUENCE:3", title="Neu"))
    assert calendars.look_at(a_calendar_import(reihe, event(at(9), "SEQUENCE:2", title="Alt")))[1].changes_nothing


def test_series_then_one_session_a_day_announced_together(reihe, coordinator):
    taken(reihe, coordinator, event(at(9), "RRULE:FREQ=WEEKLY;COUNT=3"))
    first = Session.objects.earliest("day")
    meetings.announce(first, by=coordinator)
    assert Session.objects.published().count() == 3
    assert len(set(Session.objects.values_list("slug", flat=True))) == 3


def test_english_calendar_then_its_title_stands_in_until_it_is_translated(reihe, coordinator):
    def source(title: str) -> CalendarImport:
        made = a_calendar_import(reihe, event(at(9), title=title))
        made.language = "en"
        made.save()
        return made

    calendars.take_over(source("Night school"), by=coordinator)
    calendars.take_over(source("Night schools"), by=coordinator)
    session = Session.objects.get()
    assert (session.title_en, session.title_de) == ("Night schools", "Night schools")
    Session.objects.update(title_de="Abendschule")
    calendars.take_over(source("Late school"), by=coordinator)
    session.refresh_from_db()
    assert (session.title_en, session.title_de) == ("Late school", "Abendschule")


def test_strangers_then_see_and_take_over_nothing(client, reihe):
    other = a_person(Role.COORDINATOR, network=a_network("uccn"))
    source = a_calendar_import(reihe)
    client.force_login(other)
    assert client.get(reverse("exchange:calendar_check", args=[source.pk])).status_code == 404
    assert client.post(reverse("exchange:calendar_drop", args=[source.pk])).status_code == 404
    assert "kalender.ics" not in client.get(PAGE).content.decode()
    with pytest.raises(ExchangeRefusedError):
        calendars.take_over(source, by=other)
    with pytest.raises(ExchangeRefusedError):
        calendars.take_in(CalendarImport(programme=reihe), by=other, content=a_calendar())
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"address": "", "file": None}, "address"),
        ({"address": "https://example.org/a.ics"}, "address"),  # the operator has not switched it on
        ({"zone": "Berlin"}, "zone"),
        ({"theme": ""}, "theme"),
        ({"file": b"<html>"}, "file"),
        ({"is_daily": "on"}, "is_daily"),
    ],
)
def test_form_when_an_entry_is_wrong_then_told_beside_it_and_nothing_kept(client, coordinator, reihe, wrong, beside):
    client.force_login(coordinator)
    given = {"programme": reihe.pk, "language": "de", "theme": "health", "zone": "Europe/Berlin", "file": a_calendar()}
    given |= {"file": b""} if wrong.get("address") else {}
    given |= wrong
    file = given.pop("file")
    if file:
        given["file"] = SimpleUploadedFile("plan.ics", file)
    answer = client.post(PAGE, given)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [beside])
    assert not CalendarImport.objects.exists()


def test_address_when_read_every_day_then_what_is_new_is_proposed_once_and_nothing_changes(
    client, coordinator, reihe, settings
):
    settings.CHECK_LINKS = True
    asked: list[str] = []
    said = {"now": a_calendar(event(at(9), title="Eins"))}

    def fetch(address: str) -> bytes:
        asked.append(address)
        return said["now"]

    source = CalendarImport(
        programme=reihe, address="webcal://example.org/a.ics", zone="Europe/Berlin", theme="health", language="de",
        is_daily=True,
    )  # fmt: skip
    calendars.take_over(calendars.take_in(source, by=coordinator, fetch=fetch), by=coordinator)
    window = Window(timezone.now(), timezone.now())
    calendars.read_daily(window, fetch=fetch)
    assert (CalendarImport.objects.waiting().count(), Letter.objects.count()) == (0, 0)
    for number in range(2):  # programs write the time of the answer into it
        said["now"] = a_calendar(event(at(9), f"DTSTAMP:2027010{number + 1}T000000Z", title="Zwei"))
        calendars.read_daily(window, fetch=fetch)
    assert set(asked) == {"https://example.org/a.ics"}
    (letter,) = Letter.objects.filter(kind="calendar_changed")
    assert (letter.to, Session.objects.get().title_de) == (coordinator, "Eins")
    waiting = CalendarImport.objects.waiting().get()
    assert reverse("exchange:calendar_check", args=[waiting.pk]) in letter.text
    calendars.take_over(waiting, by=coordinator)
    assert Session.objects.get().title_de == "Zwei"
    said["now"] = b"<html>"
    calendars.read_daily(window, fetch=fetch)
    assert CalendarImport.objects.daily().get().trouble
    client.force_login(coordinator)
    assert "no calendar" in client.get(PAGE).content.decode()
    calendars.stop_daily(reihe, by=coordinator)
    settings.CHECK_LINKS = False
    calendars.read_daily(window, fetch=fetch)
    assert len(asked) == 5


class Host(http.server.BaseHTTPRequestHandler):
    """Calendars: /ok, /moved leads there, /inner elsewhere, /large never ends; else 404."""

    def do_GET(self) -> None:
        places = {"/moved": "/ok", "/inner": "http://10.0.0.1/"}
        self.send_response(302 if self.path in places else 200 if self.path in {"/ok", "/large"} else 404)
        if self.path in places:
            self.send_header("Location", places[self.path])
        self.end_headers()
        if self.path == "/ok":
            self.wfile.write(b"BEGIN:VCALENDAR")
        while self.path == "/large":
            self.wfile.write(b"A" * 65536)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library has it
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:  # whoever asks has had enough
            self.close_connection = True


@pytest.fixture
def host() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_calendars_of_other_servers_then_only_by_https_in_public_and_never_endless(host):
    def outcome(path: str, **given: Any) -> str:
        how: dict[str, Any] = {"may_ask": lambda address: address.is_loopback, "schemes": links.WEB} | given
        try:
            return links.content_of(host + path, most=200_000, **how).decode()
        except (OSError, ValueError) as problem:
            return links.trouble(problem)

    assert [outcome(path) for path in ("/ok", "/moved", "/gone", "/inner", "/large")] == [
        "BEGIN:VCALENDAR", "BEGIN:VCALENDAR", "answer 404", "not a public address", "too large",
    ]  # fmt: skip
    assert outcome("/ok", schemes=links.SAFE) == "not a public address"
    assert outcome("/ok", may_ask=links.is_public) == "not a public address"


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_of_an_import_then_the_same_number_of_queries_for_one_row_as_for_three(
    client, coordinator, reihe, rows, django_assert_num_queries
):
    old = [event(at(n), uid=f"alt{n}", title=f"Alt {n}") for n in range(rows)]
    new = [event(at(n), uid=f"neu{n}") for n in range(rows)]
    source = taken(reihe, coordinator, *old)
    away = [event(at(n), uid=f"weg{n}") for n in range(rows)]
    taken(reihe, coordinator, *away)
    Session.objects.filter(title_de="Treffen").update(programme=a_programme("andere"))
    for _number in range(rows):
        waiting = a_calendar_import(reihe, *new, *away, *(one.replace("Alt", "Neu") for one in old))
    client.force_login(coordinator)
    for page, number in ((PAGE, 9), (f"{PAGE}{waiting.pk}/", 7), (f"{PAGE}{source.pk}/", 5)):
        client.get(page)
        with django_assert_num_queries(number):
            assert client.get(page).status_code == 200
