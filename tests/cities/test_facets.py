"""The bitmaps of the directory against a plain recount of the CSV files, for random choices of filters.

Nothing here asks the portal what a filter means: `Member`, `fits` and `expected_counts` say it again, slowly.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cities.directory import Directory
from cities.models import City, Membership
from cities.selection import Selection
from network.models.version import content_version
from tests.data import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

NETWORKS = ("gnlc", "uccn", "metropolis", "uclg", "c40")
FIELDS = ("architecture", "crafts-folk-art", "design", "film", "gastronomy", "literature", "media-arts", "music")
REGIONS = ("africa", "asia", "europe", "north-america", "oceania", "south-america")
STATUSES = ("active", "dormant", "ended")
CLASSES = ("under-100k", "100k-500k", "500k-1m", "1m-5m", "over-5m", "unknown")


@dataclass(frozen=True)
class Member:
    """One row of memberships.csv."""

    network: str
    year: int | None
    fields: frozenset[str]
    status: str


@dataclass(frozen=True)
class Place:
    """One row of cities.csv with its memberships."""

    slug: str
    country: str
    region: str
    land: str
    population: str
    members: tuple[Member, ...]


def _class(population: str) -> str:
    if not population:
        return "unknown"
    bounds = [(100_000, "under-100k"), (500_000, "100k-500k"), (1_000_000, "500k-1m"), (5_000_000, "1m-5m")]
    return next((name for below, name in bounds if int(population) < below), "over-5m")


def _status(city: str, network: str) -> str:
    """The files know members only; here every eleventh has left and every seventh sleeps, so that it matters."""
    number = sum(map(ord, city + network))
    return "ended" if number % 11 == 0 else "dormant" if number % 7 == 0 else "active"


def places(status: Callable[[str, str], str] = lambda _city, _network: "active") -> list[Place]:
    """All cities with a membership, from the files."""
    regions = {row["iso2"]: row["region"] for row in rows("countries")}
    lands = {row["city_slug"]: row["ags"][:2] for row in rows("city_keys") if row["ags"]}
    key = lambda row: (row["city_slug"], row["network"])  # noqa: E731
    members: dict[str, list[Member]] = {}
    for (city, network), group in groupby(sorted(rows("memberships"), key=key), key=key):
        lines = list(group)
        year = lines[0]["year_joined"]
        fields = frozenset(line["creative_field"] for line in lines if line["creative_field"])
        member = Member(network, int(year) if year else None, fields, status(city, network))
        members.setdefault(city, []).append(member)
    return [
        Place(
            row["slug"],
            row["country_iso2"],
            regions[row["country_iso2"]],
            lands.get(row["slug"], ""),
            _class(row["population"]),
            tuple(members[row["slug"]]),
        )
        for row in rows("cities")
        if row["slug"] in members
    ]


# --- what a choice means, said plainly


def fits(place: Place, chosen: Selection) -> bool:
    groups = [
        (place.country, chosen.countries),
        (place.region, chosen.regions),
        (place.land, chosen.lands),
        (place.population, chosen.populations),
    ]
    if any(values and value not in values for value, values in groups):
        return False
    statuses = chosen.statuses or ("active", "dormant")
    if chosen.mode == "all":
        there = {member.network for member in place.members if member.status in statuses}
        if not set(chosen.networks) <= there:
            return False
    return any(_member_fits(member, chosen, statuses) for member in place.members)


def _member_fits(member: Member, chosen: Selection, statuses: tuple[str, ...]) -> bool:
    if chosen.networks and member.network not in chosen.networks:
        return False
    if chosen.fields and not member.fields & set(chosen.fields):
        return False
    if member.status not in statuses:
        return False
    asks_for_years = chosen.since_from is not None or chosen.since_to is not None
    if not asks_for_years:
        return not chosen.since_unknown or member.year is None
    if member.year is None:
        return chosen.since_unknown
    first = member.year if chosen.since_from is None else chosen.since_from
    last = member.year if chosen.since_to is None else chosen.since_to
    return first <= member.year <= last


def expected_counts(all_places: list[Place], chosen: Selection) -> dict[str, dict[str, int]]:
    """Every value in place of its group's own choice; with mode `all` a network beside the chosen ones."""

    def count(**change: Any) -> int:
        changed = replace(chosen, **change)
        return sum(fits(place, changed) for place in all_places)

    def networks(slug: str) -> tuple[str, ...]:
        return tuple({*chosen.networks, slug}) if chosen.mode == "all" else (slug,)

    def tally(group: str, attribute: str) -> dict[str, int]:
        """Cities that fit all but this group, by their value in it; a city has one value in each."""
        others = replace(chosen, **{group: ()})  # type: ignore[arg-type]  # one of four groups of plain values
        return Counter(getattr(place, attribute) for place in all_places if fits(place, others))

    return {
        "network": {value: count(networks=networks(value)) for value in NETWORKS},
        "field": {value: count(fields=(value,)) for value in FIELDS},
        "status": {value: count(statuses=(value,)) for value in STATUSES},
        "region": tally("regions", "region"),
        "country": tally("countries", "country"),
        "land": {value: number for value, number in tally("lands", "land").items() if value},
        "population": tally("populations", "population"),
        "since": {"unknown": count(since_from=None, since_to=None, since_unknown=True)},
    }


def without_zeros(counts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {group: {value: number for value, number in numbers.items() if number} for group, numbers in counts.items()}


# --- random choices

FROM_FILES = places()
WITH_ENDS = places(_status)
COUNTRIES = tuple(sorted({place.country for place in FROM_FILES}))
LANDS = tuple(sorted({place.land for place in FROM_FILES} - {""}))


def some(values: tuple[str, ...], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.one_of(st.just(()), st.lists(st.sampled_from(values), unique=True, max_size=most).map(tuple))


FREQUENT = ("CN", "DE", "KR", "IT", "BR", "TR", "MX")
YEAR = st.none() | st.integers(2000, 2026)
CHOICES = st.builds(
    Selection,
    networks=some(NETWORKS, 4),
    mode=st.sampled_from(["any", "all"]),
    fields=some(FIELDS),
    statuses=some(STATUSES),
    since_from=YEAR,
    since_to=YEAR,
    since_unknown=st.booleans(),
    countries=some(FREQUENT) | some(COUNTRIES, 20),
    regions=some(REGIONS),
    lands=some(LANDS),
    populations=some(CLASSES),
)
MODERATE = settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def with_ends(real_data, django_db_blocker) -> Directory:
    """A directory in which some memberships sleep or have ended; the rows themselves are put back at once."""
    with django_db_blocker.unblock():
        for membership in Membership.objects.select_related("city", "network"):
            status = _status(membership.city.slug, membership.network.slug)
            if status != "active":
                Membership.objects.filter(pk=membership.pk).update(status=status)
        directory = Directory(content_version())
        Membership.objects.update(status="active")
    return directory


def compare(directory: Directory, all_places: list[Place], chosen: Selection) -> None:
    found = {city.slug for city in directory.listed(directory.hits(chosen))}
    assert found == {place.slug for place in all_places if fits(place, chosen)}
    assert without_zeros(directory.counts(chosen)) == without_zeros(expected_counts(all_places, chosen))


@MODERATE
@given(chosen=CHOICES)
def test_directory_when_filtered_then_hits_and_counts_equal_the_recount(real_data, chosen):
    compare(real_data, FROM_FILES, chosen)


@MODERATE
@given(chosen=CHOICES)
def test_directory_when_some_have_left_then_hits_and_counts_equal_the_recount(with_ends, chosen):
    compare(with_ends, WITH_ENDS, chosen)


@MODERATE
@given(chosen=CHOICES, found=st.sets(st.integers(0, len(FROM_FILES) - 1), max_size=40))
def test_directory_when_searched_then_only_what_was_found_is_filtered_and_counted(real_data, chosen, found):
    slugs = {FROM_FILES[number].slug for number in found}
    ids = frozenset(city.pk for city in real_data.entries if city.slug in slugs)
    compare(real_data, [place for place in FROM_FILES if place.slug in slugs], replace(chosen, found=ids))


# --- the same through the address

QUERIES = [
    ("", Selection()),
    ("network=gnlc", Selection(networks=("gnlc",))),
    ("network=gnlc&network=uccn", Selection(networks=("gnlc", "uccn"))),
    ("network=gnlc&network=uccn&network_mode=all", Selection(networks=("gnlc", "uccn"), mode="all")),
    ("network=gnlc&network=uccn&network_mode=all&field=music&since_from=2015",
     Selection(networks=("gnlc", "uccn"), mode="all", fields=("music",), since_from=2015)),
    ("field=music&field=film&region=europe", Selection(fields=("music", "film"), regions=("europe",))),
    ("country=DE&land=11&land=05", Selection(countries=("DE",), lands=("11", "05"))),
    ("population=over-5m&population=unknown", Selection(populations=("over-5m", "unknown"))),
    ("since_from=2015&since_to=2019", Selection(since_from=2015, since_to=2019)),
    ("since_to=2010&since_unknown=1", Selection(since_to=2010, since_unknown=True)),
    ("since_unknown=1&network=c40", Selection(since_unknown=True, networks=("c40",))),
    ("since_from=2020&since_to=2010", Selection(since_from=2020, since_to=2010)),
    ("status=ended", Selection(statuses=("ended",))),
]  # fmt: skip


def shown_count(page: str) -> int:
    """The first number of the heading above the results; thousands are grouped from 1,000 on, which stays away here."""
    heading = re.search(r'<h2 id="count"[^>]*>(.*?)</h2>', page, re.S)
    assert heading
    number = re.search(r"\d+", heading[1])
    assert number
    return int(number[0])


def test_cities_without_filter_then_as_many_as_the_file_has(client):
    slugs = {row["city_slug"] for row in rows("memberships")}
    page = client.get("/de/cities/")
    assert shown_count(page.content.decode()) == len(slugs) == page.context["listing"].all
    assert City.objects.in_directory().count() == len(slugs)


@pytest.mark.parametrize(("query", "chosen"), QUERIES)
def test_cities_when_filtered_then_page_and_files_say_the_same(client, query, chosen):
    expected = {place.slug for place in FROM_FILES if fits(place, chosen)}
    page = client.get(f"/de/cities/?{query}").content.decode()
    as_json = json.loads(client.get(f"/de/cities/?{query}&format=json").content)
    as_csv = list(
        csv.DictReader(io.StringIO(client.get(f"/de/cities/?{query}&format=csv").content.decode("utf-8-sig")))
    )
    as_points = json.loads(client.get(f"/de/cities/?{query}&format=geojson").content)

    assert shown_count(page) == len(expected)
    assert {city["slug"] for city in as_json["cities"]} == expected
    assert {row["slug"] for row in as_csv} == expected
    assert {point["id"] for point in as_points["features"]} == expected
    assert len(as_json["cities"]) == len(as_csv) == len(as_points["features"]) == len(expected)


@pytest.mark.parametrize(("query", "chosen"), QUERIES)
def test_cities_when_filtered_then_every_number_beside_a_value_is_right(client, query, chosen):
    """Every checkbox of the page: following it alone in its group leads to as many cities as it promises."""
    page = client.get(f"/en/cities/?{query}").content.decode()
    promised = {}
    for option in re.findall(r'<label class="option.*?</label>', page, re.S):
        if count := re.search(r'class="option-count">(\d+)<', option):
            name, value = re.findall(r'\s(?:name|value)="([^"]*)"', option)
            promised[name, value] = int(count[1])
    expected = expected_counts(FROM_FILES, chosen)
    expected["since_unknown"] = {"1": expected.pop("since")["unknown"]}
    assert promised == {(name, value): expected[name].get(value, 0) for name, value in promised}
    # what a page leaves out has nothing to offer
    left_out = {
        (name, value) for name, counts in expected.items() for value, count in counts.items() if count
    } - promised.keys()
    assert left_out == set()
