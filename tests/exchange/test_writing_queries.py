"""How many queries a page of the writing side takes: the same literal number for one row and for three."""

import pytest
from django.urls import reverse

from exchange.models import Proposal, Report
from tests.factories import Role, a_member, a_network, a_person
from tests.factories_exchange import a_document, a_picture, a_practice, a_programme, a_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[1, 3])
def people(request):
    """Two people and as many rows of everything as the parameter says."""
    gnlc, reihe = a_network("gnlc"), a_programme("reihe")
    bonn = a_member("bonn", gnlc)
    lead, coordinator = a_person(Role.LEAD, city=bonn), a_person(Role.COORDINATOR, network=gnlc)
    for number in range(request.param):
        waiting = a_proposal(bonn, by=lead, state="proposed", title_de=f"Wartet {number}", programme=reihe)
        a_picture(waiting)
        a_proposal(bonn, by=lead, state="returned", title_de=f"Zurück {number}")
        practice = a_practice(f"p-{number}", city=bonn)
        hidden = a_practice(f"h-{number}", city=bonn, visibility="hidden")
        assert hidden
        Report.objects.create(practice=practice, text="Falsch.", sender=str(number))
        for _ in range(request.param):
            a_picture(waiting)
            a_document(waiting)
    return {"lead": lead, "coordinator": coordinator}


def opened(client, people, who: str, address: str, django_assert_num_queries, number: int) -> None:
    client.force_login(people[who])
    client.get(address)  # what is kept of networks and countries is read already
    with django_assert_num_queries(number):
        assert client.get(address).status_code == 200


def test_my_practices_then_the_same_number(client, people, django_assert_num_queries):
    opened(client, people, "lead", reverse("exchange:mine"), django_assert_num_queries, 5)


def test_queue_then_the_same_number(client, people, django_assert_num_queries):
    opened(client, people, "coordinator", reverse("exchange:moderation"), django_assert_num_queries, 14)


def test_check_then_the_same_number(client, people, django_assert_num_queries):
    address = reverse("exchange:check", args=[Proposal.objects.get(title="Wartet 0").pk])
    opened(client, people, "coordinator", address, django_assert_num_queries, 18)


def test_form_then_the_same_number(client, people, django_assert_num_queries):
    address = Proposal.objects.get(title="Zurück 0").get_absolute_url()
    opened(client, people, "lead", address, django_assert_num_queries, 17)
