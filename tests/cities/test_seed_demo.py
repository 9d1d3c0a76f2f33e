"""The people and cities of a demo: made once, kept as they are, never outside a demo."""

import io
import stat

import pytest
from django.core.management import CommandError, call_command

from cities.models import City, TeamEvent, TeamMember
from network.models import Office, User


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path, monkeypatch):
    settings.DEMO_FOLDER = tmp_path
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)


@pytest.fixture
def _networks(db):
    call_command("load_networks", verbosity=0, stdout=io.StringIO())


def seed():
    call_command("seed_demo", verbosity=0)


@pytest.mark.usefixtures("_networks")
def test_seed_demo_then_everybody_has_the_place_the_demo_speaks_of(tmp_path):
    seed()

    teams = TeamMember.objects.order_by("user__email").values_list("user__email", "city__slug", "role")
    offices = Office.objects.order_by("user__email").values_list("user__email", "network__slug", "role")
    assert list(teams) == [
        ("editor@city.example", "musterstadt", "editor"),
        ("lead@city.example", "musterstadt", "lead"),
        ("lead@othercity.example", "beispielhausen", "lead"),
    ]
    assert list(offices) == [
        ("coordinator@gnlc.example", "gnlc", "coordinator"),
        ("coordinator@uccn.example", "uccn", "coordinator"),
        ("deputy@gnlc.example", "gnlc", "coordinator"),
        ("reviewer@gnlc.example", "gnlc", "reviewer"),
    ]
    assert [user.email for user in User.objects.filter(is_superuser=True)] == ["operator@portal.example"]
    assert {user.name.partition(":")[0] for user in User.objects.all()} == {"Demo"}


@pytest.mark.usefixtures("_networks")
def test_seed_demo_then_its_cities_are_never_in_the_directory():
    seed()

    assert [city.name_de for city in City.objects.filter(is_demo=True).order_by("slug")] == [
        "Beispielhausen",
        "Musterstadt",
    ]
    assert City.objects.in_directory().count() == 0


@pytest.mark.usefixtures("_networks")
def test_seed_demo_when_run_again_then_nothing_changes_and_edits_are_kept(tmp_path):
    seed()
    City.objects.filter(slug="musterstadt").update(portrait_de="Neu.")
    Office.objects.filter(user__email="reviewer@gnlc.example").delete()
    people = list(User.objects.order_by("pk").values())

    seed()

    assert list(User.objects.order_by("pk").values()) == people
    assert City.objects.get(slug="musterstadt").portrait_de == "Neu."
    assert Office.objects.count() == 3


@pytest.mark.usefixtures("_networks")
def test_seed_demo_then_the_password_is_made_once_and_closed_to_others(tmp_path):
    seed()
    kept = (tmp_path / "demo-password").read_text()
    seed()

    assert (tmp_path / "demo-password").read_text() == kept
    assert stat.S_IMODE((tmp_path / "demo-password").stat().st_mode) == 0o600
    assert all(user.check_password(kept.strip()) for user in User.objects.all())


@pytest.mark.usefixtures("_networks")
def test_seed_demo_when_a_password_is_given_then_it_is_everybodys(tmp_path, monkeypatch):
    seed()
    monkeypatch.setenv("DEMO_PASSWORD", "one for all of them")
    seed()

    assert all(user.check_password("one for all of them") for user in User.objects.all())


@pytest.mark.usefixtures("_networks")
def test_seed_demo_then_a_request_and_an_invitation_wait_in_musterstadt_once():
    for _again in range(2):
        seed()

        history = TeamEvent.objects.order_by("pk").values_list("city__slug", "kind", "by__email")
        assert list(history) == [
            ("musterstadt", "asked", "newcomer@city.example"),
            ("musterstadt", "invited", "lead@city.example"),
        ]
    TeamMember.objects.filter(user__email="lead@city.example").delete()
    seed()  # in a team that has changed it invites nobody, and does not fail
    assert TeamEvent.objects.count() == 2


@pytest.mark.django_db
def test_seed_demo_when_there_are_no_networks_then_it_names_the_command_to_run_first():
    with pytest.raises(CommandError, match=r"no network gnlc, uccn yet\. First: \./run load_networks"):
        seed()


@pytest.mark.django_db
def test_seed_demo_outside_a_demo_then_it_refuses(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="never in a real portal"):
        seed()

    assert User.objects.count() == 0
