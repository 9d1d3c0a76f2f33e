"""The portal's public pages with all that is on them: the real networks and cities, demo people and two pieces of news.

Loading the data takes seconds and a test in a browser empties all tables at its end. So the first test loads them as
`./run demo` does and keeps every table as PostgreSQL copies it; each later test copies them back.
"""

import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from cities import directory
from network.models import Network, News

PASSWORD = "demo-kennwort-1"  # of all demo people
LANGUAGES = ("de", "en")
NETWORKS = ("gnlc", "uccn", "metropolis", "uclg", "c40")


@dataclass(frozen=True)
class Public:
    """One page; a page with `fill` is the answer to its form, sent with these values."""

    name: str
    path: str
    status: int = 200
    fill: tuple[tuple[str, str], ...] | None = None

    def __str__(self) -> str:
        return self.name


PAGES = [
    Public("home", "/"),
    Public("networks", "/networks/"),
    *(Public(slug, f"/networks/{slug}/") for slug in NETWORKS),
    Public("list", "/cities/"),
    Public("list-filtered", "/cities/?network=gnlc&network=uccn&network_mode=all&region=europe&since_from=2010"),
    Public("list-page", "/cities/?page=3&sort=since"),
    Public("list-search", "/cities/?q=ham"),
    Public("list-misspelt", "/cities/?q=hamburk"),
    Public("list-empty", "/cities/?country=DE&region=africa&q=xyzxyz"),
    Public("list-notes", "/cities/?country=XX&page=99&since_from=2020&since_to=2010"),
    Public("table", "/cities/?view=table&country=DE"),
    Public("table-all", "/cities/?view=table&sort=population"),
    Public("map", "/cities/?view=map"),
    Public("map-filtered", "/cities/?view=map&country=DE&network=gnlc"),
    Public("map-empty", "/cities/?view=map&country=DE&region=africa"),
    Public("city", "/cities/buenos-aires/"),
    Public("city-german", "/cities/hamburg/"),
    Public("city-unknown", "/cities/al-ahsa/"),
    Public("germany", "/germany/"),
    Public("practices", "/practices/"),
    Public("practices-filtered", "/practices/?theme=learning&theme=health&region=europe&network=gnlc"),
    Public("practices-misspelt", "/practices/?q=Lisabon"),
    Public("practices-empty", "/practices/?theme=climate&region=africa&q=xyzxyz"),
    Public("practices-map", "/practices/?view=map"),
    Public("practice", "/practices/learning-neighbourhoods-and-lifelong-learning-festival-cork/"),
    Public("programmes", "/programmes/"),
    Public("programme", "/programmes/cities-for-global-health/"),
    Public("sessions", "/sessions/"),
    Public("session", "/sessions/gnlc-2020-06-03-culture/"),
    Public("material", "/material/?kind=film"),
    Public("suggest", "/practices/suggest/"),
    Public("suggest-errors", "/practices/suggest/", status=422, fill=(("email", "keine adresse"),)),
    Public("alerts", "/practices/alerts/?theme=health&country=DE"),
    Public("report", "/practices/learning-neighbourhoods-and-lifelong-learning-festival-cork/report/"),
    Public("news", "/news/"),
    Public("news-network", "/news/?network=gnlc"),
    Public("news-piece", "/news/probe-eins/"),
    Public("imprint", "/imprint/"),
    Public("privacy", "/privacy/"),
    Public("accessibility", "/accessibility/"),
    Public("easy", "/easy-language/"),
    Public("sign", "/sign-language/"),
    Public("sources", "/sources/"),
    Public("barrier", "/barrier/?page=/de/cities/"),
    Public("barrier-errors", "/barrier/", status=422, fill=(("email", "keine adresse"),)),
    Public("login", "/sign-in/"),
    Public("login-errors", "/sign-in/", fill=(("login", "nobody@example.org"), ("password", "falsch"))),
    Public("not-found", "/gibt-es-nicht/", status=404),
]


def visit(page, public, language="de"):
    """Open the page; where it is the answer to a form, send the form. Returns what is wrong with the answer."""
    response = page.goto(f"/{language}{public.path}")
    if public.fill is not None:
        for name, value in public.fill:
            page.locator(f"main [name={name}]").fill(value)
        with page.expect_navigation() as answer:
            page.locator("main form.form [type=submit]").click()
        response = answer.value
    assert response is not None
    if response.status != public.status:
        return f"{language} {public}: the status is {response.status}"
    if page.locator("[data-map]").count():
        page.wait_for_selector("[data-map=live]")
    return ""


@pytest.fixture(autouse=True)
def _portal(live_server, monkeypatch):
    """The data of the portal, for every test of a module that imports this."""
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    monkeypatch.setattr(directory, "_kept", None)  # another test may have left other cities of the same version
    rows = _loaded()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers: what they wrote is copied, too
        cursor.execute(f"TRUNCATE {', '.join(rows)} CASCADE")
        for table, copied in rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(copied)


@cache
def _loaded() -> dict[str, bytes]:
    """Every table with its rows, in the words of COPY, once all is loaded."""
    call_command("load_networks", stdout=io.StringIO())
    call_command("import_cities", settings.BASE_DIR / "cities" / "data", stdout=io.StringIO())
    call_command("load_exchange", stdout=io.StringIO())
    call_command("import_practices", settings.BASE_DIR / "exchange" / "data", stdout=io.StringIO())
    call_command("seed_demo", verbosity=0)
    for number, word in enumerate(["eins", "zwei"]):
        News.objects.create(
            slug=f"probe-{word}",
            network=Network.objects.get(slug="gnlc") if number else None,
            published_on=datetime.date(2026, 1, 1 + number),
            title_de=f"Probe {word}",
            title_en=f"Trial {word}",
            text_de="Ein Absatz.\n\nUnd noch einer.",
            text_en="A paragraph.\n\nAnd one more.",
            source_label="Ein Amt",
            source_url="https://example.org/",
        )
    return dict(_copied())


def _copied() -> Iterator[tuple[str, bytes]]:
    kept = {"django_migrations"}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - kept):
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                yield table, b"".join(bytes(part) for part in copy)
