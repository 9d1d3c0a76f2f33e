"""Packs that ship and calls of a demo: kept once, marked, never in a real portal."""

import pytest
from django.core.management import CommandError, call_command

from applications.models import Call, PackVersion
from applications.shipped import shipped_packs
from tests.factories import a_network

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
