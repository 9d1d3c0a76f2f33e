"""Cells that are wrong: each is named with file, line, column and reason."""

import pytest

from cities.imports import import_files
from tests.cities.imports.lists import (
    BONN,
    BONN_LEARNS,
    CITY_HEAD,
    LYON,
    LYON_FILMS,
    MEMBER_HEAD,
    NICE,
    findings,
    some_files,
)

pytestmark = pytest.mark.django_db


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
