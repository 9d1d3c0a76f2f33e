"""The page of one city: what is known, what is not, and who is near or like it."""

import datetime
import json
import re

import pytest
from django.utils import translation

from cities.models import Membership, MembershipChange, Source
from network.models import Network
from tests.factories import a_city, a_field, a_land, a_member, a_membership, a_network

pytestmark = pytest.mark.django_db


def page_of(client, slug, language="de"):
    response = client.get(f"/{language}/cities/{slug}/")
    assert response.status_code == 200
    return response


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_page_then_it_shows_memberships_with_year_field_and_source(client):
    network = a_network("uccn")
    membership = a_membership(a_city("bonn"), network, since=2019, fields=[a_field(network, "film")])
    membership.sources.add(Source.objects.create(tag="list-2019", url="https://example.org/list", what="Die Liste"))
    page = page_of(client, "bonn")
    assert "Mitglied uccn: Feld film" in text_of(page)
    assert "2019" in text_of(page)
    assert 'href="https://example.org/list" rel="external"' in page.content.decode()
    assert "Die Liste" in text_of(page)


def test_page_when_little_is_known_then_it_says_so_instead_of_zero_or_dash(client):
    a_member("bonn", a_network(), since=None)
    profile = page_of(client, "bonn").context["profile"]
    assert set(profile.facts.values()) == {None}
    assert [moment.when for moment in profile.moments] == [""]
    assert profile.axis == []
    assert profile.bars == []


def test_page_then_history_is_newest_first_with_changes(client):
    network = a_network()
    film, music = a_field(network, "film"), a_field(network, "music")
    membership = a_membership(a_city("bonn"), network, since=2010, fields=[music])
    a_membership(membership.city, a_network("zwei"), since=None)
    MembershipChange.objects.create(
        membership=membership, kind="field", happened="2014-12", old_field=film, field=music, note_de="Gewechselt."
    )
    profile = page_of(client, "bonn", "en").context["profile"]
    assert [moment.when for moment in profile.moments] == ["2014-12", "2010", ""]
    with translation.override("en"):
        assert "Field film" in profile.moments[0].title
        assert "Field music" in profile.moments[0].title


def test_page_when_a_membership_has_ended_then_it_says_so_with_the_reason(client):
    a_membership(
        a_city("bonn"), a_network(), status=Membership.Status.ENDED, status_reason="Austritt der Stadt",
        ended_on=datetime.date(2024, 5, 1),
    )  # fmt: skip
    assert "Austritt der Stadt" in text_of(page_of(client, "bonn"))


def test_page_then_data_for_search_engines_is_valid_and_cannot_break_out(client):
    network = a_network(name_de="Netz </script><script>alert(1)</script> & mehr")
    a_membership(a_city("bonn", name_de="Bonn </script><b>", website="https://bonn.example/?a=1&b=2"), network)
    page = page_of(client, "bonn").content.decode()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert block
    data = json.loads(block[1])
    assert data["name"] == "Bonn </script><b>"
    assert data["memberOf"] == [{"@type": "Organization", "name": "Netz </script><script>alert(1)</script> & mehr"}]
    assert data["sameAs"] == ["https://bonn.example/?a=1&b=2"]
    assert "<script>alert" not in page


def test_neighbours_then_the_nearest_come_first_and_the_city_itself_never(client):
    network = a_network()
    a_member("bonn", network, latitude=50.7, longitude=7.1)
    a_member("koeln", network, latitude=50.9, longitude=6.9)
    a_member("berlin", network, latitude=52.5, longitude=13.4)
    a_member("tokyo", network, country="JP", latitude=35.7, longitude=139.7)
    profile = page_of(client, "bonn").context["profile"]
    assert [neighbour.city.slug for neighbour in profile.nearest] == ["koeln", "berlin", "tokyo"]
    assert [round(neighbour.km, -1) for neighbour in profile.nearest] == [30, 480, 9350]
    assert profile.within_1000_km == 2


def test_neighbours_then_who_shares_a_field_is_more_alike_than_who_shares_a_network(client):
    network = a_network("uccn")
    film = a_field(network, "film")
    a_membership(a_city("bonn", people=300_000), network, fields=[film])
    a_membership(a_city("fern", country="JP", latitude=35, longitude=139), network, fields=[film])
    a_member("nah", network)
    a_member("fremd", a_network("zwei"))
    profile = page_of(client, "bonn", "en").context["profile"]
    assert [n.city.slug for n in profile.similar] == ["fern", "nah"]
    assert "same field: Field film" in profile.similar[0].reasons


def test_neighbours_when_their_membership_has_ended_then_they_are_none(client):
    network = a_network()
    a_member("bonn", network)
    a_membership(a_city("weg"), network, status=Membership.Status.ENDED)
    profile = page_of(client, "bonn").context["profile"]
    assert profile.nearest == []
    assert profile.similar == []
    assert profile.within_1000_km == 0


def test_page_when_its_own_membership_has_ended_then_others_are_not_called_alike_for_it(client):
    """Who has left a network is no longer like its members; but the page still stands."""
    network = a_network()
    a_membership(a_city("weg"), network, status=Membership.Status.ENDED)
    a_member("bonn", network, latitude=51.0)
    assert [n.city.slug for n in page_of(client, "weg").context["profile"].nearest] == ["bonn"]


def test_page_then_each_language_has_its_own_name_and_names_the_other(client):
    a_member("nice", a_network(), country="FR", name_de="Nizza", name_en="Nice")
    german, english = page_of(client, "nice", "de"), page_of(client, "nice", "en")
    assert '<h1 class="display">Nizza</h1>' in german.content.decode()
    assert '<span lang="en">Nice</span>' in german.content.decode()
    assert '<h1 class="display">Nice</h1>' in english.content.decode()
    assert '<span lang="de">Nizza</span>' in english.content.decode()


def test_page_when_the_portrait_is_german_only_then_the_english_page_marks_it(client):
    a_member("bonn", a_network(), portrait_de="Eine Stadt am Rhein.")
    assert '<span lang="de">Eine Stadt am Rhein.</span>' in page_of(client, "bonn", "en").content.decode()


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90, 0), (-90, 0), (0, 180), (0, -180), (0, 0), (-17.7, 178), (78.2, 15.6), (-54.8, -68.3)],
)
def test_page_when_the_city_lies_anywhere_on_earth_then_its_maps_are_drawn(client, latitude, longitude):
    network = a_network()
    a_member("hier", network, latitude=latitude, longitude=longitude)
    a_member("gegenueber", network, latitude=-latitude, longitude=(longitude + 360) % 360 - 180)
    page = page_of(client, "hier").content.decode()
    assert "nan" not in re.findall(r' d="([^"]*)"', page)
    assert client.get("/de/").status_code == 200
    assert client.get("/de/cities/?view=map").status_code == 200


def test_every_network_may_bring_a_new_shape_without_code(client):
    sixth = a_network("sechs", shape="pentagon", accent="olive")
    a_member("bonn", sixth)
    assert Network.objects.count() == 1
    for path in ("/de/", "/de/networks/", "/de/networks/sechs/", "/de/cities/?network=sechs", "/de/cities/bonn/"):
        page = client.get(path).content.decode()
        assert "accent-olive" in page, path
        assert "pentagon" in page, path


def test_germany_then_every_land_is_there_and_cities_stand_in_theirs(client):
    network = a_network()
    land, empty = a_land(), a_land("11", "Berlin", "Berlin")
    a_membership(a_city("bonn", land=land), network)
    a_member("ohne-land", network)
    lands = client.get("/de/germany/").context["lands"]
    assert [(place and place.key, [city.slug for city in cities]) for place, cities in lands] == [
        (empty.key, []), (land.key, ["bonn"]), (None, ["ohne-land"]),
    ]  # fmt: skip
