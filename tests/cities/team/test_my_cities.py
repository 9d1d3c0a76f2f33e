"""The list of my cities and the search for mine."""

import pytest
from django.urls import reverse

from cities.models import TeamHandOver, TeamMember
from tests.cities.team.pages import link, where, words
from tests.cities.team.people import (
    EVERYBODY,
    REQUEST,
    a_newcomer,
    a_request,
    an_invitation,
)
from tests.factories import Role, a_city, a_person
from tests.guards import problems

pytestmark = pytest.mark.django_db


def test_my_cities_then_each_sees_only_what_is_theirs(client, cast):
    newcomer = a_newcomer()
    request = a_request(cast.bonn, newcomer)
    to_answer = where("team_answer", pk=request.pk)
    sees = {}
    for who in EVERYBODY:
        client.force_login(cast[who])
        page = client.get(reverse("cities:mine"))
        assert problems(page, "en") == []
        sees[who] = (link(to_answer) in words(page), link(where()) in words(page))
    assert sees == {
        "lead": (True, True),
        "deputy": (True, True),
        "editor": (False, True),
        "other lead": (False, False),
        "coordinator": (True, False),
        "other coordinator": (False, False),
        "reviewer": (False, False),
        "stranger": (False, False),
        "operator": (True, False),
    }
    client.force_login(newcomer)
    page = words(client.get(reverse("cities:mine")))
    assert "Waits for an answer" in page
    assert link(to_answer) not in page
    withdraw = where("team_withdraw", pk=request.pk)
    assert withdraw in page
    assert problems(client.get(withdraw), "en") == []
    client.post(withdraw, {"reason": "Versehen"})
    page = words(client.get(reverse("cities:mine")))
    assert "Versehen" in page
    assert withdraw not in page
    assert client.get(withdraw).status_code == 404


def test_search_for_my_city_then_it_offers_what_fits_each_city(client, cast):
    a_city("bonndorf")
    demo = a_city("bonnhausen", is_demo=True)
    client.force_login(cast["lead"])
    page = client.get(reverse("cities:mine") + "?q=bonn")
    assert problems(page, "en") == []
    assert "You speak for this city." in words(page)
    assert where("team_ask", "bonndorf") in words(page)
    assert where("team_ask", "bonn") not in words(page)
    client.post(where("team_ask", demo.slug), REQUEST)
    assert "Your request waits for an answer." in words(client.get(reverse("cities:mine") + "?q=bonnh"))
    client.force_login(cast["coordinator"])
    page = words(client.get(reverse("cities:mine") + "?q=bonn"))
    assert link(where("team", "bonn")) in page
    assert where("team_ask", "bonn") in page
    client.force_login(cast["other coordinator"])
    assert link(where("team", "bonn")) not in words(client.get(reverse("cities:mine") + "?q=bonn"))


@pytest.mark.parametrize("query", ["bon", "Bönn", "Bonnn", "%", "x" * 500, "gibtesnicht", " "])
def test_search_for_my_city_whatever_is_typed_then_it_is_answered(client, cast, query):
    client.force_login(cast["stranger"])
    response = client.get(reverse("cities:mine"), {"q": query})
    assert response.status_code == 200
    assert problems(response, "en") == []
    assert ("No city is called" in words(response)) == (query in {"gibtesnicht", "%", "x" * 500})


def test_search_then_at_most_twenty_cities(client, cast):
    for number in range(25):
        a_city(f"neustadt-{number}")
    client.force_login(cast["stranger"])
    assert words(client.get(reverse("cities:mine") + "?q=neustadt")).count("I work for this city") == 20


@pytest.mark.parametrize("rows", [1, 3])
def test_my_cities_then_as_many_queries_for_one_row_as_for_three(client, cast, django_assert_num_queries, rows):
    lead = cast["lead"]
    for number in range(rows):
        city = a_city(f"bonnstadt-{number}")
        asked = a_city(f"andere-{number}")
        TeamMember.objects.create(city=city, user=lead, role="deputy")
        host = a_person(Role.LEAD, city=asked)
        a_request(city)
        a_request(asked, lead)
        an_invitation(asked, host, email=lead.email)
        TeamHandOver.objects.create(city=city, giver=a_newcomer(), taker=lead, stays=True)
    client.force_login(lead)
    with django_assert_num_queries(14):
        client.get(reverse("cities:mine") + "?q=bonn")
