"""Preparing a call by keyboard alone and without scripts; its pages pass axe, wide and narrow."""

import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from applications.models import Call
from applications.pack import Pack
from applications.preparation import Preparation
from tests.browser.test_accessibility import findings
from tests.factories_applications import a_call, a_coordinator, a_pack_version

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 320, "height": 700}
MOST_TABS = 80


@pytest.fixture
def last_round(live_server) -> Call:
    """One that is over, by whose coordinator the next is made."""
    now = timezone.now()
    day = datetime.timedelta(days=1)
    return a_call("runde", pack=a_pack_version(), opens_at=now - 90 * day, closes_at=now - 30 * day)


def of_coordination(open_page, live_server, call: Call, **options: object) -> Page:
    client = Client()
    client.force_login(a_coordinator(call.network))
    page: Page = open_page(**options)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return page


def go_to(page: Page, name: str) -> None:
    """Tabs on until what has the focus is called so."""
    for _tab in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and name in (focused.evaluate(NAME) or ""):
            return
    raise AssertionError(f"no tab leads to {name}")


NAME = """one => [one.labels && one.labels.length ? one.labels[0].innerText : '', one.innerText, one.name].join(' ')"""


def pack_of(call: Call) -> Pack:
    return Preparation(Call.objects.get(pk=call.pk)).pack


def test_call_by_keyboard_alone_from_the_last_round_to_published(open_page, live_server, last_round):
    page = of_coordination(open_page, live_server, last_round, java_script_enabled=False)
    page.goto("/en/coordination/calls/")
    go_to(page, "Make a call")
    page.keyboard.press("Enter")
    go_to(page, "source")
    page.keyboard.press("Space")
    go_to(page, "Make the call")
    page.keyboard.press("Enter")
    go_to(page, "These dates are right")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    call = Call.objects.exclude(pk=last_round.pk).get()
    expect(page).to_have_url(f"{live_server.url}/en/coordination/calls/{call.slug}/")
    call.refresh_from_db()
    assert call.dates_confirmed_at

    go_to(page, "Edit questions, criteria and rules")
    page.keyboard.press("Enter")
    go_to(page, "Plan")
    page.keyboard.press("Enter")
    go_to(page, "Is there a plan?")
    page.keyboard.press("Enter")
    go_to(page, "label_en")
    page.keyboard.press("Control+A")
    page.keyboard.type("Has your city got a plan?")
    go_to(page, "Save")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert pack_of(call).questions["has_plan"].label.en == "Has your city got a plan?"
    go_to(page, "Move down: Yes")
    page.keyboard.press("Enter")
    page.wait_for_url("**#yes")
    assert [choice.key for choice in pack_of(call).questions["has_plan"].choices] == ["no", "yes"]

    page.goto(f"/en/coordination/calls/{call.slug}/")
    go_to(page, "Publish")
    page.keyboard.press("Enter")
    go_to(page, "Publish the call")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The call is published.")
    assert Call.objects.published().filter(pk=call.pk).exists()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_of_the_editor_then_axe_finds_nothing_and_nothing_sticks_out(open_page, live_server, last_round, size):
    page = of_coordination(open_page, live_server, last_round, viewport=size)
    Call.objects.update(published_at=timezone.now())
    plan = "steps/apply/sections/plan"
    addresses = [reverse("editor:list"), reverse("editor:new")]
    addresses += [
        reverse(f"editor:{name}", args=["runde"]) for name in ("call", "contents", "texts", "preview", "changes")
    ]
    addresses += [
        reverse("editor:part", args=["runde", plan]),
        reverse("editor:part", args=["runde", f"{plan}/questions/has_plan"]),
        reverse("editor:part", args=["runde", "criteria/planning"]),
        reverse("editor:listed", args=["runde", "readiness"]),
        reverse("editor:preview_section", args=["runde", "plan"]),
    ]
    for address in addresses:
        page.goto(address)
        assert findings(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address
