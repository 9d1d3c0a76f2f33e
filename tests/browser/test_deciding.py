"""Deciding by keyboard alone: one person prepares an outcome, another reads the list and releases it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from applications.models import Application, Outcome
from applications.workflow import Action, State
from tests.browser.test_application import sign_in
from tests.browser.test_reviewing import follow, reach
from tests.factories import a_city
from tests.factories_applications import a_call, a_coordinator, a_second_coordinator, an_application

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_decision_by_keyboard_alone_then_prepared_by_one_and_released_by_another(open_page: Any, live_server: Any):
    case = an_application(State.IN_REVIEW, call=a_call("runde"), city=a_city("bonn"))
    network, decisions = case.call.network, "/de/coordination/calls/runde/decisions/"
    first, second = open_page(may_fail=("status of 422",)), open_page()
    sign_in(first, a_coordinator(network), live_server.url)
    sign_in(second, a_second_coordinator(network), live_server.url)

    first.goto(decisions)
    reach(first, f"a[href$='/decisions/{case.pk}/']")
    follow(first)
    reach(first, "input[name=action]")
    first.keyboard.press("Space")
    reach(first, "[name=reason_de]")
    first.keyboard.type("Der Plan trägt.")
    reach(first, "main form button.kern-btn--primary")
    follow(first)  # the other language and the quorum are missing: what was typed stays
    expect(first.locator(".error-summary")).to_be_focused()
    expect(first.locator("[name=reason_de]")).to_have_value("Der Plan trägt.")
    for name, words in (("reason_en", "The plan holds."), ("without_quorum", "Es eilt.")):
        reach(first, f"[name={name}]")
        first.keyboard.type(words)
    reach(first, "main form button.kern-btn--primary")
    follow(first)
    assert Outcome.objects.get().action == Action.ENDORSE
    assert Application.objects.get().state == State.IN_REVIEW

    second.goto(decisions)
    reach(second, "a[href$='/decisions/release/']")
    follow(second)
    expect(second.locator(".outcome-sheet")).to_contain_text("Der Plan trägt.")
    reach(second, "input[name=when][value=now]")
    second.keyboard.press("Space")
    reach(second, "#release button.kern-btn--primary")
    follow(second)
    assert Application.objects.get().state == State.ENDORSED
