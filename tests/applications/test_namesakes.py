"""A reviewer names a city the portal does not know yet; later one of this name applies: coordinators get a hint."""

import pytest
from django.urls import reverse
from django.utils import translation

from applications.actions.assigning import reviewers_of
from applications.actions.inviting import state_origin
from applications.conflicts import conflicts_of, with_facts
from applications.models import Application
from applications.namesakes import hints_of
from applications.workflow import State
from network.models import Network, User
from tests.factories import a_city, a_country
from tests.factories_applications import a_call, a_coordinator, an_application
from tests.factories_reviewing import a_reviewer

pytestmark = pytest.mark.django_db


def of_words(network: Network, name: str, words: str) -> User:
    person = a_reviewer(network, name)
    state_origin(by=person, country=a_country("FR"), land=None, cities=[], words=words)
    return person


@pytest.mark.parametrize(
    ("words", "is_meant"),
    [
        ("Stadt Münster, bis 2021", True),
        ("muenster", True),
        ("Celle\nMunster (Westfalen)", True),
        ("MÜNSTER", True),
        ("Munster city council", True),
        ("Münsterland", False),  # another word
        ("Neu Münsterberg", False),
        ("", False),
        ("Celle", False),
    ],
)
def test_words_of_a_statement_then_a_city_is_meant_by_its_names_as_whole_words(words, is_meant):
    call = a_call()
    person = of_words(call.network, "Rita Rat", words)
    an_application(State.SUBMITTED, call=call, city=a_city("muenster", name_de="Münster", name_en="Munster"))
    found = hints_of(reviewers_of(call.network_id), with_facts(Application.objects.all()), barred=())
    assert [(hint.person, hint.application.city.slug) for hint in found] == [(person, "muenster")] * is_meant
    assert all(hint.words in words.splitlines() for hint in found)


def test_hint_then_it_stands_where_reviews_are_assigned_and_goes_once_a_conflict_is_declared(client):
    call = a_call()
    person = of_words(call.network, "Rita Rat", "Münster, bis 2021")
    of_words(call.network, "Ohne Bezug", "Celle")
    case = an_application(State.IN_REVIEW, call=call, city=a_city("muenster", name_de="Münster", name_en="Munster"))
    client.force_login(a_coordinator(call.network))
    pages = [reverse("reviewing:assign", args=[case.pk]), reverse("reviewing:assignments", args=[call.slug])]
    with translation.override("en"):
        for page in pages:
            html = client.get(page.replace("/de/", "/en/")).text
            assert html.count("Münster, bis 2021") == 1
            assert "Celle" not in html
        proposal = {"people": [person.pk], "day": "2099-01-01", "clock": "12:00"}
        assert "Münster, bis 2021" in client.post(reverse("reviewing:propose", args=[call.slug]), proposal).text
        assert conflicts_of([person], with_facts(Application.objects.all())) == {}  # a hint bars nobody
        data = {"person": person.pk, "reason": "Dieselbe Stadt."}
        assert client.post(reverse("reviewing:conflict", args=[case.pk]), data).status_code == 302
        for page in pages:
            assert "Münster, bis 2021" not in client.get(page).text
