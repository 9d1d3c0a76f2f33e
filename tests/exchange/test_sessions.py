"""Sessions: what is to come and what was, the time where it took place, the calendar file."""

import datetime
import json
import re
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from exchange.models import Programme, Session, SessionLink, Speaker
from tests.exchange.test_practices import words
from tests.factories import a_city, a_member, a_network
from tests.factories_exchange import a_programme, a_session

pytestmark = pytest.mark.django_db
BOGOTA = ZoneInfo("America/Bogota")


def event_of(content: bytes) -> Any:
    """The one event of a calendar file; icalendar's own types know too many kinds of values."""
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return event


def at(hour: int, day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), BOGOTA)


def test_sessions_then_the_next_come_first_and_those_before_stand_in_the_archive(client):
    for slug, days in (("gestern", -1), ("frueher", -90), ("heute", 0), ("bald", 3), ("spaeter", 40)):
        a_session(slug, in_days=days)
    response = client.get("/en/sessions/")
    assert [session.slug for session in response.context["upcoming"]] == ["heute", "bald", "spaeter"]
    assert [session.slug for session in response.context["archive"]] == ["gestern", "frueher"]


def test_sessions_when_there_are_none_then_both_parts_say_so(client):
    page = words(client.get("/en/sessions/"))
    assert "No session is announced at the moment." in page
    assert "There is no earlier session yet." in page


@pytest.mark.parametrize(("hidden", "status"), [({"published_at": None}, 404), ({"is_demo": True}, 200)])
def test_session_that_is_a_draft_or_a_demo_then_it_is_in_no_list_and_only_the_demo_has_a_page_that_says_so(
    client, hidden, status
):
    a_session("geheim", programme=a_programme("reihe"), in_days=-3, **hidden)
    a_session("bekannt", programme=Programme.objects.get())
    page = client.get("/de/sessions/geheim/")
    assert (page.status_code, client.get("/de/sessions/geheim/calendar/").status_code) == (status, status)
    if status == 200:
        text = page.content.decode()
        assert ('content="noindex"' in text, "ld+json" in text, "für diese Vorführung" in text) == (True, False, True)
    for path in ("/de/sessions/", "/de/sessions/?q=geheim", "/de/programmes/reihe/", "/de/programmes/",
                 "/de/programmes/reihe/calendar/", "/sitemap-sessions.xml"):  # fmt: skip
        text = client.get(path).content.decode()
        assert ("geheim" in text.replace("q=geheim", "").replace('value="geheim"', "")) is False
    assert [row.sessions for row in client.get("/en/programmes/").context["rows"]] == [1]


def test_session_of_an_evening_far_west_then_not_over_while_it_lasts(client):
    """20:00 in Bogotá is the next day in Berlin."""
    today = timezone.localdate()
    evening = datetime.datetime.combine(today, datetime.time(2), timezone.get_default_timezone())
    session = a_session("abend", in_days=-1, starts_at=evening, zone="America/Bogota")
    a_session("gestern", in_days=-1)
    assert session.is_over is False
    page = client.get("/de/sessions/")
    assert [one.slug for one in page.context["upcoming"]] == ["abend"]
    assert [one.slug for one in page.context["archive"]] == ["gestern"]


def test_session_then_its_time_is_that_of_its_place(client):
    session = a_session("abend", in_days=5)
    Session.objects.update(
        starts_at=at(18, session.day), ends_at=at(20, session.day), zone="America/Bogota", zone_announced="COT"
    )
    page = words(client.get("/de/sessions/abend/"))
    assert "18:00" in page
    assert "20:00" in page
    assert "(COT)" in page
    assert "America/Bogota" in page
    assert "18:00" in words(client.get("/de/sessions/"))


def test_session_when_only_its_day_is_known_then_no_time_is_made_up(client):
    a_session("tag", in_days=5)
    page = words(client.get("/en/sessions/tag/"))
    assert "The sources do not name the time of day." in page
    assert "00:00" not in page


def test_calendar_file_then_the_moment_and_its_zone_are_right(client):
    session = a_session("abend", in_days=5)
    Session.objects.update(starts_at=at(18, session.day), ends_at=at(20, session.day), zone="America/Bogota")
    response = client.get("/de/sessions/abend/calendar/")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(response.content)
    event = event_of(response.content)
    assert event["DTSTART"].dt == at(18, session.day)
    assert event["DTEND"].dt == at(20, session.day)
    assert event["DTSTART"].params["TZID"] == "America/Bogota"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["America/Bogota"]
    assert str(event["SUMMARY"]) == "Sitzung abend"
    assert str(event["URL"]).endswith("/de/sessions/abend/")


def test_calendar_file_when_only_the_day_is_known_then_it_lasts_all_day(client):
    session = a_session("tag", in_days=5)
    event = event_of(client.get("/en/sessions/tag/calendar/").content)
    assert event["DTSTART"].dt == session.day
    assert event["DTEND"].dt == session.day + datetime.timedelta(days=1)


def test_session_to_come_then_the_calendar_is_offered_first_and_later_only_named(client):
    a_session("bald", in_days=3)
    a_session("vorbei", in_days=-3)
    assert "Put into my calendar" in words(client.get("/en/sessions/bald/"))
    over = words(client.get("/en/sessions/vorbei/"))
    assert "Put into my calendar" not in over
    assert "This session is over." in over


def test_session_then_the_page_shows_who_spoke_what_was_said_and_what_is_kept(client):
    gnlc = a_network("gnlc", short_name_en="Learning Cities")
    session = a_session(
        "abend", programme=a_programme("reihe"), briefing_en="They spoke of books.", briefing_de="Es ging um Bücher.",
        partners="A library", languages=["es", "sw"], as_of="2020-04", source_url="https://example.org/",
    )  # fmt: skip
    session.networks.add(gnlc)
    Speaker.objects.create(
        session=session, name="Jan Muster", office_de="Amt", office_en="Office", city=a_member("cork", gnlc)
    )
    Speaker.objects.create(session=session, office_de="Bürgermeisteramt Linz", city=a_city("linz"))
    SessionLink.objects.create(
        session=session, kind="recording", label_de="Film", label_en="Film", language="es", url="https://example.org/f"
    )
    response = client.get("/en/sessions/abend/")
    page = words(response)
    for said in ("They spoke of books.", "Jan Muster", "Office", "A library", "Spanish, sw", "Film", "April 2020",
                 "Learning Cities", "Programme reihe"):  # fmt: skip
        assert said in page
    assert 'href="/en/cities/cork/"' in response.content.decode()
    assert "/en/cities/linz/" not in response.content.decode()  # it has no page


def test_session_for_search_engines_then_the_start_has_its_offset(client):
    session = a_session("abend", in_days=5)
    Session.objects.update(starts_at=at(18, session.day), zone="America/Bogota")
    page = client.get("/en/sessions/abend/").content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found
    data = json.loads(found[1])
    assert (data["@type"], data["startDate"]) == ("Event", f"{session.day}T18:00:00-05:00")


def test_session_with_a_time_then_it_needs_a_zone_that_exists():
    session = a_session("abend")
    with pytest.raises(IntegrityError):
        Session.objects.update(starts_at=at(18, session.day))


def test_zone_that_does_not_exist_then_the_form_says_so():
    session = a_session("abend")
    session.zone = "Europe/Atlantis"
    with pytest.raises(ValidationError, match="Europe/Berlin"):
        session.full_clean()
