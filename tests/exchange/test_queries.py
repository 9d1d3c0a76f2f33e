"""How many queries a page of the exchange takes: the same literal number for one row and for three.

"Cold" is a page that nobody has kept, with directory and catalogue read already; the catalogue takes five queries once
after every change of content.
"""

import pytest

from cities.directory import directory
from exchange.catalogue import Catalogue, catalogue
from exchange.models import Practice, PracticeLink, ProgrammePassage, SessionLink
from tests.factories import a_member, a_network
from tests.factories_exchange import a_practice, a_programme, a_session

pytestmark = pytest.mark.django_db
COLD = {
    "/de/practices/": 2,
    "/de/practices/?view=map": 2,
    "/de/practices/?theme=learning&region=europe&year=2020": 2,
    "/de/practices/?q=titel": 4,  # one for the words that hold it, one for the practices
    "/de/practices/?q=tittel": 8,  # two as typed, four for words that are like it
    "/de/practices/?format=csv": 2,
    "/de/practices/?format=json": 2,
    "/de/practices/?format=atom": 2,
    "/de/practices/?format=points": 1,
    "/de/practices/beispiel-0/": 3,
    "/de/programmes/": 3,
    "/de/programmes/reihe/": 7,
    "/de/sessions/": 5,
    "/de/sessions/sitzung-0/": 10,
    "/de/sessions/sitzung-0/calendar/": 2,
    "/de/cities/stadt-0/": 4,
    "/de/networks/gnlc/": 6,
}

SENT_BY_PARTS = ["/de/practices/?format=csv", "/de/practices/?format=json"]  # too long to be kept


@pytest.fixture(params=[1, 3])
def _rows(request):
    gnlc, reihe = a_network("gnlc"), a_programme("reihe")
    a_practice("anderswo", city=a_member("anderswo", gnlc))
    for number in range(request.param):
        city = a_member(f"stadt-{number}", gnlc)
        practice = a_practice(f"beispiel-{number}", city=city, programme=reihe, networks=[gnlc], first_year=2020)
        for name in ("eins", "zwei")[: request.param]:
            PracticeLink.objects.create(practice=practice, label=name, url="https://example.org/")
        ProgrammePassage.objects.create(programme=reihe, kind="part", title_de="Teil", text_de="Text")
        session = a_session(f"sitzung-{number}", programme=reihe, speakers=["Amt"] * request.param)
        session.networks.add(gnlc)
        speaker = session.speakers.first()
        assert speaker
        speaker.city = city
        speaker.save()
        a_session(f"kommend-{number}", in_days=5, programme=reihe)
        SessionLink.objects.create(session=session, kind="report", label_de="Bericht", url="https://example.org/")


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("path", COLD)
def test_page_when_cold_then_as_many_queries_for_one_row_as_for_three(client, path, django_assert_num_queries):
    catalogue(directory())
    with django_assert_num_queries(COLD[path]):
        assert client.get(path).getvalue()


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("path", [path for path in COLD if path not in SENT_BY_PARTS])
def test_page_when_kept_then_one_query_and_for_304_too(client, path, django_assert_num_queries):
    etag = client.get(path).headers["ETag"]
    with django_assert_num_queries(1):
        assert client.get(path).status_code == 200
    with django_assert_num_queries(1):
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("path", SENT_BY_PARTS)
def test_file_when_a_reader_has_it_then_one_query_and_304(client, path, django_assert_num_queries):
    etag = client.get(path).headers["ETag"]
    with django_assert_num_queries(1):
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.usefixtures("_rows")
def test_catalogue_when_read_then_the_number_of_queries_does_not_grow(django_assert_num_queries):
    now = directory()
    with django_assert_num_queries(4):  # programmes, countries, cities, practices
        before = Catalogue(now)
    Practice.objects.update(theme="food")
    now = directory()
    with django_assert_num_queries(5):  # and what has changed
        Catalogue(now, before)
