"""What is written of a profile, and what is refused."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from cities.actions import edit_profile
from cities.imports import Choice, Undecided, import_files
from cities.models import City, Fact, ProfileEdit
from tests.cities.profile.forms import NUMBER, errors, everything, opened, said, send, where

pytestmark = pytest.mark.django_db


def test_saved_values_and_one_edit_for_each(client, bonn, lead):
    form = opened(client)
    response = client.post(
        where(),
        form
        | {"name_de": "Bundesstadt Bonn", "website": "www.bonn.example", "portrait_en": "A city.\r\nOn the Rhine. "}
        | {"population": "336.465", "population_year": "2024", "population_source": "Stadt Bonn, Melderegister"},
        follow=True,
    )
    city = City.objects.get(slug="bonn")
    assert said(response) == ["Saved: Name in German, Official website, Portrait in English, Population."]
    assert (city.name_de, city.website) == ("Bundesstadt Bonn", "https://www.bonn.example")
    assert (city.portrait_en, city.sort_de) == ("A city.\nOn the Rhine.", "bundesstadt bonn")
    fact = Fact.objects.get()
    assert (int(fact.value), fact.year, fact.source_label) == (336_465, 2024, "Stadt Bonn, Melderegister")
    assert (fact.source_url, fact.read_on) == ("", timezone.localdate())
    assert sorted(ProfileEdit.objects.values_list("field", "old", "new", "by__name")) == [
        ("name_de", "Bonn", "Bundesstadt Bonn", "Lea Leitung"),
        ("population", "330579 (GeoNames)", "336465 (2024, Stadt Bonn, Melderegister)", "Lea Leitung"),
        ("portrait_en", "", "A city.\nOn the Rhine.", "Lea Leitung"),
        ("website", "https://www.bonn.de", "https://www.bonn.example", "Lea Leitung"),
    ]


def test_nothing_changed_writes_nothing_even_where_a_number_has_no_year(client, bonn, lead):
    before = everything()
    response = client.post(where(), opened(client), follow=True)
    assert said(response) == ["Nothing was changed."]
    assert everything() == before


def test_the_public_page_shows_the_new_name_at_once(client, bonn, lead):
    page = reverse("cities:detail", args=["bonn"])
    visitor = type(client)()
    assert "Bundesstadt" not in visitor.get(page).content.decode()
    send(client, opened(client), name_de="Bundesstadt Bonn", name_en="")
    assert "Bundesstadt Bonn" in visitor.get(page).content.decode()


def test_an_emptied_number_is_not_known_any_more(client, bonn, lead):
    send(client, opened(client), population="", population_source="")
    assert not Fact.objects.exists()
    edit = ProfileEdit.objects.get()
    assert (edit.field, edit.old, edit.new) == ("population", "330579 (GeoNames)", "")


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name_de": " "}, "name_de", "Enter the German name of the city."),
        ({"name_de": "x" * 201}, "name_de", "Too long: at most 200 characters, now there are 201."),
        ({"website": "ftp://bonn.de/"}, "website", "not an address of the web. Example: https://www.example.org"),
        ({"website": "data:text/html,x"}, "website", "not an address of the web. Example: https://www.example.org"),
        ({"website": "keine"}, "website", "not an address of the web. Example: https://www.example.org"),
        (NUMBER | {"population": "viele"}, "population", "Enter a whole number in digits. Example: 330579"),
        (NUMBER | {"population": "3.5"}, "population", "Enter a whole number in digits. Example: 330579"),
        (NUMBER | {"population": "0"}, "population", "Enter a number greater than zero, or leave the field empty."),
        (NUMBER | {"population": "-5"}, "population", "Enter a number greater than zero, or leave the field empty."),
        (NUMBER | {"population": "9" * 12}, "population", "This number is too large. Check its digits."),
        (NUMBER | {"population": ""}, "population", "Enter the number, or empty its year and source as well."),
        (NUMBER | {"population_year": ""}, "population_year", "Enter the year in which this was the number."),
        (NUMBER | {"population_year": "24a"}, "population_year", "Enter the year with four digits. Example: 2024"),
        (NUMBER | {"population_year": "1799"}, "population_year", "Enter a year from 1800 to "),
        (NUMBER | {"population_year": str(datetime.date.today().year + 1)}, "population_year", "Enter a year from"),  # noqa: DTZ011
        (NUMBER | {"population_source": ""}, "population_source", "Enter where the number comes from."),
        (NUMBER | {"population_url": "mailto:a@b.de"}, "population_url", "not an address of the web."),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_nothing_typed_is_lost(client, bonn, lead, typed, field, sentence):
    form = opened(client)
    before = everything()
    response = send(client, form, **(typed | {"portrait_en": "Typed at length."}))
    found = errors(response)
    assert list(found) == [field]
    assert len(found[field]) == 1
    assert sentence in found[field][0]
    assert everything() == before
    page = response.content.decode()
    assert "Typed at length." in page
    assert f'href="#id_{field}"' in page


@pytest.mark.parametrize("typed", ["336465", "336.465", "336,465", "336 465", "336\u202f465", "336'465"])
def test_a_number_may_be_typed_as_people_write_it(client, bonn, lead, typed):
    send(client, opened(client), **(NUMBER | {"population": typed}))
    assert Fact.objects.get().value == 336_465


def test_action_knows_its_names(bonn, lead):
    with pytest.raises(ValueError, match="slug"):
        edit_profile(bonn, by=lead, slug="koeln")


def test_import_then_asks_before_it_replaces_what_the_team_has_entered(client, bonn, lead):
    files = {
        "cities.csv": b"slug,name_en,name_de,country_iso2,latitude,longitude,population,geoname_id,website\n"
        b"bonn,Bonn,Bonn,DE,50.7,7.1,330579,,https://www.bonn.de\n",
        "memberships.csv": b"city_slug,network,year_joined,creative_field,role,source\nbonn,gnlc,2020,,member,list\n",
        "sources.csv": b"tag,url,what\nlist,,\n",
        "countries.csv": b"iso2,name_en,name_de,region\nDE,Germany,Deutschland,europe\n",
    }
    import_files(files)
    form = opened(client)
    send(client, form, website="https://bonn.example", **NUMBER)
    with pytest.raises(Undecided) as refusal:
        import_files(files)
    found = {(conflict.column, conflict.team) for conflict in refusal.value.difference.conflicts}
    assert found == {("website", "https://bonn.example"), ("population", 336_465)}
    import_files(files, choices=Choice.TEAM)
    assert City.objects.get(slug="bonn").website == "https://bonn.example"
