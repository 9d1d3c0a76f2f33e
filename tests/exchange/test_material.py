"""Material: filtered, kept by coordinators, its addresses asked only where the operator wants it."""

import datetime
import http.server
import threading

import pytest
from django.urls import reverse
from django.utils import timezone

from exchange import links
from exchange.actions import keeping
from exchange.models import Resource
from network.daily import Window
from network.models import Letter
from tests.factories import Role, a_network, a_person
from tests.factories_exchange import a_resource

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return a_person(Role.COORDINATOR, network=a_network("gnlc"))


def test_list_then_filtered_by_everything_it_tells_and_drafts_are_not_there(client):
    film = a_resource("Ein Film", kind="film", languages=["en", "fr"], level="first", audience="politics")
    film.networks.add(a_network("gnlc"))
    a_resource("Ein Leitfaden", kind="guideline", why_en="About libraries.")
    a_resource("Ein Entwurf", published_at=None)

    def found(query: str) -> list[str]:
        return [resource.title_de for resource in client.get(f"/de/material/?{query}").context["page"]]

    assert found("") == found("kind=erfunden&level=magic") == ["Ein Film", "Ein Leitfaden"]
    queries = ("kind=film", "language=fr", "level=first", "audience=politics", "network=gnlc", "q=film")
    assert [found(query) for query in queries] == [["Ein Film"]] * 6
    assert (found("q=libraries"), found("q=film&language=de")) == (["Ein Leitfaden"], [])


@pytest.mark.parametrize("rows", [1, 3])
def test_list_then_the_same_number_of_queries_for_one_row_as_for_three(client, rows, django_assert_num_queries):
    gnlc = a_network("gnlc")
    for number in range(rows):
        a_resource(str(number)).networks.add(gnlc)
    with django_assert_num_queries(5):
        assert client.get("/de/material/").status_code == 200


def test_material_by_a_coordinator_then_a_draft_until_published(client, coordinator):
    client.force_login(coordinator)
    values = {"title_de": "Modul eins", "why_de": "Weil.", "kind": "module", "level": "all", "audience": "staff",
              "languages": ["de"], "maker": "Haus", "url": "example.org/modul"}  # fmt: skip
    assert client.post("/de/material/new/", values | {"url": "javascript:alert(1)"}).status_code == 422
    assert client.post("/de/material/new/", values).status_code == 302
    resource = Resource.objects.get()
    assert (resource.url, resource.keeper) == ("https://example.org/modul", coordinator)
    assert "Modul eins" not in client.get("/de/material/").content.decode()
    client.post(reverse("exchange:resource_act", args=[resource.pk, "publish"]))
    client.logout()
    assert "Modul eins" in client.get("/de/material/").content.decode()


def test_links_when_the_operator_has_not_switched_it_on_then_nobody_is_asked(settings):
    asked: list[str] = []

    def ask(url: str) -> str:
        asked.append(url)
        return ""

    a_resource()
    keeping.check_links(Window(timezone.now(), timezone.now()), ask=ask)
    assert asked == []
    settings.CHECK_LINKS = True
    keeping.check_links(Window(timezone.now(), timezone.now()), ask=ask)
    assert asked == ["https://example.org/modul"]


def test_link_when_dead_on_two_days_then_its_keeper_gets_one_letter_and_sees_it(client, coordinator):
    resource = a_resource(keeper=coordinator)
    now = timezone.now()
    for day in (0, 1, 2):
        resource.refresh_from_db()
        keeping.note_answer(resource, now + datetime.timedelta(days=day), ask=lambda _url: "answer 404")
    assert Letter.objects.get(kind="resource_dead").to == coordinator
    client.force_login(coordinator)
    assert "status-error" in client.get("/de/material/keep/").content.decode()
    resource.refresh_from_db()
    keeping.note_answer(resource, now + datetime.timedelta(days=3), ask=lambda _url: "")
    assert "status-error" not in client.get("/de/material/keep/").content.decode()


class Host(http.server.BaseHTTPRequestHandler):
    """A host of its own: /ok answers, /moved leads there, /inner leads elsewhere, /no-head wants GET; else 404."""

    def do_HEAD(self) -> None:
        places = {"/moved": "/ok", "/inner": "http://10.0.0.1/"}
        codes = {"/ok": 200, "/no-head": 200 if self.command == "GET" else 405}
        self.send_response(302 if self.path in places else codes.get(self.path, 404))
        if self.path in places:
            self.send_header("Location", places[self.path])
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815 - as the library has it

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library has it
        pass


def test_address_then_asked_politely_and_never_inside_the_portals_own_network():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"http://127.0.0.1:{server.server_port}"
    try:
        found = {path: links.trouble_of(host + path, may_ask=lambda address: address.is_loopback)
                 for path in ("/ok", "/moved", "/no-head", "/gone", "/inner")}  # fmt: skip
        assert found == {"/ok": "", "/moved": "", "/no-head": "", "/gone": "answer 404",
                         "/inner": "not a public address"}  # fmt: skip
        assert links.trouble_of(host + "/ok") == "not a public address"
    finally:
        server.shutdown()
        server.server_close()
    for address in ("file:///etc/passwd", "http://[::1]/", "http://169.254.169.254/", "ftp://example.org/"):
        assert links.trouble_of(address) == "not a public address"
