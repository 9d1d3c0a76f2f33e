"""What may be done in a city's team, by whom, what it leaves behind, and whom it is told to."""

import pytest

from cities import permissions, teams
from cities.models import Membership, TeamEvent, TeamRequest
from network.models import User
from tests.cities.team.people import (
    EVERYBODY,
    REQUEST,
    a_request,
    an_invitation,
    everything,
    refusal,
)
from tests.factories import Role, a_city, a_membership, a_person

pytestmark = pytest.mark.django_db


# --- every act × everybody

MANAGERS = {"lead", "deputy", "operator"}
DECIDERS = MANAGERS | {"coordinator"}
NOBODY: set[str] = set()


def _answer(how):
    def act(cast, by):
        request = TeamRequest.objects.filter(city=cast.bonn).first() or a_request(cast.bonn)
        return lambda: how(request, by)

    return act


def _on_invitation(how):
    def act(cast, by):
        invitation = an_invitation(cast.bonn, cast["lead"])
        return lambda: how(invitation, by=by)

    return act


def _on_proposal(how):
    def act(cast, by):
        proposal = teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["deputy"], stays=True)
        return lambda: how(proposal, by=by)

    return act


# each prepares, and returns what is to be tried
ACTS = {
    "ask": (
        lambda cast, by: lambda: teams.ask_to_join(cast.bonn, by=by, **REQUEST),
        set(EVERYBODY) - {"lead", "deputy", "editor"},
    ),
    "confirm": (_answer(lambda request, by: teams.confirm_request(request, by=by, role="editor")), DECIDERS),
    "decline": (_answer(lambda request, by: teams.decline_request(request, by=by, reason="Unbekannt")), DECIDERS),
    "withdraw somebody's request": (_answer(lambda request, by: teams.withdraw_request(request, by=by)), NOBODY),
    "invite": (
        lambda cast, by: lambda: teams.invite(cast.bonn, by=by, email="gast@example.org", role="deputy"), MANAGERS,
    ),
    "send again": (_on_invitation(teams.send_again), MANAGERS),
    "revoke": (_on_invitation(teams.revoke_invitation), MANAGERS),
    "accept without the address": (_on_invitation(teams.accept_invitation), NOBODY),
    "turn down without the address": (_on_invitation(teams.turn_down_invitation), NOBODY),
    "change a role": (
        lambda cast, by: lambda: teams.change_role(cast.place("editor"), by=by, role="deputy"), MANAGERS,
    ),
    "change the lead's role": (
        lambda cast, by: lambda: teams.change_role(cast.place("lead"), by=by, role="deputy"), NOBODY,
    ),
    "remove the editor": (
        lambda cast, by: lambda: teams.remove_member(cast.place("editor"), by=by, reason="Ausgeschieden"), MANAGERS,
    ),
    "remove the lead": (
        lambda cast, by: lambda: teams.remove_member(cast.place("lead"), by=by, reason="Ausgeschieden"), NOBODY,
    ),
    "leave": (lambda cast, by: lambda: teams.leave_team(cast.bonn, by=by), {"deputy", "editor"}),
    "propose a lead": (
        lambda cast, by: lambda: teams.propose_lead(cast.bonn, by=by, to=cast["editor"], stays=True), {"lead"},
    ),
    "take the lead": (_on_proposal(teams.take_lead), {"deputy"}),
    "decline the lead": (_on_proposal(teams.decline_lead), {"deputy"}),
    "take the proposal back": (_on_proposal(teams.take_back_proposal), {"lead"}),
    "appoint a lead": (
        lambda cast, by: lambda: teams.appoint_lead(
            cast.bonn, by=by, to=cast["editor"], stays=True, reason="Nicht erreichbar"
        ),
        {"coordinator", "operator"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", EVERYBODY)
def test_act_then_only_who_may_can_do_it_and_it_stands_in_the_history(cast, who, act):
    prepare, allowed = ACTS[act]
    perform = prepare(cast, cast[who])
    before, lines = everything(), TeamEvent.objects.count()
    if who in allowed:
        perform()
        new = TeamEvent.objects.order_by("pk")[lines:]
        assert {(event.city, event.by) for event in new} == {(cast.bonn, cast[who])}
    else:
        assert refusal(perform)
        assert everything() == before


@pytest.mark.parametrize("who", EVERYBODY)
def test_permissions_then_each_question_has_the_same_answer_as_its_list(cast, who):
    person, bonn = cast[who], cast.bonn
    answers = {
        "speaks": permissions.speaks_for(person, bonn),
        "submits": permissions.may_submit(person, bonn),
        "manages": permissions.may_manage_team(person, bonn),
        "decides": permissions.may_decide(person, bonn),
        "appoints": permissions.may_appoint_lead(person, bonn),
        "in charge": permissions.is_in_charge(person, bonn),
        "sees": permissions.teams_seen_by(person).filter(pk=bonn.pk).exists(),
    }
    team = {"speaks", "sees"}
    head = team | {"submits", "manages", "decides"}
    expected = {
        "lead": head,
        "deputy": head,
        "editor": team,
        "coordinator": {"decides", "appoints", "in charge", "sees"},
        "operator": {"manages", "decides", "appoints", "sees"},
    }
    assert {name for name, answer in answers.items() if answer} == expected.get(who, set())
    assert (person in permissions.coordinators_in_charge(bonn)) == answers["in charge"]


def test_permissions_when_an_account_is_closed_then_nothing_is_left(cast):
    User.objects.update(is_active=False)
    for who in EVERYBODY:
        person = User.objects.get(pk=cast[who].pk)
        assert not permissions.teams_seen_by(person).exists()
        assert not permissions.may_submit(person, cast.bonn)
        assert not permissions.requests_for(person).exists()
    assert list(permissions.coordinators_in_charge(cast.bonn)) == []


# --- who is in charge


def test_city_in_no_network_and_without_lead_then_every_coordinator_decides(cast):
    ulm = a_city("ulm")
    a_person(Role.EDITOR, city=ulm)
    request = a_request(ulm)
    assert {user for user in cast.people.values() if permissions.may_decide(user, ulm)} == {
        cast["coordinator"], cast["other coordinator"], cast["operator"],
    }  # fmt: skip
    teams.confirm_request(request, by=cast["other coordinator"], role="lead")
    assert not permissions.is_in_charge(cast["coordinator"], ulm)
    assert list(permissions.coordinators_in_charge(ulm)) == []


def test_membership_that_has_ended_then_its_coordinators_are_no_longer_in_charge(cast):
    Membership.objects.filter(city=cast.bonn).update(status=Membership.Status.ENDED)
    assert not permissions.may_decide(cast["coordinator"], cast.bonn)
    a_membership(cast.bonn, cast["other coordinator"].offices.get().network, status=Membership.Status.DORMANT)
    assert permissions.may_decide(cast["other coordinator"], cast.bonn)
