"""The bitmaps of the catalogue against a plain recount of practices.csv, for random choices of filters.

Nothing here asks the portal what a filter means: `Told`, `fits` and `expected_counts` say it again, slowly.
"""

import csv
import io
import json
import re
from collections import Counter
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cities.directory import directory
from exchange.catalogue import FACETS, Catalogue, Wanted, catalogue
from exchange.entries import PracticeEntry, entries_of
from exchange.search import find
from tests.data import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practices")]
FILE = Path("exchange/data/practices.csv")
GROUPS = [field.name for field in fields(Wanted) if field.name != "found"]


@dataclass(frozen=True)
class Told:
    """A practice as the files have it; every group has the values that are true of it."""

    slug: str
    values: dict[str, frozenset[str]]


def _class(population: str) -> str:
    if not population:
        return "unknown"
    bounds = [(100_000, "under-100k"), (500_000, "100k-500k"), (1_000_000, "500k-1m"), (5_000_000, "1m-5m")]
    return next((name for below, name in bounds if int(population) < below), "over-5m")


def told() -> list[Told]:
    cities = {row["slug"]: row for row in rows("cities")}
    regions = {row["iso2"]: row["region"] for row in rows("countries")}
    networks: dict[str, set[str]] = {}
    for row in rows("memberships"):
        networks.setdefault(row["city_slug"], set()).add(row["network"])
    found = []
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            city = cities[row["city_slug"]]
            here = networks.get(row["city_slug"], set())
            values = {
                "theme": {row["theme"]},
                "goal": set[str](),
                "region": {regions[city["country_iso2"]]},
                "country": {city["country_iso2"]},
                "network": here,
                "programme": {row["programme"]} - {""},
                # the portal knows the population only of cities that are in its directory
                "population": {_class(city["population"]) if here else "unknown"},
                "year": {row["year"] or "unknown"},
                "stage": {"unknown"},
                "adopted": {"unknown"},
                "partners": set[str](),
                "money": {"unknown"},
                "language": {"de", "en"},
                "place": {row["city_slug"]},
            }
            slug = f"{row['title_en']} {row['city_slug']}"
            found.append(Told(slug, {group: frozenset(values[group]) for group in GROUPS}))
    return found


FROM_FILE = told()


def fits(practice: Told, wanted: Wanted, *, without: str = "") -> bool:
    for group in GROUPS:
        chosen = getattr(wanted, group)
        if group != without and chosen and not practice.values[group] & set(chosen):
            return False
    return True


def expected_counts(practices: list[Told], wanted: Wanted) -> dict[str, dict[str, int]]:
    """Every value in place of its group's own choice."""
    return {
        group: dict(
            Counter(
                v for practice in practices if fits(practice, wanted, without=group) for v in practice.values[group]
            )
        )
        for group in FACETS
    }


def without_zeros(counts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {group: {value: count for value, count in numbers.items() if count} for group, numbers in counts.items()}


def values_of(group: str) -> list[str]:
    return sorted({value for practice in FROM_FILE for value in practice.values[group]}) or ["4"]


CHOICES = st.builds(
    Wanted,
    **{
        group: st.one_of(st.just(()), st.lists(st.sampled_from(values_of(group)), unique=True, max_size=3).map(tuple))
        for group in GROUPS
    },
)
MODERATE = settings(
    max_examples=80, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def practices(real_data, django_db_blocker) -> Catalogue:
    """The portal's own practices over its own cities."""
    with django_db_blocker.unblock():
        call_command("load_exchange", verbosity=0, stdout=io.StringIO())
        call_command("import_practices", FILE.parent, verbosity=0, stdout=io.StringIO())
        return catalogue(directory())


def shown(now: Catalogue, bits: int) -> list[PracticeEntry]:
    return entries_of(now.keys(bits), now)


def slugs(now: Catalogue, bits: int) -> set[str]:
    return {f"{entry.title_en} {entry.place.name.key}" for entry in shown(now, bits)}


@MODERATE
@given(wanted=CHOICES)
def test_catalogue_when_filtered_then_hits_and_counts_equal_the_recount(practices, wanted):
    assert slugs(practices, practices.hits(wanted)) == {p.slug for p in FROM_FILE if fits(p, wanted)}
    assert without_zeros(practices.counts(wanted)) == without_zeros(expected_counts(FROM_FILE, wanted))


@MODERATE
@given(wanted=CHOICES, found=st.sets(st.integers(0, len(FROM_FILE) - 1), max_size=20))
def test_catalogue_when_searched_then_only_what_was_found_is_filtered_and_counted(practices, wanted, found):
    some = [FROM_FILE[number] for number in found]
    names = {practice.slug for practice in some}
    every = shown(practices, practices.everything)
    bits = practices.bits_of(e.pk for e in every if f"{e.title_en} {e.place.name.key}" in names)
    searched = replace(wanted, found=bits)
    assert slugs(practices, practices.hits(searched)) == {p.slug for p in some if fits(p, wanted)}
    assert without_zeros(practices.counts(searched)) == without_zeros(expected_counts(some, wanted))


QUERIES = [
    ("", Wanted()),
    ("theme=health", Wanted(theme=("health",))),
    ("theme=health&theme=culture&region=europe", Wanted(theme=("health", "culture"), region=("europe",))),
    ("network=gnlc&year=2020", Wanted(network=("gnlc",), year=("2020",))),
    ("programme=cities-for-global-health", Wanted(programme=("cities-for-global-health",))),
    ("population=over-5m&population=unknown&year=unknown",
     Wanted(population=("over-5m", "unknown"), year=("unknown",))),
    ("country=DE&language=de&stage=unknown", Wanted(country=("DE",), language=("de",), stage=("unknown",))),
    ("theme=climate&region=africa", Wanted(theme=("climate",), region=("africa",))),
]  # fmt: skip


def shown_count(page: str) -> int:
    heading = re.search(r'<h2 id="count"[^>]*>(.*?)</h2>', page, re.S)
    assert heading
    number = re.search(r"\d+", heading[1])
    assert number
    return int(number[0])


@pytest.mark.parametrize(("query", "wanted"), QUERIES)
def test_practices_when_filtered_then_page_files_feed_and_map_say_the_same(client, query, wanted):
    expected = {practice.slug for practice in FROM_FILE if fits(practice, wanted)}

    def get(form: str) -> bytes:
        content: bytes = client.get(f"/de/practices/?{query}&format={form}").getvalue()
        return content

    as_json = json.loads(get("json"))["practices"]
    as_csv = list(csv.DictReader(io.StringIO(get("csv").decode("utf-8-sig"))))
    assert shown_count(client.get(f"/de/practices/?{query}").content.decode()) == len(expected)
    assert {f"{p['title_en']} {p['city_slug']}" for p in as_json} == expected
    assert {f"{p['title_en']} {p['city_slug']}" for p in as_csv} == expected
    assert len(as_json) == len(as_csv) == len(expected)
    marks = {
        (place, int(re.findall(r": (\d+)", practices)[0]))
        for place, _, practices, *_ in json.loads(get("points"))["found"]
    }
    assert marks == set(Counter(slug.rpartition(" ")[2] for slug in expected).items())
    assert get("atom").count(b"<entry>") == min(len(expected), 50)


@pytest.mark.parametrize(("query", "wanted"), QUERIES)
def test_practices_when_filtered_then_every_number_beside_a_value_is_right(client, query, wanted):
    page = client.get(f"/en/practices/?{query}").content.decode()
    promised = {}
    for option in re.findall(r'<label class="option.*?</label>', page, re.S):
        count = re.search(r'class="option-count">(\d+)<', option)
        assert count
        name, value = re.findall(r'\s(?:name|value)="([^"]*)"', option)
        promised[name, value] = int(count[1])
    expected = expected_counts(FROM_FILE, wanted)
    assert promised
    assert promised == {(name, value): expected[name].get(value, 0) for name, value in promised}
    assert {value for name, value in promised if name == "theme"} == set(values_of("theme"))


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("Bibliothek", {"Free art courses and community recovery", "Bremen Literature Prize and city library"}),
        ("library", {"Free art courses and community recovery", "Bremen Literature Prize and city library"}),
        ("bogota", {"Quarantine for life: food support for families", "Hybrid and electric bus tests",
                    "Credit line for restaurants and event companies"}),
        ("Lima te Escucha", {"Lima te Escucha: psychological guidance online"}),
        ("Kolkata", set()),
    ],
)  # fmt: skip
def test_search_then_words_of_either_language_and_places_are_found(practices, typed, titles):
    assert {entry.title_en for entry in shown(practices, sum(find(practices, typed)))} == titles


@pytest.mark.parametrize("typed", ["Polen", "Poland", "polen"])
def test_search_then_a_country_is_found_by_its_name_in_either_language(practices, typed):
    assert "gdynia" in {entry.place.key for entry in shown(practices, sum(find(practices, typed)))}


@pytest.mark.parametrize(
    ("typed", "city"), [("Eldrimnr", "ostersund"), ("Lisabon", "lisbon"), ("Litaraturpreis", "bremen")]
)
def test_search_when_misspelt_then_what_is_like_it_is_shown_and_said(client, practices, typed, city):
    page = client.get("/en/practices/", {"q": typed})
    listing = page.context["listing"]
    assert city in {entry.place.key for entry in listing.rows}
    assert f"No practice has the words “{typed}”. These have words like them." in " ".join(
        page.content.decode().split()
    )


def test_search_when_nothing_is_like_it_then_the_page_shows_the_ways_out(client):
    page = client.get("/en/practices/", {"q": "xyzxyzxyz", "theme": "food"}).content.decode()
    assert shown_count(page) == 0
    assert "without “xyzxyzxyz” there are 4" in page


def test_ways_out_then_each_leads_to_as_many_practices_as_it_promises(client):
    page = client.get("/en/practices/?theme=climate&region=africa&year=2020")
    for way in page.context["listing"].ways_out:
        promised = re.search(r"there (?:is|are) (\d+)", way.label)
        assert promised
        assert shown_count(client.get(f"/en/practices/{way.url}").content.decode()) == int(promised[1])


def test_pages_then_together_they_are_all_practices_once_each(client):
    seen = []
    for number in range(1, 6):
        seen += [entry.slug for entry in client.get(f"/de/practices/?page={number}").context["listing"].rows]
    assert len(seen) == len(set(seen)) == len(FROM_FILE)
