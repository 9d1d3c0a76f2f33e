"""Who checks what, and what a report does."""

import pytest
from django.urls import reverse

from exchange.actions import moderating, reporting
from exchange.actions.acting import ExchangeRefusedError
from exchange.models import Practice, Proposal, Report
from network.models import Letter
from tests.factories import Role, a_city, a_member, a_network, a_person
from tests.factories_exchange import a_practice, a_programme, a_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def gnlc():
    return a_network("gnlc")


def test_queue_then_coordinators_of_the_programmes_networks_and_never_of_the_own_city(client, gnlc):
    uccn, bonn = a_network("uccn"), a_city("bonn")
    reihe = a_programme("reihe")
    reihe.networks.add(gnlc)
    told = a_proposal(bonn, state="proposed", programme=reihe, title_de="Im Programm")
    free = a_proposal(bonn, state="proposed", title_de="In keinem")
    a_proposal(bonn, state="draft", title_de="Nur begonnen")
    mine, others = a_person(Role.COORDINATOR, network=gnlc), a_person(Role.COORDINATOR, network=uccn)
    assert {p.title for p in Proposal.objects.moderated_by(mine)} == {"Im Programm", "In keinem"}
    assert {p.title for p in Proposal.objects.moderated_by(others)} == {"In keinem"}
    assert {p.title for p in Proposal.objects.moderated_by(a_person(Role.OPERATOR))} == {"Im Programm", "In keinem"}
    assert not Proposal.objects.moderated_by(a_person(Role.REVIEWER, network=gnlc)).exists()
    with pytest.raises(ExchangeRefusedError):
        moderating.publish(told, by=others)
    mine.teams.create(city=bonn, role="editor")
    assert not Proposal.objects.moderated_by(mine).exists()
    with pytest.raises(ExchangeRefusedError):
        moderating.publish(free, by=mine)
    assert not Practice.objects.exists()


def test_publish_when_done_twice_then_refused_and_one_practice(gnlc):
    proposal, coordinator = a_proposal(a_city("bonn"), state="proposed"), a_person(Role.COORDINATOR, network=gnlc)
    moderating.publish(proposal, by=coordinator)
    with pytest.raises(ExchangeRefusedError):
        moderating.publish(proposal, by=coordinator)
    assert Practice.objects.count() == 1


def test_practices_of_the_same_title_and_place_then_each_has_its_address(gnlc):
    coordinator, bonn = a_person(Role.COORDINATOR, network=gnlc), a_city("bonn")
    slugs = [moderating.publish(a_proposal(bonn, state="proposed"), by=coordinator).slug for _ in range(3)]
    assert slugs == ["lernen-im-park-bonn", "lernen-im-park-bonn-2", "lernen-im-park-bonn-3"]


def test_report_then_hidden_until_a_coordinator_has_looked_and_the_words_stay_with_them(client, gnlc):
    bonn = a_member("bonn", gnlc)
    lead, coordinator = a_person(Role.LEAD, city=bonn), a_person(Role.COORDINATOR, network=gnlc)
    practice = moderating.publish(a_proposal(bonn, by=lead, state="proposed"), by=coordinator)
    found = reporting.report(practice, text="Geheime Worte.", sender=reporting.sender_key("a"))
    assert client.get(practice.get_absolute_url()).status_code == 404
    assert {letter.to for letter in Letter.objects.filter(text__contains="Geheime Worte.")} == {coordinator}
    client.force_login(lead)
    proposal = Proposal.objects.get()
    assert "Geheime Worte." not in client.get(proposal.get_absolute_url()).content.decode()

    client.force_login(coordinator)
    answer = reverse("exchange:report_answer", args=[found.pk])
    assert client.post(answer, {"answer": "hide", "reason": ""}).status_code == 422
    assert client.post(answer, {"answer": "stays", "reason": ""}).status_code == 302
    assert client.get(practice.get_absolute_url()).status_code == 200
    assert client.post(answer, {"answer": "hide", "reason": "Doch."}).status_code == 422  # decided already

    again = reporting.report(practice, text="Noch einmal.", sender=reporting.sender_key("a"))
    assert client.get(practice.get_absolute_url()).status_code == 200
    other = reporting.report(practice, text="Ich auch.", sender=reporting.sender_key("b"))
    assert client.get(practice.get_absolute_url()).status_code == 404
    reporting.answer(other, by=coordinator, stays=False, reason="Der Link ist Werbung.")
    again.refresh_from_db()
    assert (again.state, "Der Link ist Werbung." in Letter.objects.get(kind="practice_hidden", to=lead).text) == (
        "hidden", True,
    )  # fmt: skip
    assert client.get(practice.get_absolute_url()).status_code == 404
    client.post(reverse("exchange:hide", args=[practice.slug]), {"reason": ""})
    assert client.get(practice.get_absolute_url()).status_code == 200


def test_reports_when_many_then_three_a_day_and_sender_and_twenty_hidden_a_day_at_all(gnlc):
    bonn = a_city("bonn")
    practices = [a_practice(f"p-{number}", city=bonn) for number in range(22)]
    for practice in practices[:3]:
        reporting.report(practice, text="Falsch.", sender="a")
    with pytest.raises(ExchangeRefusedError):
        reporting.report(practices[3], text="Falsch.", sender="a")
    for number, practice in enumerate(practices[3:]):
        reporting.report(practice, text="Falsch.", sender=f"b{number}")
    assert (Practice.objects.published().count(), Report.objects.count()) == (2, 22)
