"""My desk: what waits for whom, in which order, and what nobody else sees of it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from applications.actions.calls import extend
from applications.models import Call
from applications.workflow import State
from cities import teams
from cities.models import TeamMember
from tests.factories import Role, a_city, a_member, a_membership, a_network, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_lead,
    a_network_of,
    a_pack_version,
    an_application,
    an_editor,
    complete,
    let_time_pass,
)
from tests.guards import only_reads, problems

pytestmark = pytest.mark.django_db


def page(client, person, query="") -> str:
    client.force_login(person)
    with only_reads():
        response = client.get(reverse("desk:home") + query)
    assert response.status_code == 200
    assert "no-cache" in response["Cache-Control"]
    return str(response.content.decode())


def in_order(text: str, *words: str) -> bool:
    places = [text.find(word) for word in words]
    return -1 not in places and places == sorted(places)


def of_both(*cities):
    """Somebody who leads several cities."""
    lead = a_lead(cities[0])
    for city in cities[1:]:
        TeamMember.objects.create(city=city, user=lead, role=TeamMember.Role.LEAD)
    return lead


def test_desk_when_nobody_is_signed_in_then_to_the_sign_in_and_back(client):
    response = client.get(reverse("desk:home"))
    assert response.headers["Location"] == f"{reverse('account_login')}?next={reverse('desk:home')}"


def test_sign_in_then_one_lands_at_the_desk(client):
    person = a_person(Role.NEWCOMER)
    response = client.post(reverse("account_login"), {"login": person.email, "password": "ein-langes-kennwort"})
    assert response.headers["Location"] == reverse("desk:home")


def test_desk_of_somebody_without_a_city_then_it_leads_to_the_search_for_one(client):
    text = page(client, a_person(Role.NEWCOMER))
    assert f'href="{reverse("cities:mine")}#find"' in text
    assert 'id="chances"' not in text


def test_desk_then_returned_applications_come_first_then_drafts_by_deadline_and_missed_ones_last(client):
    soon, late, gone = a_call("bald", days=5), a_call("spaeter", days=50), a_call("vorbei", days=1)
    cities = [a_city(slug) for slug in ("aachen", "bonn", "celle", "dresden", "emden")]
    lead = of_both(*cities)
    an_application(State.SUBMITTED, call=soon, city=cities[0])
    an_application(State.DRAFT, call=late, city=cities[1])
    an_application(State.DRAFT, call=soon, city=cities[2])
    an_application(State.RETURNED, call=late, city=cities[3])
    an_application(State.DRAFT, call=gone, city=cities[4])
    let_time_pass(Call.objects.filter(slug="vorbei"), closes_at=timezone.now() - datetime.timedelta(hours=1))
    rows = ["Dresden: Aufruf spaeter", "Celle: Aufruf bald", "Bonn: Aufruf spaeter", "Aachen: Aufruf bald"]
    assert in_order(page(client, lead), *rows, "Emden: Aufruf vorbei")


def test_desk_of_a_draft_then_the_next_section_is_named_and_linked(client):
    draft = an_application(State.DRAFT)
    text = page(client, a_lead(draft.city))
    assert reverse("applications:section", args=[draft.pk, "rules"]) in text
    assert "Regeln" in text


def test_desk_of_a_complete_draft_then_the_lead_is_led_to_submitting_and_the_editor_reads_who_may(client):
    draft = an_application(State.DRAFT)
    lead, editor = a_lead(draft.city), an_editor(draft.city)
    complete(draft, by=lead)
    with translation.override("en"):
        for person, sentence in [(lead, "Check and submit"), (editor, "Lead or deputy can submit now.")]:
            text = page(client, person)
            assert sentence in text
            assert reverse("applications:check", args=[draft.pk]) in text


def test_desk_of_a_draft_without_its_signature_then_to_the_signing_page(client):
    draft = an_application(State.DRAFT)
    complete(draft, by=a_lead(draft.city))
    draft.endorsements.all().delete()
    assert reverse("applications:sheet", args=[draft.pk, "mayor"]) in page(client, a_lead(draft.city))


def test_desk_of_a_returned_application_then_the_parts_asked_for_are_named(client):
    returned = an_application(State.RETURNED)
    with translation.override("en"):
        text = page(client, a_lead(returned.city))
    assert "The coordination asks for changes: Vision" in text
    assert "14 days left" in text


def test_desk_of_a_draft_that_missed_the_deadline_then_whom_to_ask(client):
    draft = an_application(State.DRAFT)
    closed = timezone.now() - datetime.timedelta(hours=1)
    let_time_pass(closes_at=closed)
    with translation.override("en"):
        text = page(client, a_lead(draft.city))
    assert "Only the coordination can still accept the application" in text
    assert reverse("applications:check", args=[draft.pk]) not in text


def test_desk_then_days_are_counted_by_the_calendar_of_the_call(client):
    auckland = a_call("fern", zone="Pacific/Auckland")
    now = timezone.now()
    midnight = timezone.localtime(now, auckland.zone_info).replace(hour=23, minute=59, second=59, microsecond=0)
    let_time_pass(closes_at=midnight)
    draft = an_application(State.DRAFT, call=Call.objects.get())
    with translation.override("en"):
        assert "Today until 23:59" in page(client, a_lead(draft.city))


def test_desk_of_another_city_then_nothing_of_the_application(client):
    an_application(State.DRAFT)
    text = page(client, a_lead(a_city("bonn")))
    assert "Musterstadt" not in text


def test_desk_of_an_ended_application_then_it_stands_apart_with_its_state(client):
    ended = an_application(State.WITHDRAWN)
    text = page(client, a_lead(ended.city))
    assert reverse("applications:case", args=[ended.pk]) in text
    assert "desk-row-" not in text


# --- calls


def test_desk_then_open_calls_of_networks_the_city_is_not_in(client):
    city = a_city("bonn")
    uccn = a_network_of("uccn")
    pack = a_pack_version()
    offered = a_call("offen", pack=pack)
    of_member = a_call("mitglied", pack=a_pack_version(network="uccn", key="other"))
    a_membership(city, uccn)
    closed = a_call("zu", pack=pack, closes_at=timezone.now() - datetime.timedelta(minutes=1))
    coming = a_call("kommt", pack=pack, opens_at=timezone.now() + datetime.timedelta(days=1))
    hidden = a_call("geheim", pack=pack, published_at=None)
    text = page(client, a_lead(city))
    assert offered.get_absolute_url() in text
    for call in (of_member, closed, coming, hidden):
        assert call.get_absolute_url() not in text


def test_desk_of_a_city_that_left_the_network_then_its_calls_are_offered_again(client):
    call, city = a_call(), a_city("bonn")
    a_membership(city, call.network, status="ended")
    assert call.get_absolute_url() in page(client, a_lead(city))


def test_desk_of_a_demo_city_then_only_demo_calls(client):
    real, demo = a_call("echt"), a_call("demo", is_demo=True)
    text = page(client, a_lead(a_city("bonn", is_demo=True)))
    assert demo.get_absolute_url() in text
    assert real.get_absolute_url() not in text


def test_desk_once_the_city_has_begun_then_the_call_is_not_offered(client):
    draft = an_application(State.DRAFT)
    text = page(client, a_lead(draft.city))
    assert f'<a href="{draft.call.get_absolute_url()}">' not in text


def test_desk_of_two_cities_then_the_call_says_for_which(client):
    call = a_call()
    lead = of_both(a_city("aachen"), a_city("bonn"))
    an_application(State.DRAFT, call=call, city=a_member("celle", a_network("metropolis")))
    with translation.override("en"):
        assert "For: Aachen, Bonn" in page(client, lead)


# --- what waits for an answer, cases, letters


def test_desk_then_requests_invitations_and_hand_overs_wait_for_the_right_person(client):
    city = a_city("bonn")
    lead, editor = a_lead(city), an_editor(city)
    newcomer = a_person(Role.NEWCOMER)
    request = teams.ask_to_join(city, by=newcomer, office="Amt", proof="Website", phone="0228 0")
    teams.propose_lead(city, by=lead, to=editor, stays=True)
    invited = a_person(Role.NEWCOMER)
    invitation = teams.invite(city, by=lead, email=invited.email, role=TeamMember.Role.EDITOR)
    answer = reverse("cities:team_answer", args=[city.slug, request.pk])
    take_over = reverse("cities:team_take_over", args=[city.slug])
    join = reverse("cities:own_invitation", args=[invitation.pk])
    seen = {person: page(client, person) for person in (lead, editor, newcomer, invited)}
    assert [answer in text for text in seen.values()] == [True, False, False, False]
    assert [take_over in text for text in seen.values()] == [False, True, False, False]
    assert [join in text for text in seen.values()] == [False, False, False, True]
    assert ['id="asked"' in text for text in seen.values()] == [False, False, True, False]


def test_desk_of_a_coordinator_then_what_waits_by_deadline_and_no_draft(client):
    late = a_call("spaeter", forwards_at=timezone.now() + datetime.timedelta(days=90))
    soon = a_call("bald", forwards_at=timezone.now() + datetime.timedelta(days=60))
    one = an_application(State.SUBMITTED, call=late, city=a_city("aachen"))
    two = an_application(State.ENDORSED, call=soon, city=a_city("bonn"))
    returned = an_application(State.RETURNED, call=soon, city=a_city("celle"))
    an_application(State.DRAFT, call=soon, city=a_city("dresden"))
    with translation.override("en"):
        text = page(client, a_coordinator(late.network))
        cases = [reverse("coordination:application", args=[pk]) for pk in (two.pk, one.pk, returned.pk)]
    assert "2 applications wait for the coordination" in text
    assert in_order(text, *cases[:2])
    assert cases[2] not in text
    assert "Dresden" not in text


def test_desk_of_a_coordinator_in_the_citys_team_then_only_as_the_city(client):
    submitted = an_application(State.SUBMITTED)
    coordinator = a_coordinator(submitted.call.network)
    TeamMember.objects.create(city=submitted.city, user=coordinator, role=TeamMember.Role.EDITOR)
    text = page(client, coordinator)
    assert reverse("applications:detail", args=[submitted.pk]) in text
    assert reverse("coordination:application", args=[submitted.pk]) not in text


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.OPERATOR])
def test_desk_of_a_reviewer_or_operator_then_no_case_waits(client, role):
    submitted = an_application(State.SUBMITTED)
    person = a_person(role, network=submitted.call.network) if role == Role.REVIEWER else a_person(role)
    assert reverse("coordination:application", args=[submitted.pk]) not in page(client, person)


def test_desk_then_the_last_five_own_letters(client):
    draft = an_application(State.DRAFT)
    for days in range(31, 37):
        new = timezone.now() + datetime.timedelta(days=days)
        by = a_coordinator(draft.call.network)
        extend(draft.call, "closes_at", new=new, reason_de="Ferien", reason_en="Holidays", by=by)
    lead = a_lead(draft.city)
    letters = list(lead.received_letters.order_by("pk"))
    text = page(client, lead)
    assert [reverse("letters:detail", args=[one.pk]) in text for one in letters] == [False] + [True] * 5
    assert reverse("letters:detail", args=[letters[-1].pk]) not in page(client, a_person(Role.NEWCOMER))


# --- the page itself


@pytest.mark.parametrize("language", ["de", "en"])
def test_desk_with_everything_on_it_then_its_html_is_sound(client, language):
    call = a_call(forwards_at=timezone.now() + datetime.timedelta(days=90))
    cities = [a_city(slug) for slug in ("aachen", "bonn", "celle", "dresden")]
    lead = of_both(*cities)
    for state, city in zip((State.DRAFT, State.RETURNED, State.SUBMITTED, State.WITHDRAWN), cities, strict=True):
        an_application(state, call=call, city=city)
    a_call("noch-einer", pack=a_pack_version(network="uccn", key="other"))
    coordinator = a_coordinator(call.network)
    for person in (lead, coordinator, a_person(Role.NEWCOMER)):
        client.force_login(person)
        with translation.override(language):
            assert problems(client.get(reverse("desk:home")), language) == []


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.django_db(transaction=True)  # as in production: what a test has not committed is not kept in memory
def test_desk_then_the_number_of_queries_does_not_grow(client, django_assert_num_queries, rows):
    call = a_call(forwards_at=timezone.now() + datetime.timedelta(days=90))
    states = (State.DRAFT, State.RETURNED, State.SUBMITTED, State.WITHDRAWN)
    cities = [a_city(f"{state}-{number}") for state in states for number in range(rows)]
    lead = of_both(*cities)
    for city in cities:
        an_application(city.slug.rpartition("-")[0], call=call, city=city)
    for number in range(rows):
        an_application(State.SUBMITTED, call=call, city=a_city(f"andere-{number}"))
        a_call(f"weitere-{number}", pack=call.pack_version)
    lead.offices.create(network=call.network, role="coordinator")
    client.force_login(lead)
    client.get(reverse("desk:home"))
    with django_assert_num_queries(20):
        client.get(reverse("desk:home"))
