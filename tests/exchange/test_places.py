"""Where a practice comes from: the directory's cities first, then the list of the world's places, then by hand."""

import gzip
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from exchange.models import Proposal
from exchange.places import ASKED, SHOWN, likely, suggested
from exchange.world import World, world
from tests.exchange.test_visitors import begun
from tests.factories import Role, a_city, a_country, a_person

pytestmark = pytest.mark.django_db
KOELN, SIEGEN, MILAN = 2886242, 2832495, 3173435  # numbers of GeoNames
START, SUGGEST = "/de/practices/new/", "/de/practices/suggest/"
HOSTILE = ["x" * 10_000, "%_\\", "\0\0\0abc", "|||", "' OR 1=1 --", "\u202eneleK", "a\tb\nc"]


@pytest.fixture
def koeln():
    return a_city("koeln", name_de="Köln", name_en="Cologne", geoname_id=KOELN, latitude=50.9, longitude=6.9)


@pytest.fixture
def newcomer(client):
    person = a_person(Role.NEWCOMER)
    client.force_login(person)
    return person


def values(authority: str, **more: str) -> dict[str, str]:
    return {"title": "Lernbank", "original_language": "de", "authority": authority, **more}


def asked(answer) -> list[str]:
    return [str(key) for key, _label in answer.context["form"].question.field.choices]


def told() -> tuple[str, str, float | None, float | None]:
    made = Proposal.objects.get()
    assert (made.city, made.country is None) == (None, False)
    return made.authority, made.country_id or "", made.latitude, made.longitude


@pytest.mark.parametrize("typed", ["Koln", "Köln", "KOELN", "Cologne", "Keulen", "Colonia Agrippina"])
def test_place_when_it_is_in_the_directory_then_offered_as_its_city_first_and_once(koeln, typed):
    first, *others = likely(typed, None)
    assert (first.key, first.place) == ("city-koeln", {"city": koeln})
    assert f"world-{KOELN}" not in [meant.key for meant in others]
    found = suggested(typed)
    assert (found[0], found.count("Köln, Deutschland")) == ("Köln, Deutschland", 1)


def test_place_when_the_directory_has_it_without_a_number_then_still_once():
    a_city("siegen", name_de="Siegen", latitude=50.88, longitude=8.02)
    assert [meant.key for meant in likely("Siegen", None)] == ["city-siegen"]
    assert suggested("Siegen") == ["Siegen, Deutschland"]


def test_place_when_only_in_the_world_then_asked_and_taken_over_with_country_and_position(client, newcomer):
    a_country("DE")
    first = client.post(START, values("siegen"))
    assert (first.status_code, asked(first)) == (422, [f"world-{SIEGEN}", "new-siegen"])
    assert "Siegen, Deutschland" in first.content.decode()
    assert "107\u202f242" in first.content.decode()
    elsewhere = client.post(START, values("siegen", meant="new-siegen"))
    assert (elsewhere.status_code, list(elsewhere.context["form"].errors)) == (422, ["country"])
    assert Proposal.objects.count() == 0
    assert client.post(START, values("siegen", meant=f"world-{SIEGEN}")).status_code == 302
    assert told() == ("Siegen", "DE", 50.87481, 8.02431)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Mailand, Italien", ("Mailand", "IT", 45.46427, 9.18951)),
        ("milano, Italy", ("Milano", "IT", 45.46427, 9.18951)),
        ("Cambridge, Massachusetts, Vereinigte Staaten", ("Cambridge", "US", 42.3751, -71.10561)),
        ("Xaverhausen, Deutschland", ("Xaverhausen", "DE", None, None)),
    ],
)
def test_place_when_sent_as_it_was_suggested_or_in_no_list_then_taken_at_once(client, newcomer, typed, stored):
    for code in ("DE", "IT", "US"):
        a_country(code)
    assert client.post(START, values(typed)).status_code == 302
    assert told() == stored


def test_place_when_entered_with_a_position_then_the_position_counts_and_the_world_is_not_asked(client, newcomer):
    a_country("DE")
    assert client.post(START, values("Siegen, Deutschland", position="50.9, 8.1")).status_code == 302
    assert told() == ("Siegen", "DE", 50.9, 8.1)


def test_names_when_in_several_countries_then_all_are_offered_with_what_tells_them_apart(client, newcomer):
    a_country("GB")
    a_country("US")
    form = client.post("/en/practices/new/", values("Cambridge")).context["form"]
    assert [label for _key, label in form.question.field.choices] == [
        "Cambridge, United Kingdom, 145,674 inhabitants (GeoNames)",
        "Cambridge, Massachusetts, United States, 110,402 inhabitants (GeoNames)",
        "Cambridge (Newton), Massachusetts, United States, 88,817 inhabitants (GeoNames)",  # its former name
        "none of these: Cambridge is another place",
    ]


def test_city_of_the_demo_then_never_suggested():
    a_city("musterstadt", name_de="Musterstadt", is_demo=True)
    assert (suggested("Musterstadt"), likely("Musterstadt", None)) == ([], [])


def test_many_then_a_short_list():
    a_country("US")
    for number in range(SHOWN + 2):
        a_city(f"sankt-{number}")
    assert len(suggested("san")) == SHOWN
    assert len(likely("Springfield", None)) == ASKED
    assert suggested("sa") == []


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_name_then_answered(client, newcomer, koeln, typed):
    assert client.get(reverse("exchange:places"), {"q": typed}).json() == {"places": []}
    answer = client.post(START, values(typed))
    assert (answer.status_code, Proposal.objects.count()) == (422, 0)


@pytest.mark.parametrize("rows", [1, 3])
def test_suggestions_then_two_queries(client, rows, django_assert_num_queries):
    for number in range(rows):
        a_city(f"siegen-{number}")
    client.get("/en/practices/places/?q=sie")
    with django_assert_num_queries(2):
        answer = client.get("/en/practices/places/?q=sie")
    assert answer.json()["places"][:rows] == [f"Siegen {number}, Germany" for number in range(rows)]
    assert "Siegen, Germany" in answer.json()["places"]


def test_visitor_when_the_place_is_in_the_world_then_asked_and_the_position_is_kept(client):
    a_country("DE")
    entries = values("Siegen") | {
        "email": "besuch@example.org", "summary": "Dort wird gelernt.", "source_url": "https://example.org/",
        "begun": begun(),
    }  # fmt: skip
    first = client.post(SUGGEST, entries)
    assert (first.status_code, asked(first)) == (422, [f"world-{SIEGEN}", "new-Siegen"])
    assert client.post(SUGGEST, entries | {"meant": f"world-{SIEGEN}"}).status_code == 200
    assert told() == ("Siegen", "DE", 50.87481, 8.02431)


def test_list_then_german_names_are_found_and_no_single_houses():
    for german, number in {"Mailand": MILAN, "Kopenhagen": 2618425, "Muenchen": 2867714, "Preßburg": 3060972}.items():
        assert (german, world().named(german)[0].geoname_id) == (german, number)
    assert world().named("Thomas Magena home") == []


def test_list_when_made_anew_then_from_what_the_files_say(tmp_path):
    names = ["QXZ", "Arlinga", "ar lin gen", "Ерлинген"]
    place = {"geonameid": 1, "name": "Ärlingen", "countrycode": "DE", "admin1code": "01", "latitude": 48.5,
             "longitude": 9.25, "population": 20_000, "alternatenames": names}  # fmt: skip
    house = place | {"geonameid": 2, "name": "Haus", "population": 3}
    capital = place | {"geonameid": 3, "name": "Hauptort", "population": 800, "alternatenames": []}
    with pytest.raises(CommandError, match="cities15000"):
        call_command("make_places", tmp_path)
    (tmp_path / "cities15000.json").write_text(json.dumps({"1": place, "2": house, "3": capital}))
    (tmp_path / "us_states.json").write_text("{}")
    (tmp_path / "countries.json").write_text(json.dumps({"DE": {"capital": "Hauptort"}}))
    made = tmp_path / "places.tsv.gz"
    call_command("make_places", tmp_path, to=made, verbosity=0)
    read = World(gzip.decompress(made.read_bytes()))
    assert [spot.name for spot in read.beginning("haup", most=9)] == ["Hauptort"]
    for typed, spelling in {"Arlingen": "Ärlingen", "aerlingen": "Ärlingen", "ARLINGA": "Arlinga"}.items():
        assert [(s.name, s.listed, s.latitude, s.people) for s in read.named(typed)] == [
            (spelling, "Ärlingen", 48.5, 20_000)
        ]
    assert (read.named("qxz"), read.named("ar lin gen"), read.named("Haus"), len(read)) == ([], [], [], 2)
