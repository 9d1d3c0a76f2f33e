"""Counts after edits: a process that reads only what has changed shows what one that reads everything shows."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cities.directory import Directory, directory
from cities.models import City, Fact, Membership
from exchange.catalogue import FACETS, ORDERS, Catalogue, Wanted, catalogue
from exchange.models import Practice, TransferStep
from network.models import Network
from network.models.version import content_version
from tests.factories import a_city, a_member, a_network
from tests.factories_exchange import a_practice

pytestmark = pytest.mark.django_db


def _save_another_theme(practice: Practice) -> None:
    practice.theme, practice.title_de = "food", f"Anders {practice.pk}"
    practice.save()


def _tell_in_another_network(practice: Practice) -> None:
    practice.networks.set([] if practice.networks.exists() else [Network.objects.get(slug="uccn")])


def _izmir() -> City:
    return City.objects.get(slug__startswith="izmir")  # whether or not it was renamed


def _adapt(practice: Practice) -> None:
    TransferStep.objects.create(practice=practice, city=_izmir(), stage="adapted", language="de")


def _rename_its_city(practice: Practice) -> None:
    cities = City.objects.filter(practices=practice)
    cities.update(slug=Concat("slug", Value("-neu")), country="FR", name_de="Aa")


EDITS: list[Callable[[Practice], object]] = [
    _save_another_theme,
    _tell_in_another_network,
    _adapt,
    lambda practice: practice.transfers.update(is_removed=True),
    lambda practice: practice.transfers.all().delete(),
    lambda practice: Practice.objects.filter(pk=practice.pk).update(first_year=2003, last_year=2005, goals=[4]),
    lambda practice: Practice.objects.filter(pk=practice.pk).update(visibility="reported"),
    lambda _practice: Practice.objects.update(visibility="public"),
    lambda practice: Practice.objects.filter(pk=practice.pk).update(published_at=None),
    lambda practice: Practice.objects.filter(pk=practice.pk).update(city=_izmir()),
    lambda practice: Practice.objects.filter(pk=practice.pk).delete(),
    lambda practice: a_practice(f"neu-{Practice.objects.latest('pk').pk}", city=practice.city, stage="planned"),
    lambda practice: Membership.objects.filter(city=practice.city).update(status="ended"),
    lambda practice: Fact.objects.filter(city=practice.city).update(value=5_500_000),
    _rename_its_city,
    lambda practice: City.objects.filter(practices=practice).update(is_demo=True),
]


@pytest.fixture
def _world():
    gnlc, _uccn = a_network("gnlc"), a_network("uccn")
    cities = [a_member(slug, gnlc, people=200_000) for slug in ("cork", "bonn")]
    a_city("izmir")
    a_city("lyon", country="FR")
    for number in range(12):
        a_practice(f"beispiel-{number}", city=cities[number % 2], theme=("health", "learning")[number % 3 == 0])


def _all_of(now: Catalogue) -> dict[str, object]:
    values = {
        (group, value): set(now.keys(bits))
        for group in (*FACETS, "place")
        for value, bits in now.of_value[group].items()
    }
    orders = {name: list(now.keys(now.everything, name)) for name in ORDERS}
    counts = now.counts(Wanted(theme=("food",)))
    places = dict(now.places_of(now.everything))
    return {"values": values, "orders": orders, "counts": counts, "places": places, "countries": now.country_names}


@pytest.mark.usefixtures("_world")
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.tuples(st.sampled_from(range(len(EDITS))), st.integers(0, 11)), min_size=1, max_size=5))
def test_catalogue_when_taken_over_after_edits_then_it_equals_one_that_is_read_anew(edits):
    with transaction.atomic():
        at_first = followed = Catalogue(Directory(content_version()))
        for kind, number in edits:
            if practice := Practice.objects.filter(slug=f"beispiel-{number}").first():
                EDITS[kind](practice)
            followed = Catalogue(Directory(content_version()), followed)
        now = Directory(content_version())
        anew = _all_of(Catalogue(now))
        assert _all_of(followed) == anew
        assert _all_of(Catalogue(now, at_first)) == anew
        transaction.set_rollback(True)


@pytest.mark.usefixtures("_world")
def test_page_after_each_edit_then_it_counts_as_it_is_and_hides_what_is_hidden(client):
    def counts(group: str) -> dict[str, int]:
        page = client.get(f"/de/practices/?about={group}")  # another address, so that no page is kept
        found: dict[str, int] = page.context["listing"].counts[group]
        return found

    practice = Practice.objects.get(slug="beispiel-1")
    assert counts("theme") == {"health": 8, "learning": 4}
    assert counts("adopted") == {"unknown": 12}
    _adapt(practice)
    assert counts("adopted") == {"unknown": 11, "adapted": 1}
    Practice.objects.filter(pk=practice.pk).update(visibility="reported")
    assert counts("adopted") == {"unknown": 11}
    for query in ("", "?q=beispiel", "?place=bonn", "?format=csv", "?format=points"):
        assert "beispiel-1/" not in client.get(f"/de/practices/{query}").getvalue().decode()
    Practice.objects.filter(pk=practice.pk).update(visibility="public", theme="food")
    assert counts("theme") == {"health": 7, "learning": 4, "food": 1}
    assert catalogue(directory()).everything.bit_count() == 12


@pytest.mark.usefixtures("_world")
def test_catalogue_when_one_of_many_has_changed_then_no_other_is_read(django_assert_num_queries):
    before = Catalogue(Directory(content_version()))
    practice = Practice.objects.get(slug="beispiel-1")
    practice.save()
    now = Directory(content_version())
    with django_assert_num_queries(5) as seen:  # programmes, countries, what has changed, its cities, itself
        Catalogue(now, before)
    assert f"IN ({practice.pk})" in seen.captured_queries[-1]["sql"]
    before = Catalogue(now)
    with django_assert_num_queries(3):
        Catalogue(now, before)


def test_search_then_the_best_come_first_and_what_is_edited_is_looked_for_anew(client):
    def found(query: str) -> list[str]:
        return [entry.slug for entry in client.get(f"/de/practices/?q=Garten{query}").context["listing"].rows]

    cork = a_city("cork")
    a_practice("text", city=cork, problem_de="Es fehlt an Gärten.", problem_en="A lack of gardens.")
    a_practice("inside", city=cork, title_de="Ein Schulgarten")
    a_practice("place", city=a_city("garten"))
    begins = a_practice("begins", city=cork, title_de="Garten für alle")
    a_practice("other", city=cork)
    assert found("") == ["begins", "place", "inside", "text"]
    assert found("&sort=title") == ["inside", "begins", "place", "text"]
    begins.title_de = "Wald für alle"
    begins.save()
    assert found("") == ["place", "inside", "text"]


def test_words_when_written_then_they_are_in_the_index_at_once():
    """A list of entries that wait is read through by every search: after 300 edits each took half a second."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reloptions FROM pg_class WHERE relname IN ('practice_words', 'search_word_parts')"
        )
        found = cursor.fetchall()
    assert sorted(found) == [("practice_words", ["fastupdate=off"]), ("search_word_parts", ["fastupdate=off"])]
