"""Reviewing in a browser: accessible in both languages, light and dark, wide and narrow, and a whole review by keyboard
alone."""

import pytest
from playwright.sync_api import Page, expect

from applications.models import Assignment, Review
from applications.workflow import State
from tests.browser.test_accessibility import findings
from tests.browser.test_application import sign_in
from tests.browser.test_layout import TOO_WIDE
from tests.factories import a_city
from tests.factories_applications import a_call, a_coordinator, an_application
from tests.factories_reviewing import a_reviewer, an_assignment

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
Standing = Assignment.State


@pytest.fixture
def asked(live_server) -> Assignment:
    """Somebody is asked to review one application, has finished another one, and a colleague is in conflict."""
    call = a_call()
    case, other = (an_application(State.IN_REVIEW, call=call, city=a_city(slug)) for slug in ("bonn", "aachen"))
    rita = a_reviewer(call.network)
    a_reviewer(call.network, "Bela Befangen", cities=[case.city])
    an_assignment(other, rita, Standing.DONE)
    return an_assignment(case, rita, Standing.INVITED)


def test_reviewing_then_axe_finds_nothing_and_nothing_is_wider_than_the_window(open_page, live_server, asked):
    call, found = asked.application.call, list[str]()
    done = Assignment.objects.get(state=Standing.DONE)
    of_call, of_case = f"coordination/calls/{call.slug}/", f"coordination/applications/{done.application_id}/"
    pages = {
        asked.reviewer: ["reviews/", f"reviews/{asked.pk}/", f"reviews/{done.pk}/", "reviews/statement/"],
        a_coordinator(call.network): [
            f"{of_call}reviewers/", f"{of_call}reviewers/invite/", f"{of_call}reviews/", f"{of_call}reviews/propose/",
            f"{of_case}reviews/", f"{of_case}reviews/assign/", f"{of_case}conflict/",
        ],
    }  # fmt: skip
    for person, paths in pages.items():
        page = open_page(reduced_motion="reduce")
        sign_in(page, person, live_server.url)
        for path in paths:
            for language, size, scheme in (("de", WIDE, "light"), ("en", NARROW, "dark")):
                page.set_viewport_size(size)
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                page.goto(f"/{language}/{path}")
                found += [f"{language} {path}, {size['width']} {scheme}: {finding}" for finding in findings(page)]
            for width in (768, 320):
                page.set_viewport_size({"width": width, "height": 900})
                found += [f"{path} at {width}: {wide}" for wide in page.evaluate(TOO_WIDE)]
    assert not found, "\n".join(found)


def reach(page: Page, selector: str) -> None:
    """Tab until the element has the focus."""
    for _ in range(120):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def follow(page: Page) -> None:
    """Enter, and the page it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_review_by_keyboard_alone_then_taken_on_scored_and_finished(open_page, live_server, asked):
    page = open_page(may_fail=("status of 422",))
    sign_in(page, asked.reviewer, live_server.url)
    page.goto("/de/reviews/")
    reach(page, f"a[href$='/reviews/{asked.pk}/']")
    follow(page)
    reach(page, "input[name=free]")
    page.keyboard.press("Space")
    reach(page, "main button[type=submit]")
    follow(page)
    reach(page, "button[name=finish]")
    follow(page)  # nothing is scored yet: the page says so, and leads there
    expect(page.locator(".error-summary")).to_be_focused()
    reach(page, ".error-summary a")
    page.keyboard.press("Enter")
    reach(page, "input[name='score.planning']")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("Der Plan nennt Ziele und Zuständige.")
    reach(page, "button[name=finish]")
    follow(page)
    expect(page.locator(".message")).to_be_visible()
    review = Review.objects.get(assignment=asked)
    assert review.done_at
    assert review.scores.get().reason == "Der Plan nennt Ziele und Zuständige."
    assert review.scores.get().value is not None
