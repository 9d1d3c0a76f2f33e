"""Who may keep the profile of a city, and where they find it."""

import pytest
from django.urls import reverse
from django.utils import translation

from cities.models import City, Picture, TeamMember
from cities.permissions import speaks_for
from tests.cities.profile.forms import a_picture, an_editor, everything, opened, send, where
from tests.factories import Role, a_city, a_member, a_person
from tests.guards import only_reads, problems

pytestmark = pytest.mark.django_db


ADDRESSES = [("edit", {}), ("confirm", {}), ("picture_add", {}), ("picture_remove", {"pk": 1})]


@pytest.mark.parametrize(("name", "more"), ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_meet_404_and_visitors_the_sign_in(client, bonn, network, name, more, method):
    Picture.objects.bulk_create([Picture(pk=1, city=bonn, image="x.webp", width=1, height=1, alt_de="Rathaus")])
    strangers = [
        a_person(Role.LEAD, city=a_member("lyon", network, country="FR")),
        a_person(Role.COORDINATOR, network=network),
        a_person(Role.REVIEWER, network=network),
    ]
    before = everything()
    assert getattr(client, method)(where(name, **more)).status_code == 302
    for person in strangers:
        client.force_login(person)
        assert getattr(client, method)(where(name, **more)).status_code == 404
    assert everything() == before


@pytest.mark.parametrize("role", TeamMember.Role.values)
def test_everybody_in_the_team_may_edit(client, bonn, role):
    person = an_editor(bonn, role)
    client.force_login(person)
    assert speaks_for(person, bonn)
    assert client.get(where()).status_code == 200
    assert send(client, opened(client), name_en="Bonn on the Rhine").status_code == 302
    assert City.objects.get(slug="bonn").name_en == "Bonn on the Rhine"


def test_operators_may_edit_without_being_in_a_team(client, bonn):
    operator = a_person(Role.OPERATOR)
    client.force_login(operator)
    assert not speaks_for(operator, bonn)
    assert client.get(where()).status_code == 200


def test_who_has_left_the_team_meets_404(client, lead):
    lead.teams.all().delete()
    assert client.get(where()).status_code == 404


def test_link_on_the_public_page_is_for_the_team_only(client, bonn, lead, network):
    page = reverse("cities:detail", args=["bonn"])
    assert where() in client.get(page).content.decode()
    for person in [a_person(Role.COORDINATOR, network=network), a_person(Role.LEAD, city=a_member("lyon", network))]:
        client.force_login(person)
        assert where() not in client.get(page).content.decode()
    client.cookies.clear()
    for _first_and_kept in range(2):
        assert where() not in client.get(page).content.decode()


def test_header_names_one_city_as_mine_and_several_by_name(client, bonn, lead, network):
    home = reverse("home")
    page = client.get(home).content.decode()
    assert f'href="{where()}">My city</a>' in page
    TeamMember.objects.create(city=a_member("lyon", network), user=lead, role=TeamMember.Role.DEPUTY)
    page = client.get(home).content.decode()
    assert f'href="{where()}">Bonn</a>' in page
    assert f'href="{where(city="lyon")}">Lyon</a>' in page
    client.force_login(a_person(Role.COORDINATOR, network=network))
    assert "/edit/" not in client.get(home).content.decode()


@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_are_sound_and_reading_them_writes_nothing(client, bonn, lead, language):
    a_picture(client)
    picture = Picture.objects.get()
    with translation.override(language):
        for name, more in [("edit", {}), ("picture_add", {}), ("picture_remove", {"pk": picture.pk})]:
            with only_reads():
                response = client.get(where(name, **more))
            assert response.status_code == 200
            assert problems(response, language) == []
        with only_reads():
            assert client.get(where("confirm")).headers["Location"] == where()


def test_demo_city_has_its_profile_and_stays_invisible(client, bonn, network):
    demo = a_city("musterstadt", is_demo=True, name_en="Musterstadt")
    client.force_login(a_person(Role.LEAD, city=demo, name="Demo"))
    page = client.get(where(city="musterstadt")).content.decode()
    assert "none: a demo city is never shown in public" in page
    form = opened(client, "musterstadt")
    assert send(client, form, "musterstadt", portrait_en="Invented.").status_code == 302
    assert City.objects.get(slug="musterstadt").portrait_en == "Invented."
    for who in ("team", "visitor"):
        if who == "visitor":
            client.cookies.clear()
        assert client.get(reverse("cities:detail", args=["musterstadt"])).status_code == 404
        listed = client.get(reverse("cities:list")).content.decode()
        assert "Bonn" in listed
        assert "Musterstadt" not in listed
