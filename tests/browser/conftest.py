"""A real Chromium, which fails a test on any error in its console and on any request to another host."""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.chromium import FLAGS

TIMEOUT = 10_000  # milliseconds


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One browser for all tests; each test has contexts of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _whitenoise_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    """The live server leaves static files to the portal itself, as in production: hashed names, headers and all."""
    monkeypatch.setattr(StaticFilesHandler, "_should_handle", lambda *_: False)


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Makes pages: `open_page(java_script_enabled=False)`, `open_page(color_scheme="dark")` and so on.

    `may_fail` are parts of console messages that the test expects (a page that is not there).
    """
    contexts, complaints = [], []

    def make(*, may_fail: tuple[str, ...] = (), **options: Any) -> Page:
        context = browser.new_context(**{"base_url": live_server.url, "locale": "de-DE"} | options)
        context.set_default_timeout(TIMEOUT)
        contexts.append(context)

        def complain(kind: str, text: str) -> None:
            if not any(part in text for part in may_fail):
                complaints.append(f"{kind}: {text}")

        def hear(said: ConsoleMessage) -> None:
            if said.type in {"error", "warning"}:
                complain(said.type, f"{said.text} ({said.location['url']})")

        def watch(page: Page) -> None:
            page.on("console", hear)
            page.on("pageerror", lambda error: complain("script", f"{error} ({page.url})"))

        def hold_back(route: Any) -> None:
            complaints.append(f"request to another host: {route.request.url}")
            route.abort()

        own = urlsplit(live_server.url).netloc
        context.route(lambda url: urlsplit(url).scheme in {"http", "https"} and urlsplit(url).netloc != own, hold_back)
        context.on("page", watch)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    _answer_what_was_asked()
    assert complaints == []


def _answer_what_was_asked() -> None:
    """Wait for requests still being answered: they hold rows of the database that is emptied next."""
    for thread in threading.enumerate():
        if thread.name.endswith("(process_request_thread)"):
            thread.join(TIMEOUT / 1000)
            assert not thread.is_alive(), "a request of a closed page is still being answered"


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page in a German browser with nothing changed."""
    return open_page()
