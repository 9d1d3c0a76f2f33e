"""What a team does by its forms: each error stands beside its field, and typed words stay."""

import pytest
from django.urls import reverse

from cities import teams
from cities.models import TeamHandOver, TeamInvitation, TeamMember, TeamRequest
from tests.cities.team.pages import errors, said, where, words
from tests.cities.team.people import (
    REQUEST,
    a_request,
)

pytestmark = pytest.mark.django_db


def test_request_by_form_then_typed_words_stay_and_each_error_stands_beside_its_field(client, cast):
    client.force_login(cast["stranger"])
    path = where("team_ask")
    typed = REQUEST | {"email": "keine", "office": " "}
    response = client.post(path, typed)
    assert errors(response) == {
        "office": ["Say which office you hold."],
        "email": ["This is not an e-mail address. Example: name@example.org"],
    }
    assert REQUEST["proof"] in words(response)
    assert REQUEST["message"] in words(response)
    assert errors(client.post(path, REQUEST | {"email": "", "phone": ""})) == {
        "email": ["Give an official e-mail address or telephone number."]
    }
    assert not TeamRequest.objects.exists()
    response = client.post(path, REQUEST, follow=True)
    assert said(response) == ["Your request is sent. You get a letter with the answer."]
    assert TeamRequest.objects.get().user == cast["stranger"]
    assert client.get(path).status_code == 302


def test_answer_by_form_then_declining_needs_a_reason_and_the_lead_is_given_once(client, cast):
    request = a_request(cast.bonn)
    path = where("team_answer", pk=request.pk)
    client.force_login(cast["lead"])
    assert 'value="lead"' not in words(client.get(path))
    assert errors(client.post(path, {"answer": "decline", "reason": " "})) == {
        "reason": ["Give the reason. The person reads it."]
    }
    assert errors(client.post(path, {"reason": "Getippt"})) == {"answer": ["Choose an answer."]}
    response = client.post(path, {"answer": "lead", "reason": "Getippt"})
    assert errors(response) == {"answer": ["The team has a lead already. Choose another role."]}
    assert "Getippt" in words(response)
    assert said(client.post(path, {"answer": "decline", "reason": "Unbekannt"}, follow=True)) == [
        "Your answer is saved. The person gets a letter."
    ]
    assert TeamRequest.objects.get().state == "declined"
    assert client.get(path).status_code == 404


def test_answer_by_form_where_nobody_leads_then_the_lead_is_offered(client, cast):
    cast.place("lead").delete()
    request = a_request(cast.bonn)
    client.force_login(cast["coordinator"])
    path = where("team_answer", pk=request.pk)
    assert 'value="lead"' in words(client.get(path))
    client.post(path, {"answer": "lead"})
    assert cast.roles()["somebody new"] == "lead"


def test_invitation_by_form_then_errors_stand_beside_their_field(client, cast):
    client.force_login(cast["deputy"])
    path = where("team_invite")
    assert errors(client.post(path, {"email": "", "role": ""})) == {
        "email": ["Enter the address of the person you invite."],
        "role": ["Choose a role."],
    }
    taken = {"email": cast["editor"].email, "role": "editor"}
    assert errors(client.post(path, taken)) == {"email": ["The person with this address is in the team already."]}
    assert client.post(path, {"email": "gast@example.org", "role": "lead"}).status_code == 422
    assert not TeamInvitation.objects.exists()
    response = client.post(path, {"email": "gast@example.org", "role": "editor"}, follow=True)
    assert said(response) == ["The invitation is on its way to gast@example.org."]


def test_leaving_then_the_lead_is_refused_and_others_go(client, cast):
    client.force_login(cast["lead"])
    page = client.get(where("team_leave"))
    assert where("team_hand_over") in words(page)
    assert 'name="reason"' not in words(page)
    assert errors(client.post(where("team_leave"), {})) == {
        "__all__": ["A team is not left without a lead. Hand the lead over first."]
    }
    client.force_login(cast["editor"])
    response = client.post(where("team_leave"), {"reason": "Elternzeit"}, follow=True)
    assert said(response) == ["You have left the team of Bonn."]
    assert client.get(where()).status_code == 404


def test_hand_over_by_form_then_from_asking_to_taking(client, cast):
    client.force_login(cast["lead"])
    path = where("team_hand_over")
    assert set(errors(client.post(path, {}))) == {"to", "later"}
    assert "to" in errors(client.post(path, {"to": TeamMember.objects.get(city__slug="lyon").pk, "later": "stay"}))
    client.post(path, {"to": cast.place("editor").pk, "later": "leave"})
    assert "Take the proposal back" in words(client.get(path))
    client.force_login(cast["editor"])
    assert where("team_take_over") in words(client.get(reverse("cities:mine")))
    assert errors(client.post(where("team_take_over"), {})) == {"reply": ["Choose an answer."]}
    client.post(where("team_take_over"), {"reply": "take"})
    assert cast.roles() == {"deputy": "deputy", "editor": "lead"}
    assert client.get(where("team_take_over")).status_code == 404


def test_hand_over_by_form_then_the_lead_may_take_it_back_and_the_other_may_decline(client, cast):
    choice = {"to": cast.place("editor").pk, "later": "stay"}
    for who, path, sent, state in [
        ("lead", "team_hand_over", {}, "withdrawn"),
        ("editor", "team_take_over", {"reply": "decline", "reason": "Keine Zeit"}, "declined"),
    ]:
        client.force_login(cast["lead"])
        client.post(where("team_hand_over"), choice)
        client.force_login(cast[who])
        assert client.post(where(path), sent).status_code == 302
        assert TeamHandOver.objects.latest("pk").state == state
    assert cast.roles() == {"lead": "lead", "deputy": "deputy", "editor": "editor"}


def test_appointing_by_form_then_a_reason_is_needed_and_without_a_lead_nothing_is_asked_about_one(client, cast):
    client.force_login(cast["coordinator"])
    path = where("team_appoint")
    choice = {"to": cast.place("deputy").pk, "later": "leave"}
    response = client.post(path, choice)
    assert errors(response) == {"reason": ["Give the reason. The team reads it."]}
    assert response.context["form"]["to"].value() == str(choice["to"])
    assert client.post(path, choice | {"reason": "Ausgeschieden"}).status_code == 302
    assert cast.roles() == {"deputy": "lead", "editor": "editor"}
    cast.place("deputy").delete()
    assert 'name="later"' not in words(client.get(path))
    client.post(path, {"to": cast.place("editor").pk, "reason": "Ausgeschieden"})
    assert cast.roles() == {"editor": "lead"}


def test_refusal_in_the_last_instant_then_it_is_said_on_the_page(client, cast, monkeypatch):
    """The role has changed between the page that was read and the act."""
    place = cast.place("editor")
    client.force_login(cast["deputy"])
    really = teams.change_role

    def late(*args, **kwargs):
        TeamMember.objects.filter(user=cast["deputy"]).update(role="editor")
        return really(*args, **kwargs)

    monkeypatch.setattr("cities.teams.change_role", late)
    response = client.post(where("team_member", pk=place.pk), {"role": "deputy"})
    assert errors(response) == {"__all__": ["You may no longer do this in the team of this city."]}
    assert cast.roles()["editor"] == "editor"
