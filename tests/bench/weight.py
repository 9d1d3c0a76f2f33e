"""What a first visit weighs in a real Chromium with an empty cache, and whether the page needs its scripts."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

import brotli
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import FLAGS, find

KINDS = ("html", "css", "js", "font", "image", "data")
BROTLI_OF_PROXIES = 5  # the usual quality for what is compressed on the way
PROXY = {"X-Forwarded-Proto": "https"}
# name, path, most requests, most kB, words that must be there without scripts
VISITS = [
    ("directory, list", "/de/cities/", 15, 120, "ul.results li.row"),
    ("directory, map view", "/de/cities/?view=map", 15, 250, "[data-map] svg.map path.mark"),
    ("home", "/de/", 15, None, "svg.map path.mark"),
    ("city", "/de/cities/buenos-aires/", 15, None, "dl.facts"),
    ("network", "/de/networks/gnlc/", 15, None, "ol.steps li"),
]


@dataclass
class Visit:
    """Bytes on the wire by kind; and the part of them that a proxy compresses, as sent and as compressed by it."""

    name: str
    requests: int
    bytes: Counter[str]
    plain: int
    compressed: int
    most_requests: int
    most_kb: int | None
    usable: bool

    @property
    def total(self) -> int:
        return self.bytes.total() - self.plain + self.compressed

    @property
    def verdict(self) -> str:
        fits = self.requests <= self.most_requests and (self.most_kb is None or self.total <= self.most_kb * 1000)
        return "ok" if fits and self.usable else "over"


def kind(mime: str) -> str:
    for part, name in {"html": "html", "css": "css", "javascript": "js", "font": "font", "image": "image"}.items():
        if part in mime:
            return name
    return "data"


def _visit(browser: Browser, site: str, path: str) -> tuple[int, Counter[str], list[str]]:
    """Number of requests, bytes by kind, and the addresses whose answers came from a view, uncompressed."""
    context = browser.new_context(extra_http_headers=PROXY, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    kinds: dict[str, str] = {}
    weights: Counter[str] = Counter()
    views: list[str] = []
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")

    def answered(said: dict[str, Any]) -> None:
        answer = said["response"]
        kinds[said["requestId"]] = kind(answer["mimeType"])
        if kinds[said["requestId"]] in {"html", "data"}:
            views.append(answer["url"])

    wire.on("Network.responseReceived", answered)
    wire.on(
        "Network.loadingFinished",
        lambda said: weights.update({kinds.get(said["requestId"], "data"): int(said["encodedDataLength"])}),
    )
    page.goto(site + path, wait_until="networkidle")
    if page.locator("[data-map]").count():
        page.wait_for_selector("[data-map=live]")
    context.close()
    return len(kinds), weights, views


def _compressed(address: str) -> tuple[int, int]:
    with urlopen(Request(address, headers=PROXY)) as answer:  # noqa: S310 - our own server
        body = answer.read()
    return len(body), len(brotli.compress(body, quality=BROTLI_OF_PROXIES))


def _is_usable(browser: Browser, site: str, path: str, part: str) -> bool:
    context = browser.new_context(extra_http_headers=PROXY, java_script_enabled=False)
    page = context.new_page()
    page.goto(site + path)
    usable = page.locator("h1").is_visible() and page.locator(part).count() > 0
    context.close()
    return usable


def weigh(site: str) -> list[Visit]:
    """Empty where there is no Chromium."""
    program = find()
    if program is None:
        return []
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for name, path, most_requests, most_kb, part in VISITS:
            number, weights, views = _visit(browser, site, path)
            sizes = [_compressed(address) for address in views]
            plain, small = sum(size for size, _ in sizes), sum(size for _, size in sizes)
            usable = _is_usable(browser, site, path, part)
            found.append(Visit(name, number, weights, plain, small, most_requests, most_kb, usable))
        browser.close()
    return found
