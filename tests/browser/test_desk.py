"""The coordination's pages in a browser: accessible in both languages, light and dark, wide and narrow, and worked by
keyboard alone."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from applications.actions import caring
from applications.actions.caring import Marked
from applications.case_filter import Column
from applications.models import Application, CheckMark, Comment
from applications.workflow import State
from tests.browser.test_accessibility import findings
from tests.browser.test_application import sign_in
from tests.browser.test_layout import TOO_WIDE
from tests.factories import a_city
from tests.factories_applications import a_call, a_coordinator, a_lead, an_application

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
DESK = "/de/coordination/"


@pytest.fixture
def case(live_server) -> Application:
    """A case with everything on its page, beside a second one."""
    call = a_call(forwards_at=timezone.now() + datetime.timedelta(days=40))
    case = an_application(State.SUBMITTED, call=call, city=a_city("bonn"))
    an_application(State.IN_REVIEW, call=call, city=a_city("aachen"))
    coordinator = a_coordinator(call.network)
    caring.note(case, "Am Telefon besprochen.", by=coordinator)
    caring.write_to_city(case, "Wie viele Lernorte sind es?", by=coordinator)
    caring.answer(case, "Es sind 41.", by=a_lead(case.city))
    caring.raise_flag(case, "Beschluss ansehen", owner=coordinator, due_on=timezone.localdate(), by=coordinator)
    caring.mark(case.submissions.get(), {"signed": Marked("faulty", "Der Stempel fehlt.", 0)}, by=coordinator)
    return case


def pages_of(case: Application) -> list[str]:
    one = f"{DESK}applications/{case.pk}/"
    flag = case.flags.get().pk
    return [
        DESK, f"{DESK}applications/", f"{DESK}applications/?q=gibtesnicht",
        f"{DESK}applications/?col=call&col=next&col=country&col=land&col=field&col=round&col=late&flags=yes",
        f"{DESK}applications/together/?act=message&all=1", one, f"{one}city/", f"{one}note/", f"{one}message/",
        f"{one}check/", f"{one}flags/", f"{one}flags/{flag}/", f"{one}endorsements/commission/", f"{one}return/",
    ]  # fmt: skip


def test_desk_then_axe_finds_nothing_and_nothing_is_wider_than_the_window(open_page, live_server, case):
    page = open_page(reduced_motion="reduce")
    sign_in(page, a_coordinator(case.call.network), live_server.url)
    found: list[str] = []
    for path in pages_of(case):
        for language in ("de", "en"):
            page.goto(path.replace("/de/", f"/{language}/", 1))
            for size, scheme in ((WIDE, "light"), (NARROW, "dark")):
                page.set_viewport_size(size)
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                found += [f"{language} {path}, {size['width']} {scheme}: {finding}" for finding in findings(page)]
        for width in (768, 320):
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{path} at {width}: {wide}" for wide in page.evaluate(TOO_WIDE)]
    assert not found, "\n".join(found)


def test_list_with_all_its_columns_then_the_table_scrolls_and_the_page_does_not(open_page, live_server, case):
    page = open_page(reduced_motion="reduce")
    sign_in(page, a_coordinator(case.call.network), live_server.url)
    page.goto(f"{DESK}applications/?{'&'.join(f'col={column}' for column in Column)}")
    for width in (1440, 1024, 768, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(TOO_WIDE) == [], width
    # Stacked, where nothing is scrolled out of sight, axe sees every column.
    assert findings(page) == []


def test_desk_by_keyboard_alone_then_ticked_previewed_confirmed_and_the_check_saved(open_page, live_server, case):
    page = open_page(may_fail=("status of 422",))
    sign_in(page, a_coordinator(case.call.network), live_server.url)
    page.goto(f"{DESK}applications/")
    tick = page.locator(f"input[name=case][value='{case.pk}']")
    tick.focus()
    page.keyboard.press("Space")
    page.locator("button[value=message]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#taken")).to_contain_text("1")
    assert (
        Comment.objects.filter(kind=Comment.Kind.TO_CITY).count() == 1
    )  # the one that was there: a preview does nothing
    page.locator("[name=text]").focus()
    page.keyboard.type("Die Jury tagt am Montag.")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert Comment.objects.filter(text="Die Jury tagt am Montag.").count() == 1
    page.goto(f"{DESK}applications/{case.pk}/")
    page.locator("input[name='verdict.signed'][value=faulty]").focus()
    page.keyboard.press("ArrowUp")
    page.locator("button[name=only][value=signed]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert CheckMark.objects.get().verdict == CheckMark.Verdict.FINE
