"""Every address of the portal × everybody who may come: what they meet. A new address fails here until it has its row.

The same table proves that reading writes nothing and that every page is sound HTML in both languages.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from django.contrib import admin
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from cities.models import City, Picture
from network.models import BarrierReport, Network, User
from network.views.legal import RECEIPT
from tests.data import directory_in_step
from tests.factories import Role, a_city, a_land, a_member, a_membership, a_network, a_person, some_news
from tests.guards import only_reads, problems

__all__ = ["directory_in_step"]
pytestmark = pytest.mark.django_db

VISITOR, LEAD, OTHER_LEAD, COORDINATOR = "visitor", "lead", "other lead", "coordinator"
OTHER_COORDINATOR, REVIEWER, OPERATOR = "other coordinator", "reviewer", "operator"
SIGNED_IN = [LEAD, OTHER_LEAD, COORDINATOR, OTHER_COORDINATOR, REVIEWER, OPERATOR]
EVERYBODY = [VISITOR, *SIGNED_IN]
OUTSIDE_THE_DESK = [VISITOR, LEAD, REVIEWER]


@dataclass
class World:
    """Two cities with their leads, two networks with their coordinators, and one of every other thing."""

    city: City
    network: Network
    receipt: str
    picture: str
    people: dict[str, User] = field(default_factory=dict)


type Arguments = Callable[[World], dict[str, object]]


def _none(_world: World) -> dict[str, object]:
    return {}


@dataclass(frozen=True)
class Row:
    """What each meets at an address (status of a GET), and how the address is made."""

    meets: dict[str, int]
    arguments: Arguments = _none


def everybody(status: int, **others: int) -> dict[str, int]:
    return dict.fromkeys(EVERYBODY, status) | {name.replace("_", " "): value for name, value in others.items()}


SIGNED_IN_ELSEWHERE = {name.replace(" ", "_"): 302 for name in SIGNED_IN}
OF_THE_TEAM = everybody(404, visitor=302, lead=200, operator=200)
TABLE = {
    "root": Row(everybody(302)),
    "favicon": Row(everybody(302)),
    "robots": Row(everybody(200)),
    "sitemap-index": Row(everybody(200)),
    "django.contrib.sitemaps.views.sitemap": Row(everybody(200), lambda _world: {"section": "cities"}),
    "home": Row(everybody(200)),
    "login": Row(everybody(200, **SIGNED_IN_ELSEWHERE)),
    "logout": Row(everybody(405)),
    "news:list": Row(everybody(200)),
    "news:detail": Row(everybody(200), lambda _world: {"slug": "neu"}),
    "legal:imprint": Row(everybody(200)),
    "legal:privacy": Row(everybody(200)),
    "legal:accessibility": Row(everybody(200)),
    "legal:easy": Row(everybody(200)),
    "legal:sign": Row(everybody(200)),
    "legal:sources": Row(everybody(200)),
    "legal:barrier": Row(everybody(200)),
    "legal:barrier_thanks": Row(everybody(200), lambda world: {"receipt": world.receipt}),
    "networks:list": Row(everybody(200)),
    "networks:detail": Row(everybody(200), lambda world: {"slug": world.network.slug}),
    "cities:list": Row(everybody(200)),
    "cities:detail": Row(everybody(200), lambda world: {"slug": world.city.slug}),
    "cities:edit": Row(OF_THE_TEAM, lambda world: {"slug": world.city.slug}),
    # reached by a link it confirms nothing and leads to the profile
    "cities:confirm": Row(OF_THE_TEAM | {LEAD: 302, OPERATOR: 302}, lambda world: {"slug": world.city.slug}),
    "cities:picture_add": Row(OF_THE_TEAM, lambda world: {"slug": world.city.slug}),
    "cities:picture_remove": Row(
        OF_THE_TEAM, lambda world: {"slug": world.city.slug, "pk": world.city.pictures.get().pk}
    ),
    "cities:germany": Row(everybody(200)),
    "cities:import": Row(everybody(404, visitor=302, coordinator=200, other_coordinator=200, operator=200)),
    # the parcel of another session, which is 404 for everybody who may import at all
    "cities:import_check": Row(everybody(404, visitor=302), lambda _world: {"key": UUID(int=1)}),
    "media": Row(everybody(200), lambda world: {"path": world.picture}),
}
NO_LANGUAGE = {"root", "favicon", "robots", "sitemap-index", "django.contrib.sitemaps.views.sitemap", "media"}
# The same page with other words in the address, for the checks of HTML and writing.
MORE_PAGES = {
    "cities:list": ["?view=table", "?view=map", "?q=bon&network=gnlc&network=nirgends&page=7", "?q=gibtesnicht",
                    "?country=FR&network=gnlc&network=uccn&network_mode=all", "?sort=since&view=table"],
    "news:list": ["?network=gnlc", "?page=99"],
    "legal:barrier": ["?page=/de/cities/"],
}  # fmt: skip


def _walk(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, inner)
        else:
            yield ":".join((*spaces, pattern.name or "")), pattern


ADDRESSES = dict(_walk(get_resolver().url_patterns))
OF_THE_DESK = sorted(name for name in ADDRESSES if name.startswith("admin:") and name != "admin:")


@pytest.fixture
def picture() -> Iterator[str]:
    """The address of an uploaded picture inside the folder of pictures."""
    kept = default_storage.save("cities/picture.png", ContentFile(b"not really"))
    yield kept.removeprefix("cities/")
    default_storage.delete(kept)


@pytest.fixture
def world(picture) -> World:
    gnlc, uccn = a_network("gnlc", accent="petrol"), a_network("uccn", shape="diamond")
    bonn = a_city("bonn", people=330_579, land=a_land(), portrait_de="Eine Stadt am Rhein.")
    a_membership(bonn, gnlc)
    a_membership(bonn, uccn, since=None)
    row = Picture(
        city=bonn, image=f"cities/{picture}", width=60, height=40, alt_de="Rathaus", credit="E. M.", licence="CC0"
    )
    Picture.objects.bulk_create([row])  # as it is: there is nothing to measure in this file
    lyon = a_member("lyon", uccn, country="FR")
    some_news("neu", network=gnlc, text_en="")
    report = BarrierReport.objects.create(text="Das Menü geht nicht auf.")
    return World(
        city=bonn,
        network=gnlc,
        receipt=signing.dumps(report.pk, salt=RECEIPT),
        picture=picture,
        people={
            LEAD: a_person(Role.LEAD, city=bonn),
            OTHER_LEAD: a_person(Role.LEAD, city=lyon),
            COORDINATOR: a_person(Role.COORDINATOR, network=gnlc),
            OTHER_COORDINATOR: a_person(Role.COORDINATOR, network=uccn),
            REVIEWER: a_person(Role.REVIEWER, network=gnlc),
            OPERATOR: a_person(Role.OPERATOR),
        },
    )


def become(client: Client, world: World, who: str) -> None:
    """One client for all people: to make one takes longer than a page."""
    client.cookies.clear()
    if who != VISITOR:
        client.force_login(world.people[who])


def address(name: str, world: World, language: str) -> str:
    with translation.override(language):
        return reverse(name, kwargs=TABLE[name].arguments(world))


def languages(name: str) -> list[str]:
    return ["de"] if name in NO_LANGUAGE else ["de", "en"]


def test_every_address_has_its_row_and_every_row_an_address():
    assert {name for name in ADDRESSES if not name.startswith("admin:")} == set(TABLE)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_page_then_everybody_meets_what_the_table_says(client, world, name):
    for who in EVERYBODY:
        become(client, world, who)
        for language in languages(name):
            where = address(name, world, language)
            with only_reads():
                response = client.get(where)
            assert (who, where, response.status_code) == (who, where, TABLE[name].meets[who])
            assert "Content-Security-Policy" in response.headers
            if response.streaming:
                response.getvalue()  # to the end, so that the file is closed
            elif response.status_code == 200 and "html" in response["Content-Type"]:
                assert [x for x in SIGNED_IN if str(world.people[x]) in response.content.decode()] == (
                    [] if who == VISITOR else [who]
                )


@pytest.mark.parametrize("name", sorted(name for name in TABLE if name not in NO_LANGUAGE))
def test_page_then_its_html_is_sound_in_both_languages(client, world, name):
    for who in (VISITOR, OPERATOR):
        become(client, world, who)
        for language in languages(name):
            for query in ["", *(MORE_PAGES.get(name, []) if who == VISITOR else [])]:
                with only_reads():
                    response = client.get(address(name, world, language) + query)
                if response.status_code == 200:
                    assert problems(response, language) == [], f"{who} {language} {name} {query}"


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", ["cities/nirgends/", "networks/nirgends/", "news/nirgends/", "nirgends/"])
def test_unknown_page_then_404_is_sound_html(client, language, path):
    with only_reads():
        response = client.get(f"/{language}/{path}")
    assert response.status_code == 404
    assert problems(response, language) == []


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("name", ["home", "cities:list", "cities:germany", "networks:list", "news:list"])
def test_public_page_then_it_can_only_be_read(client, name, method):
    assert getattr(client, method)(reverse(name)).status_code == 405


def test_sign_in_then_only_people_and_sessions_are_written(client, world):
    person = world.people[LEAD]
    with only_reads(but=("django_session", "network_user")):
        response = client.post(reverse("login"), {"username": person.email, "password": "ein-langes-kennwort"})
    assert response.status_code == 302


def test_sign_out_when_the_session_has_ended_then_it_leads_to_a_page(client, world):
    """The button is still there in a window left open; whoever signs in again must not end at an error."""
    response = client.post(reverse("logout"))
    client.force_login(world.people[LEAD])
    target = response.headers["Location"]
    if "next=" in target:
        target = client.get(target).headers["Location"]
    assert client.get(target).status_code == 200


# --- the desk (Django's admin) as one group


def desk_address(name: str, world: World) -> str:
    """An address of the desk, for an object that exists."""
    with translation.override("de"):
        if name == "admin:app_list":
            return reverse(name, kwargs={"app_label": "cities"})
        if name == "admin:auth_user_password_change":
            return reverse(name, args=[world.people[LEAD].pk])
        for model in admin.site._registry:
            if name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
                row = model._default_manager.first()
                needs_row = name.endswith(("_change", "_delete", "_history"))
                return reverse(name, args=[row.pk if row else 1] if needs_row else [])
        return reverse(name)


def test_desk_then_who_keeps_no_content_sees_nothing_of_it(client, world):
    for who in OUTSIDE_THE_DESK:
        become(client, world, who)
        for name in OF_THE_DESK:
            where = desk_address(name, world)
            with only_reads():
                response = client.get(where)
            expected = {302}
            if name == "admin:login":
                expected = {302} if who == VISITOR else {404}
            elif name == "admin:logout":
                expected = {302, 405}
            assert response.status_code in expected, f"{who} {where}: {response.status_code}"
            if name == "admin:index":
                assert client.get(where, follow=True).status_code == (200 if who == VISITOR else 404)


@pytest.mark.parametrize("who", [COORDINATOR, OPERATOR])
def test_desk_then_its_pages_open_or_refuse_but_never_break_or_write(client, world, who):
    become(client, world, who)
    refusals = {403, 404} if who == COORDINATOR else set()
    for name in OF_THE_DESK:
        if name.endswith(("_delete", "_history")):
            continue  # as the page of the object itself, and dear
        where = desk_address(name, world)
        with only_reads():
            response = client.get(where)
        special = name in {"admin:autocomplete", "admin:network_barrierreport_add", "admin:password_change"}
        allowed = {200, 302, 405} | (refusals or ({403, 404} if special else set()))
        assert response.status_code in allowed, f"{who} {where}: {response.status_code}"
        assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_desk_then_coordinators_change_only_rows_of_their_own_network(client, world):
    own = reverse("admin:network_network_change", args=[world.network.pk])
    for who, statuses in {COORDINATOR: {200}, OTHER_COORDINATOR: {302, 404}, OPERATOR: {200}}.items():
        become(client, world, who)
        assert client.get(own).status_code in statuses, who


@pytest.mark.parametrize("name", ["network_user", "network_office", "network_barrierreport", "cities_teammember"])
def test_desk_then_people_and_reports_are_for_operators_only(client, world, name):
    where = reverse(f"admin:{name}_changelist")
    for who, status in {COORDINATOR: 403, OTHER_COORDINATOR: 403, OPERATOR: 200}.items():
        become(client, world, who)
        assert client.get(where).status_code == status, who
