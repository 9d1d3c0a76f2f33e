"""axe-core on every public page, in both languages, in light and dark, wide and narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.pages import PAGES, _portal, visit  # noqa: F401 - the data of the portal

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "resultTypes": ["violations", "incomplete"],
    "preload": False,
}
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def findings(page):
    """All violations, and contrasts that axe could not work out: text on the same colour is found only there."""
    result = Axe().run(page, options=OPTIONS).response
    unclear = [rule for rule in result["incomplete"] if rule["id"] == "color-contrast"]
    return [
        f"{rule['id']}: {node['target'][-1]}: {' '.join(node['failureSummary'].split())}"
        for rule in [*result["violations"], *unclear]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(
    ("language", "looks"),
    [("de", [(WIDE, "light"), (NARROW, "dark")]), ("en", [(WIDE, "dark"), (NARROW, "light")])],
    ids=["de", "en"],
)
def test_axe_finds_nothing(open_page, language, looks):
    """Width and colours change how a page looks, not what it is: one visit does for two of them."""
    page = open_page(may_fail=("status of 404", "status of 422"), reduced_motion="reduce")
    found = []
    for public in PAGES:
        if problem := visit(page, public, language):
            found.append(problem)
            continue
        for size, scheme in looks:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{language} {public}, {size['width']} {scheme}: {finding}" for finding in findings(page)]
    assert not found, "\n".join(found)
