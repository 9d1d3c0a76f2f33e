"""The readiness check: what the answers come to, that nothing is stored by itself, and who may keep a result."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from applications.models import ReadinessResult
from applications.pack import read
from applications.readiness import Result, Said, Shade, result_of
from tests.factories import Role, a_city, a_person
from tests.factories_applications import a_call, a_lead, a_pack_document
from tests.guards import only_reads

PACK = read(a_pack_document())  # statements: council (essential, 90 days), plan (30 days)
TODAY = datetime.date(2027, 1, 1)


def result(council: str, plan: str, days: int = 100) -> Result:
    return Result(PACK, {"council": Said(council), "plan": Said(plan)}, TODAY + datetime.timedelta(days=days), TODAY)


@pytest.mark.parametrize(
    ("council", "plan", "days", "shade"),
    [
        ("met", "met", 100, Shade.NOW),
        ("met", "not_yet", 100, Shade.EXPLAIN),
        ("partly", "met", 10, Shade.EXPLAIN),
        ("not_yet", "met", 90, Shade.EXPLAIN),
        ("not_yet", "met", 89, Shade.LATER),
        ("unknown", "met", 89, Shade.LATER),
        ("met", "met", -1, Shade.LATER),
    ],
)
def test_answers_then_their_shade(council, plan, days, shade):
    assert result(council, plan, days).shade == shade


@given(st.sampled_from(Said.values), st.sampled_from(Said.values), st.integers(-5, 400))
def test_do_not_know_then_it_never_counts_for_more_than_not_yet(council, plan, days):
    known = result(council.replace("unknown", "not_yet"), plan.replace("unknown", "not_yet"), days)
    asked = result(council, plan, days)
    assert asked.shade == known.shade
    assert [task.statement for task in asked.tasks] == [task.statement for task in known.tasks]


def test_tasks_then_by_office_and_by_the_day_they_must_begin():
    tasks = result("not_yet", "unknown", days=60).tasks
    assert [(task.statement.key, task.is_late) for task in tasks] == [("council", True), ("plan", False)]
    assert tasks[1].begin_by == TODAY + datetime.timedelta(days=30)


@pytest.mark.django_db
def test_unanswered_and_unknown_answers_then_not_known_to_be_met():
    said = result_of(a_call(), {"council": "sicher", "nirgends": "met"}).said
    assert said == {"council": Said.UNKNOWN, "plan": Said.UNKNOWN}


@pytest.mark.django_db
def test_visitor_checks_then_the_result_is_shown_and_nothing_is_written(client):
    call = a_call()
    with only_reads():
        response = client.post(reverse("calls:readiness", args=[call.slug]), {"council": "met", "plan": "met"})
    assert response.context["result"].shade == Shade.NOW
    assert not response.cookies.get("sessionid")


@pytest.mark.django_db
def test_result_kept_for_ones_own_city_then_it_is_there_next_time(client):
    call, city = a_call(), a_city("musterstadt")
    client.force_login(a_lead(city))
    where = reverse("calls:readiness_keep", args=[call.slug])
    assert (
        client.post(where, {"city": "musterstadt", "council": "met", "plan": "partly", "x": "met"}).status_code == 302
    )
    kept = ReadinessResult.objects.get()
    assert (kept.city, kept.answers) == (city, {"council": "met", "plan": "partly"})
    page = client.get(reverse("calls:readiness", args=[call.slug]))
    assert page.context["form"].initial == kept.answers


@pytest.mark.django_db
def test_result_kept_for_another_city_then_404_and_nothing_is_stored(client):
    call, other = a_call(), a_city("beispielhausen")
    where = reverse("calls:readiness_keep", args=[call.slug])
    assert client.post(where, {"city": other.slug}).status_code == 302  # to sign in
    for person in [a_lead(a_city("musterstadt")), a_person(Role.COORDINATOR, network=call.network)]:
        client.force_login(person)
        assert client.post(where, {"city": other.slug, "council": "met"}).status_code == 404
    assert not ReadinessResult.objects.exists()


@pytest.mark.django_db
def test_kept_result_of_another_city_then_it_is_not_shown(client):
    call = a_call()
    city, other = a_city("musterstadt"), a_city("beispielhausen")
    ReadinessResult.objects.create(call=call, city=city, answers={"council": "met"}, saved_by=a_lead(city))
    client.force_login(a_lead(other))
    page = client.get(reverse("calls:readiness", args=[call.slug]))
    assert (page.context["kept"], page.context["form"].initial) == (None, {})


@pytest.mark.django_db
def test_begin_by_then_by_the_day_of_the_call_s_own_zone():
    call = a_call()
    call.closes_at = timezone.now() + datetime.timedelta(days=90)
    deadline = call.closes_at.astimezone(call.zone_info).date()
    tasks = result_of(call, {}).tasks
    assert {task.begin_by for task in tasks} == {deadline - datetime.timedelta(days=days) for days in (90, 30)}
