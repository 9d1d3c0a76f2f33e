"""The start page of the coordination: what waits, the next deadlines, and an empty desk."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from applications.actions import caring
from applications.models import Application, Flag
from applications.workflow import State
from tests.factories import Role, a_city, a_person
from tests.factories_applications import a_call, a_lead, a_network_of, an_application
from tests.guards import only_reads, problems

pytestmark = pytest.mark.django_db

HOME, LIST = "coordination:home", "coordination:list"


def test_home_then_what_waits_as_links_to_lists_that_show_as_many(client, cases, coordinator):
    caring.write_to_city(cases["review"], "Wie viele?", by=coordinator)
    caring.answer(cases["review"], "Es sind 41.", by=a_lead(cases["review"].city))
    client.force_login(coordinator)
    with only_reads():
        today = client.get(reverse(HOME)).context["today"]
    for tile in today.tiles:
        if tile.address.startswith(reverse(LIST)) and "sort=" not in tile.address:
            assert client.get(tile.address).context["cases"].shown == tile.count
    assert len(today.tiles) == 4
    assert [(one.kind, one.city) for one in today.errands] == [("answer", "Aachen"), ("flag", "Lyon")]
    caring.note(cases["review"], "Gelesen.", by=coordinator)
    assert [one.kind for one in client.get(reverse(HOME)).context["today"].errands] == ["flag"]


def test_home_when_the_owner_of_a_flag_has_left_then_a_colleague_sees_it(client, cases, coordinator):
    colleague = a_person(Role.COORDINATOR, network=cases["new"].call.network)
    client.force_login(colleague)
    assert client.get(reverse(HOME)).context["today"].errands == []
    coordinator.offices.all().delete()
    assert [one.kind for one in client.get(reverse(HOME)).context["today"].errands] == ["flag"]


def test_home_then_the_next_deadline_of_all_calls_first_and_nothing_that_is_left_to_a_colleague(
    client, cases, coordinator
):
    pack = cases["new"].pack_version
    soon = a_call("bald", pack=pack, days=2, forwards_at=timezone.now() + datetime.timedelta(days=9))
    for slug, call in (("trier", a_call("ohne-datum", pack=pack)), ("mainz", soon), ("ulm", soon)):
        an_application(State.SUBMITTED, call=call, city=a_city(slug))
    an_application(call=soon, city=a_city("kassel"))
    barred = a_person(Role.COORDINATOR, network=soon.network)
    for slug in ("ulm", "lyon"):
        Application.objects.get(city__slug=slug).conflicts.create(person=barred, reason="Verwandt.", by=barred)
    Flag.objects.update(owner=barred)
    seen = {}
    for person in (coordinator, barred):
        client.force_login(person)
        today = client.get(reverse(HOME)).context["today"]
        counted = next(one for one in today.rounds if one.call == soon)
        seen[person] = (
            [one.city.slug for one, _act in today.cases], [one.city for one in today.errands],
            (counted.arrived, counted.drafts), {str(tile.label): tile.count for tile in today.tiles},
        )  # fmt: skip
    everything = ["mainz", "ulm", "koeln", "lyon", "bonn", "aachen", "trier"]
    with translation.override("de"):
        near = next(label for label in seen[coordinator][3] if "14" in label)
    assert seen[coordinator][:3] == (everything, [], (2, 1))
    assert seen[coordinator][3][near] == 2
    assert seen[barred][:3] == ([slug for slug in everything if slug not in {"ulm", "lyon"}], [], (1, 1))
    assert seen[barred][3][near] == 1


def test_home_of_a_network_without_a_call_then_it_says_what_to_do(client):
    person = a_person(Role.COORDINATOR, network=a_network_of("uccn"))
    for language in ("de", "en"):
        with translation.override(language):
            client.force_login(person)
            response = client.get(reverse(HOME))
            assert problems(response, language) == []
    assert "has no call" in response.content.decode() or "have no call" in response.content.decode()
