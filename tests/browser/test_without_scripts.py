"""All that matters works without JavaScript."""

import pytest
from playwright.sync_api import expect

from network.models import BarrierReport
from tests.browser.pages import _portal  # noqa: F401 - the data of the portal

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def plain(open_page):
    """A wide page without scripts."""
    return open_page(java_script_enabled=False, viewport=WIDE)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_filters(open_page, viewport):
    page = open_page(java_script_enabled=False, viewport=viewport)
    page.goto("/de/cities/?sort=population")
    if viewport is NARROW:
        page.locator(".filter-panel > summary").click()
    page.locator("label.option:has(input[name=network][value=uccn])").click()
    page.locator("label.option:has(input[name=region][value=europe])").click()
    page.locator("form.facets [type=submit]").click()
    page.wait_for_url("**network=uccn**")
    assert "region=europe" in page.url
    assert "sort=population" in page.url
    expect(page.locator(".chips .chip")).to_have_count(2)
    expect(page.locator("ul.results > li.row")).to_have_count(24)
    page.locator(".chips .chip").first.click()
    expect(page.locator(".chips .chip")).to_have_count(1)


def test_search_pages_and_views(plain):
    plain.goto("/de/cities/")
    first = plain.locator("ul.results .row-name").first.inner_text()
    plain.locator("nav.pages a[rel=next]").click()
    plain.wait_for_url("**page=2")
    assert plain.locator("ul.results .row-name").first.inner_text() != first
    plain.locator("#q").fill("münchen")
    plain.locator("form.search [type=submit]").click()
    plain.wait_for_url("**q=m**")
    plain.goto("/de/cities/?country=DE")
    plain.locator(".view-switch a[href*='view=table']").click()
    rows = plain.locator("table.table-list tbody tr").count()
    assert rows > 1
    plain.locator(".view-switch a[href*='view=map']").click()
    expect(plain.locator("[data-map] svg.map")).to_be_visible()
    expect(plain.locator("[data-map] svg.map path.mark").first).to_be_attached()
    expect(plain.locator(".dir-side li.row")).to_have_count(rows)


def test_the_menu(open_page):
    page = open_page(java_script_enabled=False, viewport=NARROW)
    page.goto("/de/")
    expect(page.locator(".menu > nav")).to_be_hidden()
    page.locator(".menu > summary").click()
    expect(page.locator(".menu > nav")).to_be_visible()
    page.locator(".menu > nav a[href='/de/networks/']").click()
    page.wait_for_url("**/de/networks/")


def test_the_report_of_a_barrier(plain):
    plain.goto("/de/cities/")
    plain.locator("footer a[href*='/barrier/']").click()
    expect(plain.locator("[name=page]")).to_have_value("/de/cities/")
    plain.locator("[name=text]").fill("Die Karte lässt sich nicht bedienen.")
    plain.locator("main form.form [type=submit]").click()
    plain.wait_for_url("**/barrier/*/")
    assert BarrierReport.objects.get().text == "Die Karte lässt sich nicht bedienen."
    expect(plain.locator("h1")).to_be_visible()
