"""An import of new and changed files: all or nothing, nothing deleted, nobody's work overwritten."""

import datetime
from pathlib import Path

import pytest

from cities.imports import PortalChanged, import_files, look_at
from cities.imports.difference import Reason
from cities.models import City, Country, Fact, Land, Membership, MembershipChange, Source
from network.models import Field, Network
from tests.cities.imports.lists import (
    BONN,
    BONN_LEARNS,
    CITY_HEAD,
    COUNTRIES,
    LAENDER,
    LYON,
    LYON_FILMS,
    MEMBER_HEAD,
    SOURCES,
    a_network,
    changes,
    everything,
    findings,
    recorded,
    some_files,
)

pytestmark = pytest.mark.django_db


DATA = Path("cities/data")


def test_import_of_new_files_adds_everything():
    difference = import_files(some_files(city_keys="city_slug,kind,ags\nbonn,city,05314000\n"))

    bonn, lyon = City.objects.get(slug="bonn"), City.objects.get(slug="lyon")
    assert (bonn.name_de, bonn.country_id, bonn.latitude, bonn.geoname_id) == ("Bonn", "DE", 50.73438, 2946447)
    assert (bonn.kind, bonn.ags, bonn.land_id, lyon.kind, lyon.land_id) == ("city", "05314000", "05", "", None)
    assert bonn.search_text == "|bonn|"
    fact = Fact.objects.get()
    assert (fact.city, int(fact.value), fact.year, fact.source_label) == (bonn, 330579, None, "GeoNames")
    assert (fact.source_url, fact.read_on) == ("https://www.geonames.org/2946447", datetime.date(2026, 11, 21))
    films = lyon.memberships.get()
    assert (films.network.slug, films.since, films.role) == ("uccn", 2008, "president 2020")
    assert [field.slug for field in films.fields.all()] == ["film"]
    assert [source.tag for source in films.sources.all()] == ["list-2025", "press-2020"]
    assert bonn.memberships.get().role == ""
    assert {kind: len(keys) for kind, keys in difference.added.items()} == {
        "country": 2, "land": 1, "source": 2, "city": 2, "membership": 2,
    }  # fmt: skip


def test_second_import_changes_nothing():
    import_files(some_files())
    before = everything()

    again = import_files(some_files())

    assert again.changes_nothing
    assert again.decisions == []
    assert everything() == before


def test_look_writes_nothing_and_says_the_same_as_the_import():
    before = everything()
    seen = look_at(some_files())
    assert everything() == before
    assert import_files(some_files(), seen=seen.fingerprint()) == seen


def test_import_refuses_when_the_portal_is_not_as_seen():
    import_files(some_files())
    later = some_files(cities=CITY_HEAD + BONN.replace("7.09549", "7.1") + LYON)
    seen = look_at(later).fingerprint()
    City.objects.filter(slug="bonn").update(longitude=7.2)

    with pytest.raises(PortalChanged) as refusal:
        import_files(later, seen=seen)

    assert changes(refusal.value.difference) == ["bonn: longitude 7.2 → 7.1"]
    assert City.objects.get(slug="bonn").longitude == 7.2


def test_changed_values_are_named_and_written():
    import_files(some_files())
    difference = import_files(
        some_files(
            cities=CITY_HEAD + "bonn,Bonn,Bunn,FR,50.5,7.09549,331000,11,https://bonn.de\n" + LYON,
            memberships=MEMBER_HEAD + "bonn,gnlc,2020,,chair 2026,press-2020\n" + LYON_FILMS,
            sources=SOURCES.replace("The list of 2025", "A list"),
        )
    )

    assert changes(difference) == [
        "list-2025: what The list of 2025 → A list",
        "bonn: name_de Bonn → Bunn",
        "bonn: country_iso2 DE → FR",
        "bonn: latitude 50.73438 → 50.5",
        "bonn: geoname_id 2946447 → 11",
        "bonn: website https://www.bonn.de → https://bonn.de",
        "bonn: population 330579 → 331000",
        "bonn, gnlc: year_joined 2019 → 2020",
        "bonn, gnlc: role (empty) → chair 2026",
        "bonn, gnlc: source list-2025 → list-2025+press-2020",
    ]
    bonn = City.objects.get(slug="bonn")
    assert (bonn.name_de, bonn.country_id, bonn.geoname_id, bonn.sort_de) == ("Bunn", "FR", 11, "bunn")
    assert bonn.search_text == "|bunn|bonn|"
    assert Fact.objects.get().value == 331000
    assert Fact.objects.get().source_url == "https://www.geonames.org/11"
    membership = bonn.memberships.get()
    assert (membership.since, membership.role) == (2020, "chair 2026")
    assert Source.objects.get(tag="list-2025").what == "A list"
    assert [str(decision) for decision in difference.decisions] == [
        "bonn, gnlc: the source list-2025 is only in the portal. It stays."
    ]


def test_two_cities_can_exchange_their_geonames_numbers():
    import_files(some_files(cities=CITY_HEAD + BONN + LYON.replace(",,,", ",,77,")))
    import_files(some_files(cities=CITY_HEAD + BONN.replace("2946447", "77") + LYON.replace(",,,", ",,2946447,")))
    assert {city.slug: city.geoname_id for city in City.objects.all()} == {"bonn": 77, "lyon": 2946447}


def test_changed_field_is_recorded():
    import_files(some_files())

    import_files(some_files(memberships=MEMBER_HEAD + BONN_LEARNS + LYON_FILMS.replace("film", "music")))

    change = MembershipChange.objects.get()
    assert change.old_field
    assert change.field
    assert (change.kind, change.old_field.slug, change.field.slug) == ("field", "film", "music")
    assert change.source_url == "https://example.org/list"
    assert [field.slug for field in Membership.objects.get(network__slug="uccn").fields.all()] == ["music"]


def test_first_field_of_a_membership_is_no_event():
    import_files(some_files(memberships=MEMBER_HEAD + BONN_LEARNS + LYON_FILMS.replace("film", "")))
    import_files(some_files())
    assert [field.slug for field in Membership.objects.get(network__slug="uccn").fields.all()] == ["film"]
    assert not MembershipChange.objects.exists()


def test_several_fields_of_a_membership_stay():
    import_files(some_files())
    films = Membership.objects.get(network__slug="uccn")
    films.fields.add(Field.objects.get(slug="music"))
    Field.objects.create(network=films.network, slug="design", name_de="Design")

    same = look_at(some_files())
    other = look_at(some_files(memberships=MEMBER_HEAD + BONN_LEARNS + LYON_FILMS.replace("film", "design")))

    assert same.changes_nothing
    assert same.decisions == []
    assert other.changes_nothing
    assert [str(decision) for decision in other.decisions] == [
        "lyon, uccn: the file has the field design, the portal several others (film, music). They stay."
    ]


def test_names_of_countries_and_laender_are_changed():
    import_files(some_files())
    import_files(
        some_files(countries=COUNTRIES.replace("Germany", "FRG"), laender=LAENDER.replace("Nordrhein-Westfalen", "NRW"))
    )
    assert Country.objects.get(iso2="DE").name_en == "FRG"
    assert [land.name_de for land in Land.objects.all()] == ["NRW"]


def test_what_is_not_in_the_files_stays_and_is_listed():
    import_files(some_files())

    difference = import_files(some_files(cities=CITY_HEAD + BONN, memberships=MEMBER_HEAD + BONN_LEARNS))

    assert [(decision.reason, decision.key) for decision in difference.decisions] == [
        (Reason.CITY_NOT_IN_FILE, ("lyon",)),
        (Reason.MEMBERSHIP_NOT_IN_FILE, ("lyon", "uccn")),
    ]
    assert difference.changes_nothing
    assert City.objects.count() == Membership.objects.count() == 2


def test_emptied_cells_delete_nothing_and_are_listed():
    import_files(some_files())

    difference = import_files(
        some_files(
            cities=CITY_HEAD + "bonn,,Bonn,DE,50.73438,7.09549,,,\n" + LYON,
            memberships=MEMBER_HEAD + "bonn,gnlc,,,member,list-2025\n" + LYON_FILMS.replace("film", ""),
        )
    )

    assert difference.changes_nothing
    assert [(decision.key, decision.column) for decision in difference.decisions] == [
        (("bonn",), "name_en"), (("bonn",), "geoname_id"), (("bonn",), "website"), (("bonn",), "population"),
        (("bonn", "gnlc"), "year_joined"), (("lyon", "uccn"), "creative_field"),
    ]  # fmt: skip
    assert Fact.objects.get().value == 330579


def test_ended_membership_stays_ended_and_its_city_is_not_missed():
    import_files(some_files())
    ended = Membership.objects.get(network__slug="gnlc")
    ended.status, ended.ended_on = Membership.Status.ENDED, datetime.date(2026, 1, 1)
    ended.save()

    in_file = import_files(some_files(memberships=MEMBER_HEAD + "bonn,gnlc,2020,,member,list-2025\n" + LYON_FILMS))
    not_in_file = look_at(some_files(cities=CITY_HEAD + LYON, memberships=MEMBER_HEAD + LYON_FILMS))

    assert [(decision.reason, decision.key) for decision in in_file.decisions] == [(Reason.ENDED, ("bonn", "gnlc"))]
    ended.refresh_from_db()
    assert (ended.status, ended.since) == (Membership.Status.ENDED, 2019)
    assert not_in_file.decisions == []


def test_population_of_another_source_stays():
    import_files(some_files())
    Fact.objects.update(value=335000, year=2024, source_label="City of Bonn")

    difference = import_files(some_files())

    assert [decision.reason for decision in difference.decisions] == [Reason.OTHER_SOURCE]
    assert Fact.objects.get().value == 335000


def test_demo_cities_are_neither_listed_nor_touched():
    Country.objects.create(iso2="DE", name_de="Deutschland", region="europe")
    demo = City.objects.create(
        slug="musterstadt", name_de="Musterstadt", country_id="DE", latitude=51, longitude=9, is_demo=True
    )
    Membership.objects.create(city=demo, network=Network.objects.get(slug="gnlc"))

    assert import_files(some_files()).decisions == []
    row = "musterstadt,M,M,DE,50,9,,,\n"
    assert findings(cities=CITY_HEAD + BONN + LYON + row) == [
        "cities.csv, line 4, column slug, “musterstadt”: The portal has a demo city with this short address; an import "
        "never touches it."
    ]


def test_shipped_data_is_imported_whole_and_twice(django_assert_max_num_queries):
    for slug, founded in {"metropolis": 1985, "uclg": 2004, "c40": 2005}.items():
        a_network(slug, founded=founded)
    uccn = Network.objects.get(slug="uccn")
    for slug in ("architecture", "crafts-folk-art", "design", "gastronomy", "literature", "media-arts"):
        Field.objects.create(network=uccn, slug=slug, name_de=slug)
    files = {path.name: path.read_bytes() for path in DATA.glob("*.csv")}

    with django_assert_max_num_queries(40):
        import_files(files)
    with django_assert_max_num_queries(25):
        again = import_files(files)

    assert again.changes_nothing
    assert again.decisions == []
    assert (City.objects.count(), Membership.objects.count()) == (780, 1005)
    assert Membership.objects.filter(network=uccn, fields__isnull=False).count() == 406
    assert Membership.objects.exclude(profile_url="").count() == 350
    assert City.objects.exclude(ags="").filter(land__isnull=False).count() == 12
    assert [row[:4] for row in recorded()] == [("field", "2023-10-31", "media-arts", "literature")]
    assert MembershipChange.objects.get().membership.fields.get().slug == "literature"
