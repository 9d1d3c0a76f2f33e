"""Packs that ship, calls and a round of a demo: kept once, marked, never in a real portal."""

from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from applications.log import faults
from applications.models import Application, Assignment, Call, PackVersion, Review
from applications.shipped import shipped_packs
from cities.models import City, Membership
from network.models import Network
from tests.factories import Role, a_country, a_field, a_land, a_network, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _networks():
    for slug in ("gnlc", "uccn", "metropolis", "uclg", "c40"):
        a_network(slug)


def test_seeded_twice_then_one_version_of_each_pack_and_one_call_each():
    for _ in range(2):
        call_command("seed_applications", verbosity=0)
    assert {version.key for version in PackVersion.objects.all()} == set(shipped_packs())
    assert PackVersion.objects.count() == len(shipped_packs())
    assert sorted(call.slug for call in Call.objects.all()) == [
        "demo-c40",
        "demo-gnlc",
        "demo-uccn-national",
        "demo-uccn-paris",
    ]


def test_demo_calls_then_they_are_marked_in_both_languages_and_open_to_the_last_second_of_a_day():
    call_command("seed_applications", verbosity=0)
    for call in Call.objects.all():
        assert call.is_demo
        assert call.is_open()
        assert call.title_de.startswith("Demo")
        assert call.title_en.startswith("Demo")
        assert call.closes_at.astimezone(call.zone_info).strftime("%H:%M:%S") == "23:59:59"


def test_seeded_in_a_real_portal_then_refused_and_no_call_is_there(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("seed_applications", verbosity=0)
    assert not Call.objects.exists()


def test_round_seeded_twice_then_twelve_marked_applications_and_no_city_in_the_directory(client):
    for iso2 in ("DE", "AT", "FR"):
        a_country(iso2)
    for key, name in (("06", "Hessen"), ("09", "Bayern"), ("14", "Sachsen")):
        a_land(key, name)
    a_field(Network.objects.get(slug="gnlc"))
    coordinator = a_person(Role.COORDINATOR, network=Network.objects.get(slug="gnlc"))
    coordinator.email = "coordinator@gnlc.example"
    coordinator.save()
    call_command("seed_applications", verbosity=0)
    for _ in range(2):
        call_command("seed_round", verbosity=0)
    call = Call.objects.get(slug="demo-gnlc-review")
    assert Counter(call.applications.values_list("state", flat=True)) == {"submitted": 3, "returned": 1, "in_review": 8}
    assert Application.objects.count() == 12
    assert set(City.objects.values_list("is_demo", flat=True)) == {True}
    assert City.objects.in_directory().count() == 0
    for application in call.applications.all():
        long = [value for value in application.answers.values_list("value", flat=True) if "invented for" in str(value)]
        assert long, application
    pairs = Assignment.objects.values_list("reviewer__email", "application__city__land__name_de")
    barred = {(f"reviewer.{land.lower()}@gnlc.example", land) for land in ("Hessen", "Bayern", "Sachsen")}
    assert len(pairs) == 16
    assert barred.isdisjoint(pairs)
    assert Review.objects.filter(done_at__isnull=False).count() == 12
    assert list(faults()) == []
    for city in City.objects.all()[:3]:
        Membership.objects.create(city=city, network=call.network, since=2026)
    for address in ("/de/cities/", "/de/cities/?q=muster", "/de/cities/?format=json", "/de/networks/gnlc/", "/de/"):
        found = client.get(address).content.decode()
        assert not [city for city in City.objects.all() if city.name_de in found], address


def test_round_in_a_real_portal_then_refused_and_nothing_is_made(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("seed_round", verbosity=0)
    assert not City.objects.exists()
