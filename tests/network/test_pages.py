"""Kept pages: never for another version, person, language or release than they were made for."""

import datetime
from decimal import Decimal

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cities.models import City, Country, Fact, Land, Membership, MembershipChange, Picture, Source
from network import pages
from network.models import BarrierReport, Field, Figure, Network, News, Passage
from network.models.version import content_version
from tests.data import directory_in_step
from tests.factories import Role, a_city, a_field, a_land, a_member, a_membership, a_network, a_person, some_news

__all__ = ["directory_in_step"]
pytestmark = pytest.mark.django_db
PATHS = ["/de/", "/de/networks/", "/de/networks/gnlc/", "/de/cities/", "/de/cities/?network=gnlc", "/de/cities/bonn/",
         "/de/germany/", "/de/cities/?format=csv"]  # fmt: skip


@pytest.fixture
def bonn():
    network = a_network("gnlc")
    city = a_city("bonn", people=330_000, land=a_land())
    a_membership(city, network, fields=[a_field(network)])
    return city


def kept():
    return len(caches["pages"]._cache)  # type: ignore[attr-defined]  # the memory of this process


def etag(client, path="/de/cities/"):
    return client.get(path).headers["ETag"]


# --- the reader's copy


@pytest.mark.parametrize("path", PATHS)
def test_page_when_asked_again_then_304_without_content(client, bonn, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    for header in ("Cache-Control", "Vary"):
        assert again.headers[header] == first.headers[header]
    assert client.get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_page_for_everybody_then_caches_may_keep_it_but_must_ask(client, bonn, path):
    for response in (client.get(path), client.get(path)):  # drawn, then kept
        control = {part.strip() for part in response.headers["Cache-Control"].split(",")}
        assert control == {"public", "no-cache"}
        assert [part.strip() for part in response.headers["Vary"].split(",")].count("Cookie") == 1
        assert response.cookies == {}
        assert b"csrfmiddlewaretoken" not in response.content
        assert "Content-Security-Policy" in response.headers


def test_page_when_kept_then_it_is_the_same_page(client, bonn):
    first, second = client.get("/de/cities/"), client.get("/de/cities/")
    assert kept() == 1
    assert first.content == second.content
    assert second.context is None  # nothing was drawn
    assert {name: first.headers[name] for name in first.headers} == {
        name: second.headers[name] for name in second.headers
    }


def test_page_when_only_its_head_is_asked_for_then_the_same_headers_and_the_whole_page_later(client, bonn):
    head = client.head("/de/cities/")
    assert (head.status_code, head.content) == (200, b"")
    page = client.get("/de/cities/")
    assert page.headers["ETag"] == head.headers["ETag"]
    assert b"Bonn" in page.content
    assert client.head("/de/cities/", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


# --- every change


CHANGES = {
    "city": lambda bonn: bonn.save(),
    "city by SQL": lambda _: City.objects.update(website="https://example.org"),
    "raw SQL": lambda _: connection.cursor().execute("UPDATE cities_city SET kind = 'city'"),
    "bulk_create": lambda bonn: Membership.objects.bulk_create([Membership(city=bonn, network=a_network("zwei"))]),
    "membership": lambda _: Membership.objects.update(since=2001),
    "membership ended": lambda _: Membership.objects.update(status="ended"),
    "membership gone": lambda _: Membership.objects.all().delete(),
    "fields of a membership": lambda _: Membership.objects.get().fields.clear(),
    "sources of a membership": lambda _: Membership.objects.get().sources.add(Source.objects.create(tag="x")),
    "source": lambda _: Source.objects.create(tag="neu"),
    "history": lambda _: MembershipChange.objects.create(
        membership=Membership.objects.get(), kind="ended", happened="2020"
    ),
    "fact": lambda bonn: Fact.objects.create(city=bonn, kind="area", value=Decimal(141), source_label="Amt"),
    "picture": lambda bonn: Picture.objects.create(
        city=bonn, image="cities/x.png", width=1, height=1, alt_de="Bild", credit="A", licence="CC0"
    ),
    "country": lambda _: Country.objects.update(region="asia"),
    "land": lambda _: Land.objects.update(name_de="Anders"),
    "network": lambda _: Network.objects.update(lead_de="Anders"),
    "figure": lambda _: Figure.objects.create(network=Network.objects.get(), value=1, as_of="2025", source_label="x"),
    "passage": lambda _: Passage.objects.create(network=Network.objects.get(), kind="goal", text_de="Ziel"),
    "field": lambda _: Field.objects.update(name_de="Anders"),
    "news": lambda _: some_news("neu"),
    "news gone": lambda _: News.objects.all().delete(),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_page_when_content_changes_then_its_etag_changes_and_no_old_page_is_given(client, bonn, change):
    some_news("alt")
    before = {path: etag(client, path) for path in ("/de/", "/de/cities/bonn/")}
    CHANGES[change](bonn)
    for path, old in before.items():
        response = client.get(path, headers={"If-None-Match": old})
        assert response.status_code in {200, 404}
        assert response.headers.get("ETag") != old


def test_page_when_the_admin_changes_content_then_its_etag_changes(client, bonn):
    before = etag(client)
    operator = Client()
    operator.force_login(a_person(Role.OPERATOR))
    response = operator.post(
        reverse("admin:cities_country_change", args=["DE"]),
        {"iso2": "DE", "name_de": "Bundesrepublik Deutschland", "name_en": "Germany", "region": "europe"},
    )
    assert response.status_code == 302
    after = client.get("/de/cities/", headers={"If-None-Match": before})
    assert after.status_code == 200
    assert "Bundesrepublik Deutschland" in after.content.decode()


def test_page_when_nothing_public_changes_then_its_etag_stays(client, bonn):
    before = etag(client)
    person = a_person(Role.LEAD, city=bonn)
    person.name = "Neu"
    person.save()
    BarrierReport.objects.create(text="Zu klein.")
    Client().force_login(person)
    client.get("/de/cities/bonn/")
    assert etag(client) == before


def test_page_when_a_membership_is_added_or_ends_then_the_next_reader_sees_it(client, bonn):
    network = Network.objects.get()
    assert "Lyon" not in client.get("/de/cities/").content.decode()
    lyon = a_member("lyon", network, country="FR")
    assert "Lyon" in client.get("/de/cities/").content.decode()
    lyon.memberships.update(status="ended")
    assert "Lyon" not in client.get("/de/cities/").content.decode()


def test_page_when_the_version_goes_back_with_a_transaction_then_it_is_another_matter(bonn):
    """What this file relies on: every statement raises the number, even one that changes no row."""
    before = content_version()
    City.objects.filter(slug="gibt-es-nicht").update(website="x")
    assert content_version() > before


def test_page_when_midnight_passes_then_the_news_of_the_day_appear(client, bonn, monkeypatch):
    some_news("morgen", days_ago=-1)
    assert "Titel morgen" not in client.get("/de/").content.decode()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_args: tomorrow)
    assert "Titel morgen" in client.get("/de/").content.decode()


def test_page_when_a_new_release_is_in_force_then_no_old_page_is_given(client, bonn, monkeypatch):
    before = etag(client)
    monkeypatch.setattr(pages, "release", lambda: "anders")
    assert etag(client) != before
    assert client.get("/de/cities/", headers={"If-None-Match": before}).status_code == 200


def test_release_when_a_template_changes_then_its_name_changes(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    template = tmp_path / "templates" / "base.html"
    template.parent.mkdir()
    template.write_text("eins")
    pages.release.cache_clear()
    try:
        first = pages.release()
        assert pages.release() == first
        template.write_text("zwei")
        pages.release.cache_clear()
        assert pages.release() != first
    finally:
        pages.release.cache_clear()


# --- people


@pytest.mark.parametrize("path", PATHS)
def test_page_for_somebody_signed_in_then_it_is_private_and_not_kept(client, bonn, path):
    person = a_person(Role.LEAD, city=bonn, name="Erika Geheim")
    client.force_login(person)
    response = client.get(path)
    control = response.headers["Cache-Control"]
    assert "private" in control
    assert "public" not in control
    assert "ETag" not in response.headers
    assert kept() == 0
    if "csv" not in path:
        assert "Erika Geheim" in response.content.decode()
    anonymous = Client().get(path)
    assert "Erika Geheim" not in anonymous.content.decode()
    assert "public" in anonymous.headers["Cache-Control"]


def test_page_for_somebody_signed_in_then_a_kept_page_of_all_is_not_used(client, bonn):
    public = etag(client)
    client.force_login(a_person(Role.LEAD, city=bonn, name="Erika Geheim"))
    response = client.get("/de/cities/", headers={"If-None-Match": public})
    assert response.status_code == 200
    assert "Erika Geheim" in response.content.decode()


@pytest.mark.parametrize("cookie", ["sessionid", "messages"])
def test_page_when_any_session_or_message_waits_then_it_is_not_kept(client, bonn, cookie):
    client.cookies[cookie] = "something"
    assert "private" in client.get("/de/cities/").headers["Cache-Control"]
    assert kept() == 0


@pytest.mark.parametrize("cookie", ["csrftoken", "django_language", "unknown"])
def test_page_when_another_cookie_comes_then_the_kept_page_is_used(client, bonn, cookie):
    plain = client.get("/de/cities/")
    client.cookies[cookie] = "en"
    response = client.get("/de/cities/")
    assert response.content == plain.content
    assert response.headers["ETag"] == plain.headers["ETag"]
    assert kept() == 1


# --- addresses


def test_page_then_languages_and_queries_are_kept_apart(client, bonn):
    paths = ["/de/cities/", "/en/cities/", "/de/cities/?network=gnlc", "/de/cities/?view=table", "/de/cities/?page=1"]
    drawn = {path: client.get(path).content for path in paths}
    assert len({etag(client, path) for path in paths}) == kept() == len(paths)
    assert {path: client.get(path).content for path in paths} == drawn
    assert b'<html lang="en">' in drawn["/en/cities/"]
    assert b'<html lang="de">' in drawn["/de/cities/"]


def test_page_when_the_language_cookie_differs_then_the_address_decides(client, bonn):
    client.cookies["django_language"] = "en"
    assert b'<html lang="de">' in client.get("/de/cities/").content
    assert b'<html lang="de">' in Client().get("/de/cities/").content


@pytest.mark.parametrize("path", ["/de/cities/lyon/", "/de/networks/zwei/"])
def test_unknown_page_then_404_is_not_kept_nor_public(client, bonn, path):
    response = client.get(path)
    assert response.status_code == 404
    assert kept() == 0
    assert "ETag" not in response.headers
    assert "public" not in response.headers.get("Cache-Control", "")
    a_member("lyon", a_network("zwei"), country="FR")
    assert client.get(path).status_code == 200


def test_unknown_page_when_somebody_guesses_its_etag_then_still_404(client, bonn):
    """A validator is answered before the view: it must not turn a page that is gone into `not modified`."""
    a_member("lyon", a_network("zwei"), country="FR")
    old = etag(client, "/de/cities/lyon/")
    City.objects.filter(slug="lyon").update(is_demo=True)
    assert client.get("/de/cities/lyon/", headers={"If-None-Match": old}).status_code == 404


def test_page_when_nobody_is_known_then_if_none_match_star_does_not_invent_a_page(client, bonn):
    assert client.get("/de/cities/gibt-es-nicht/", headers={"If-None-Match": "*"}).status_code == 404
