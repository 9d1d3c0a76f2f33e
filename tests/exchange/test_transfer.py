"""What other cities make of a practice: recorded by their own teams, counted on cards, filtered."""

import json

import pytest

from exchange.actions import moderating, transferring
from exchange.actions.acting import ExchangeRefusedError
from exchange.models import TransferStep
from network import personal
from network.models import Letter
from tests.factories import Role, a_city, a_member, a_network, a_person
from tests.factories_exchange import a_practice, a_proposal

pytestmark = pytest.mark.django_db


def found(client, query: str) -> set[str]:
    body = json.loads(client.get(f"/de/practices/?format=json&{query}").getvalue())
    return {practice["slug"] for practice in body["practices"]}


def test_step_then_on_the_page_on_the_card_and_in_the_filter_and_the_newest_counts(client):
    gnlc = a_network("gnlc")
    bonn, koeln = a_member("bonn", gnlc), a_member("koeln", gnlc)
    practice = a_practice("park", city=bonn)
    a_practice("anders", city=bonn)
    client.force_login(a_person(Role.EDITOR, city=koeln))
    page = "/de/practices/park/transfer/"
    assert client.post(page, {"city": koeln.pk, "stage": "dropped", "note": ""}).status_code == 422
    assert client.post(page, {"city": bonn.pk, "stage": "trying", "note": ""}).status_code == 422
    client.post(page, {"city": koeln.pk, "stage": "trying", "note": ""})
    assert (found(client, "adopted=trying"), found(client, "adopted=unknown")) == ({"park"}, {"anders"})
    client.post(page, {"city": koeln.pk, "stage": "adapted", "note": "Abends <b>statt</b> morgens."})
    client.logout()
    assert (found(client, "adopted=trying"), found(client, "adopted=adapted")) == (set(), {"park"})
    text = client.get(practice.get_absolute_url()).content.decode()
    assert "Abends &lt;b&gt;statt&lt;/b&gt; morgens." in text
    assert "von einer Stadt übernommen" in client.get("/de/practices/").content.decode()


def test_step_of_a_demo_city_or_taken_off_then_not_public(client):
    coordinator, bonn = a_person(Role.COORDINATOR, network=a_network("gnlc")), a_city("bonn")
    practice = a_practice("park", city=bonn)
    demo = a_city("musterstadt", is_demo=True)
    transferring.record(practice, city=demo, stage="adapted", note="", by=a_person(Role.LEAD, city=demo))
    koeln = a_city("koeln")
    step = transferring.record(
        practice, city=koeln, stage="adapted", note="Werbung!", by=a_person(Role.LEAD, city=koeln)
    )
    moderating.remove_step(step, by=coordinator)
    text = client.get(practice.get_absolute_url()).content.decode()
    assert ("Musterstadt" in text, "Werbung!" in text, found(client, "adopted=adapted")) == (False, False, set())


def test_step_by_a_stranger_then_refused_and_by_a_team_then_the_authors_are_told():
    coordinator, bonn, koeln = a_person(Role.COORDINATOR, network=a_network("gnlc")), a_city("bonn"), a_city("koeln")
    lead = a_person(Role.LEAD, city=bonn)
    practice = moderating.publish(a_proposal(bonn, by=lead, state="proposed"), by=coordinator)
    with pytest.raises(ExchangeRefusedError):
        transferring.record(practice, city=koeln, stage="trying", note="", by=lead)
    transferring.record(practice, city=koeln, stage="trying", note="", by=a_person(Role.LEAD, city=koeln))
    assert (TransferStep.objects.count(), Letter.objects.get(kind="practice_transfer").to) == (1, lead)


def test_account_when_it_ends_then_drafts_of_no_city_go_and_what_a_city_has_told_stays():
    bonn = a_city("bonn")
    lead = a_person(Role.LEAD, city=bonn)
    own = a_proposal(authority="Pays de Bray", country=bonn.country, by=lead)
    told = a_proposal(bonn, by=lead, state="proposed")
    about = personal.everything(lead)["exchange"]
    assert isinstance(about, dict)
    assert [row["title"] for row in about["practices"]] == [own.title, told.title]
    personal.end(lead)
    assert type(told).objects.get().by is None
