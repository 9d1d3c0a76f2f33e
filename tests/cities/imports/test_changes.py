"""membership_changes.csv: what happened to memberships."""

import pytest
from django.utils import timezone

from cities.imports import BadFiles, import_files, look_at
from cities.imports.difference import Kind, Reason
from cities.models import City, Membership, MembershipChange
from network.models import Field, Network
from tests.cities.imports.lists import (
    BONN,
    BONN_LEARNS,
    CITY_HEAD,
    EVENT_HEAD,
    LYON_CHANGED,
    LYON_FILMS,
    MEMBER_HEAD,
    changes,
    findings,
    recorded,
    some_files,
)

pytestmark = pytest.mark.django_db


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
            "column kind, “joined”: This value is unknown. "
            "Known are: admitted, field, dormant, ended, reinstated, corrected",
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
