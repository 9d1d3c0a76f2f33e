"""Two people act in one team in the same instant, on two connections: one of them wins, and the other is told."""

import threading

import pytest
from django.db import connection
from django.utils import translation

from cities import teams
from cities.models import TeamHandOver, TeamInvitation, TeamMember, TeamRequest
from tests.cities.team.people import a_newcomer, a_request, an_invitation, kinds

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Runs each in a thread and a connection of its own; how many were done, and with which sentences others failed."""
    ready, outcomes = threading.Barrier(len(acts)), []

    def run(act):
        try:
            with translation.override("en"):
                ready.wait(timeout=10)
                act()
            outcomes.append("done")
        except teams.TeamRefusedError as refusal:
            outcomes.append(refusal.for_reader)
        except Exception as problem:
            outcomes.append(repr(problem))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes, key=lambda outcome: outcome != "done")


def leads(cast):
    return TeamMember.objects.filter(city=cast.bonn, role="lead").count()


@pytest.mark.parametrize("attempt", range(3))
def test_two_requests_confirmed_as_lead_at_once_then_there_is_one_lead(cast, attempt):
    cast.place("lead").delete()
    first, second = a_request(cast.bonn), a_request(cast.bonn)
    outcomes = at_once(
        lambda: teams.confirm_request(first, by=cast["coordinator"], role="lead"),
        lambda: teams.confirm_request(second, by=cast["deputy"], role="lead"),
    )
    assert outcomes == ["done", "The team has a lead already. Choose another role."]
    assert leads(cast) == 1
    assert sorted(TeamRequest.objects.values_list("state", flat=True)) == ["confirmed", "open"]


def test_one_request_answered_twice_at_once_then_it_has_one_answer(cast):
    request = a_request(cast.bonn)
    outcomes = at_once(
        lambda: teams.confirm_request(request, by=cast["lead"], role="editor"),
        lambda: teams.decline_request(request, by=cast["deputy"], reason="Unbekannt"),
    )
    assert outcomes[0] == "done"
    assert outcomes[1].startswith("This request has been answered or withdrawn meanwhile")
    assert len(kinds(cast.bonn)) == 2


def test_one_person_asks_twice_at_once_then_there_is_one_request(cast):
    newcomer = a_newcomer()
    outcomes = at_once(lambda: a_request(cast.bonn, newcomer), lambda: a_request(cast.bonn, newcomer))
    assert outcomes == ["done", "You have asked already. Your request waits for an answer."]


def test_one_invitation_accepted_twice_at_once_then_there_is_one_member(cast):
    guest = a_newcomer()
    invitation = an_invitation(cast.bonn, cast["lead"], email=guest.email)
    outcomes = at_once(*[lambda: teams.accept_invitation(invitation, by=guest)] * 2)
    assert outcomes == ["done", "This invitation is no longer open: accepted."]
    assert TeamMember.objects.filter(user=guest).count() == 1


def test_invitation_accepted_and_revoked_at_once_then_one_of_both_is_true(cast):
    guest = a_newcomer()
    invitation = an_invitation(cast.bonn, cast["lead"], email=guest.email)
    outcomes = at_once(
        lambda: teams.accept_invitation(invitation, by=guest),
        lambda: teams.revoke_invitation(invitation, by=cast["lead"]),
    )
    assert outcomes.count("done") == 1
    accepted = TeamInvitation.objects.get().state == "accepted"
    assert TeamMember.objects.filter(user=guest).exists() == accepted


def test_lead_taken_and_given_away_at_once_then_there_is_one_lead(cast):
    proposal = teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["editor"], stays=False)
    outcomes = at_once(
        lambda: teams.take_lead(proposal, by=cast["editor"]),
        lambda: teams.appoint_lead(
            cast.bonn, by=cast["coordinator"], to=cast["deputy"], stays=True, reason="Ausgeschieden"
        ),
    )
    assert "done" in outcomes
    assert all(outcome == "done" or outcome.startswith("This proposal is no longer open") for outcome in outcomes)
    assert leads(cast) == 1
    assert not TeamHandOver.objects.filter(state="open").exists()


def test_lead_taken_while_the_taker_leaves_then_the_team_keeps_a_lead(cast):
    proposal = teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["editor"], stays=False)
    outcomes = at_once(
        lambda: teams.take_lead(proposal, by=cast["editor"]), lambda: teams.leave_team(cast.bonn, by=cast["editor"])
    )
    assert outcomes.count("done") == 1
    assert leads(cast) == 1


def test_member_removed_while_inviting_then_nothing_of_theirs_stays_open(cast):
    place = cast.place("deputy")
    at_once(
        lambda: teams.remove_member(place, by=cast["lead"], reason="Ausgeschieden"),
        lambda: an_invitation(cast.bonn, cast["deputy"]),
    )
    assert not TeamMember.objects.filter(user=cast["deputy"]).exists()
    assert not TeamInvitation.objects.filter(invited_by=cast["deputy"], state="open").exists()
