"""The pages of practices: one language at a time, nothing invented, no draft and no demo anywhere."""

import json
import re
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cities.directory import directory
from exchange import duties
from exchange.catalogue import catalogue
from exchange.models import Practice, PracticeLink, SearchWord
from network.daily import Window
from tests.factories import a_city, a_country, a_member, a_network
from tests.factories_exchange import a_practice, a_programme

pytestmark = pytest.mark.django_db


def words(response) -> str:
    """What a reader reads: the words of the page without tags."""
    text = re.sub(r"<script.*?</script>|<[^>]*>", " ", response.content.decode(), flags=re.S)
    return " ".join(text.split())


@pytest.fixture
def cork():
    return a_member("cork", a_network("gnlc"), people=200_000, name_de="Cork")


# --- one practice


def test_practice_when_little_is_known_then_the_page_says_so_and_invents_nothing(client, cork):
    a_practice("fest", city=cork, source_url="https://example.org/fest")
    page = words(client.get("/en/practices/fest/"))
    assert "Title fest" in page
    assert "Summary fest" in page
    assert "Not stated: The problem, What was done, What shows that it works, What went wrong" in page
    assert "Not stated: What must be there before, Staff, Money, Potential for transfer, Who answers questions" in page
    assert "Licence not stated" in page
    assert "Year not stated" in page
    assert "State not stated" in page


def test_practice_when_all_is_known_then_the_page_shows_all(client, cork):
    practice = a_practice(
        "fest", city=cork, programme=a_programme("reihe"), networks=[a_network("uccn", short_name_en="Creative")],
        goals=[4, 11], first_year=2004, last_year=2020, stage="finished", staff="half", money="50k",
        licence="CC BY 4.0", contact_email="learning@example.org", as_of="2024-05", source_label="The city",
        problem_en="Too few learn.", measures_en="A week.", preconditions_en="Rooms.", evidence_en="Figures.",
        setbacks_en="Rain.", transfer_en="Good.", contact_en="Education office", original_language="en",
    )  # fmt: skip
    PracticeLink.objects.create(practice=practice, label="Programme of the week", url="https://example.org/week")
    page = words(client.get("/en/practices/fest/"))
    for said in [
        "Too few learn.", "A week.", "Rooms.", "Figures.", "Rain.", "Good.", "Education office",
        "learning@example.org", "up to half a post", "up to 50,000 euros a year", "2004 – 2020", "Finished",
        "4 Quality education", "11 Sustainable cities and communities", "Programme reihe", "Creative", "CC BY 4.0",
        "The city", "May 2024", "Programme of the week", "Learning · practice from Cork, Germany",
    ]:  # fmt: skip
        assert said in page
    assert "Not stated:" not in page


def test_practice_then_its_links_lead_to_city_source_and_theme(client, cork):
    a_practice("fest", city=cork, source_url="https://www.example.org/fest")
    page = client.get("/de/practices/fest/").content.decode()
    assert 'href="/de/cities/cork/"' in page
    assert 'class="external" href="https://www.example.org/fest" rel="external"' in page
    assert 'href="/de/practices/?theme=learning"' in page


def test_practice_of_a_place_outside_the_directory_then_it_has_a_name_and_no_link(client):
    a_practice("fest", authority="Pays de Bray", country=a_country("FR"))
    a_practice("rat", city=a_city("ioannina"))
    bray, ioannina = client.get("/en/practices/fest/"), client.get("/en/practices/rat/")
    assert "Pays de Bray, France" in words(bray)
    assert "/en/cities/ioannina/" not in ioannina.content.decode()
    assert "The world seen from Ioannina" in ioannina.content.decode()  # its position is known


def test_practice_for_search_engines_then_the_facts_are_those_of_the_page(client, cork):
    a_practice("fest", city=cork, first_year=2004, source_url="https://example.org/</script>")
    page = client.get("/en/practices/fest/").content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found
    data = json.loads(found[1])
    assert data["name"] == "Title fest"
    assert data["inLanguage"] == "en"
    assert data["spatialCoverage"]["name"] == "Cork"
    assert data["temporalCoverage"] == "2004"
    assert data["isBasedOn"] == "https://example.org/</script>"


def test_practice_then_the_page_leads_to_others_of_the_city_and_theme(client, cork):
    a_practice("fest", city=cork)
    a_practice("charta", city=cork, theme="governance")
    a_practice("campus", city=a_city("izmir"))
    a_practice("busse", city=a_city("bogota"), theme="mobility")
    page = words(client.get("/en/practices/fest/"))
    assert page.index("Title charta") < page.index("Title campus")
    assert "Title busse" not in page


# --- language


def test_practice_in_one_language_then_the_other_page_shows_all_of_it_in_that_one_and_says_so(client, cork):
    a_practice("fest", city=cork, original_language="en", title_de="", summary_de="", problem_en="Too few learn.")
    german = client.get("/de/practices/fest/").content.decode()
    assert re.search(r'<h1 lang="en">\s*Title fest', german)
    assert '<dd lang="en">' in german
    assert "languages-only" in german
    assert "languages-only" not in client.get("/en/practices/fest/").content.decode()


def test_practice_when_a_translation_lacks_a_part_then_the_whole_is_shown_in_the_original(client, cork):
    """Never some sentences in German and some in English."""
    a_practice("fest", city=cork, original_language="de", problem_de="Zu wenige lernen.")
    page = words(client.get("/en/practices/fest/"))
    assert "Titel fest" in page
    assert "Zu wenige lernen." in page
    assert "Title fest" not in page
    assert "Summary fest" not in page


def test_practices_in_one_language_then_list_city_and_feed_mark_them_and_both_searches_find_them(client, cork):
    a_practice("fest", city=cork, original_language="de", title_en="", summary_en="")
    for path in ("/en/practices/", "/en/cities/cork/"):
        page = client.get(path).content.decode()
        assert re.search(r'<a [^>]*lang="de">Titel fest</a>', page)
        assert "German only" in page
    for language in ("de", "en"):
        assert client.get(f"/{language}/practices/?q=zusammenfassung").context["listing"].total == 1
    assert "Titel fest" in client.get("/en/practices/?format=atom").content.decode()
    assert client.get("/de/practices/?language=en").context["listing"].total == 0


def test_practice_then_the_database_asks_for_the_language_it_was_written_in(cork):
    for language, empty in (("de", "title_de"), ("en", "summary_en"), ("both", "title_en")):
        values: dict[str, Any] = {empty: ""}
        with pytest.raises(IntegrityError), transaction.atomic():
            a_practice("fest", city=cork, original_language=language, **values)


def test_practice_then_the_database_asks_for_one_place(cork):
    for city, authority in ((None, ""), (cork, "Cork"), (None, "Cork")):
        with pytest.raises(IntegrityError), transaction.atomic():
            a_practice("fest", city=city, authority=authority)


# --- who sees what


@pytest.mark.parametrize("hidden", [{"published_at": None}, {"is_demo": True}])
def test_practice_that_is_a_draft_or_a_demo_then_it_is_nowhere(client, cork, hidden):
    a_practice("fest", city=cork, programme=a_programme("reihe"), **hidden)
    assert client.get("/de/practices/fest/").status_code == 404
    for path in (
        "/de/practices/", "/de/practices/?q=fest", "/de/practices/?format=csv", "/de/practices/?format=json",
        "/de/practices/?format=atom", "/de/practices/?format=points", "/de/cities/cork/", "/de/networks/gnlc/",
        "/de/programmes/", "/de/programmes/reihe/", "/sitemap-practices.xml",
    ):  # fmt: skip
        page = client.get(path).getvalue().decode()
        assert "Titel fest" not in page
        assert "practices/fest" not in page
    assert catalogue(directory()).everything == 0


def test_practice_of_a_demo_city_then_it_is_nowhere(client):
    a_practice("fest", city=a_city("demostadt", is_demo=True))
    assert client.get("/de/practices/fest/").status_code == 404
    assert client.get("/de/practices/").context["listing"].all == 0


# --- list, files, feed


def test_practices_when_there_are_none_then_the_page_says_so(client):
    assert "No practice has been published yet." in words(client.get("/en/practices/"))
    assert client.get("/en/practices/?view=map").status_code == 200


def test_practices_when_changed_then_the_next_page_shows_it(client, cork):
    practice = a_practice("fest", city=cork)
    assert "Title fest" in words(client.get("/en/practices/"))
    practice.title_en = "Renamed"
    practice.save()
    assert "Renamed" in words(client.get("/en/practices/"))
    Practice.objects.update(published_at=None)
    assert "Renamed" not in words(client.get("/en/practices/"))


def test_practices_then_newest_first_and_those_without_a_year_last(client, cork):
    for slug, year in (("a", None), ("b", 2004), ("c", 2021)):
        a_practice(slug, city=cork, first_year=year)
    listing = client.get("/de/practices/").context["listing"]
    assert [entry.slug for entry in listing.rows] == ["c", "b", "a"]
    by_title = client.get("/de/practices/?sort=title").context["listing"]
    assert [entry.slug for entry in by_title.rows] == ["a", "b", "c"]


def test_practices_when_a_value_is_unknown_then_the_page_says_which_and_keeps_the_rest(client, cork):
    a_practice("fest", city=cork)
    response = client.get("/en/practices/?theme=magic&theme=learning&country=XX&page=9&format=xml")
    page = words(response)
    assert "“magic” is not known under “Theme” and was left out." in page
    assert "“XX” is not known under “Country” and was left out." in page
    assert "There is no page “9”; this is page 1." in page
    assert "There is no file of the form “xml”" in page
    assert response.context["listing"].total == 1


def test_practice_over_several_years_then_each_of_them_finds_it(client, cork):
    a_practice("fest", city=cork, first_year=2013, last_year=2015)
    for year in ("2013", "2014", "2015"):
        assert client.get(f"/de/practices/?year={year}").context["listing"].total == 1
    assert set(client.get("/de/practices/").context["listing"].counts["year"]) == {"2013", "2014", "2015"}


def test_network_filter_then_told_in_it_or_from_one_of_its_cities(client, cork):
    uccn = a_network("uccn")
    a_practice("mitglied", city=cork)
    a_practice("erzaehlt", city=a_city("linz"), networks=[uccn])
    a_practice("fremd", city=a_city("wien"))

    def found(query):
        return {entry.slug for entry in client.get(f"/de/practices/?{query}").context["listing"].rows}

    assert found("network=gnlc") == {"mitglied"}
    assert found("network=uccn") == {"erzaehlt"}
    assert found("network=gnlc&network=uccn") == {"mitglied", "erzaehlt"}


def test_csv_when_a_title_begins_like_a_formula_then_no_office_program_runs_it(client, cork):
    a_practice("fest", city=cork, title_en="=cmd()")
    assert "'=cmd()" in client.get("/de/practices/?format=csv").getvalue().decode()


def test_feed_then_it_is_sound_atom_with_whole_addresses(client, cork):
    a_practice("fest", city=cork)
    response = client.get("/de/practices/?theme=learning&format=atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    space = {"a": "http://www.w3.org/2005/Atom"}
    feed = ElementTree.fromstring(response.content)  # noqa: S314 - our own page
    entry = feed.find("a:entry", space)
    assert entry is not None
    link, title = entry.find("a:link", space), entry.find("a:title", space)
    assert link is not None
    assert title is not None
    assert title.text == "Titel fest"
    assert link.get("href") == "http://127.0.0.1:8000/de/practices/fest/"


def test_map_points_then_places_without_position_are_left_out_and_counted(client, cork):
    a_practice("fest", city=cork)
    a_practice("bray", authority="Pays de Bray", country=a_country("FR"))
    points = json.loads(client.get("/en/practices/?format=points").content)
    assert [point[:3] for point in points["found"]] == [["cork", "Cork", "Germany: 1 practice"]]
    assert points["path"] == "/en/practices/?place="
    assert client.get(f"{points['path']}cork").context["listing"].total == 1
    assert "1 practice is not on the map" in words(client.get("/en/practices/?view=map"))


# --- other pages


def test_city_page_then_it_shows_its_practices_or_says_that_there_are_none(client, cork):
    assert "Cork has not published a practice yet." in words(client.get("/en/cities/cork/"))
    a_practice("fest", city=cork)
    page = client.get("/en/cities/cork/")
    assert "Title fest" in words(page)
    assert 'href="/en/practices/fest/"' in page.content.decode()
    assert "Cork has not published" not in words(page)


def test_network_page_then_it_links_to_the_practices_of_its_cities_if_any(client, cork):
    link = "/en/practices/?network=gnlc"
    assert link not in client.get("/en/networks/gnlc/").content.decode()
    a_practice("fest", city=cork)
    page = client.get("/en/networks/gnlc/")
    assert link in page.content.decode()
    assert "1 practice from its cities" in words(page)


def test_sitemap_then_published_practices_are_in_it_in_both_languages(client, cork):
    a_practice("fest", city=cork)
    page = client.get("/sitemap-practices.xml").content.decode()
    assert "/de/practices/fest/" in page
    assert "/en/practices/fest/" in page


def test_words_when_no_practice_uses_them_any_more_then_gone_overnight_and_those_in_use_stay():
    first = a_practice("eins", city=a_city("bonn"), title_de="Lernbank am Schloßplatz", summary_de="Ein Garten.")
    a_practice("zwei", city=first.city, title_de="Garten hinter dem Haus", visibility="withdrawn")
    SearchWord.objects.forget_unused()
    before = set(SearchWord.objects.values_list("word", flat=True))
    assert {"lernbank", "schlossplatz", "garten", "hinter"} <= before
    first.delete()
    duties.forget(Window(timezone.now(), timezone.now()))
    after = set(SearchWord.objects.values_list("word", flat=True))
    assert ("lernbank" in after, "schlossplatz" in after, "garten" in after, "hinter" in after) == (
        False, False, True, True,
    )  # fmt: skip
