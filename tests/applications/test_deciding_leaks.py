"""Before a release nobody but those who decide learns anything, and of the work on a case nobody whom it is not for:
every page, list, count, order, file and letter of everybody else is the same, to the byte, as if nothing had happened.
"""

import datetime
import io
import re
import zipfile

import pytest
from django.test import Client
from django.utils import timezone

from applications.actions import caring
from applications.actions.assigning import record_conflict
from applications.actions.caring import Marked
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
from tests.factories_reviewing import a_review, a_reviewer, an_assignment

__all__ = ["directory_in_step"]
pytestmark = pytest.mark.django_db

# Signs that differ from answer to answer, and say nothing.
CHANCE = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|DTSTAMP:\S+')
PUBLIC = [
    "/de/", "/de/networks/", "/de/networks/gnlc/", "/de/germany/", "/de/cities/", "/en/cities/?network=gnlc",
    "/de/cities/?q=bonn", "/de/cities/?view=map&network=gnlc", "/de/cities/?view=table&field=film",
    "/de/cities/?format=csv", "/de/cities/?format=json", "/de/cities/?format=geojson", "/de/cities/?format=points",
    "/de/cities/bonn/", "/sitemap-cities.xml", "/de/calls/", "/de/calls/runde/", "/de/calls/runde/calendar.ics",
    "/de/cities/?sort=since", "/de/cities/?q=bon", "/en/cities/?q=koeln&view=map", "/de/cities/koeln/",
    "/de/calls/runde/questions/", "/de/practices/", "/de/news/", "/sitemap.xml",
]  # fmt: skip
OWN = ["/de/my-desk/", "/de/letters/", "/de/account/data/", "/de/reviews/", "/de/cities/mine/"]
OF_COORDINATION = [  # and of operators; that everybody else meets 404 is in tests/test_access.py
    "/de/coordination/", "/de/coordination/applications/?call=runde", "/de/coordination/applications/?state=in_review",
    "/de/coordination/applications/applications.csv", "/de/coordination/members/?q=bonn",
    "/de/coordination/members/export/", "/de/coordination/calls/runde/reviews/", "/de/outbox/?state=waiting",
    "/de/desk/cities/membership/", "/de/coordination/calls/runde/decisions/",
    "/de/coordination/calls/runde/decisions/release/", "/de/coordination/calls/runde/decisions/forward/",
    "/de/coordination/applications/?q=koeln", "/de/coordination/applications/?sort=state&col=field&col=round",
    "/de/coordination/applications/?check=faulty", "/de/coordination/applications/?flags=yes",
    "/de/coordination/applications/applications.xlsx", "/de/coordination/members/",
    "/de/coordination/applications/applications.csv?q=koeln&sort=city",
    "/de/coordination/applications/together/?act=message&all=1", "/de/coordination/calls/",
    "/de/coordination/calls/runde/", "/de/coordination/calls/runde/extend/", "/de/coordination/calls/runde/late/",
    "/de/coordination/calls/runde/reviewers/", "/de/coordination/calls/runde/reviews/propose/",
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
            ("applications/", ""), ("applications/", "case/"), ("applications/", "receipt/1/"),
            ("coordination/applications/", ""), ("coordination/applications/", "city/"),
            ("coordination/applications/", "reviews/"), ("coordination/applications/", "conflict/"),
            ("coordination/calls/runde/decisions/", ""), ("coordination/calls/runde/decisions/", "letter/de/"),
        )
    ]  # fmt: skip


def signed_in(person):
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def pages_of(who, of_cases):
    if who == "visitor":
        return PUBLIC
    return [*OWN, *of_cases, *(OF_COORDINATION if "coordinator" in who or who == "operator" else [])]


def what_they_meet(clients, of_cases):
    """Status and content of every address, for everybody."""
    met = {}
    for who, client in clients.items():
        for address in pages_of(who, of_cases):
            response = client.get(address)
            content = b"".join(response) if response.streaming else response.content
            if content.startswith(b"PK"):  # a table: what stands in it, without the moment it was made
                with zipfile.ZipFile(io.BytesIO(content)) as book:
                    content = book.read("xl/worksheets/sheet1.xml")
            met[who, address] = (response.status_code, CHANCE.sub(b"", content))
    return met


def differences(before, now):
    return {key for key in before if now[key] != before[key]}


def test_outcomes_when_prepared_and_set_then_nobody_else_meets_any_difference_until_the_moment(world):
    bonn, koeln, first, second, people = world
    where = addresses(bonn, koeln)
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
    assert differences(before, now) == set()
    assert b"Bonn" in signed_in(first).get("/de/coordination/calls/runde/decisions/").content  # who decides sees it

    Release.objects.filter(pk=made.pk).update(at=timezone.now())
    carry_out.call(made.pk)
    then = what_they_meet({who: clients[who] for who in ("visitor", "lead", "lead of the other")}, where)
    changed = {address for address in PUBLIC if before["visitor", address] != then["visitor", address]}
    files = {f"/de/cities/?format={form}" for form in ("csv", "json", "geojson", "points")}
    assert changed >= files | {"/de/networks/gnlc/", "/de/cities/bonn/", "/sitemap-cities.xml", "/de/germany/"}
    assert b"Geheimwort" in then["lead", "/de/letters/"][1]
    assert b"Geheimwort" not in then["lead of the other", "/de/letters/"][1]


def test_work_on_a_case_then_whom_it_is_not_for_meets_no_difference(world):
    """Notes, a flag, the formal check, another reviewer's review, a conflict, an outcome: nothing of it for its city,
    its rival, a conflicted coordinator, a reviewer before the own review is finished, or a stranger."""
    _bonn, koeln, first, _second, people = world
    network = koeln.call.network
    rita, uta, otto = (a_reviewer(network, name) for name in ("Rita Rat", "Uta Urteil", "Otto Ort"))
    own, others = an_assignment(koeln, rita), an_assignment(koeln, uta)
    del people["operator"]  # reads every case
    people |= {"reviewer before finishing": rita, "reviewer of nothing": otto}
    where = [*addresses(koeln), f"/de/reviews/{own.pk}/", f"/de/reviews/{others.pk}/"]
    clients = {who: signed_in(person) for who, person in people.items()}
    before = what_they_meet(clients, where)
    assert before["reviewer before finishing", f"/de/reviews/{own.pk}/"][0] == 200
    assert before["conflicted coordinator", "/de/coordination/applications/?q=koeln"][0] == 200

    caring.note(koeln, "Geheimwort", by=first)
    caring.raise_flag(koeln, "Geheimwort", owner=first, due_on=timezone.localdate(), by=first)
    caring.mark(koeln.submissions.get(), {"signed": Marked("faulty", "Geheimwort", 0)}, by=first)
    a_review(others, reason="Geheimwort")
    record_conflict(koeln, otto, reason="Geheimwort", by=first)
    now = what_they_meet(clients, where)
    assert differences(before, now) == {("reviewer of nothing", "/de/account/data/")}  # what is recorded about oneself
    assert b"Geheimwort" in signed_in(first).get(f"/de/coordination/applications/{koeln.pk}/").content

    prepared(koeln, Action.REFUSE, reason_de="Ergebniswort", reason_en="Ergebniswort")
    del clients["visitor"], clients["reviewer of nothing"], clients["other coordinator"]
    then = what_they_meet(clients, where)
    mine = ("reviewer before finishing", f"/de/reviews/{own.pk}/")
    assert {key for key in then if now[key] != then[key]} == {mine}  # it can be read, and no longer be written
    assert b"Geheimwort" not in then[mine][1]
    assert b"Ergebniswort" not in then[mine][1]


def test_admission_when_the_city_is_one_of_a_demo_then_the_directory_never_shows_it():
    application = an_application(State.FORWARDED, city=a_city("musterstadt", is_demo=True), call=a_call(is_demo=True))
    prepared(application, Action.ADMIT)
    released(application.call)
    assert Membership.objects.get().status == "active"
    client = Client()
    for address in ("/de/cities/", "/de/cities/?format=json", "/de/networks/gnlc/", "/sitemap-cities.xml", "/de/"):
        assert b"musterstadt" not in client.get(address).content.lower()
