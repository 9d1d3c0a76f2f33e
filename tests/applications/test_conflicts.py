"""Conflicts of interest: found from facts, with a reason, the same by query and by reason, and nothing leaks."""

import pytest
from django.utils import timezone

from applications.actions.assigning import declare_own_conflict, record_conflict
from applications.actions.inviting import state_origin
from applications.conflicts import Kind, conflicted_pairs, conflicts_of, conflicts_of_coordination, with_facts
from applications.models import Application
from applications.permissions import roles_of
from applications.workflow import Role as WorkflowRole
from applications.workflow import State
from cities.models import TeamMember
from cities.teams.members import leave_team
from tests.factories import Role, a_city, a_country, a_land, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_lead,
    a_network_of,
    a_pack_version,
    an_application,
    an_editor,
)
from tests.factories_reviewing import a_reviewer

pytestmark = pytest.mark.django_db


def kinds(people, applications):
    """What is found, by names of person and city; the question about pairs finds the same."""
    every = with_facts(Application.objects.filter(pk__in=[one.pk for one in applications]).order_by("pk"))
    found = conflicts_of(people, every)
    assert conflicted_pairs((person.pk, one.pk) for person in people for one in every) == found.keys()
    names = {person.pk: person.name for person in people} | {-one.pk: one.city.slug for one in every}
    return {(names[person], names[-case]): {one.kind for one in them} for (person, case), them in found.items()}


def open_by_query(people, applications):
    """The same question to the database: the pairs it keeps away."""
    pks = [one.pk for one in applications]
    barred = set()
    for person in people:
        kept = Application.objects.filter(pk__in=pks).open_to_reviewer(person).values_list("pk", flat=True)
        barred |= {(person.name, one.city.slug) for one in applications if one.pk not in kept}
    return barred


@pytest.fixture
def gnlc():
    return a_network_of("gnlc")


def a_world(gnlc, *, national):
    """Two submitted applications of a Land and a country each, and people in every relation to them."""
    nrw, bavaria = a_land("05"), a_land("09", "Bayern", "Bavaria")
    koeln, ulm = a_city("koeln", land=nrw), a_city("ulm", land=bavaria)
    lyon = a_city("lyon", country="FR")
    call = a_call(pack=a_pack_version(national=national))
    cases = [an_application(State.SUBMITTED, call=call, city=city) for city in (koeln, lyon)]
    former, hand = a_reviewer(gnlc, "Früher im Team", country="PL"), a_reviewer(gnlc, "Hat geschrieben", country="PL")
    TeamMember.objects.create(city=koeln, user=former, role="editor")
    leave_team(koeln, by=former)
    cases[0].versions.create(question="vision", version=99, value="x", at=timezone.now(), by=hand)
    rival = a_reviewer(gnlc, "Konkurrenz", country="PL")
    TeamMember.objects.create(city=ulm, user=rival, role="editor")
    an_application(call=call, city=ulm)
    declared = a_reviewer(gnlc, "Hat erklärt", country="PL")
    record_conflict(cases[0], declared, reason="Verwandt.", by=a_coordinator(gnlc))
    people = [
        former,
        hand,
        rival,
        declared,
        a_reviewer(gnlc, "Angegeben", country="PL", cities=[koeln]),
        a_reviewer(gnlc, "Aus NRW", country="DE", land=nrw),
        a_reviewer(gnlc, "Aus Bayern", country="DE", land=bavaria),
        a_reviewer(gnlc, "Aus Frankreich"),
        a_reviewer(gnlc, "Frei", country="PL"),
        a_person(Role.REVIEWER, network=gnlc, name="Ohne Angabe"),
    ]
    return cases, people


FROM_FACTS = {
    ("Früher im Team", "koeln"): {Kind.FORMER_TEAM},
    ("Hat geschrieben", "koeln"): {Kind.HAND},
    ("Hat erklärt", "koeln"): {Kind.DECLARED},
    ("Angegeben", "koeln"): {Kind.STATED},
}


def test_conflicts_when_the_round_is_national_then_by_land_and_the_query_agrees(gnlc):
    cases, people = a_world(gnlc, national=True)
    found = kinds(people, cases)
    assert found == FROM_FACTS | {
        ("Konkurrenz", "koeln"): {Kind.COMPETING},
        ("Konkurrenz", "lyon"): {Kind.COMPETING},
        ("Aus NRW", "koeln"): {Kind.LAND},
    }
    assert open_by_query(people, cases) == set(found)


def test_conflicts_when_the_round_is_international_then_by_country_and_the_query_agrees(gnlc):
    cases, people = a_world(gnlc, national=False)
    found = kinds(people, cases)
    assert found == FROM_FACTS | {
        ("Konkurrenz", "koeln"): {Kind.COMPETING, Kind.COUNTRY},  # works for a city in Germany
        ("Konkurrenz", "lyon"): {Kind.COMPETING},
        ("Aus NRW", "koeln"): {Kind.COUNTRY},
        ("Aus Bayern", "koeln"): {Kind.COUNTRY},
        ("Aus Frankreich", "lyon"): {Kind.COUNTRY},
    }
    assert open_by_query(people, cases) == set(found)


def test_competing_when_the_call_asks_for_a_field_then_only_in_the_same_one(gnlc):
    call = a_call()
    koeln, lyon, ulm = (
        an_application(State.SUBMITTED, call=call, city=a_city(slug)) for slug in ("koeln", "lyon", "ulm")
    )
    for one, field in ((koeln, "film"), (lyon, "music"), (ulm, "film")):
        Application.objects.filter(pk=one.pk).update(field=field)
    rival = a_reviewer(gnlc, "Konkurrenz", country="PL")
    TeamMember.objects.create(city=ulm.city, user=rival, role="editor")
    found = kinds([rival], [koeln, lyon])
    assert Kind.COMPETING in found["Konkurrenz", "koeln"]
    assert Kind.COMPETING not in found["Konkurrenz", "lyon"]


def test_conflicts_when_there_are_more_pairs_then_not_more_queries(gnlc, django_assert_max_num_queries):
    cases, people = a_world(gnlc, national=True)
    loaded = with_facts(Application.objects.filter(pk__in=[one.pk for one in cases]))
    for some_people, some_cases in ((people[:1], loaded[:1]), (people, loaded)):
        with django_assert_max_num_queries(3):
            conflicts_of(some_people, some_cases)


def test_predecessor_when_somebody_coordinated_it_then_they_do_not_judge_the_next(gnlc):
    before = an_application(State.NOT_ENDORSED)
    coordinator = a_coordinator(gnlc)
    coordinator.offices.update(role="reviewer")
    state_origin(by=coordinator, country=a_country("PL"), land=None, cities=[])
    later = an_application(State.DRAFT, call=a_call("später"), city=before.city)
    Application.objects.filter(pk=later.pk).update(earlier=before)
    found = kinds([coordinator], [later])
    assert found[coordinator.name, before.city.slug] == {Kind.PREDECESSOR}


def test_coordination_when_in_conflict_then_where_one_comes_from_does_not_matter(gnlc):
    cases, people = a_world(gnlc, national=True)
    found = conflicts_of_coordination(people, with_facts(Application.objects.filter(pk=cases[0].pk)))
    assert "Aus NRW" not in {person.name for person in people if (person.pk, cases[0].pk) in found}
    assert "Hat erklärt" in {person.name for person in people if (person.pk, cases[0].pk) in found}


def test_coordinator_when_in_conflict_then_the_case_is_gone_from_every_query_and_role(gnlc):
    mine, other = (an_application(State.SUBMITTED, city=a_city(slug)) for slug in ("koeln", "lyon"))
    coordinator = a_coordinator(gnlc)
    a_person(Role.COORDINATOR, network=gnlc, name="Vertretung")
    assert set(Application.objects.cases_for(coordinator)) == {mine, other}
    declare_own_conflict(mine, reason="Meine Schwester arbeitet dort.", by=coordinator)
    assert list(Application.objects.cases_for(coordinator)) == [other]
    assert list(Application.objects.visible_to(coordinator)) == [other]
    assert roles_of(coordinator, mine) == set()
    assert roles_of(coordinator, other) == {WorkflowRole.COORDINATOR}


def test_coordinator_when_in_the_team_of_a_competing_city_then_the_round_is_not_theirs(gnlc):
    case = an_application(State.SUBMITTED, city=a_city("koeln"))
    coordinator = a_coordinator(gnlc)
    rival = an_application(State.DRAFT, city=a_city("ulm"))
    TeamMember.objects.create(city=rival.city, user=coordinator, role="editor")
    assert not Application.objects.cases_for(coordinator).exists()
    assert roles_of(coordinator, case) == set()


def test_city_when_its_own_people_look_then_a_conflict_takes_nothing_from_them(gnlc):
    case = an_application(State.SUBMITTED)
    assert list(Application.objects.visible_to(a_lead(case.city))) == [case]
    assert list(Application.objects.visible_to(an_editor(case.city))) == [case]
