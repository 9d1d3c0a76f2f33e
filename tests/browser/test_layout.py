"""Every public page fits every width, and says what it is to programs that read it."""

import json

import pytest

from tests.browser.pages import LANGUAGES, PAGES, _portal, visit  # noqa: F401 - the data of the portal

WIDTHS = (1440, 768, 320)
TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > wide + 1)
    .slice(0, 5)
    .map((one) => `${one.tagName.toLowerCase()}.${one.getAttribute("class") || ""}`);
}"""


def test_no_page_is_wider_than_its_window(open_page):
    """In German, whose words are the longer ones."""
    page = open_page(may_fail=("status of 404", "status of 422"), reduced_motion="reduce")
    found: list[str] = []
    for public in PAGES:
        found += filter(None, [visit(page, public)])
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if wide := page.evaluate(TOO_WIDE):
                found.append(f"{public} at {width}: {', '.join(wide)}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_city_tells_programs_what_and_where_it_is(page, language):
    page.goto(f"/{language}/cities/buenos-aires/")
    texts = page.locator("script[type='application/ld+json']").all_inner_texts()
    data = json.loads(texts[0])
    assert len(texts) == 1
    assert data["@type"] == "City"
    assert data["name"] == "Buenos Aires"
    assert -35 < float(data["geo"]["latitude"]) < -34
