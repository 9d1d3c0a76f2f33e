"""The import of CSV files: all or nothing, every finding at once, nothing deleted, nobody's work overwritten."""

import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from cities.imports import BadFiles, Choice, PortalChanged, Undecided, import_files, look_at
from cities.imports.difference import Kind, Reason
from cities.models import City, Country, Fact, Land, Membership, MembershipChange, ProfileEdit, Source
from network.models import Field, Figure, Network

pytestmark = pytest.mark.django_db
DATA = Path("cities/data")

COUNTRIES = "iso2,name_en,name_de,region\nDE,Germany,Deutschland,europe\nFR,France,Frankreich,europe\n"
LAENDER = "key,name_de,name_en\n05,Nordrhein-Westfalen,North Rhine-Westphalia\n"
SOURCES = "tag,url,what\nlist-2025,https://example.org/list,The list of 2025\npress-2020,,\n"
CITY_HEAD = "slug,name_en,name_de,country_iso2,latitude,longitude,population,geoname_id,website\n"
BONN = "bonn,Bonn,Bonn,DE,50.73438,7.09549,330579,2946447,https://www.bonn.de\n"
LYON = "lyon,Lyon,Lyon,FR,45.74846,4.84671,,,\n"
NICE = "nice,Nice,Nizza,FR,43.7,7.26,342522,2990440,\n"
MEMBER_HEAD = "city_slug,network,year_joined,creative_field,role,source\n"
BONN_LEARNS = "bonn,gnlc,2019,,member,list-2025\n"
LYON_FILMS = "lyon,uccn,2008,film,president 2020,list-2025+press-2020\n"
EVENT_HEAD = "city_slug,network,kind,happened,old_field,field,note_de,note_en,source_label,source_url\n"
LYON_CHANGED = "lyon,uccn,field,2023-10-31,music,film,Von Musik zu Film,From music to film,News,https://example.org/n\n"
NETWORK_HEAD = (
    "slug,name_en,name_de,abbreviation,founded,host_organisation,secretariat_city,website,member_count,"
    "member_count_as_of\n"
)


@pytest.fixture(autouse=True)
def _english():
    """Findings are compared in the language they are written in."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def networks():
    """Two of the real networks; one has fields."""
    a_network("gnlc", founded=2013)
    uccn = a_network("uccn", founded=2004)
    for slug in ("film", "music"):
        Field.objects.create(network=uccn, slug=slug, name_de=slug, name_en=slug)


def a_network(slug, *, founded):
    return Network.objects.create(
        slug=slug, name_de=slug, short_name_de=slug, member_name_de=slug, abbreviation=slug, founded=founded
    )


def some_files(**changed):
    """Two cities and their memberships; a keyword replaces a file (`city_keys=…`), None takes it away."""
    texts = {
        "countries": COUNTRIES,
        "laender": LAENDER,
        "sources": SOURCES,
        "cities": CITY_HEAD + BONN + LYON,
        "memberships": MEMBER_HEAD + BONN_LEARNS + LYON_FILMS,
    } | changed
    return {
        f"{name}.csv": text if isinstance(text, bytes) else text.encode()
        for name, text in texts.items()
        if text is not None
    }


def a_folder(path, **changed):
    for name, content in some_files(**changed).items():
        (path / name).write_bytes(content)
    return path


def findings(**changed):
    """What an import refuses, as sentences; and proof that it has written nothing."""
    before = everything()
    with pytest.raises(BadFiles) as refusal:
        import_files(some_files(**changed))
    assert everything() == before
    return [str(problem) for problem in refusal.value.problems]


def everything():
    return [
        sorted(model.objects.order_by().values_list())
        for model in (City, Membership, Source, Network, Figure, Fact, MembershipChange, ProfileEdit, Country)
    ]


def changes(difference):
    return [str(change) for change in difference.changes]


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


# What a city's team has entered


def a_team_edit(field="website", new="https://bonn.example"):
    import_files(some_files())
    City.objects.filter(slug="bonn").update(**{field: new})
    ProfileEdit.objects.create(city=City.objects.get(slug="bonn"), field=field, old="", new=new)


def test_team_edit_stops_the_import_until_somebody_chooses():
    a_team_edit()
    before = everything()
    with pytest.raises(Undecided) as refusal:
        import_files(some_files())
    assert everything() == before
    assert [str(conflict) for conflict in refusal.value.difference.conflicts] == [
        "bonn: website is https://bonn.example by the city's team, https://www.bonn.de in the file"
    ]


def test_team_edit_is_kept_by_choice():
    a_team_edit()
    before = everything()
    import_files(some_files(), choices=Choice.TEAM)
    assert everything() == before


def test_team_edit_is_replaced_by_choice_and_recorded():
    a_team_edit("name_de", "Bundesstadt Bonn")
    import_files(some_files(), choices={("bonn", "name_de"): Choice.FILE})
    bonn = City.objects.get(slug="bonn")
    edit = ProfileEdit.objects.all()[0]
    assert (bonn.name_de, bonn.sort_de) == ("Bonn", "bonn")
    assert (edit.field, edit.old, edit.new, edit.by) == ("name_de", "Bundesstadt Bonn", "Bonn", None)


def test_team_edit_of_the_population_is_a_conflict_too():
    import_files(some_files())
    Fact.objects.update(value=1)
    ProfileEdit.objects.create(city=City.objects.get(slug="bonn"), field="population", old="330579", new="1")
    with pytest.raises(Undecided):
        import_files(some_files())
    import_files(some_files(), choices=Choice.FILE)
    assert Fact.objects.get().value == 330579


def test_team_edit_that_the_file_agrees_with_is_no_conflict():
    a_team_edit(new="https://www.bonn.de")
    assert import_files(some_files()).changes_nothing


# Networks


def test_sixth_network_comes_from_data():
    row = "cittaslow,Cittaslow,Cittaslow,CS,1999,Cittaslow International,Orvieto,https://example.org,300,2025-06\n"
    import_files(
        some_files(
            networks=NETWORK_HEAD + row,
            memberships=MEMBER_HEAD + BONN_LEARNS + LYON_FILMS + "lyon,cittaslow,1999,,member,\n",
        )
    )
    network = Network.objects.get(slug="cittaslow")
    assert (network.short_name_de, network.member_name, network.founded) == ("CS", "CS", 1999)
    others = Network.objects.exclude(pk=network.pk)
    assert not others.filter(shape=network.shape).exists()
    assert not others.filter(accent=network.accent).exists()
    assert (network.figures.get().value, network.figures.get().as_of) == (300, "2025-06")
    assert network.memberships.get().city.slug == "lyon"


def test_known_network_only_gets_figures():
    row = "gnlc,Other,Anders,GNLC,2013,Else,Hamburg,https://example.org,425,2025-12-04\n"
    import_files(some_files(networks=NETWORK_HEAD + row))
    later = import_files(some_files(networks=NETWORK_HEAD + row.replace("425", "430")))

    network = Network.objects.get(slug="gnlc")
    assert (network.name_de, network.host) == ("gnlc", "")
    assert [figure.value for figure in network.figures.all()] == [425]
    assert [decision.reason for decision in later.decisions] == [Reason.FIGURE_DIFFERS]


def test_profile_addresses_reach_their_memberships():
    head = "city_slug,creative_field,profile_url\n"
    import_files(some_files(uccn_profiles=head + "lyon,film,https://example.org/lyon\n"))
    assert Membership.objects.get(network__slug="uccn").profile_url == "https://example.org/lyon"
    assert import_files(some_files()).changes_nothing
    assert findings(
        uccn_profiles=head + "lyon,music,https://example.org/lyon\nbonn,film,https://example.org/bonn\n"
    ) == [
        "uccn_profiles.csv, line 2, column creative_field, “music”: memberships.csv has another field for this city: "
        "film",
        "uccn_profiles.csv, line 3, column city_slug, “bonn”: There is no row for this city in memberships.csv.",
    ]


# What happened to memberships


def recorded():
    columns = ("kind", "happened", "old_field__slug", "field__slug", "note_de", "note_en", "source_label", "source_url")
    return list(MembershipChange.objects.order_by("happened", "pk").values_list(*columns))


def test_change_of_a_membership_is_added_once_and_leaves_its_fields():
    files = some_files(membership_changes=EVENT_HEAD + LYON_CHANGED + "bonn,gnlc,dormant,2021-05,,,,,,\n")
    first, second = import_files(files), import_files(files)

    assert {kind: len(keys) for kind, keys in first.added.items()}[Kind.EVENT] == 2
    assert first.added[Kind.EVENT][0] == "lyon, uccn, field, 2023-10-31"
    assert second.changes_nothing
    assert second.unchanged[Kind.EVENT] == 2
    assert recorded() == [
        ("dormant", "2021-05", None, None, "", "", "", ""),
        (
            "field", "2023-10-31", "music", "film", "Von Musik zu Film", "From music to film", "News",
            "https://example.org/n",
        ),
    ]  # fmt: skip
    assert [field.slug for field in Membership.objects.get(network__slug="uccn").fields.all()] == ["film"]
    assert Membership.objects.get(network__slug="gnlc").status == Membership.Status.ACTIVE


def test_change_of_a_membership_that_only_the_portal_has_is_added():
    import_files(some_files())
    only_bonn = {"cities": CITY_HEAD + BONN, "memberships": MEMBER_HEAD + BONN_LEARNS}
    import_files(some_files(**only_bonn, membership_changes=EVENT_HEAD + LYON_CHANGED))
    assert MembershipChange.objects.get().membership.city.slug == "lyon"


def test_other_note_and_source_of_a_change_are_changes_and_emptied_ones_stay():
    import_files(some_files(membership_changes=EVENT_HEAD + LYON_CHANGED))
    other = LYON_CHANGED.replace("Von Musik", "Von der Musik").replace("From music to film", "").replace("/n", "/m")

    difference = import_files(some_files(membership_changes=EVENT_HEAD + other))

    assert changes(difference) == [
        "lyon, uccn, field, 2023-10-31: note_de Von Musik zu Film → Von der Musik zu Film",
        "lyon, uccn, field, 2023-10-31: source_url https://example.org/n → https://example.org/m",
    ]
    assert [(decision.reason, decision.column) for decision in difference.decisions] == [(Reason.EMPTIED, "note_en")]
    assert [(row[4], row[5], row[7]) for row in recorded()] == [
        ("Von der Musik zu Film", "From music to film", "https://example.org/m")
    ]


def test_other_fields_of_a_change_are_changes():
    Field.objects.create(network=Network.objects.get(slug="uccn"), slug="design", name_de="Design")
    import_files(some_files(membership_changes=EVENT_HEAD + LYON_CHANGED))
    import_files(some_files(membership_changes=EVENT_HEAD + LYON_CHANGED.replace("music,film", "design,film")))
    assert [row[2:4] for row in recorded()] == [("design", "film")]


def test_changes_that_are_not_in_the_file_stay():
    import_files(some_files(membership_changes=EVENT_HEAD + LYON_CHANGED))
    difference = import_files(some_files(membership_changes=EVENT_HEAD))
    assert difference.changes_nothing
    assert difference.decisions == []
    assert len(recorded()) == 1


def with_field(slug):
    return MEMBER_HEAD + BONN_LEARNS + LYON_FILMS.replace("film", slug)


def test_changed_field_that_the_file_tells_of_is_recorded_once():
    import_files(some_files(memberships=with_field("music")))
    files = some_files(membership_changes=EVENT_HEAD + LYON_CHANGED)

    import_files(files)

    assert [row[:4] for row in recorded()] == [("field", "2023-10-31", "music", "film")]
    assert [field.slug for field in Membership.objects.get(network__slug="uccn").fields.all()] == ["film"]
    assert import_files(files).changes_nothing


def test_changed_field_that_the_portal_knows_of_is_not_recorded_again():
    import_files(some_files(memberships=with_field("music"), membership_changes=EVENT_HEAD + LYON_CHANGED))
    import_files(some_files())
    assert [row[:4] for row in recorded()] == [("field", "2023-10-31", "music", "film")]


def test_field_that_changes_back_is_recorded():
    import_files(some_files(membership_changes=EVENT_HEAD + LYON_CHANGED))
    import_files(some_files(memberships=with_field("music")))
    import_files(some_files())
    assert [row[2:4] for row in recorded()] == [("music", "film"), ("film", "music"), ("music", "film")]


def test_changed_field_that_the_file_tells_of_in_two_steps_is_not_recorded_again():
    Field.objects.create(network=Network.objects.get(slug="uccn"), slug="design", name_de="Design")
    import_files(some_files(memberships=with_field("design")))
    step = "lyon,uccn,field,2015,design,music,,,,\n"
    import_files(some_files(membership_changes=EVENT_HEAD + LYON_CHANGED + step))
    assert [row[1:4] for row in recorded()] == [("2015", "design", "music"), ("2023-10-31", "music", "film")]


BAD_DATE = "Write the date as 2025, 2025-12 or 2025-12-04."
NO_DATE = "There is no such date, or it is too long ago."
BOTH_FIELDS = "A change of field needs the old field and the new one."
FUTURE = "This date is in the future."


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            "paris,uccn,field,2020,music,film,,,,",
            "column city_slug, network, “paris, uccn”: This membership is neither in memberships.csv nor in the "
            "portal.",
        ),
        (
            "bonn,uccn,ended,2020,,,,,,",
            "column city_slug, network, “bonn, uccn”: This membership is neither in memberships.csv nor in the portal.",
        ),
        (
            "lyon,uccn,joined,2020,,,,,,",
            "column kind, “joined”: This value is unknown. Known are: field, dormant, ended, reinstated, corrected",
        ),
        ("lyon,uccn,,2020,,,,,,", "column kind: This cell must not be empty."),
        ("lyon,uccn,ended,,,,,,,", "column happened: This cell must not be empty."),
        ("lyon,uccn,ended,31.10.2023,,,,,,", f"column happened, “31.10.2023”: {BAD_DATE}"),
        ("lyon,uccn,ended,2023-13,,,,,,", f"column happened, “2023-13”: {BAD_DATE}"),
        ("lyon,uccn,ended,2023-02-29,,,,,,", f"column happened, “2023-02-29”: {NO_DATE}"),
        ("lyon,uccn,ended,0000,,,,,,", f"column happened, “0000”: {NO_DATE}"),
        ("lyon,uccn,ended,2999,,,,,,", f"column happened, “2999”: {FUTURE}"),
        ("lyon,uccn,ended,2999-01,,,,,,", f"column happened, “2999-01”: {FUTURE}"),
        ("lyon,uccn,ended,2999-01-01,,,,,,", f"column happened, “2999-01-01”: {FUTURE}"),
        ("lyon,uccn,field,2020,,film,,,,", f"column old_field: {BOTH_FIELDS}"),
        ("lyon,uccn,field,2020,film,,,,,", f"column field: {BOTH_FIELDS}"),
        ("lyon,uccn,field,2020,film,film,,,,", "column field, “film”: The new field is the same as the old one."),
        (
            "lyon,uccn,field,2020,dance,film,,,,",
            "column old_field, “dance”: The network has no such field. Its fields are: film, music",
        ),
        (
            "lyon,uccn,corrected,2020,,dance,,,,",
            "column field, “dance”: The network has no such field. Its fields are: film, music",
        ),
        (
            "bonn,gnlc,corrected,2020,,film,,,,",
            "column field, “film”: The network has no fields; leave the cell empty.",
        ),
        (
            "lyon,uccn,ended,2020,,," + "a" * 301 + ",,,",
            "column note_de, “" + "a" * 60 + "…”: The text is too long: at most 300 characters.",
        ),
        (
            "lyon,uccn,ended,2020,,,,,,example.org",
            "column source_url, “example.org”: Write a whole web address that starts with https:// or http://.",
        ),
        (
            LYON_CHANGED.strip(),
            "column city_slug, network, kind, happened, “lyon, uccn, field, 2023-10-31”: This row is already there in "
            "line 2.",
        ),
    ],
)
def test_bad_change_of_a_membership_is_named(row, problem):
    found = findings(membership_changes=EVENT_HEAD + LYON_CHANGED + row + "\n")
    assert found == [f"membership_changes.csv, line 3, {problem}"]


def test_change_of_today_this_month_and_this_year_is_not_in_the_future():
    today = timezone.localdate().isoformat()
    rows = "".join(f"lyon,uccn,corrected,{today[:length]},,,,,,\n" for length in (4, 7, 10))
    import_files(some_files(membership_changes=EVENT_HEAD + rows))
    assert MembershipChange.objects.count() == 3


def test_coordinator_imports_changes_of_the_own_network_only():
    import_files(some_files())
    files = some_files(
        memberships=MEMBER_HEAD + BONN_LEARNS,
        membership_changes=EVENT_HEAD + "bonn,gnlc,dormant,2021,,,,,,\n" + LYON_CHANGED,
    )
    with pytest.raises(BadFiles) as refusal:
        import_files(files, networks=frozenset({"gnlc"}))
    assert [str(problem) for problem in refusal.value.problems] == [
        "membership_changes.csv, line 3, column network, “uccn”: You do not coordinate this network. Take its rows out "
        "of the file."
    ]

    own = files | {"membership_changes.csv": (EVENT_HEAD + "bonn,gnlc,dormant,2021,,,Pause,,,\n").encode()}
    import_files(own, networks=frozenset({"gnlc"}))
    emptied = files | {"membership_changes.csv": (EVENT_HEAD + "bonn,gnlc,dormant,2021,,,,,,\n").encode()}
    seen = look_at(emptied, networks=frozenset({"gnlc"}))
    assert [row[:2] for row in recorded()] == [("dormant", "2021")]
    assert [decision.column for decision in seen.decisions] == ["note_de"]


def test_changes_of_demo_cities_are_not_read():
    import_files(some_files(membership_changes=EVENT_HEAD + LYON_CHANGED))
    City.objects.filter(slug="lyon").update(is_demo=True)
    assert findings(
        cities=CITY_HEAD + BONN,
        memberships=MEMBER_HEAD + BONN_LEARNS,
        membership_changes=EVENT_HEAD + LYON_CHANGED,
    ) == [
        "membership_changes.csv, line 2, column city_slug, network, “lyon, uccn”: This membership is neither in "
        "memberships.csv nor in the portal."
    ]


def test_command_counts_changes_of_memberships(tmp_path, capsys):
    run(a_folder(tmp_path, membership_changes=EVENT_HEAD + LYON_CHANGED))
    assert "New: 1 change of a membership\n  + lyon, uccn, field, 2023-10-31\n" in capsys.readouterr().out


# Forms of a file that are right


def test_byte_order_mark_semicolons_and_windows_line_ends_are_read():
    def as_excel(text):
        return b"\xef\xbb\xbf" + text.replace(",", ";").replace("\n", "\r\n").encode() + b";;;;;;;;\r\n"

    difference = import_files(some_files(cities=as_excel(CITY_HEAD + BONN + LYON)))
    assert [row.slug for row in difference.cities] == ["bonn", "lyon"]


def test_columns_in_another_order_and_names_in_parts_are_read():
    text = "name_de,slug,name_en,country_iso2,longitude,latitude,population,geoname_id,website\n"
    text += 'Ko\u0308ln,koeln,"Cologne, the city",DE,6.95,50.93,,,\n'
    import_files(some_files(cities=text, memberships=MEMBER_HEAD))
    city = City.objects.get()
    assert (city.name_de, city.name_en, city.latitude) == ("Köln", "Cologne, the city", 50.93)


# Files that are wrong

BAD_SLUG = "A short address has only lower-case letters a to z, digits and single hyphens, for example koeln."
BAD_COUNTRY = "This country is unknown. A country code has two capital letters (ISO 3166-1), for example DE."
CITY_BAD = [
    ("slug", "", "This cell must not be empty."),
    ("slug", "köln", BAD_SLUG),
    ("slug", "Koeln", BAD_SLUG),
    ("slug", "a" * 121, "The short address is too long: at most 120 characters."),
    ("name_de", "", "This cell must not be empty."),
    ("name_de", "a" * 201, "The text is too long: at most 200 characters."),
    ("country_iso2", "QQ", BAD_COUNTRY),
    ("latitude", "", "This cell must not be empty."),
    ("latitude", "195", "A latitude lies between -90 and 90."),
    ("latitude", "north", "Write degrees as a decimal number, for example 52.52437."),
    ("latitude", "nan", "Write degrees as a decimal number, for example 52.52437."),
    ("latitude", "1e400", "Write degrees as a decimal number, for example 52.52437."),
    ("longitude", "180.5", "A longitude lies between -180 and 180."),
    ("population", "many", "Write a whole number in digits only, without separators, for example 330579."),
    ("population", "330.579", "Write a whole number in digits only, without separators, for example 330579."),
    ("population", "0", "The number must lie between 1 and 1000000000."),
    ("population", "-5", "The number must lie between 1 and 1000000000."),
    ("population", "9" * 30, "The number must lie between 1 and 1000000000."),
    ("geoname_id", "2147483648", "The number must lie between 1 and 2147483647."),
    ("geoname_id", "٣", "Write a whole number in digits only, without separators, for example 330579."),
    ("website", "www.bonn.de", "Write a whole web address that starts with https:// or http://."),
    ("website", "javascript:alert(1)", "Write a whole web address that starts with https:// or http://."),
    ("website", "ftp://bonn.de", "Write a whole web address that starts with https:// or http://."),
    ("website", "https://a.de/" + "a" * 200, "The text is too long: at most 200 characters."),
    ("name_en", "Bo\x07nn", "The text holds a line break or a control character. Delete it."),
    ("name_en", "Bo\u202enn", "The text holds a line break or a control character. Delete it."),
    ("name_en", '"Bo\nnn"', "The text holds a line break or a control character. Delete it."),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value", "reason"), CITY_BAD)
def test_bad_cell_of_a_city_is_named(column, value, reason):
    row = dict(zip(CITY_HEAD.strip().split(","), NICE.strip().split(","), strict=True))
    row[column] = value
    found = findings(cities=CITY_HEAD + BONN + LYON + ",".join(row.values()) + "\n")
    assert len(found) == 1
    assert found[0].startswith(f"cities.csv, line 4, column {column}")
    assert found[0].endswith(f": {reason}")


@pytest.mark.parametrize(
    ("position", "reason"),
    [
        ("139.69,35.68", "Latitude and longitude look swapped: a latitude lies between -90 and 90."),
        ("0,0", "The position 0, 0 lies in the sea: the real position is missing."),
        ('"50,7",7.1', "Write the number with a decimal point instead of a comma, for example 52.52437."),
    ],
)
def test_impossible_position_is_named(position, reason):
    found = findings(cities=CITY_HEAD + BONN + LYON + f"nice,Nice,Nizza,FR,{position},,,\n")
    assert [problem.rsplit("”: ")[-1] for problem in found] == [reason]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("paris,gnlc,,,,", "column city_slug, “paris”: This city is neither in cities.csv nor in the portal."),
        ("lyon,xyz,,,,", "column network, “xyz”: This network is neither in networks.csv nor in the portal."),
        ("lyon,gnlc,,,,foo", "column source, “foo”: This source is neither in sources.csv nor in the portal."),
        ("lyon,gnlc,,film,,", "column creative_field, “film”: The network has no fields; leave the cell empty."),
        (
            "bonn,uccn,,dance,,",
            "column creative_field, “dance”: The network has no such field. Its fields are: film, music",
        ),
        ("lyon,gnlc,2012,,,", "column year_joined, “2012”: The network was founded in 2013 only."),
        (
            "lyon,gnlc,0,,,",
            "column year_joined, “0”: This is not a possible year. Leave the cell empty where the year is not known.",
        ),
        ("lyon,gnlc,2999,,,", "column year_joined, “2999”: This year is in the future."),
        (
            "lyon,gnlc,2017.0,,,",
            "column year_joined, “2017.0”: Write a year with four digits, for example 2017, or leave the cell empty.",
        ),
        ("lyon,gnlc,,," + "a" * 201 + ",", "column role, “" + "a" * 60 + "…”: The text is too long: at most 200 "
        "characters."),
        ("bonn,gnlc,,,,", "column city_slug, network, “bonn, gnlc”: This row is already there in line 2."),
    ],
)  # fmt: skip
def test_bad_membership_is_named(row, problem):
    memberships = MEMBER_HEAD + BONN_LEARNS + LYON_FILMS + row + "\n"
    assert findings(memberships=memberships) == [f"memberships.csv, line 4, {problem}"]


SAVE_AS = (
    " Save the file again as UTF-8: in Excel choose the file type “CSV UTF-8”, in LibreOffice the character set "
    "“Unicode (UTF-8)”."
)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cities.csv: This file is missing. An import needs cities.csv, memberships.csv."),
        ("", "cities.csv: The file is empty. Its first line must be: " + CITY_HEAD.strip()),
        (" \n\n", "cities.csv: The file is empty. Its first line must be: " + CITY_HEAD.strip()),
        ((CITY_HEAD + BONN).encode("utf-16"), "cities.csv: The file is in UTF-16, not in UTF-8." + SAVE_AS),
        (
            (CITY_HEAD + BONN + "koeln,Köln").encode("latin-1"),
            "cities.csv, line 3: The byte F6 is not UTF-8." + SAVE_AS,
        ),
        (
            CITY_HEAD + "bo\0nn",
            "cities.csv, line 2: Here is a NUL byte: this is no text, or text in UTF-16." + SAVE_AS,
        ),
        (
            CITY_HEAD.replace("latitude", "lattitude") + BONN + LYON,
            [
                "cities.csv, line 1, column latitude: This column is missing.",
                "cities.csv, line 1, column lattitude: This column is unknown. Is latitude meant?",
            ],
        ),
        (
            CITY_HEAD.replace("website", "website,zzz") + BONN + LYON,
            "cities.csv, line 1, column zzz: This column is unknown. Known are: "
            + CITY_HEAD.strip().replace(",", ", "),
        ),
        (CITY_HEAD.replace("website", "website,slug"), "cities.csv, line 1, column slug: This column is there twice."),
        (CITY_HEAD.replace("website", "website,"), "cities.csv, line 1, column #10: This column has no name."),
        (
            CITY_HEAD + BONN + LYON + "nice,Nice,Nizza,FR,43.7,7.26\n",
            "cities.csv, line 4: The row has 6 cells, the header 9. A text that holds the separator needs quotation "
            "marks around it.",
        ),
        (
            CITY_HEAD + BONN.strip() + ",extra\n" + LYON,
            "cities.csv, line 2: The row has 10 cells, the header 9. A text that holds the separator needs quotation "
            "marks around it.",
        ),
        (
            CITY_HEAD + BONN + LYON + 'nice,"Nice,FR\n',
            "cities.csv, line 4: A quotation mark opens in this row and is never closed. The rows from here on were "
            "not read.",
        ),
        (
            CITY_HEAD + BONN + LYON + 'nice,"Ni"ce,FR\n',
            "cities.csv, line 4: A quotation mark stands in the middle of a text. Inside quotation marks it must be "
            "doubled. The rows from here on were not read.",
        ),
        (
            CITY_HEAD + BONN + LYON + "nice," + "x" * 200_000 + "\n",
            "cities.csv, line 4: A cell is longer than 131072 characters; often a quotation mark is not closed. The "
            "rows from here on were not read.",
        ),
        (
            CITY_HEAD + BONN + LYON + BONN.replace("2946447", ""),
            "cities.csv, line 4, column slug, “bonn”: This row is already there in line 2.",
        ),
        (
            CITY_HEAD + BONN + LYON.replace(",,,", ",,2946447,"),
            "cities.csv, line 3, column geoname_id, “2946447”: Line 2 has the same value; it can belong to one city "
            "only.",
        ),
    ],
)  # fmt: skip
def test_bad_file_is_named(content, problem):
    expected = [problem] if isinstance(problem, str) else problem
    found = [finding for finding in findings(cities=content) if finding.startswith("cities.csv")]
    assert found == expected


def test_all_findings_of_all_files_come_at_once():
    found = findings(
        cities=CITY_HEAD + BONN.replace("50.7", "150.7") + LYON.replace("FR", "ZZ"),
        memberships=MEMBER_HEAD + "bonn,gnlc,1990,,member,list-2025\nrome,uccn,0,,member,x\n",
        sources=SOURCES + "bad tag,gopher://x,\n",
        countries=COUNTRIES + "d,,,moon\n",
        networks=NETWORK_HEAD + "new,New,Neu,,soon,,,,,2025-13\n",
        city_keys="city_slug,kind,ags\nbonn,village,5314000\nparis,,\n",
    )
    assert [problem.split(": ")[0].split(", “")[0] for problem in found] == [
        "cities.csv, line 2, column latitude",
        "cities.csv, line 3, column country_iso2",
        "city_keys.csv, line 2, column ags",
        "city_keys.csv, line 2, column kind",
        "city_keys.csv, line 3, column city_slug",
        "countries.csv, line 4, column iso2",
        "countries.csv, line 4, column name_de",
        "countries.csv, line 4, column region",
        "memberships.csv, line 2, column year_joined",
        "memberships.csv, line 3, column city_slug",
        "memberships.csv, line 3, column source",
        "memberships.csv, line 3, column year_joined",
        "networks.csv, line 2, column abbreviation",
        "networks.csv, line 2, column founded",
        "networks.csv, line 2, column member_count",
        "networks.csv, line 2, column member_count_as_of",
        "sources.csv, line 4, column tag",
        "sources.csv, line 4, column url",
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("lyon,,05314000", "Only German cities have an official municipality key."),
        ("bonn,,99314000", "The first two digits are not those of a German Land."),
        ("bonn,,5314000", "The key has eight digits, for example 11000000. A spreadsheet may have dropped a 0."),
    ],
)
def test_bad_municipality_key_is_named(row, reason):
    (found,) = findings(city_keys=f"city_slug,kind,ags\n{row}\n")
    assert found.endswith(reason)


def test_number_of_another_city_in_the_portal_is_named():
    import_files(some_files())
    assert findings(cities=CITY_HEAD + LYON.replace(",,,", ",,2946447,")) == [
        "cities.csv, line 2, column geoname_id, “2946447”: In the portal this number belongs to bonn."
    ]


# The command


def run(folder, *options):
    call_command("import_cities", str(folder), *options)


def test_command_prints_the_difference(tmp_path, capsys):
    run(a_folder(tmp_path), "--dry-run")
    dry = capsys.readouterr().out
    assert City.objects.count() == 0
    run(tmp_path)
    wet = capsys.readouterr().out
    run(tmp_path)
    again = capsys.readouterr().out

    assert dry.removesuffix("This was a dry run: nothing was written.\n") == wet.removesuffix("Imported.\n")
    assert "New: 2 cities\n  + bonn (Bonn)\n  + lyon (Lyon)\n" in wet
    assert again == (
        "Unchanged: 2 countries, 1 German Land, 2 sources, 2 cities, 2 memberships\n"
        "Nothing to import: the portal already says what the files say.\n"
    )


def test_command_shortens_long_lists_unless_asked(tmp_path, capsys):
    rows = "".join(f"town-{number},Town,Stadt,DE,50,7,,,\n" for number in range(60))
    run(a_folder(tmp_path, cities=CITY_HEAD + rows, memberships=MEMBER_HEAD), "--dry-run")
    short = capsys.readouterr().out
    run(tmp_path, "--dry-run", "-v2")
    assert short.count("+ town-") == 50
    assert "  … and 10 more\n" in short
    assert capsys.readouterr().out.count("+ town-") == 60


def test_command_lists_findings_and_fails(tmp_path, capsys):
    folder = a_folder(tmp_path, cities=CITY_HEAD + BONN.replace("DE", "QQ") + LYON.replace("45.7", "45,7"))
    with pytest.raises(CommandError) as failure:
        run(folder)
    assert failure.value.returncode == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert str(failure.value) == "Nothing was imported: 2 things in the files are wrong."


def test_command_asks_for_a_choice(tmp_path, capsys):
    a_team_edit()
    with pytest.raises(CommandError) as failure:
        run(a_folder(tmp_path))
    assert failure.value.returncode == 1
    assert str(failure.value).endswith("Choose --keep-team or --take-file.")
    run(tmp_path, "--keep-team")
    assert City.objects.get(slug="bonn").website == "https://bonn.example"
    run(tmp_path, "--take-file")
    assert City.objects.get(slug="bonn").website == "https://www.bonn.de"
    with pytest.raises(CommandError, match="not allowed with"):
        run(tmp_path, "--keep-team", "--take-file")


def test_command_names_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="is not a folder"):
        run(tmp_path / "nowhere")


def test_command_names_a_file_it_cannot_read(tmp_path):
    (tmp_path / "cities.csv").mkdir()
    with pytest.raises(CommandError, match=r"cities\.csv cannot be read"):
        run(tmp_path)


# The data that ships


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
