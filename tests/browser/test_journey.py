"""A reader's way through the portal, with a mouse, with the keyboard, and as somebody with an office."""

import csv
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.pages import LANGUAGES, PASSWORD, _portal  # noqa: F401 - the data of the portal

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
COUNT = re.compile(r"\d+")


def asked(page):
    return parse_qs(urlsplit(page.url).query)


def found(page):
    count = COUNT.search(page.locator("#count").inner_text())
    assert count
    return int(count[0])


def focus(page):
    """What has the focus: tag, name and whether one sees it there."""
    return page.evaluate("""() => {
      const one = document.activeElement;
      const style = getComputedStyle(one);
      const drawn = ({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
      const frame = one.closest(".search, .kern-form-input");  // a field in a frame lights the frame up
      const outlined = drawn(style) || (frame !== null && drawn(getComputedStyle(frame)));
      const box = one.getBoundingClientRect();
      return { tag: one.tagName, name: one.getAttribute("name"), html: one.outerHTML.slice(0, 160),
               seen: outlined && box.width > 0 && box.height > 0 };
    }""")


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_home_page_to_a_city_and_its_data(open_page, language):
    page = open_page(viewport=WIDE)
    page.goto(f"/{language}/")
    page.locator(f".legend a[href='/{language}/networks/gnlc/']").click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("section[aria-labelledby=joining] ol.steps > li")).to_have_count(4)

    page.locator("dl.stats a[href*='network=gnlc']").click()
    of_network = found(page)
    page.locator("details.facet:has(input[name=country]) > summary").click()
    page.locator("details.facet:has(input[name=country]) .facet-more").click()
    page.locator("label.option:has(input[name=country][value=DE])").click()
    page.wait_for_url("**country=DE**")
    assert asked(page) == {"network": ["gnlc"], "country": ["DE"]}
    german = found(page)
    assert 0 < german < of_network
    expect(page.locator("ul.results > li.row")).to_have_count(german)

    page.locator(".view-switch a[href*='view=map']").click()
    page.wait_for_selector("[data-map=live]")
    page.locator(".leaflet-control-zoom-in").focus()
    scale = page.evaluate("() => document.querySelector('.leaflet-overlay-pane canvas').toDataURL().length")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.querySelector('.leaflet-overlay-pane canvas').toDataURL().length") != scale
    page.locator(".leaflet-control-zoom-out").focus()
    page.keyboard.press("Enter")
    marker = page.locator(".leaflet-marker-pane :not(.map-outside) > a.map-mark").first
    city = urlsplit(marker.get_attribute("href")).path
    marker.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{city}")

    other = "en" if language == "de" else "de"
    page.locator(f".languages a[lang={other}]").click()
    page.wait_for_url(f"**/{other}/{city.removeprefix(f'/{language}/')}")
    expect(page.locator("html")).to_have_attribute("lang", other)

    page.locator(".crumbs a[href*='country=DE']").click()
    page.wait_for_url("**country=DE**")
    with page.expect_download() as download:
        page.locator(".exports a[href*='format=csv']").click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == found(page)
    assert {row["country"] for row in rows} == {"DE"}
    assert city.rstrip("/").rpartition("/")[2] in {row["slug"] for row in rows}


def test_the_language_switch_keeps_the_filters(page):
    page.goto("/de/cities/?network=uccn&region=europe")
    number = found(page)
    page.locator(".languages a[lang=en]").click()
    page.wait_for_url("**/en/cities/**")
    assert asked(page) == {"network": ["uccn"], "region": ["europe"]}
    assert found(page) == number


def test_a_search_forgives_a_misspelt_name(page):
    page.goto("/de/")
    page.locator("#q").fill("hamburk")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=hamburk**")
    expect(page.locator("ul.results .row-name a").first).to_have_text("Hamburg")


@pytest.mark.parametrize(
    "path", ["/", "/cities/", "/cities/?view=map&country=DE", "/cities/hamburg/", "/networks/gnlc/"]
)
def test_the_keyboard_reaches_all_and_one_sees_where(open_page, path):
    page = open_page(viewport=WIDE, reduced_motion="reduce")
    page.goto(f"/de{path}")
    if "map" in path:
        page.wait_for_selector("[data-map=live]")
    page.keyboard.press("Tab")
    first = focus(page)
    assert 'class="skip"' in first["html"]
    assert first["seen"]
    unseen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        here = focus(page)
        if here["tag"] == "BODY":
            break
        if not here["seen"]:
            unseen.append(here["html"])
    assert not unseen, "\n".join(unseen)


def test_the_skip_link_leads_to_the_content(page):
    page.goto("/de/cities/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_facets_by_keyboard(open_page):
    page = open_page(viewport=WIDE)
    page.goto("/de/cities/")
    for _ in range(40):
        page.keyboard.press("Tab")
        if focus(page)["name"] == "network":
            break
    assert focus(page)["name"] == "network"
    with page.expect_navigation():
        page.keyboard.press("Space")
    assert list(asked(page)) == ["network"]


def test_the_menu_by_keyboard(open_page):
    page = open_page(viewport=NARROW)
    page.goto("/de/")
    summary, menu = page.locator(".menu > summary"), page.locator(".menu > nav")
    summary.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.menu nav') !== null")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(summary).to_be_focused()


@pytest.mark.parametrize(
    ("email", "desk"),
    [("coordinator@gnlc.example", True), ("operator@portal.example", True), ("editor@city.example", False)],
)
def test_signing_in_and_out(open_page, email, desk):
    page = open_page(viewport=WIDE)
    page.goto("/de/")
    page.locator(".head-end a[href='/de/sign-in/']").click()
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main [type=submit]").first.click()
    page.wait_for_url("**/my-desk/")
    page.locator(".person-menu summary").click()
    link = page.locator(".person-menu a[href='/de/desk/']")
    expect(link).to_have_count(int(desk))
    if desk:
        link.click()
        page.wait_for_url("**/desk/")
        expect(page.locator("h1").first).to_be_visible()
        page.goto("/de/desk/network/network/")
        expect(page.locator("#result_list tbody tr").first).to_be_visible()
        page.locator("#result_list tbody th a").first.click()
        expect(page.locator("form [name=_save]").first).to_be_visible()
        page.goto("/de/")
        page.locator(".person-menu summary").click()
    page.locator(".person-menu button").click()
    expect(page.locator(".head-end a[href='/de/sign-in/']")).to_be_visible()


def test_an_error_in_a_form_is_where_the_reader_is(open_page):
    page = open_page(may_fail=("status of 422",))
    page.goto("/de/barrier/")
    page.locator("main form.form [type=submit]").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.locator("a").first.click()
    expect(page.locator("[name=text]")).to_be_focused()
