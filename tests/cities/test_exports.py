"""The directory as files: columns, signs that office programs misread, valid GeoJSON, the cities of the page."""

import csv
import io
import json

import pytest

from cities.exports import COLUMNS, neutral
from tests.factories import a_city, a_field, a_land, a_member, a_membership, a_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def _world():
    gnlc, uccn = a_network("gnlc"), a_network("uccn", shape="diamond", accent="raspberry", position=200)
    bonn = a_city("bonn", people=330_579, land=a_land(), latitude=50.73438, longitude=7.09549, name_en="")
    a_membership(bonn, gnlc, since=2019)
    a_membership(bonn, uccn, since=None, fields=[a_field(uccn, "film"), a_field(uccn, "music")])
    a_member("nice", uccn, country="FR", name_de="Nizza", name_en="Nice", since=2021, latitude=43.7, longitude=7.26)


def table(client, query=""):
    response = client.get(f"/de/cities/?format=csv{query}")
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


@pytest.mark.usefixtures("_world")
def test_csv_then_one_row_a_city_with_all_columns(client):
    assert table(client) == [
        {
            "slug": "bonn", "name_de": "Bonn", "name_en": "Bonn", "country": "DE", "land": "05", "latitude": "50.73438",
            "longitude": "7.09549", "population": "330579", "memberships": "gnlc:2019: uccn::film+music",
        },
        {
            "slug": "nice", "name_de": "Nizza", "name_en": "Nice", "country": "FR", "land": "", "latitude": "43.7",
            "longitude": "7.26", "population": "", "memberships": "uccn:2021:",
        },
    ]  # fmt: skip


@pytest.mark.usefixtures("_world")
def test_csv_then_office_programs_read_it(client):
    response = client.get("/de/cities/?format=csv")
    text = response.content
    assert text.startswith(b"\xef\xbb\xbfslug,name_de,")
    assert text.count(b"\r\n") == text.count(b"\n") == 3
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+49", "-Stadt", "@SUM(A1)", "\tTab", '=HYPERLINK("https://example.org";"x")', "=cmd|' /C calc'!A0"],
)
def test_csv_when_a_name_looks_like_a_formula_then_it_is_plain_text(client, name):
    a_member("formel", a_network(), name_de=name, name_en=name)
    row = table(client)[0]
    assert row["name_de"] == row["name_en"] == f"'{name}"


def test_csv_when_a_number_is_negative_then_it_stays_a_number(client):
    a_member("sued", a_network(), latitude=-33.9, longitude=-70.6)
    row = table(client)[0]
    assert (row["latitude"], row["longitude"]) == ("-33.9", "-70.6")


@pytest.mark.parametrize(
    "name", ['Stadt "Anführung", mit Komma', "Zeile\neins", "Semikolon; und 'Strich'", "Ñandú 北京 🏙"]
)
def test_csv_when_a_name_has_special_signs_then_it_comes_back_as_it_was(client, name):
    a_member("besonders", a_network(), name_de=name)
    assert table(client)[0]["name_de"] == name


def test_neutral_then_only_the_beginning_counts():
    assert neutral("Bonn=1") == "Bonn=1"
    assert neutral("\r=1") == "'\r=1"
    assert neutral("") == ""


@pytest.mark.usefixtures("_world")
def test_json_then_the_same_facts_and_the_credit(client):
    response = client.get("/en/cities/?format=json")
    content = json.loads(response.content)
    assert response.headers["Content-Type"] == "application/json"
    assert "GeoNames" in content["credit"]
    assert "CC BY 4.0" in content["credit"]
    assert set(content["cities"][0]) == set(COLUMNS)
    assert content["cities"][1]["population"] is None
    assert content["cities"][0]["memberships"] == [
        {"network": "gnlc", "fields": [], "since": 2019, "status": "active"},
        {"network": "uccn", "fields": ["film", "music"], "since": None, "status": "active"},
    ]


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("language", ["de", "en"])
def test_geojson_then_it_is_valid_and_longitude_comes_first(client, language):
    response = client.get(f"/{language}/cities/?format=geojson")
    content = json.loads(response.content)
    assert response.headers["Content-Type"] == "application/geo+json"
    assert content["type"] == "FeatureCollection"
    bonn, nice = sorted(content["features"], key=lambda feature: feature["id"])
    assert bonn["type"] == "Feature"
    assert bonn["geometry"] == {"type": "Point", "coordinates": [7.09549, 50.73438]}
    assert nice["properties"]["name"] == {"de": "Nizza", "en": "Nice"}[language]
    assert nice["properties"]["url"] == f"/{language}/cities/nice/"
    assert (nice["properties"]["shape"], nice["properties"]["accent"]) == ("diamond", "raspberry")
    assert (bonn["properties"]["shape"], bonn["properties"]["accent"]) == ("circle", "ink")
    assert "latitude" not in bonn["properties"]


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("form", ["csv", "json", "geojson"])
def test_file_then_it_is_saved_under_a_name_and_follows_the_filter(client, form):
    response = client.get(f"/de/cities/?country=FR&format={form}")
    text = response.content.decode()
    assert response.headers["Content-Disposition"] == f'attachment; filename="cities.{form}"'
    assert "nice" in text
    assert "bonn" not in text
    assert "Content-Security-Policy" in response.headers
    again = client.get(f"/de/cities/?country=FR&format={form}")  # the kept one
    assert (again.content, again.headers["Content-Type"], again.headers["Content-Disposition"]) == (
        response.content, response.headers["Content-Type"], response.headers["Content-Disposition"],
    )  # fmt: skip


@pytest.mark.usefixtures("_world")
def test_file_then_its_rows_follow_the_order_asked_for(client):
    assert [row["slug"] for row in table(client, "&sort=since")] == ["nice", "bonn"]
    assert [row["slug"] for row in table(client, "&sort=name")] == ["bonn", "nice"]


@pytest.mark.usefixtures("_world")
def test_file_then_it_has_all_results_and_not_one_page(client):
    network = a_network("viele")
    for number in range(30):
        a_member(f"stadt-{number}", network)
    assert len(table(client, "&network=viele&page=2")) == 30


@pytest.mark.usefixtures("_world")
def test_links_to_files_then_each_gives_that_file(client):
    listing = client.get("/de/cities/?country=FR&view=table&page=9&network=xx").context["listing"]
    for link in listing.exports:
        response = client.get(f"/de/cities/{link.url}")
        assert response.headers["Content-Disposition"].endswith(f'cities.{link.label.lower()}"')
        assert "nice" in response.content.decode()
