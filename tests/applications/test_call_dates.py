"""The dates of a call as its coordination moves them: late for one city, later for all, by the clock of a zone."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation

from applications.actions.drafting import start
from applications.forms.coordinating import moment_in
from applications.models import Application, Call, Extension
from applications.workflow import State
from cities.models import TeamMember
from tests.applications.test_coordination import BERLIN, FAR, address_of, read
from tests.factories import a_city
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_lead,
    an_application,
    let_time_pass,
)
from tests.guards import problems

pytestmark = pytest.mark.django_db

SECRET = "Noch nicht für fremde Augen"


# --- moments by the clock of a zone


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        ("2027-01-15", "23:59:59", "2027-01-15T22:59:59+00:00"),  # winter
        ("2027-07-15", "23:59:59", "2027-07-15T21:59:59+00:00"),  # summer
        ("2027-03-28", "01:59:59", "2027-03-28T00:59:59+00:00"),  # the last second before clocks go forward
        ("2027-03-28", "03:00:00", "2027-03-28T01:00:00+00:00"),  # the next one
        ("2027-10-31", "02:30:00", "2027-10-31T01:30:00+00:00"),  # there twice: the later one
        ("2027-10-31", "23:59:59", "2027-10-31T22:59:59+00:00"),
    ],
)
def test_moment_in_berlin_then_as_clocks_there_show_it(day, clock, expected):
    found = moment_in(BERLIN, datetime.date.fromisoformat(day), datetime.time.fromisoformat(clock))
    assert found.astimezone(datetime.UTC).isoformat() == expected


def test_moment_that_clocks_leap_over_then_refused():
    with pytest.raises(ValidationError):
        moment_in(BERLIN, datetime.date(2027, 3, 28), datetime.time(2, 30))


def test_form_with_a_time_that_does_not_exist_then_said_beside_it(client):
    call = a_call(closes_at=datetime.datetime(2099, 1, 15, 23, 59, 59, tzinfo=BERLIN))
    client.force_login(a_coordinator(call.network))
    data = {"deadline": "closes_at", "day": "2099-03-29", "clock": "02:30", "reason_de": "a", "reason_en": "b"}
    with translation.override("en"):
        response = client.post(reverse("coordination:extend", args=[call.slug]), data)
    assert "this time of day does not exist on that day" in response.content.decode()
    assert not Extension.objects.exists()


# --- late


@pytest.fixture
def missed() -> Application:
    """A draft whose deadline was an hour ago."""
    draft = an_application(State.DRAFT)
    let_time_pass(closes_at=timezone.now() - datetime.timedelta(hours=1))
    return Application.objects.for_page().get(pk=draft.pk)


def test_late_then_this_city_may_submit_and_no_other(client, missed):
    other = a_city("bonn")
    let_time_pass(closes_at=timezone.now() + datetime.timedelta(hours=1))
    also_late = start(Call.objects.get(), other, by=a_lead(other), language="de")
    let_time_pass(closes_at=timezone.now() - datetime.timedelta(hours=1))
    client.force_login(a_coordinator(missed.call.network))
    data = {"city": missed.city.slug, "note": "Stromausfall im Rathaus.", **FAR}
    assert client.post(address_of("late", missed), data).status_code == 302
    missed, also_late = (Application.objects.for_page().get(pk=one.pk) for one in (missed, also_late))
    assert missed.is_in_time()
    assert not also_late.is_in_time()
    letter = a_lead(missed.city).received_letters.get(kind="application_late")
    assert "Stromausfall im Rathaus." in letter.text
    with translation.override("en"):
        assert "Already allowed" in read(client, a_coordinator(missed.call.network), address_of("late", missed))


@pytest.mark.parametrize(
    "spoilt", [{"city": ""}, {"city": "bonn"}, {"note": ""}, {"day": "2020-01-01"}, {"day": "nie"}, {"clock": "24:00"}]
)
def test_late_with_a_wrong_entry_then_nothing_is_granted_and_all_is_kept(client, missed, spoilt):
    a_city("bonn")
    client.force_login(a_coordinator(missed.call.network))
    data = {"city": missed.city.slug, "note": "Stromausfall.", **FAR} | spoilt
    response = client.post(address_of("late", missed), data)
    assert response.status_code == 422
    assert problems(response, "de") == []
    page = response.content.decode()
    for name in ("note", "day", "clock"):
        assert data[name] in page
    missed.refresh_from_db()
    assert missed.late_until is None


def test_late_for_the_own_city_then_it_is_not_offered(client, missed):
    coordinator = a_coordinator(missed.call.network)
    TeamMember.objects.create(city=missed.city, user=coordinator, role=TeamMember.Role.EDITOR)
    text = read(client, coordinator, address_of("late", missed))
    assert f'value="{missed.city.slug}"' not in text
    data = {"city": missed.city.slug, "note": "Für uns.", **FAR}
    assert client.post(address_of("late", missed), data).status_code == 422
    missed.refresh_from_db()
    assert missed.late_until is None


# --- extending


def test_extend_page_then_it_counts_what_moves_along(client):
    call = a_call()
    for state, slug in ((State.DRAFT, "aachen"), (State.DRAFT, "bonn"), (State.SUBMITTED, "celle"),
                        (State.NOT_ENDORSED, "dresden"), (State.WITHDRAWN, "emden")):  # fmt: skip
        an_application(state, call=call, city=a_city(slug))
    client.force_login(a_coordinator(call.network))
    response = client.get(reverse("coordination:extend", args=[call.slug]))
    assert (response.context["drafts"], response.context["others"]) == (2, 1)


def test_extend_then_the_deadline_moves_in_public_and_the_teams_are_told(client):
    draft = an_application(State.DRAFT)
    call = draft.call
    client.force_login(a_coordinator(call.network))
    data = {"deadline": "closes_at", "day": "2099-07-01", "clock": "23:59:59", "reason_de": "Wegen der Ferien.",
            "reason_en": "Because of the holidays."}  # fmt: skip
    response = client.post(reverse("coordination:extend", args=[call.slug]), data)
    assert response.headers["Location"] == call.get_absolute_url()
    call.refresh_from_db()
    assert call.closes_at == datetime.datetime(2099, 7, 1, 21, 59, 59, tzinfo=datetime.UTC)
    assert a_lead(draft.city).received_letters.filter(kind="application_extension").count() == 1
    client.logout()
    assert "Wegen der Ferien." in client.get(call.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "spoilt",
    [
        {"deadline": ""},
        {"deadline": "opens_at"},
        {"day": "2020-01-01"},
        {"day": "bald"},
        {"clock": "spät"},
        {"reason_de": ""},
        {"reason_en": " "},
    ],
)
def test_extend_with_a_wrong_entry_then_nothing_moves_and_all_is_kept(client, spoilt):
    call = a_call()
    client.force_login(a_coordinator(call.network))
    data = {"deadline": "closes_at", **FAR, "reason_de": "Wegen der Ferien.", "reason_en": "Holidays."} | spoilt
    response = client.post(reverse("coordination:extend", args=[call.slug]), data)
    assert response.status_code == 422
    assert problems(response, "de") == []
    page = response.content.decode()
    for name in ("day", "clock", "reason_de", "reason_en"):
        assert data[name] in page
    assert not Extension.objects.exists()


def test_extend_twice_by_a_double_click_then_once(client):
    call = a_call()
    client.force_login(a_coordinator(call.network))
    data = {"deadline": "closes_at", **FAR, "reason_de": "Ferien.", "reason_en": "Holidays."}
    where = reverse("coordination:extend", args=[call.slug])
    assert [client.post(where, data).status_code for _time in range(2)] == [302, 422]
    assert Extension.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_late_page_then_the_number_of_queries_does_not_grow(client, django_assert_num_queries, rows):
    call = a_call()
    for number in range(rows):
        an_application(State.DRAFT, call=call, city=a_city(f"stadt-{number}"))
    let_time_pass(closes_at=timezone.now() - datetime.timedelta(hours=1))
    client.force_login(a_coordinator(call.network))
    where = reverse("coordination:late", args=[call.slug])
    client.get(where)
    with django_assert_num_queries(6):
        client.get(where)
