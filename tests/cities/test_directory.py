"""The page of the directory: orders, pages, values it does not know, what it never shows."""

import pytest
from django.http import QueryDict
from django.utils import translation

from cities.directory import Directory, directory
from cities.filters import CityFilter
from cities.listing import PAGE_LENGTH, Listing
from cities.models import City, Membership
from cities.portrait import Portrait
from network.models.version import content_version
from tests.data import rows
from tests.factories import a_city, a_field, a_land, a_member, a_membership, a_network, some_members

pytestmark = pytest.mark.django_db


def listing(query="", language="de"):
    """What the page is made from, without drawing it."""
    with translation.override(language):
        made = Listing(CityFilter(QueryDict(query), directory()), QueryDict(query))
        assert len(made.entries) == made.total
    return made


def slugs(query="", language="de"):
    return [city.slug for city in listing(query, language).entries]


# --- orders

NAMES = ["Aachen", "Åarhus", "Ähren", "Ängelholm", "Ångström", "Ankara", "Łańcut", "Laxå", "Łódź", "Lübeck",
         "Öhringen", "Ölbronn", "Osaka", "Oslo", "Østerbro", "Östersund", "Zürich", "Zwolle"]  # fmt: skip


@pytest.mark.parametrize("language", ["de", "en"])
def test_order_by_name_then_every_letter_stands_at_its_base_letter(language):
    network = a_network()
    for number, name in enumerate(reversed(NAMES)):
        a_member(f"stadt-{number}", network, name_de=name)
    with translation.override(language):
        assert [city.name for city in listing("sort=name", language).entries] == NAMES


def test_order_by_name_then_each_language_has_its_own():
    network = a_network()
    a_member("vienna", network, name_de="Wien", name_en="Vienna")
    a_member("xi", network, name_de="Xi", name_en="Xi")
    a_member("ulm", network, name_de="Ulm", name_en="Zulm")
    assert slugs("", "de") == ["ulm", "vienna", "xi"]
    assert slugs("", "en") == ["vienna", "xi", "ulm"]


def test_order_by_population_then_largest_first_and_unknown_last_by_name():
    network = a_network()
    for slug, people in [("a-unbekannt", None), ("b-klein", 10), ("d-gross", 9_000_000), ("e", None)]:
        a_member(slug, network, people=people)
    assert slugs("sort=population") == ["d-gross", "b-klein", "a-unbekannt", "e"]


def test_order_by_year_then_latest_first_and_unknown_last_by_name():
    network = a_network()
    for slug, since in [("a", None), ("b", 2010), ("c", 2024), ("d", 2010), ("e", None)]:
        a_member(slug, network, since=since)
    assert slugs("sort=since") == ["c", "b", "d", "a", "e"]


def test_order_by_year_when_one_network_is_chosen_then_its_year_counts():
    eins, zwei = a_network("eins"), a_network("zwei")
    late = a_member("spaet", eins, since=2005)
    a_membership(late, zwei, since=2024)
    a_member("frueh", eins, since=2015)
    assert slugs("sort=since") == ["spaet", "frueh"]
    assert slugs("sort=since&network=eins") == ["frueh", "spaet"]


@pytest.mark.parametrize(
    ("query", "view"),
    [("", "list"), ("", "map"), ("sort=since", "table"), ("sort=population", "list"), ("q=stadt", "list")],
)
def test_pages_then_together_they_are_all_results_once_each(client, query, view):
    some_members(a_network("netz"), 2 * PAGE_LENGTH + 1)
    seen = []
    for number in (1, 2, 3):
        page = client.get(f"/de/cities/?{query}&view={view}&page={number}")
        assert page.status_code == 200
        seen.append([city.slug for city in page.context["listing"].rows])
    assert [len(part) for part in seen] == [PAGE_LENGTH, PAGE_LENGTH, 1]
    assert [slug for part in seen for slug in part] == slugs(query)
    assert len({slug for part in seen for slug in part}) == 2 * PAGE_LENGTH + 1


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (24, 1), (25, 2)])
def test_pages_then_links_lead_to_every_page_there_is(client, count, pages):
    some_members(a_network("netz"), count)
    made = client.get("/de/cities/?sort=population").context["listing"]
    assert made.pages == pages
    assert [link.label for link in made.page_links] == [str(n + 1) for n in range(pages)]
    assert made.next_url == ("?sort=population&page=2" if pages > 1 else "")


# --- values that nobody knows


@pytest.fixture
def _some_cities():
    network = a_network("gnlc")
    a_field(network, "film")
    some_members(network, 30)
    a_land()


UNKNOWN = [
    ("network=xx", "xx"),
    ("network=gnlc&network=xx", "xx"),
    ("field=xx%22", "xx&quot;"),
    ("country=XX", "XX"),
    ("country=de", "de"),
    ("region=atlantis", "atlantis"),
    ("land=99", "99"),
    ("population=viele", "viele"),
    ("status=weg", "weg"),
    ("network_mode=zz", "zz"),
    ("view=zz", "zz"),
    ("sort=zz", "zz"),
    ("since_from=abc", "abc"),
    ("since_from=-5", "-5"),
    ("since_from=20.5", "20.5"),
    ("since_from=%D9%A2%D9%A0%D9%A1%D9%A0", "٢٠١٠"),
    ("since_to=99999", "99999"),
    ("since_to=<b>", "&lt;b&gt;"),
    ("since_unknown=7", "7"),
    ("page=0", "0"),
    ("page=99999", "99999"),
    ("page=-1", "-1"),
    ("page=abc", "abc"),
    ("page=1.5", "1.5"),
    ("page=<i>", "&lt;i&gt;"),
    ("format=xml", "xml"),
    ("format=CSV", "CSV"),
    ("format=<u>", "&lt;u&gt;"),
]


@pytest.mark.usefixtures("_some_cities")
@pytest.mark.parametrize(
    ("query", "said", "language"), [(*row, "de" if number % 4 == 0 else "en") for number, row in enumerate(UNKNOWN)]
)
def test_cities_when_a_value_is_unknown_then_the_page_says_which_and_keeps_the_rest(client, query, said, language):
    page = client.get(f"/{language}/cities/?country=DE&{query}")
    made = page.context["listing"]
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert len(made.notes) == 1
    assert f"“{said}”" in page.content.decode() or f"„{said}“" in page.content.decode()
    assert made.selection.countries == ("DE",)
    assert made.total == 30
    assert len(made.rows) == PAGE_LENGTH
    with translation.override(language):
        assert made.notes == listing(f"country=DE&{query}", language).notes or "format" in query


@pytest.mark.usefixtures("_some_cities")
def test_cities_when_years_run_backwards_then_the_page_says_so_and_shows_the_way_out(client):
    page = client.get("/en/cities/?since_from=2020&since_to=2010&country=DE")
    made = page.context["listing"]
    assert made.total == 0
    assert len(made.notes) == 1
    assert "2020" in made.notes[0]
    assert "2010" in made.notes[0]
    assert "?country=DE" in [way.url for way in made.ways_out]


@pytest.mark.usefixtures("_some_cities")
def test_cities_when_several_values_are_unknown_then_each_is_said_once(client):
    made = client.get("/de/cities/?network=xx&network=xx&network=yy&sort=zz&page=7&since_from=abc").context["listing"]
    assert len(made.notes) == 5


@pytest.mark.usefixtures("_some_cities")
@pytest.mark.parametrize(
    "query",
    [
        "sort=name&sort=population", "view=map&view=table", "page=1&page=2", "since_from=2000&since_from=2001",
        "network=gnlc&network=gnlc", "network=", "network=&network=gnlc", "since_from=", "sort=", "view=", "status=",
        "field=film&field=film", "unbekannt=1", "network[]=gnlc", "&&&", "=", "a" * 3000 + "=1",
    ],
)  # fmt: skip
def test_cities_when_a_value_is_given_twice_or_empty_then_the_page_answers_without_complaint(client, query):
    page = client.get(f"/de/cities/?{query}")
    assert page.status_code == 200
    assert page.context["listing"].notes == []


@pytest.mark.usefixtures("_some_cities")
@pytest.mark.parametrize("name", ["since_from", "since_to", "page", "network", "field", "sort", "view", "format", "q"])
def test_cities_when_a_value_is_very_long_then_the_page_answers_and_does_not_repeat_all_of_it(client, name):
    page = client.get("/de/cities/", {name: "9" * 5000})
    assert page.status_code == 200
    assert all(len(note) < 300 for note in page.context["listing"].notes)


# --- what links and forms carry


@pytest.mark.usefixtures("_some_cities")
def test_chips_then_each_takes_its_own_value_away_and_nothing_else():
    made = listing(
        "q=stadt&network=gnlc&country=DE&since_from=2011&since_to=2018&population=unknown&population=over-5m&page=2"
    )
    for chip in made.chips:
        without = listing(chip.url.removeprefix("?"))
        assert len(without.chips) == len(made.chips) - 1
    assert listing(made.clear_url.removeprefix("?").removeprefix(".")).chips == []


@pytest.mark.usefixtures("_some_cities")
def test_ways_out_then_each_leads_to_as_many_cities_as_it_promises():
    made = listing("since_from=2013&since_to=2013&population=over-5m&country=DE")
    assert made.total == 0
    assert made.ways_out
    for way in made.ways_out:
        assert str(listing(way.url.removeprefix("?")).total) in way.label


@pytest.mark.usefixtures("_some_cities")
def test_views_then_they_keep_every_filter():
    made = listing("network=gnlc&country=DE&sort=since&page=2&view=table")
    for address in made.views.values():
        query = QueryDict(address.removeprefix("?"))
        assert query.getlist("network") == ["gnlc"]
        assert query.getlist("country") == ["DE"]
        assert "page" not in query


def test_links_when_a_value_is_unknown_then_they_do_not_carry_it_on_for_ever():
    """Not a promise, only a record: what was not understood stays in the address until the reader clears it."""
    a_member("bonn", a_network("gnlc"))
    made = listing("network=xx&country=DE")
    assert listing(made.clear_url.removeprefix(".")).notes == []


# --- who is in it


def demo_world(client):
    """A real city, and beside it a demo city with everything a real one has."""
    network = a_network("gnlc")
    field = a_field(network, "film")
    land = a_land()
    real = a_city("bonn", people=330_000, land=land)
    demo = a_city("musterstadt", people=330_000, land=land, is_demo=True)
    for city in (real, demo):
        a_membership(city, network, fields=[field])
    return network


@pytest.mark.parametrize(
    "path",
    [
        "/de/", "/en/", "/de/cities/", "/de/cities/?view=table", "/de/cities/?view=map", "/de/cities/?q=muster",
        "/de/cities/?q=Deutschland", "/de/cities/?format=csv", "/de/cities/?format=geojson", "/de/cities/?format=json",
        "/de/cities/?network=gnlc&field=film&country=DE", "/de/cities/bonn/", "/de/germany/", "/de/networks/",
        "/de/networks/gnlc/", "/sitemap-cities.xml", "/sitemap-pages.xml",
    ],
)  # fmt: skip
def test_demo_city_then_no_public_page_names_or_counts_it(client, path):
    demo_world(client)
    before = client.get(path)
    assert before.status_code == 200
    assert "musterstadt" not in before.content.decode().lower()
    City.objects.filter(is_demo=True).delete()
    after = client.get(path)
    assert before.headers.get("ETag", "1") != after.headers.get("ETag", "2")
    assert before.content == after.content


def test_demo_city_then_it_has_no_public_page(client):
    demo_world(client)
    assert client.get("/de/cities/bonn/").status_code == 200
    assert client.get("/de/cities/musterstadt/").status_code == 404


def test_demo_city_then_it_is_in_no_count():
    demo_world(None)
    made = listing("")
    assert (made.total, made.all) == (1, 1)
    for group, counts in made.counts.items():
        assert max(counts.values()) <= 1, group


def test_city_when_its_only_membership_has_ended_then_listed_only_where_asked_for(client):
    network = a_network("gnlc")
    a_member("bonn", network)
    left = a_city("weg")
    a_membership(left, network, status=Membership.Status.ENDED)
    assert slugs() == ["bonn"]
    assert slugs("status=ended") == ["weg"]
    assert slugs("status=ended&status=active") == ["bonn", "weg"]
    assert listing().all == 1
    assert client.get("/de/cities/weg/").status_code == 200


def test_city_without_membership_then_not_in_the_directory_and_without_a_page(client):
    a_member("bonn", a_network())
    a_city("ohne")
    assert slugs() == ["bonn"]
    assert client.get("/de/cities/ohne/").status_code == 404


def test_directory_when_empty_then_every_page_still_answers(client):
    for path in (
        "",
        "cities/",
        "cities/?view=table",
        "cities/?view=map",
        "cities/?q=x",
        "germany/",
        "networks/",
        "news/",
    ):
        assert client.get(f"/de/{path}").status_code == 200
    for form in ("csv", "json", "geojson"):
        assert client.get(f"/de/cities/?format={form}").status_code == 200


@pytest.mark.usefixtures("_some_cities")
def test_filter_when_nothing_fits_then_every_view_says_so(client):
    for view in ("list", "table", "map"):
        page = client.get(f"/en/cities/?country=DE&status=ended&view={view}")
        assert page.status_code == 200
        assert "No city fits all these filters." in page.content.decode()


# --- the directory in memory


def test_directory_when_nothing_changed_then_it_is_the_same_object():
    a_member("bonn", a_network())
    assert directory() is directory()
    assert directory(content_version()) is directory()


def test_directory_when_a_membership_is_added_then_it_is_read_again():
    network = a_network()
    a_member("bonn", network)
    before = directory()
    a_member("lyon", network, country="FR")
    after = directory()
    assert [city.slug for city in before.entries] == ["bonn"]
    assert [city.slug for city in after.entries] == ["bonn", "lyon"]
    assert after.version > before.version


def test_directory_when_read_for_an_older_version_then_it_is_the_one_of_now():
    network = a_network()
    a_member("bonn", network)
    old = content_version()
    a_member("lyon", network, country="FR")
    assert [city.slug for city in directory(old).entries] == ["bonn", "lyon"]


def test_directory_when_a_city_has_several_fields_then_it_counts_in_each():
    network = a_network()
    film, music = a_field(network, "film"), a_field(network, "music")
    a_membership(a_city("bonn"), network, fields=[film, music])
    now = Directory(content_version())
    assert [m.title for m in now.entries[0].memberships] == ["Mitglied gnlc: Feld film, Feld music"]
    assert slugs("field=film") == slugs("field=music") == slugs("field=film&field=music") == ["bonn"]


def test_directory_when_two_networks_share_a_word_for_a_field_then_they_stay_apart():
    """A field belongs to its network; the address names it by its word alone."""
    eins, zwei = a_network("eins"), a_network("zwei")
    film_eins, film_zwei = a_field(eins, "film"), a_field(zwei, "film", name_de="Kino", name_en="Cinema")
    a_membership(a_city("bonn"), eins, fields=[film_eins])
    a_membership(a_city("lyon", country="FR"), zwei, fields=[film_zwei])
    assert slugs("field=film&network=eins") == ["bonn"]
    assert slugs("field=film&network=zwei") == ["lyon"]
    now = directory()
    assert [count for _slug, _name, count in Portrait(now, eins).fields] == [1]
    assert [count for _slug, _name, count in Portrait(now, zwei).fields] == [1]


def test_real_data_is_gone_after_its_modules():
    assert City.objects.count() == 0
    assert len(rows("cities")) > 700
