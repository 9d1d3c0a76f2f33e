"""How many queries a page takes: the same literal number for few rows and for many, so that none hides in a loop.

"Cold" is a page that nobody has kept, with directory and practices read already; that takes ten queries once after
every change of content, whatever the number of pages.
"""

import pytest

from cities.directory import Directory, directory
from exchange.catalogue import catalogue
from network.models.version import content_version
from tests.data import directory_in_step
from tests.factories import a_field, a_land, a_member, a_network, some_members, some_memberships, some_news

__all__ = ["directory_in_step"]
pytestmark = pytest.mark.django_db
COLD = {
    "/de/cities/": 1,
    "/de/cities/?view=table": 1,
    "/de/cities/?view=map": 1,
    "/de/cities/?network=gnlc&country=DE&since_from=2000": 1,
    "/de/cities/?sort=population&page=2": 1,
    "/de/cities/?q=stadt": 2,  # and one by name
    "/de/cities/?q=Deutschland": 2,
    "/de/cities/?q=stadtt": 4,  # and two for names that are like it
    "/de/cities/?format=csv": 1,
    "/de/cities/?format=json": 1,
    "/de/cities/?format=geojson": 1,
    "/de/cities/stadt-gnlc-001/": 3,
    "/de/networks/": 1,
    "/de/networks/gnlc/": 6,
    "/de/": 3,
    "/de/germany/": 1,
    "/de/news/": 4,
    "/de/news/?network=gnlc": 5,
}


@pytest.fixture(params=[1, 30])
def _rows(request):
    """So many cities in two networks with fields, and so much news."""
    count = request.param
    gnlc, uccn = a_network("gnlc"), a_network("uccn")
    fields = [a_field(uccn, slug) for slug in ("film", "music", "design")[:count]]
    a_land()
    some_memberships(some_members(gnlc, count), uccn, fields)
    for number in range(count):
        some_news(f"neu-{number}", network=gnlc)


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("path", COLD)
def test_page_when_cold_then_as_many_queries_for_one_row_as_for_thirty(client, path, django_assert_num_queries):
    catalogue(directory())
    with django_assert_num_queries(COLD[path]):
        assert client.get(path).status_code == 200


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("path", COLD)
def test_page_when_kept_then_one_query_and_for_304_too(client, path, django_assert_num_queries):
    etag = client.get(path).headers["ETag"]
    with django_assert_num_queries(1):
        assert client.get(path).status_code == 200
    with django_assert_num_queries(1):
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.usefixtures("_rows")
def test_directory_when_read_then_the_number_of_queries_does_not_grow(django_assert_num_queries):
    version = content_version()
    with django_assert_num_queries(8):
        Directory(version)


def test_budgets_then_no_list_takes_more_than_six_queries_and_no_city_more_than_five():
    assert max(number for path, number in COLD.items() if path.startswith("/de/cities/?")) <= 6
    assert COLD["/de/cities/stadt-gnlc-001/"] <= 5


def test_filters_when_many_are_set_then_no_further_query(client, django_assert_num_queries):
    a_member("bonn", a_network("gnlc"))
    directory()
    query = "&".join(f"country=DE&network=gnlc&region=europe&population=unknown&status=active&x={n}" for n in range(20))
    with django_assert_num_queries(1):
        client.get(f"/de/cities/?{query}")
