"""Invitations into a city's team: one letter, one link, one address; and nothing happens by only opening it."""

import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation

from cities import teams
from cities.models import TeamEvent, TeamInvitation, TeamMember, TeamRequest
from cities.teams.invitations import code_of
from network.models import Letter
from tests.cities.team.people import a_newcomer, a_request, an_invitation, everything, kinds, told
from tests.guards import only_reads, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest():
    return a_newcomer("Gisela Gast")


@pytest.fixture
def invitation(cast, guest):
    return an_invitation(cast.bonn, cast["lead"], email=guest.email, role="deputy")


def link_in(letter):
    """The address in the letter, without the host."""
    (path,) = re.findall(r"http://[^/]+(/\S+/invitations/\S+)", letter.text)
    return path


def path_of(invitation):
    return reverse("cities:invitation", args=[code_of(invitation)])


def is_open(invitation):
    return TeamInvitation.objects.get(pk=invitation.pk).state == "open"


def expire(invitation):
    TeamInvitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))


def refusal(act):
    with pytest.raises(teams.TeamRefusedError) as refused:
        act()
    return refused.value.for_reader


# --- the letter


def test_letter_then_it_is_secret_and_its_link_opens_the_invitation(client, cast, invitation):
    letter = Letter.objects.get()
    assert (letter.kind, letter.address, letter.secret) == ("team_invitation", invitation.email, True)
    assert letter.to is None
    page = client.get(link_in(letter))
    assert page.status_code == 200
    assert "Lea Leitung" in page.content.decode()
    assert invitation.email not in page.content.decode()


@pytest.mark.parametrize("language", ["de", "en"])
def test_letter_then_it_speaks_the_language_of_its_reader_where_that_is_known(cast, guest, language):
    guest.language = language
    guest.save()
    an_invitation(cast.bonn, cast["lead"], email=guest.email.upper())
    an_invitation(cast.bonn, cast["lead"], email="unbekannt@example.org")
    assert [letter.language for letter in Letter.objects.order_by("pk")] == [language, "en"]
    assert f"/{language}/invitations/" in Letter.objects.order_by("pk")[0].text


def test_invitation_then_it_holds_for_fourteen_days(invitation):
    assert invitation.expires_at - invitation.sent_at == datetime.timedelta(days=14)


# --- opening it


@pytest.mark.parametrize("method", ["get", "head"])
def test_link_when_a_mail_program_opens_it_then_nothing_changes(client, invitation, method):
    before = everything()
    with only_reads():
        response = getattr(client, method)(path_of(invitation))
    assert response.status_code == 200
    assert everything() == before
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_page_then_its_html_is_sound_for_visitors_guests_and_others(client, cast, guest, invitation, language):
    for person in (None, guest, cast["stranger"]):
        if person:
            client.force_login(person)
        with translation.override(language):
            response = client.get(path_of(invitation))
            assert problems(response, language) == []


def test_page_for_a_visitor_then_it_leads_to_sign_in_and_registering_and_back(client, invitation):
    path = path_of(invitation)
    page = client.get(path).content.decode()
    for name in ("account_login", "account_signup"):
        assert f'href="{reverse(name)}?next={path}"' in page.replace("%3A", ":")
    response = client.post(path, {"reply": "accept"})
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
    assert is_open(invitation)


def test_page_for_another_address_then_there_is_no_button_and_a_post_is_refused(client, cast, invitation):
    client.force_login(cast["stranger"])
    assert 'value="accept"' not in client.get(path_of(invitation)).content.decode()
    before = everything()
    for reply in ("accept", "decline", "x", ""):
        response = client.post(path_of(invitation), {"reply": reply})
        assert response.status_code == 422
    assert everything() == before
    assert (
        "The invitation is for another address."
        in client.post(path_of(invitation), {"reply": "accept"}).content.decode()
    )


# --- accepting


def test_guest_then_accepts_by_a_post_once(client, cast, guest, invitation):
    client.force_login(guest)
    response = client.post(path_of(invitation), {"reply": "accept"}, follow=True)
    assert response.status_code == 200
    assert "You are in the team of Bonn now." in response.content.decode()
    assert cast.roles()["somebody new"] == "deputy"
    assert kinds(cast.bonn) == ["invited", "accepted"]
    assert told()[-1] == ("team_joined", cast["lead"].email)
    TeamMember.objects.filter(user=guest).delete()
    before = everything()
    assert client.get(path_of(invitation)).status_code == 410
    assert client.post(path_of(invitation), {"reply": "accept"}).status_code == 410
    assert everything() == before


def test_guest_who_declines_then_is_not_in_the_team(client, cast, guest, invitation):
    client.force_login(guest)
    client.post(path_of(invitation), {"reply": "decline"})
    assert TeamInvitation.objects.get().state == "declined"
    assert "somebody new" not in cast.roles()
    assert kinds(cast.bonn) == ["invited", "turned_down"]
    assert client.get(path_of(invitation)).status_code == 410


def test_address_that_is_not_confirmed_then_it_cannot_accept(client, cast, guest, invitation):
    EmailAddress.objects.filter(user=guest).update(verified=False)
    client.force_login(guest)
    assert client.post(path_of(invitation), {"reply": "accept"}).status_code == 422
    assert guest.email not in client.get(reverse("cities:mine")).content.decode()
    assert client.post(reverse("cities:own_invitation", args=[invitation.pk]), {"reply": "accept"}).status_code == 404
    assert is_open(invitation)


def test_another_confirmed_address_of_the_account_may_accept_where_it_is_the_invited_one(cast, guest):
    EmailAddress.objects.create(user=guest, email="Zweite@Example.org", verified=True)
    invitation = an_invitation(cast.bonn, cast["lead"], email="zweite@example.ORG")
    teams.accept_invitation(invitation, by=guest)
    assert cast.roles()["somebody new"] == "editor"


def test_somebody_who_registers_afterwards_then_finds_the_invitation_among_their_cities(client, cast):
    invitation = an_invitation(cast.bonn, cast["lead"], email="spaeter@example.org")
    late = a_newcomer("Sina Später")
    EmailAddress.objects.filter(user=late).update(email="spaeter@example.org")
    client.force_login(late)
    where = reverse("cities:own_invitation", args=[invitation.pk])
    assert where in client.get(reverse("cities:mine")).content.decode()
    with only_reads():
        assert problems(client.get(where), "en") == []
    client.post(where, {"reply": "accept"})
    assert cast.roles()["somebody new"] == "editor"
    assert client.post(where, {"reply": "accept"}).status_code == 404


def test_invitation_of_somebody_else_then_it_is_not_among_mine(client, cast, guest, invitation):
    client.force_login(cast["stranger"])
    assert "Invitation into the team" not in client.get(reverse("cities:mine")).content.decode()
    for method in ("get", "post"):
        assert getattr(client, method)(reverse("cities:own_invitation", args=[invitation.pk])).status_code == 404


def test_guest_who_has_asked_too_then_the_request_is_withdrawn(cast, guest, invitation):
    a_request(cast.bonn, guest)
    teams.accept_invitation(invitation, by=guest)
    request = TeamRequest.objects.get()
    assert (request.state, request.reason) == ("withdrawn", "Came into the team by an invitation.")
    assert kinds(cast.bonn) == ["invited", "asked", "withdrawn", "accepted"]


def test_guest_who_is_in_the_team_already_then_is_told(cast, guest, invitation):
    teams.confirm_request(a_request(cast.bonn, guest), by=cast["lead"], role="editor")
    assert refusal(lambda: teams.accept_invitation(invitation, by=guest)) == "You are in the team of this city already."
    assert cast.roles()["somebody new"] == "editor"


# --- links that open nothing


def test_expired_invitation_then_it_is_said_and_nothing_is_accepted(client, cast, guest, invitation):
    expire(invitation)
    client.force_login(guest)
    before = everything()
    for method in ("get", "post"):
        response = getattr(client, method)(path_of(invitation), {"reply": "accept"})
        assert response.status_code == 410
        assert "Ask the team of the city to send it again." in response.content.decode()
    assert problems(response, "en") == []
    assert "Invitation into the team" not in client.get(reverse("cities:mine")).content.decode()
    assert refusal(lambda: teams.accept_invitation(invitation, by=guest)).startswith("This invitation has expired.")
    assert everything() == before


def test_revoked_invitation_then_its_link_opens_nothing(client, cast, guest, invitation):
    path = path_of(invitation)
    teams.revoke_invitation(invitation, by=cast["deputy"])
    client.force_login(guest)
    response = client.post(path, {"reply": "accept"})
    assert response.status_code == 410
    assert "revoked" in response.content.decode()
    assert "somebody new" not in cast.roles()


def test_invitation_sent_again_then_only_the_newer_link_opens_it(client, cast, guest, invitation):
    old = path_of(invitation)
    expire(invitation)
    teams.send_again(invitation, by=cast["deputy"])
    client.force_login(guest)
    response = client.post(old, {"reply": "accept"})
    assert response.status_code == 410
    assert "A newer letter has been sent to you." in response.content.decode()
    client.post(link_in(Letter.objects.order_by("pk").last()), {"reply": "accept"})
    assert cast.roles()["somebody new"] == "deputy"


@pytest.mark.parametrize(
    "code",
    [
        "x",
        "WzEsMV0:1abc:def",
        signing.dumps([1, 1], salt="another use of the same key"),
        signing.dumps([10**12, 1], salt="cities.teams.invitation"),
    ],
)
def test_code_that_is_none_then_404(client, invitation, code):
    assert client.get(reverse("cities:invitation", args=[code])).status_code == 404


def test_code_when_changed_then_it_opens_no_other_invitation(client, cast, invitation):
    other = an_invitation(cast.bonn, cast["lead"])
    body, _sign, rest = code_of(invitation).partition(":")
    forged = f"{code_of(other).partition(':')[0]}:{rest}"
    assert body not in forged
    assert client.get(reverse("cities:invitation", args=[forged])).status_code == 404


# --- what a team may send out


def test_address_then_it_is_invited_once_at_a_time_and_not_when_it_is_in_the_team(cast, invitation):
    def invite(email):
        return lambda: teams.invite(cast.bonn, by=cast["lead"], email=email, role="editor")

    with pytest.raises(teams.TeamRefusedError) as refused:
        invite(invitation.email.upper())()
    assert refused.value.field == "email"
    assert refusal(invite(invitation.email)).startswith("This address has been invited already.")
    assert refusal(invite(cast["editor"].email)) == "The person with this address is in the team already."
    teams.revoke_invitation(invitation, by=cast["lead"])
    invite(invitation.email)()


def test_team_then_it_can_write_only_so_many_letters(cast):
    first = an_invitation(cast.bonn, cast["lead"])
    for _again in range(4):
        teams.send_again(first, by=cast["lead"])
    assert refusal(lambda: teams.send_again(first, by=cast["lead"])).startswith(
        "This invitation has been sent 5 times."
    )
    for _more in range(19):
        an_invitation(cast.bonn, cast["lead"])
    assert refusal(lambda: an_invitation(cast.bonn, cast["lead"])).startswith("20 invitations wait for an answer.")
    assert Letter.objects.filter(address=first.email).count() == 5


def test_team_then_inviting_and_revoking_writes_no_letters_without_end(cast):
    for _again in range(40):
        teams.revoke_invitation(an_invitation(cast.bonn, cast["lead"]), by=cast["lead"])
    before = everything()
    assert refusal(lambda: an_invitation(cast.bonn, cast["deputy"])).startswith("That was done 40 times within a day.")
    assert everything() == before


def test_invitation_then_the_history_names_the_address_as_long_as_it_is_kept(cast, invitation):
    event = TeamEvent.objects.get()
    assert (event.kind, event.invitation, event.new_role) == ("invited", invitation, "deputy")
