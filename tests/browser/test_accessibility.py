"""axe-core on every public page, in both languages, in light and dark, wide and narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import LANGUAGES, PAGES, _portal, visit  # noqa: F401 - the data of the portal

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations", "incomplete"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations", "incomplete"]}
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def findings(page, where, options):
    """All violations, and contrasts that axe could not work out: text on the same colour is found only there."""
    result = Axe().run(page, options=options).response
    found = [(rule, node) for rule in result["violations"] for node in rule["nodes"]]
    found += [(rule, node) for rule in result["incomplete"] if rule["id"] == "color-contrast" for node in rule["nodes"]]
    return [f"{where}: {rule['id']}: {node['target'][-1]}: {node['failureSummary']}" for rule, node in found]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("public", PAGES, ids=str)
def test_axe_finds_nothing(open_page, public, language):
    """Width and colours change what the page looks like, not what it is: one visit does for all four."""
    page = open_page(may_fail=(f"status of {public.status}",), reduced_motion="reduce", viewport=WIDE)
    visit(page, public, language)
    found = findings(page, "wide, light", ALL)
    page.emulate_media(color_scheme="dark")
    found += findings(page, "wide, dark", COLOURS)
    page.set_viewport_size(NARROW)
    found += findings(page, "narrow, dark", ALL)
    page.emulate_media(color_scheme="light")
    found += findings(page, "narrow, light", COLOURS)
    assert not found, "\n".join(found)
