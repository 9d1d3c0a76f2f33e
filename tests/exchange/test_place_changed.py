"""A draft that comes from another place: whoever began it takes it along, and nobody meets it without a reason."""

import pytest
from django.urls import reverse

from cities.models import TeamMember
from exchange.actions import moderating, proposing
from exchange.actions.acting import ExchangeRefusedError
from exchange.models import Proposal
from network.models import Letter
from tests.factories import Role, a_city, a_country, a_member, a_network, a_person
from tests.factories_exchange import a_picture, a_proposal

pytestmark = pytest.mark.django_db
ELSEWHERE = {"city": "other", "authority": "Pays de Bray", "country": "FR", "position": "49.5, 1.6"}


@pytest.fixture
def bonn():
    return a_member("bonn", a_network("gnlc"), name_de="Bonn")


@pytest.fixture
def lead(client, bonn):
    person = a_person(Role.LEAD, city=bonn, name="Lea Leitung")
    client.force_login(person)
    return person


def place_of(proposal: Proposal) -> str:
    return reverse("exchange:place", args=[proposal.pk])


def test_place_when_changed_then_all_that_was_written_comes_along_and_the_old_team_is_told(client, bonn, lead):
    editor = a_person(Role.EDITOR, city=bonn)
    proposal, country = a_proposal(bonn, by=lead), a_country("FR")
    a_picture(proposal)
    assert f'href="{place_of(proposal)}"' in client.get(proposal.get_absolute_url()).content.decode()
    assert client.get(place_of(proposal)).context["form"]["city"].value() == "bonn"
    assert client.post(place_of(proposal), ELSEWHERE).url == proposal.get_absolute_url()
    moved = Proposal.objects.get()
    assert (moved.city, moved.authority, moved.country, moved.latitude, moved.longitude, moved.is_guest) == (
        None, "Pays de Bray", country, 49.5, 1.6, False,
    )  # fmt: skip
    assert (moved.values, moved.state, moved.pictures.count()) == (proposal.values, "draft", 1)
    assert moved.notes.get().text == f"Bonn, {bonn.country} → Pays de Bray, {country}"
    letter = Letter.objects.get()
    assert (letter.to, "Lea Leitung" in letter.text, "Pays de Bray" in letter.text) == (editor, True, False)
    shown = client.get(place_of(proposal)).context["form"]
    assert [shown[name].value() for name in ELSEWHERE] == ["other", "Pays de Bray", "FR", "49.5, 1.6"]
    client.force_login(editor)
    assert client.get(proposal.get_absolute_url()).status_code == 404


def test_place_when_it_is_a_city_of_another_team_then_asked_first_and_written_as_a_guest(client, bonn, lead):
    koeln = a_city("koeln", name_de="Köln")
    stranger, proposal = a_person(Role.LEAD, city=koeln), a_proposal(bonn, by=lead)
    to_koeln = {"city": "other", "authority": "Köln, Deutschland"}
    asked = client.post(place_of(proposal), to_koeln)
    assert (asked.status_code, list(asked.context["form"].errors)) == (422, ["agrees-koeln"])
    assert Proposal.objects.get().city == bonn
    assert client.post(place_of(proposal), to_koeln | {"agrees-bonn": "on"}).status_code == 422
    assert client.post(place_of(proposal), to_koeln | {"agrees-koeln": "on"}).status_code == 302
    assert Proposal.objects.values_list("city", "is_guest").get() == (koeln.pk, True)
    assert client.get(proposal.get_absolute_url()).status_code == 200
    assert client.post(place_of(proposal), to_koeln).status_code == 302  # its team has it already: nothing is asked
    assert Proposal.objects.get().notes.count() == 1
    client.force_login(stranger)
    assert "nicht vom Team der Stadt" in client.get(proposal.get_absolute_url()).content.decode()
    assert client.get(place_of(proposal)).status_code == 404


def test_place_when_the_person_may_not_write_for_it_then_the_draft_stays(client, bonn, lead):
    demo = a_city("musterstadt", is_demo=True, name_de="Musterstadt")
    proposal = a_proposal(bonn, by=lead)
    for entered in ({"city": "musterstadt"}, {"city": "other", "authority": "Musterstadt, Deutschland"}, {}):
        assert client.post(place_of(proposal), entered | {"position": "x"}).status_code == 422
    with pytest.raises(ExchangeRefusedError):
        proposing.move(proposal, by=lead, city=demo)
    assert (Proposal.objects.get().city, Proposal.objects.get().notes.count()) == (bonn, 0)


def test_place_when_not_ones_own_draft_or_once_published_then_it_stays_and_the_page_says_why(client, bonn, lead):
    editor = a_person(Role.EDITOR, city=bonn)
    proposal = a_proposal(bonn, by=lead, state="proposed")
    assert client.get(place_of(proposal)).status_code == 404
    moderating.publish(proposal, by=a_person(Role.COORDINATOR, network=a_network("uccn")))
    proposing.save(proposal, by=lead, seen=proposal.values, values={"theme": "culture"})  # a draft of changes
    page = client.get(proposal.get_absolute_url().replace("/de/", "/en/")).content.decode()
    assert ("The place stays" in page, f"proposals/{proposal.pk}/place/" in page) == (True, False)
    assert client.post(place_of(proposal), ELSEWHERE).status_code == 404
    other = a_proposal(bonn, by=lead)
    TeamMember.objects.filter(user=lead).delete()  # who has left the team takes nothing along
    assert client.post(place_of(other), ELSEWHERE).status_code == 404
    client.force_login(editor)
    assert client.post(place_of(other), ELSEWHERE).status_code == 404
    assert set(Proposal.objects.values_list("city__slug", flat=True)) == {"bonn"}
