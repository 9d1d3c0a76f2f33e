"""The pages with all the real networks and cities: sound HTML in both languages, nothing loaded from elsewhere.

tests/test_access.py says the same of every address with a few rows; here are the long pages, and what only they have.
"""

import re

import pytest
from django.db.models import Count

from cities.models import City
from network.models import Network
from tests.data import directory_in_step, real_data, real_rows
from tests.guards import only_reads, problems

__all__ = ["directory_in_step", "real_data", "real_rows"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

RARE = ("-latitude", "latitude", "-longitude", "longitude")
PAGES = [
    "", "networks/", "networks/gnlc/", "networks/uccn/", "networks/metropolis/", "networks/uclg/", "networks/c40/",
    "germany/", "cities/", "cities/?view=table&sort=population", "cities/?view=map&network=uccn",
    "cities/?network=gnlc&network=uccn&network_mode=all&field=music&country=DE&land=06&since_from=2010&page=9",
    "cities/?q=heidelbrg", "cities/?q=Japan&page=2", "cities/?status=ended",
    "cities/heidelberg/", "cities/seoul/", "cities/abidjan/", "cities/hohr-grenzhausen/", "cities/berlin/",
    "cities/king-abdullah-economic-city/",
]  # fmt: skip


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_page_with_real_data_then_its_html_is_sound(client, path, language):
    city = re.fullmatch(r"cities/([\w-]+)/", path)
    if city and not City.objects.in_directory().filter(slug=city[1]).exists():
        pytest.fail(f"the data has no {city[1]} any more: choose another city")
    with only_reads():
        response = client.get(f"/{language}/{path}")
    assert response.status_code == 200
    assert problems(response, language) == []


def test_rare_cities_then_their_pages_are_drawn(client):
    """The northernmost, southernmost, easternmost and westernmost city, one of no population, one in many networks."""
    cities = City.objects.in_directory()
    places = {cities.order_by(place).values_list("slug", flat=True).first() for place in RARE}
    places.add(cities.exclude(facts__kind="population").values_list("slug", flat=True)[0])
    counted = City.objects.annotate(networks=Count("memberships")).order_by("-networks", "slug")
    places.add(counted.values_list("slug", flat=True)[0])
    for slug in sorted(filter(None, places)):
        page = client.get(f"/en/cities/{slug}/")
        assert (slug, page.status_code) == (slug, 200)
        assert b"None" not in page.content, slug


def test_real_networks_then_all_five_have_their_own_mark(client):
    page = client.get("/de/").content.decode()
    for network in Network.objects.all():
        assert f"accent-{network.accent}" in page
    assert len(set(Network.objects.values_list("shape", flat=True))) == Network.objects.count() == 5


@pytest.mark.parametrize("path", ["", "cities/", "cities/?view=map", "networks/uccn/", "cities/berlin/"])
def test_page_with_real_data_then_it_stays_small(client, path):
    """Bytes before compression; a page of 250 kB is a map or a list that should be a file of its own."""
    assert len(client.get(f"/de/{path}").content) < 250_000
