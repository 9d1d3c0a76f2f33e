"""Memberships in time on the page of a city: what it was when it joined, and what changed later."""

import pytest
from django.utils import translation

from cities.models import City, MembershipChange
from tests.factories import a_city, a_field, a_membership, a_network

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]
FIELD = MembershipChange.Kind.FIELD


def timeline(client, slug, language="de"):
    """Year and title of each moment on the page, newest first."""
    with translation.override(language):
        page = client.get(City.objects.get(slug=slug).get_absolute_url())
        moments = [(moment.year, moment.title, moment.note) for moment in page.context["profile"].moments]
    text = page.content.decode()
    for _year, title, note in moments:
        assert title in text
        assert note in text
    return moments


@pytest.fixture
def fields():
    network = a_network("probe")
    return [a_field(network, slug) for slug in ("film", "music", "design")]


@pytest.fixture
def membership(fields):
    return a_membership(a_city("probestadt"), fields[0].network, since=2005, fields=fields[2:])


def test_lyon_joined_with_its_first_field_and_changed_it(client):
    assert timeline(client, "lyon")[:2] == [
        ("2023", "Bereich gewechselt von Medienkunst zu Literatur", "Wechsel von Medienkunst zu Literatur"),
        ("2008", "Aufnahme: Kreativstadt: Medienkunst", ""),
    ]
    english = timeline(client, "lyon", "en")
    assert english[0][1:] == ("Field changed from Media Arts to Literature", "Move from media arts to literature")
    assert english[1][1].endswith(": Media Arts")


def test_lyon_is_listed_with_its_present_field(real_data):
    (lyon,) = (entry for entry in real_data.entries if entry.slug == "lyon")
    assert "Kreativstadt: Literatur" in [membership.title_de for membership in lyon.memberships]


def test_city_that_changed_twice_joined_with_the_first_field(client, membership, fields):
    film, music, design = fields
    membership.changes.create(kind=FIELD, happened="2019", old_field=music, field=design)
    membership.changes.create(kind=FIELD, happened="2010-05", old_field=film, field=music)
    assert [row[:2] for row in timeline(client, "probestadt")] == [
        ("2019", "Bereich gewechselt von Feld music zu Feld design"),
        ("2010", "Bereich gewechselt von Feld film zu Feld music"),
        ("2005", "Aufnahme: Mitglied probe: Feld film"),
    ]


def test_city_without_a_change_of_field_joined_with_its_present_field(client, membership, fields):
    membership.changes.create(kind=MembershipChange.Kind.CORRECTED, happened="2019", old_field=fields[0])
    membership.changes.create(kind=FIELD, happened="2018", field=fields[2])
    assert timeline(client, "probestadt")[-1][:2] == ("2005", "Aufnahme: Mitglied probe: Feld design")
