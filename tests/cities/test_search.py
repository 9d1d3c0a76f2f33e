"""Searching for cities by name: spellings, mistakes, countries, and whatever else people type."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils import translation

from cities.directory import directory
from cities.filters import CityFilter
from cities.listing import Listing
from tests.data import rows
from tests.factories import a_city, a_member, a_membership, a_network

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]


def search(text, language="de", **more):
    """What the page of this search is made from, without drawing it."""
    query = QueryDict(urlencode({"q": text, **more}))
    with translation.override(language):
        listing = Listing(CityFilter(query, directory()), query)
        assert len(listing.entries) == listing.total
    return listing


def found(text, language="de", **more):
    """Slugs in the order of the page."""
    return [city.slug for city in search(text, language, **more).entries]


@pytest.fixture
def _more_cities():
    """Names with umlauts that the data does not have."""
    network = a_network("mehr")
    a_member("cologne", network, name_de="Köln", name_en="Cologne")
    a_member("munich", network, name_de="München", name_en="Munich")
    a_member("muenster", network, name_de="Münster", name_en="")
    a_member("aarhus", network, name_de="Århus", name_en="Aarhus", country="SE")


@pytest.mark.usefixtures("_more_cities")
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Koln", "cologne"), ("Köln", "cologne"), ("koeln", "cologne"), ("KÖLN", "cologne"), ("Cologne", "cologne"),
        ("Ko\u0308ln", "cologne"), (" köln ", "cologne"), ("Muenchen", "munich"), ("Munchen", "munich"),
        ("Munich", "munich"), ("Muenster", "muenster"), ("munster", "muenster"), ("Arhus", "aarhus"),
        ("Hannover", "hanover"), ("Hanover", "hanover"), ("Strassburg", "strasbourg"), ("Straßburg", "strasbourg"),
        ("Strasbourg", "strasbourg"), ("Bruessel", "brussels"), ("Brussel", "brussels"), ("Lodz", "lodz"),
        ("Łódź", "lodz"), ("Göteborg", "gothenburg"), ("Goteborg", "gothenburg"), ("Gothenburg", "gothenburg"),
        ("Sao Paulo", "sao-paulo"), ("paulo sao", "sao-paulo"), ("Kiew", "kyiv"), ("Kyiv", "kyiv"),
        ("hohr grenzhausen", "hohr-grenzhausen"), ("Höhr-Grenz", "hohr-grenzhausen"),
    ],
)  # fmt: skip
def test_search_when_spelt_in_any_usual_way_then_the_city_is_first_and_not_guessed(text, slug, language):
    listing = search(text, language)
    assert listing.entries[0].slug == slug
    assert not listing.filter.guessed


def test_search_then_a_city_is_found_by_both_its_names(real_data):
    """The exact name brings the city itself, or one of the same name, to the top: all with two names, every
    fifteenth of the others."""
    for number, row in enumerate(rows("cities")):
        if number % 15 and row["name_de"] == row["name_en"]:
            continue
        for name in {row["name_de"], row["name_en"]}:
            best = real_data.find(name)
            city = next((entry for entry in real_data.entries if entry.slug == row["slug"]), None)
            if city is None:
                continue
            assert city.pk in best, name
            first = real_data.entries[real_data.number[best[0]]]
            assert city.pk == best[0] or name in {first.name_de, first.name_en}, name


@pytest.mark.parametrize(
    ("text", "slug"),
    [("heidelbrg", "heidelberg"), ("Hanovre", "hanover"), ("Kopenhagn", "copenhagen"), ("Bukarst", "bucharest")],
)
def test_search_when_misspelt_then_the_city_is_guessed_and_the_page_says_so(client, text, slug):
    page = client.get("/en/cities/", {"q": text})
    assert page.context["listing"].entries[0].slug == slug
    assert page.context["listing"].filter.guessed
    assert f"No city is called “{text}”" in page.content.decode()


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Berln", "berlin"), ("Dresdn", "dresden"), ("Manheim", "mannheim"), ("Bremn", "bremen"),
        ("Pottsdam", "potsdam"), ("Hamburk", "hamburg"), ("Heidleberg", "heidelberg"), ("Karlsruhr", "karlsruhe"),
        ("Gelsenkirschen", "gelsenkirchen"),
    ],
)  # fmt: skip
def test_search_when_one_letter_is_wrong_in_a_german_name_then_the_city_is_among_the_guesses(text, slug):
    listing = search(text)
    assert slug in [city.slug for city in listing.entries]
    assert listing.filter.guessed


def test_search_when_nothing_is_like_it_then_the_page_says_so_and_offers_a_way_on(client):
    page = client.get("/en/cities/", {"q": "xqzwvk"})
    assert page.context["listing"].total == 0
    assert "No city is called “xqzwvk”" in page.content.decode()
    assert [way.url for way in page.context["listing"].ways_out] == ["."]


def test_search_then_the_exact_name_comes_first():
    network = a_network("mehr")
    for slug, name in [("neu-berlin", "Neu Berlin"), ("berlinchen", "Berlinchen"), ("alt-berlin", "Altberlin")]:
        a_member(slug, network, name_de=name, people=9_000_000)
    assert found("Berlin") == ["berlin", "berlinchen", "neu-berlin", "alt-berlin"]


def test_search_when_two_have_the_name_then_the_larger_is_first():
    assert found("London") == ["london", "london-ca"]
    assert found("London (Ontario)") == ["london-ca"]
    assert found("london ontario") == ["london-ca"]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("text", "country"),
    [("Japan", "JP"), ("Deutschland", "DE"), ("Germany", "DE"), ("germany", "DE"), ("Südkorea", "KR"),
     ("South Korea", "KR"), ("Suedkorea", "KR"), ("deutschl", "DE")],
)  # fmt: skip
def test_search_when_it_is_a_country_then_all_its_cities(text, country, language):
    members = {row["city_slug"] for row in rows("memberships")}
    expected = {r["slug"] for r in rows("cities") if r["country_iso2"] == country and r["slug"] in members}
    result = found(text, language)
    assert set(result) == expected
    assert len(result) == len(expected)


def test_search_then_other_filters_and_sort_hold_too():
    assert found("Deutschland", network="metropolis") == ["berlin"]
    by_size = found("Deutschland", sort="population")
    assert by_size[:2] == ["berlin", "hamburg"]
    assert found("Deutschland", sort="name")[:3] == ["berlin", "bonn", "bremen"]


NOTHING = ["%", "_", "%%", "\\", "'", '"', "''", "|", "| |", "*", "?", "$1", "{}", "%(x)s", "<script>"]


@pytest.mark.parametrize("text", NOTHING)
def test_search_when_it_is_a_sign_then_it_stands_for_itself_and_finds_nothing(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "\x00", "ber\x00lin", "x" * 10_000, "ber " * 2_500, "🏙️", "👩‍👩‍👧‍👦 Berlin", "' OR 1=1 --",
        "'; DROP TABLE cities_city; --",
        "\\' OR \\'", "%27%20OR", "Robert'); DROP TABLE", "\u202eBerlin", "\ufeffBerlin", "\ud7ff", "١٢٣", "北京",
        "${jndi:ldap://x}", "{{ 7*7 }}", "{% load %}", "../../etc/passwd", "&lt;", "a" * 101, "()", "...", "-", ",",
        "\t\n\r", "ﬀ", "İ", "ß", "\u0308", "A\u0308" * 60,
    ],
)  # fmt: skip
def test_search_when_it_is_strange_then_the_page_still_answers(client, text):
    assert client.get("/de/cities/", {"q": text}).status_code == 200


@pytest.mark.parametrize("view", ["list", "table", "map"])
def test_search_when_it_is_a_script_then_no_view_runs_it(client, view):
    text = "<script>alert(1)</script>"
    for more in ({}, {"network": text, "sort": text, "page": text, "format": text, "since_from": text, text: text}):
        page = client.get("/de/cities/", {"q": text, "view": view, **more}).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff%fe", "q=%ED%A0%80", "q=%C0%AF", "q", "q=&q=", "q=Berlin&q=Bonn", "%00=1"]
)
def test_search_when_the_address_is_broken_then_the_page_still_answers(client, query):
    assert client.get(f"/de/cities/?{query}").status_code == 200


def test_search_when_empty_then_all_cities():
    everything = len({row["city_slug"] for row in rows("memberships")})
    for text in ("", "   ", "\x00"):
        assert search(text).total == everything


def test_search_then_what_was_typed_is_shown_escaped(client):
    page = client.get("/de/cities/", {"q": "<b>\"Köln\" & 'x'"}).content.decode()
    assert "<b>&quot;" not in page
    assert "&lt;b&gt;&quot;Köln&quot; &amp; &#x27;x&#x27;" in page


def test_search_then_demo_cities_and_cities_without_membership_are_never_found():
    network = a_network("mehr")
    a_membership(a_city("musterstadt", name_de="Musterstadt", is_demo=True), network)
    a_city("ohnemitglied", name_de="Ohnemitglied")
    a_member("wirklichstadt", network, name_de="Wirklichstadt")
    assert found("Wirklichstadt") == ["wirklichstadt"]
    for text in ("Musterstadt", "Mustrstadt", "Ohnemitglied", "Ohnemitgled"):
        assert not {"musterstadt", "ohnemitglied"} & set(found(text))
    assert "musterstadt" not in found("Deutschland")


def test_search_when_a_name_changes_then_the_new_one_is_found_and_the_old_is_not():
    city = a_member("neu", a_network("mehr"), name_de="Vorherstadt")
    assert found("Vorherstadt") == ["neu"]
    city.name_de = "Nachherdorf"
    city.save()
    assert found("Nachherdorf") == ["neu"]
    assert found("Vorherstadt") == []


def test_search_when_demo_cities_are_like_it_then_real_ones_are_still_guessed():
    """Demo cities must not use up the places of the guesses."""
    network = a_network("mehr")
    for number in range(60):
        a_membership(a_city(f"demo-{number}", name_de=f"Heidelburg {number}", is_demo=True), network)
    assert found("heidelbrg") == ["heidelberg"]
