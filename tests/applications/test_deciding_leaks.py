"""Before a release nobody but those who decide learns anything: every page, list, count, file and letter of everybody
else is the same, to the byte, as if nothing were prepared. At the release all of it is there."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from applications.actions.deciding import change_words
from applications.actions.releasing import carry_out
from applications.models import Conflict, Release
from applications.workflow import Action, State
from cities.models import Membership
from tests.data import directory_in_step
from tests.factories import Role, a_city, a_network, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_lead,
    a_second_coordinator,
    an_application,
    prepared,
    released,
)

__all__ = ["directory_in_step"]
pytestmark = pytest.mark.django_db

# Signs that differ from answer to answer, and say nothing.
CHANCE = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|DTSTAMP:\S+')
PUBLIC = [
    "/de/", "/de/networks/", "/de/networks/gnlc/", "/de/germany/", "/de/cities/", "/en/cities/?network=gnlc",
    "/de/cities/?q=bonn", "/de/cities/?view=map&network=gnlc", "/de/cities/?view=table&field=film",
    "/de/cities/?format=csv", "/de/cities/?format=json", "/de/cities/?format=geojson", "/de/cities/?format=points",
    "/de/cities/bonn/", "/sitemap-cities.xml", "/de/calls/", "/de/calls/runde/", "/de/calls/runde/calendar.ics",
]  # fmt: skip
FOR_PEOPLE = [
    "/de/my-desk/", "/de/letters/", "/de/account/data/", "/de/reviews/", "/de/coordination/",
    "/de/coordination/applications/?call=runde", "/de/coordination/applications/?state=in_review",
    "/de/coordination/applications/applications.csv", "/de/coordination/members/?q=bonn",
    "/de/coordination/members/export/", "/de/coordination/calls/runde/reviews/", "/de/outbox/?state=waiting",
    "/de/desk/cities/membership/", "/de/coordination/calls/runde/decisions/",
    "/de/coordination/calls/runde/decisions/release/",
]  # fmt: skip


@pytest.fixture
def world():
    """A real city whose application the network has, and another under review; both about to be decided."""
    call = a_call("runde")
    bonn = an_application(State.FORWARDED, call=call, city=a_city("bonn"))
    koeln = an_application(State.IN_REVIEW, call=call, city=a_city("koeln"))
    network = call.network
    network.fields.create(slug="film", name_de="Film")
    conflicted = a_person(Role.COORDINATOR, network=network, name="Befangen")
    first, second = a_coordinator(network), a_second_coordinator(network)
    Conflict.objects.create(application=koeln, person=conflicted, reason="Verwandt", by=first)
    people = {
        "visitor": None,
        "lead": a_lead(bonn.city),
        "lead of the other": a_lead(koeln.city),
        "other coordinator": a_person(Role.COORDINATOR, network=a_network("uccn")),
        "conflicted coordinator": conflicted,
        "reviewer": a_person(Role.REVIEWER, network=network),
        "operator": a_person(Role.OPERATOR),
    }
    return bonn, koeln, first, second, people


def addresses(*applications):
    """Those of the applications themselves."""
    return [
        f"/de/{where}{one.pk}/{rest}"
        for one in applications
        for where, rest in (
            ("applications/", "case/"), ("coordination/applications/", ""), ("reviews/", ""),
            ("coordination/calls/runde/decisions/", ""), ("coordination/calls/runde/decisions/", "letter/de/"),
        )
    ]  # fmt: skip


def signed_in(person):
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def what_they_meet(clients, where):
    """Status and content of every address, for everybody."""
    met = {}
    for who, client in clients.items():
        for address in PUBLIC if who == "visitor" else where:
            response = client.get(address)
            content = b"".join(response) if response.streaming else response.content
            met[who, address] = (response.status_code, CHANCE.sub(b"", content))
    return met


def test_outcomes_when_prepared_and_set_then_nobody_else_meets_any_difference_until_the_moment(world):
    bonn, koeln, first, second, people = world
    where = [*FOR_PEOPLE, *addresses(bonn, koeln)]
    clients = {who: signed_in(person) for who, person in people.items()}
    before = what_they_meet(clients, where)
    opened = {address for (_who, address), (status, _content) in before.items() if status == 200}
    assert len(opened) > 30  # what is compared is there

    film = list(bonn.call.network.fields.all())
    admitted = prepared(bonn, Action.ADMIT, reason_de="Geheimwort", reason_en="Secret word", fields=film)
    prepared(koeln, Action.REFUSE)
    change_words(admitted, "de", subject="Geheimwort", text="Geheimwort", by=first)
    made = released(bonn.call, at=timezone.now() + datetime.timedelta(days=1), by=second)
    carry_out.call(made.pk)
    now = what_they_meet(clients, where)
    assert {key for key in before if now[key] != before[key]} == set()
    assert b"Bonn" in signed_in(first).get("/de/coordination/calls/runde/decisions/").content  # who decides sees it

    Release.objects.filter(pk=made.pk).update(at=timezone.now())
    carry_out.call(made.pk)
    then = what_they_meet({who: clients[who] for who in ("visitor", "lead", "lead of the other")}, where)
    changed = {address for address in PUBLIC if before["visitor", address] != then["visitor", address]}
    files = {f"/de/cities/?format={form}" for form in ("csv", "json", "geojson", "points")}
    assert changed >= files | {"/de/networks/gnlc/", "/de/cities/bonn/", "/sitemap-cities.xml", "/de/germany/"}
    assert b"Geheimwort" in then["lead", "/de/letters/"][1]
    assert b"Geheimwort" not in then["lead of the other", "/de/letters/"][1]


def test_admission_when_the_city_is_one_of_a_demo_then_the_directory_never_shows_it():
    application = an_application(State.FORWARDED, city=a_city("musterstadt", is_demo=True), call=a_call(is_demo=True))
    prepared(application, Action.ADMIT)
    released(application.call)
    assert Membership.objects.get().status == "active"
    client = Client()
    for address in ("/de/cities/", "/de/cities/?format=json", "/de/networks/gnlc/", "/sitemap-cities.xml", "/de/"):
        assert b"musterstadt" not in client.get(address).content.lower()
