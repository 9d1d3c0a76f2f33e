"""Calls in public: who sees which, what a call says, its dates in its own zone, and its calendar file."""

import datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone, translation

from applications.actions import MoveNotAllowedError
from applications.actions.calls import extend, keep_pack
from applications.models import Call, PackVersion
from applications.moments import Countdown, in_words
from network.models import Letter
from tests.factories import Role, a_city, a_person
from tests.factories_applications import a_call, a_coordinator, a_pack_document, a_pack_version, an_application, text

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
NOTE = "Nur für die Koordination"


def moment(text: str, zone: ZoneInfo = BERLIN) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize("name", ["calls:detail", "calls:questions", "calls:calendar", "calls:readiness"])
def test_call_being_prepared_then_only_its_own_coordination_and_the_operator_see_it(client, name):
    call = a_call(published_at=timezone.now() + datetime.timedelta(hours=1))
    where = reverse(name, args=[call.slug])
    strangers = [None, a_person(Role.LEAD, city=a_city()), a_person(Role.REVIEWER, network=call.network)]
    for person in strangers:
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(where).status_code == 404
        assert call.title.encode() not in client.get(reverse("calls:list")).content
    for person in [a_coordinator(call.network), a_person(Role.OPERATOR)]:
        client.force_login(person)
        assert client.get(where).status_code == 200


def test_call_published_at_a_moment_then_it_is_there_from_that_moment(client):
    call = a_call(published_at=timezone.now() + datetime.timedelta(hours=1))
    assert client.get(call.get_absolute_url()).status_code == 404
    Call.objects.update(published_at=timezone.now())
    assert client.get(call.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("name", ["calls:detail", "calls:questions"])
def test_notes_to_be_verified_then_only_coordinators_read_them(client, name):
    document = a_pack_document()
    document["verify"] = [text(NOTE)]
    document["steps"][0]["sections"][0]["questions"][0]["verify"] = text(NOTE)
    call = a_call(pack=a_pack_version(**document))
    where = reverse(name, args=[call.slug])
    for person in [None, a_person(Role.LEAD, city=a_city())]:
        client.logout()
        if person:
            client.force_login(person)
        assert NOTE not in client.get(where).content.decode()
    client.force_login(a_coordinator(call.network))
    assert NOTE in client.get(where).content.decode()


def test_all_questions_then_each_one_is_there_in_both_languages(client):
    call = a_call()
    for language in ("de", "en"):
        with translation.override(language):
            page = client.get(reverse("calls:questions", args=[call.slug])).content.decode()
        for question in call.pack.questions.values():
            assert getattr(question.label, language) in page


def test_calendar_then_each_date_of_the_call_in_utc(client):
    call = a_call(forwards_at=timezone.now() + datetime.timedelta(days=60))
    response = client.get(reverse("calls:calendar", args=[call.slug]))
    calendar = icalendar.Calendar.from_ical(response.content)
    starts = [event.decoded("dtstart") for event in calendar.walk("VEVENT")]
    assert starts == [one.replace(microsecond=0) for one in (call.opens_at, call.closes_at, call.forwards_at) if one]
    assert len({str(event["uid"]) for event in calendar.walk("VEVENT")}) == 3
    assert response["Content-Type"].startswith("text/calendar")


@pytest.mark.parametrize(
    ("closes", "last", "over"),
    [
        ("2027-01-15 23:59:59", "2027-01-15 22:59:59.999+00:00", "2027-01-15 23:00:00+00:00"),  # winter
        ("2027-07-15 23:59:59", "2027-07-15 21:59:59.999+00:00", "2027-07-15 22:00:00+00:00"),  # summer
    ],
)
def test_deadline_then_it_is_kept_to_the_second(closes, last, over):
    call = a_call()
    call.opens_at, call.closes_at = moment("2026-12-01 09:00"), moment(closes)
    assert call.is_open(datetime.datetime.fromisoformat(last))
    assert not call.is_over(datetime.datetime.fromisoformat(last))
    assert not call.is_open(datetime.datetime.fromisoformat(over))
    assert call.is_over(datetime.datetime.fromisoformat(over))


def test_moment_in_words_then_with_weekday_and_the_zone_of_the_call():
    winter, summer = moment("2027-01-15 23:59:59"), moment("2027-07-15 23:59:59")
    with translation.override("de"):
        assert in_words(winter, BERLIN) == "Freitag, 15. Januar 2027, 23:59 Uhr (MEZ)"
        assert in_words(summer, BERLIN) == "Donnerstag, 15. Juli 2027, 23:59 Uhr (MESZ)"
    with translation.override("en"):
        assert in_words(winter, BERLIN) == "Friday, 15 January 2027, 23:59 (CET)"
        assert in_words(winter, ZoneInfo("Asia/Dubai")).endswith("(Asia/Dubai)")


@pytest.mark.parametrize(
    ("now", "days", "tone"),
    [
        ("2027-01-01 00:00", 14, "attention"),
        ("2026-12-31 23:59", 15, ""),
        ("2027-01-12 08:00", 3, "urgent"),
        ("2027-01-15 23:59:59", 0, "urgent"),
        ("2027-01-16 00:00", -1, "over"),
    ],
)
def test_countdown_then_it_counts_days_of_the_calendar(now, days, tone):
    left = Countdown(moment("2027-01-15 23:59:59"), BERLIN, moment(now))
    assert (left.days, left.tone) == (days, tone)


def test_the_same_pack_again_then_no_new_version():
    first = keep_pack(a_pack_document(), by=None) if a_pack_version() else None
    assert first == keep_pack(a_pack_document(), by=None)
    changed = keep_pack(a_pack_document(title=text("Neuer Titel", "New title")), by=None)
    assert (PackVersion.objects.count(), changed.number) == (2, 2)


def test_extension_then_open_drafts_move_along_and_their_teams_are_told():
    application = an_application()
    call, coordinator = application.call, a_coordinator(application.call.network)
    new = call.closes_at + datetime.timedelta(days=10)
    extend(call, "closes_at", new=new, reason_de="Ferien", reason_en="Holidays", by=coordinator)
    application.refresh_from_db()
    application.call.refresh_from_db()
    assert application.due_at == new
    assert application.events.latest("sequence").kind == "deadline_moved"
    assert Letter.objects.get(kind="application_extension").to == application.started_by


@pytest.mark.parametrize(
    ("days", "reason", "right"),
    [(-1, "Grund", "coordinator"), (10, " ", "coordinator"), (10, "Grund", "other")],
)
def test_extension_to_an_earlier_moment_or_without_reason_or_by_others_then_refused(days, reason, right):
    call = a_call()
    before = call.closes_at
    by = a_coordinator(call.network) if right == "coordinator" else a_person(Role.LEAD, city=a_city())
    with pytest.raises(MoveNotAllowedError):
        extend(call, "closes_at", new=before + datetime.timedelta(days=days), reason_de=reason, reason_en=reason, by=by)
    call.refresh_from_db()
    assert (call.closes_at, call.extensions.count()) == (before, 0)


def test_call_list_then_a_call_stands_under_open_coming_or_over(client):
    pack = a_pack_version()
    now = timezone.now()
    a_call("offen", pack=pack)
    a_call("kommt", pack=pack, opens_at=now + datetime.timedelta(days=3))
    a_call("vorbei", days=-0.5, pack=pack)
    response = client.get(reverse("calls:list"))
    found = {group: [call.slug for call in response.context[group]] for group in ("open", "coming", "over")}
    assert found == {"open": ["offen"], "coming": ["kommt"], "over": ["vorbei"]}
