"""Files as programs write them: which are read, and what is said of the others."""

import pytest

from cities.imports import import_files
from cities.models import City
from tests.cities.imports.lists import (
    BONN,
    CITY_HEAD,
    COUNTRIES,
    LYON,
    MEMBER_HEAD,
    NETWORK_HEAD,
    SOURCES,
    findings,
    some_files,
)

pytestmark = pytest.mark.django_db


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
