"""What one person is to networks and cities, as every page asks for it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from cities.models import City, TeamMember
from cities.posts import Posts, posts_of
from network.models import User
from tests.factories import Role, a_city, a_network, a_person

pytestmark = pytest.mark.django_db


def test_posts_then_networks_by_office_and_cities_by_address_asked_once(django_assert_num_queries):
    gnlc, uccn = a_network("gnlc"), a_network("uccn")
    person = a_person(Role.COORDINATOR, network=gnlc)
    person.offices.create(network=gnlc, role="reviewer")
    person.offices.create(network=uccn, role="reviewer")
    for slug in ("koeln", "bonn"):
        TeamMember.objects.create(city=a_city(slug), user=person, role=TeamMember.Role.EDITOR)
    City.objects.filter(slug="koeln").update(name_de="Köln", name_en="Cologne")
    City.objects.filter(slug="bonn").update(name_de="Bonn", name_en="")
    a_person(Role.COORDINATOR, network=uccn)
    fresh = User.objects.get(pk=person.pk)
    with django_assert_num_queries(1):
        posts = posts_of(fresh)
        assert posts_of(fresh) is posts
    assert posts.coordinates == frozenset([gnlc.pk])
    assert posts.reviews == frozenset([gnlc.pk, uccn.pk])
    for language, names in (("de", ["Bonn", "Köln"]), ("en", ["Bonn", "Cologne"])):
        with translation.override(language):
            assert [(city.slug, city.name) for city in posts.cities] == list(zip(["bonn", "koeln"], names, strict=True))


def test_posts_of_visitors_and_of_people_who_may_not_sign_in_then_none(django_assert_num_queries):
    person = a_person(Role.COORDINATOR, network=a_network())
    person.is_active = False
    with django_assert_num_queries(0):
        assert posts_of(AnonymousUser()) == posts_of(person) == Posts()


def test_menu_when_an_office_ends_then_the_next_page_is_without_it(client):
    person = a_person(Role.COORDINATOR, network=a_network())
    client.force_login(person)
    assert "/de/coordination/" in client.get("/de/imprint/").content.decode()
    person.offices.all().delete()
    page = client.get("/de/imprint/").content.decode()
    assert "/de/coordination/" not in page
    assert "/de/my-desk/" in page
