"""Roles, leaving, handing over and appointing the lead of a team."""

import pytest

from cities import teams
from cities.models import TeamEvent, TeamHandOver, TeamInvitation, TeamMember
from network.models import Letter
from tests.cities.team.people import (
    an_invitation,
    everything,
    kinds,
    refusal,
    told,
)

pytestmark = pytest.mark.django_db


def test_role_when_changed_then_the_person_is_told_and_the_same_role_is_no_change(cast):
    teams.change_role(cast.place("editor"), by=cast["lead"], role="deputy")
    assert cast.roles()["editor"] == "deputy"
    assert told() == [("team_role", cast["editor"].email)]
    teams.change_role(cast.place("editor"), by=cast["lead"], role="deputy")
    event = TeamEvent.objects.get()
    assert (event.kind, event.person, event.old_role, event.new_role) == ("role", cast["editor"], "editor", "deputy")


def test_role_of_lead_then_it_cannot_be_given_like_others(cast):
    with pytest.raises(ValueError, match="lead"):
        teams.change_role(cast.place("editor"), by=cast["lead"], role="lead")
    with pytest.raises(ValueError, match="lead"):
        teams.invite(cast.bonn, by=cast["lead"], email="x@example.org", role="lead")


def test_member_when_removed_then_the_reason_is_told_and_invitations_of_theirs_open_nothing(cast):
    invitation = an_invitation(cast.bonn, cast["deputy"])
    kept = an_invitation(cast.bonn, cast["lead"])
    teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["deputy"], stays=True)
    teams.remove_member(cast.place("deputy"), by=cast["lead"], reason="Arbeitet woanders")
    assert cast.roles() == {"lead": "lead", "editor": "editor"}
    assert "Arbeitet woanders" in Letter.objects.get(kind="team_removed", to=cast["deputy"]).text
    states = [TeamInvitation.objects.get(pk=each.pk).state for each in (invitation, kept)]
    assert states == ["revoked", "open"]
    assert TeamHandOver.objects.get().state == "withdrawn"
    assert kinds(cast.bonn)[-3:] == ["taken_back", "revoked", "removed"]


def test_member_then_nobody_removes_themselves_or_without_a_reason(cast):
    assert refusal(lambda: teams.remove_member(cast.place("deputy"), by=cast["deputy"], reason="Ich")).startswith(
        "You cannot remove yourself."
    )
    assert refusal(lambda: teams.remove_member(cast.place("deputy"), by=cast["lead"], reason="  ")).startswith(
        "Give the reason."
    )


def test_member_who_is_gone_meanwhile_then_it_is_said(cast):
    place = cast.place("editor")
    teams.leave_team(cast.bonn, by=cast["editor"], reason="Elternzeit")
    assert told() == [("team_left", cast["lead"].email)]
    assert "Elternzeit" in Letter.objects.get().text
    assert refusal(lambda: teams.change_role(place, by=cast["lead"], role="deputy")) == (
        "This person is no longer in the team."
    )


def test_last_member_without_a_lead_leaves_then_the_coordinators_are_told(cast):
    cast.place("lead").delete()
    cast.place("deputy").delete()
    teams.leave_team(cast.bonn, by=cast["editor"])
    assert told() == [("team_left", cast["coordinator"].email)]


def test_lead_then_cannot_leave_with_or_without_others(cast):
    for _alone in range(2):
        assert refusal(lambda: teams.leave_team(cast.bonn, by=cast["lead"])) == (
            "A team is not left without a lead. Hand the lead over first."
        )
        TeamMember.objects.filter(city=cast.bonn).exclude(user=cast["lead"]).delete()


# --- handing over


@pytest.mark.parametrize(("stays", "after"), [(True, {"lead": "deputy"}), (False, {})])
def test_hand_over_when_taken_then_both_roles_change_at_once(cast, stays, after):
    proposal = teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["editor"], stays=stays)
    assert cast.roles() == {"lead": "lead", "deputy": "deputy", "editor": "editor"}
    teams.take_lead(proposal, by=cast["editor"])
    assert cast.roles() == {"deputy": "deputy", "editor": "lead"} | after
    assert told() == [("team_hand_over", cast["editor"].email), ("team_handed_over", cast["lead"].email)]
    assert kinds(cast.bonn) == ["proposed", "was_lead", "became_lead"]
    assert refusal(lambda: teams.take_lead(proposal, by=cast["editor"])) == "This proposal is no longer open: accepted."


def test_hand_over_when_declined_then_everything_stays_and_the_lead_reads_why(cast):
    proposal = teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["deputy"], stays=False)
    teams.decline_lead(proposal, by=cast["deputy"], reason="Keine Zeit")
    assert cast.roles() == {"lead": "lead", "deputy": "deputy", "editor": "editor"}
    assert "Keine Zeit" in Letter.objects.get(kind="team_not_taken", to=cast["lead"]).text
    teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["editor"], stays=False)


def test_hand_over_then_one_proposal_at_a_time_and_only_to_somebody_else_of_the_team(cast):
    def propose(who):
        return lambda: teams.propose_lead(cast.bonn, by=cast["lead"], to=cast[who], stays=True)

    for who in ("lead", "stranger", "other lead"):
        assert refusal(propose(who)) == "Choose somebody else of the team."
    propose("editor")()
    assert refusal(propose("deputy")) == "You have proposed a hand-over already. Withdraw it first."


def test_hand_over_when_the_one_asked_leaves_then_it_is_over(cast):
    proposal = teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["deputy"], stays=False)
    teams.leave_team(cast.bonn, by=cast["deputy"])
    assert refusal(lambda: teams.take_lead(proposal, by=cast["deputy"])) == (
        "This proposal is no longer open: withdrawn."
    )
    assert cast.roles() == {"lead": "lead", "editor": "editor"}


@pytest.mark.parametrize(("stays", "after"), [(True, {"lead": "deputy"}), (False, {})])
def test_lead_when_appointed_then_all_concerned_read_why(cast, stays, after):
    teams.propose_lead(cast.bonn, by=cast["lead"], to=cast["deputy"], stays=False)
    teams.appoint_lead(cast.bonn, by=cast["coordinator"], to=cast["editor"], stays=stays, reason="Ausgeschieden")
    assert cast.roles() == {"deputy": "deputy", "editor": "lead"} | after
    letters = Letter.objects.filter(kind__in=["team_appointed", "team_replaced"])
    assert {letter.to for letter in letters} == {cast["editor"], cast["lead"]}
    assert all("Ausgeschieden" in letter.text for letter in letters)
    assert kinds(cast.bonn) == ["proposed", "taken_back", "was_lead", "became_lead"]


def test_lead_then_nobody_appoints_themselves_the_one_who_leads_or_a_stranger(cast):
    TeamMember.objects.create(city=cast.bonn, user=cast["coordinator"], role="editor")
    before = everything()

    def appoint(who, reason="Ausgeschieden"):
        return lambda: teams.appoint_lead(cast.bonn, by=cast["coordinator"], to=cast[who], stays=True, reason=reason)

    assert refusal(appoint("coordinator")).startswith("Nobody makes themselves the lead.")
    for who in ("lead", "stranger"):
        assert refusal(appoint(who)) == "Choose somebody of the team who does not lead it yet."
    assert refusal(appoint("editor", " ")) == "Give the reason. The team reads it."
    assert everything() == before


def test_city_without_lead_then_a_coordinator_appoints_one(cast):
    cast.place("lead").delete()
    teams.appoint_lead(cast.bonn, by=cast["coordinator"], to=cast["deputy"], stays=False, reason="Ausgeschieden")
    assert cast.roles() == {"deputy": "lead", "editor": "editor"}
    assert kinds(cast.bonn) == ["became_lead"]
