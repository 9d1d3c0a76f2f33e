"""What a person may download about themselves from city teams, and what becomes of it when the account ends."""

import json

import pytest

from cities import teams
from cities.chronicle import chronicle
from cities.models import TeamEvent, TeamHandOver, TeamInvitation, TeamMember, TeamRequest
from network import personal
from network.accounts import end_account
from network.actions import RefusedError
from network.models import Letter, User
from tests.cities.team.people import REQUEST, a_newcomer, a_request, an_invitation
from tests.factories import a_city

pytestmark = pytest.mark.django_db


def test_download_then_it_tells_of_teams_requests_invitations_and_the_history(cast):
    newcomer = a_newcomer()
    an_invitation(a_city("ulm"), cast["operator"], email=newcomer.email)
    teams.confirm_request(a_request(cast.bonn, newcomer), by=cast["lead"], role="editor")
    mine = json.loads(json.dumps(personal.everything(newcomer)))["cities"]
    assert [team["in_city"] for team in mine["teams"]] == ["bonn"]
    assert mine["requests_to_speak_for_a_city"][0]["proof"] == REQUEST["proof"]
    assert mine["invitations"][0]["into_city"] == "ulm"
    assert [event["kind"] for event in mine["history_of_teams"]] == ["asked", "confirmed"]
    others = json.dumps(personal.everything(cast["stranger"])["cities"])
    assert "bonn" not in others


def test_account_of_a_lead_with_a_team_then_it_ends_only_after_the_hand_over(cast):
    with pytest.raises(RefusedError, match=r"You lead the team of Bonn\. Hand the lead over"):
        end_account(cast["lead"])
    teams.appoint_lead(cast.bonn, by=cast["coordinator"], to=cast["editor"], stays=True, reason="Ausgeschieden")
    end_account(cast["lead"])
    assert cast.roles() == {"editor": "lead", "deputy": "deputy"}
    assert Letter.objects.filter(kind="team_left", to=cast["editor"]).count() == 1


def test_account_of_a_lead_who_is_alone_then_it_ends_and_the_coordinators_are_told(cast):
    TeamMember.objects.filter(city=cast.bonn).exclude(user=cast["lead"]).delete()
    end_account(cast["lead"])
    assert cast.roles() == {}
    letter = Letter.objects.get(kind="team_left")
    assert letter.to == cast["coordinator"]
    assert "Lea Leitung" in letter.text


def test_account_that_ends_then_nothing_waits_any_more_and_what_it_said_of_the_person_is_gone(cast):
    guest = a_newcomer("Gisela Gast")
    address = guest.email
    teams.accept_invitation(an_invitation(cast.bonn, cast["lead"], email=address), by=guest)
    an_invitation(a_city("ulm"), cast["operator"], email=address)
    a_request(a_city("trier"), guest)
    teams.propose_lead(cast.bonn, by=cast["lead"], to=guest, stays=True)
    end_account(User.objects.get(pk=guest.pk))
    assert cast.roles() == {"lead": "lead", "deputy": "deputy", "editor": "editor"}
    assert not TeamRequest.objects.filter(user=guest).exists()
    assert [(i.state, i.email) for i in TeamInvitation.objects.order_by("pk")] == [("accepted", ""), ("declined", "")]
    assert TeamHandOver.objects.get().state == "withdrawn"
    _page, lines = chronicle(cast.bonn, "")
    told = " ".join(line.words for line in lines)
    assert address not in told
    assert "Gisela" not in told
    assert "deleted person left the team." in told
    assert TeamEvent.objects.filter(person=guest.pk).count() == 7
