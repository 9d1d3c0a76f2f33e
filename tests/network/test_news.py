"""News: what is published, for all or one network."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from network.models import News
from tests.network.people import a_network

pytestmark = pytest.mark.django_db


def a_piece(slug, *, days_ago=1, **values):
    texts = {"title_de": f"Titel {slug}", "text_de": "Erster Absatz.\n\nZweiter <Absatz>."}
    day = timezone.localdate() - datetime.timedelta(days=days_ago)
    piece = News(slug=slug, published_on=day, **(texts | values))
    piece.save()
    return piece


def test_list_shows_published_news_newest_first_and_hides_tomorrows(client):
    a_piece("alt", days_ago=9)
    a_piece("heute", days_ago=0)
    a_piece("morgen", days_ago=-1)
    response = client.get(reverse("news:list"))
    assert [piece.slug for piece in response.context["page"]] == ["heute", "alt"]
    assert "Titel morgen" not in response.content.decode()


def test_unpublished_piece_is_404(client):
    assert client.get(a_piece("heute", days_ago=0).get_absolute_url()).status_code == 200
    assert client.get(a_piece("morgen", days_ago=-1).get_absolute_url()).status_code == 404


def test_list_of_one_network_shows_no_other(client):
    mine, other, silent = a_network("eins"), a_network("zwei"), a_network("drei")
    a_piece("a", network=mine)
    a_piece("b", network=other)
    a_piece("c")
    a_piece("d", network=silent, days_ago=-1)
    response = client.get(reverse("news:list"), {"network": "eins"})
    assert [piece.slug for piece in response.context["page"]] == ["a"]
    assert list(response.context["networks"]) == [mine, other]
    assert client.get(reverse("news:list"), {"network": "nirgends"}).status_code == 404


def test_list_is_paged_by_twenty_and_keeps_the_network(client):
    network = a_network("eins")
    for number in range(21):
        a_piece(f"n{number}", network=network)
    first = client.get(reverse("news:list"), {"network": "eins"})
    assert len(first.context["page"]) == 20
    assert "?network=eins&amp;page=2" in first.content.decode()
    assert len(client.get(reverse("news:list"), {"page": 2}).context["page"]) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_number_of_queries(client, rows, django_assert_num_queries):
    for number in range(rows):
        a_piece(f"n{number}", network=a_network(f"netz{number}"))
    with django_assert_num_queries(4):
        client.get(reverse("news:list"))


def test_text_has_paragraphs_and_is_escaped(client):
    page = client.get(a_piece("a").get_absolute_url()).content.decode()
    assert "<p>Erster Absatz.</p>" in page
    assert "Zweiter &lt;Absatz&gt;." in page


def test_source_is_a_link(client):
    piece = a_piece("a", source_label="UNESCO", source_url="https://example.org/news")
    assert 'href="https://example.org/news"' in client.get(piece.get_absolute_url()).content.decode()


def test_german_text_on_the_english_page_is_marked(client):
    german, both = a_piece("de"), a_piece("en", title_en="Title", text_en="Text.")
    with translation.override("en"):
        page = client.get(german.get_absolute_url()).content.decode()
        assert '<h1><span lang="de">Titel de</span></h1>' in page
        assert '<p><span class="languages-only">German only</span></p><div lang="de"><p>Erster Absatz.</p>' in page
        page = client.get(reverse("news:list")).content.decode()
        assert '<span lang="de">Titel de</span> <span class="languages-only">German only</span>' in page
        page = client.get(both.get_absolute_url()).content.decode()
    assert "languages-only" not in page
    assert "<p>Text.</p>" in page


def test_german_page_marks_nothing(client):
    assert "languages-only" not in client.get(a_piece("a").get_absolute_url()).content.decode()
