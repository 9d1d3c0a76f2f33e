"""The pages with all the real networks and cities: sound HTML in both languages, nothing loaded from elsewhere.

tests/test_access.py says the same of every address with a few rows; here are the long pages, and what only they have.
"""

import re

import pytest

from cities.models import City
from network.models import Network
from tests.data import directory_in_step, real_data, real_rows
from tests.guards import only_reads, problems

__all__ = ["directory_in_step", "real_data", "real_rows"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

PAGES = [
    "", "networks/", "networks/gnlc/", "networks/uccn/", "networks/metropolis/", "networks/uclg/", "networks/c40/",
    "germany/", "cities/", "cities/?view=table&sort=population", "cities/?view=map&network=uccn",
    "cities/?network=gnlc&network=uccn&network_mode=all&field=music&country=DE&land=06&since_from=2010&page=9",
    "cities/?q=heidelbrg", "cities/?q=Japan&page=2", "cities/?status=ended",
    "cities/heidelberg/", "cities/seoul/", "cities/suva/", "cities/hohr-grenzhausen/", "cities/berlin/",
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


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_city_then_its_page_is_drawn(client, language):
    """Each seventh city, so that none of the rare cases of the data breaks a page."""
    for slug in City.objects.in_directory().order_by("slug").values_list("slug", flat=True)[::7]:
        response = client.get(f"/{language}/cities/{slug}/")
        assert response.status_code == 200, slug
        assert b"None" not in response.content, slug


def test_real_networks_then_all_five_have_their_own_mark(client):
    page = client.get("/de/").content.decode()
    for network in Network.objects.all():
        assert f"accent-{network.accent}" in page
    assert len(set(Network.objects.values_list("shape", flat=True))) == Network.objects.count() == 5


@pytest.mark.parametrize("path", ["", "cities/", "cities/?view=map", "networks/uccn/", "cities/berlin/"])
def test_page_with_real_data_then_it_stays_small(client, path):
    """Bytes before compression; a page of 250 kB is a map or a list that should be a file of its own."""
    assert len(client.get(f"/de/{path}").content) < 250_000
