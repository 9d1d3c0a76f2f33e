"""An application in a browser: nothing typed is lost, nobody overwritten, all of it also without scripts."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import expect

from applications.actions.calls import keep_pack
from applications.actions.drafting import save_answers, start
from applications.actions.moving import perform
from applications.models import Application, Document, Presence
from applications.pack import Kind
from applications.workflow import Action, State
from tests.applications.sample_pack import sample
from tests.browser.test_accessibility import findings
from tests.factories import a_city, a_field
from tests.factories_applications import (
    a_call,
    a_lead,
    a_network_of,
    a_pack_version,
    a_pdf,
    a_right_answer,
    an_application,
    an_editor,
)

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 320, "height": 700}
SAVED = re.compile("Gespeichert um|Saved at")
NOT_SAVED = re.compile("Nicht gespeichert:|Not saved:")
OFFLINE = ("ERR_INTERNET_DISCONNECTED", "Failed to load resource")
WORDS = json.loads(Path("tests/applications/words.json").read_text(encoding="utf-8"))


@pytest.fixture
def application(live_server) -> Application:
    """A draft, with Anna Berg as lead and Jonas Wiegand in the team of its city."""
    city = a_city("musterstadt")
    lead = a_lead(city)
    lead.name = "Anna Berg"
    lead.save()
    an_editor(city, "Jonas Wiegand")
    return an_application(call=a_call("runde", pack=a_pack_version()), city=city)


@pytest.fixture
def signed_in(open_page, live_server):
    """Makes a page of somebody who is signed in: `signed_in(person, …)` with what open_page takes."""

    def make(person, **options):
        page = open_page(**options)
        sign_in(page, person, live_server.url)
        return page

    return make


def sign_in(page, person, url):
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}])


def colleague(application):
    return application.city.team.get(role="editor").user


def path(application, section="plan", language="de"):
    return f"/{language}/applications/{application.pk}/{section}/"


def stored(application):
    return dict(application.answers.values_list("question", "value"))


def vision(page):
    return page.locator("[name='q.vision']")


def status(page):
    return page.locator("[data-status]")


# --- saved while one writes


def test_text_is_saved_while_one_writes_and_the_page_says_when(application, signed_in):
    page = signed_in(application.started_by)
    page.goto(path(application))
    vision(page).press_sequentially("Lernen für alle.")
    expect(status(page)).to_have_text(SAVED)
    assert stored(application) == {"vision": "Lernen für alle."}
    page.reload()
    expect(vision(page)).to_have_value("Lernen für alle.")


def test_button_saves_what_was_not_saved_yet(application, signed_in):
    page = signed_in(application.started_by)
    page.goto(path(application))
    vision(page).fill("Sofort.")
    page.get_by_role("button", name=re.compile("^(Speichern und|Save and)")).first.click()
    page.wait_for_url("**/people/")
    assert stored(application) == {"vision": "Sofort."}
    assert application.versions.count() == 1


def test_wrong_value_is_named_after_one_has_left_the_field_and_no_earlier(application, signed_in):
    page = signed_in(application.started_by)
    page.goto(path(application))
    vision(page).fill("viel " * 21)
    expect(status(page)).to_have_text(SAVED)
    wrong = page.locator("[id='q.vision.wrong']")
    expect(wrong).to_be_hidden()
    page.locator("[name='q.has_plan']").first.focus()
    expect(wrong).to_be_visible()
    vision(page).fill("wenig")
    expect(status(page)).to_have_text(SAVED)
    page.locator("[name='q.has_plan']").first.focus()
    expect(wrong).to_be_hidden()


# --- nothing is lost


def test_without_connection_the_text_stays_and_is_saved_when_it_is_back(application, signed_in):
    page = signed_in(application.started_by, may_fail=OFFLINE)
    page.goto(path(application))
    page.context.set_offline(True)
    vision(page).fill("Ohne Netz geschrieben.")
    expect(status(page)).to_have_text(NOT_SAVED)
    page.locator("button[value=stay].text-button").click()
    expect(vision(page)).to_have_value("Ohne Netz geschrieben.")
    assert stored(application) == {}
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    assert stored(application) == {"vision": "Ohne Netz geschrieben."}


def test_text_that_was_never_saved_is_offered_again_beside_the_stored_one(application, signed_in):
    person = application.started_by
    page = signed_in(person, may_fail=OFFLINE)
    page.goto(path(application))
    page.context.set_offline(True)
    vision(page).fill("Nie gesendet.")
    expect(status(page)).to_have_text(NOT_SAVED)
    page.close()
    save_answers(application, {"vision": "Inzwischen gespeichert."}, seen={}, by=person)
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(path(application))
    kept = again.locator(".question .kept")
    expect(kept).to_contain_text("Nie gesendet.")
    expect(kept).to_contain_text("Inzwischen gespeichert.")
    expect(vision(again)).to_have_value("Inzwischen gespeichert.")
    kept.locator("button").first.click()
    expect(vision(again)).to_have_value("Nie gesendet.")
    expect(status(again)).to_have_text(SAVED)
    assert stored(application) == {"vision": "Nie gesendet."}
    again.reload()
    expect(again.locator(".question .kept")).to_have_count(0)


def test_text_that_was_never_saved_is_shown_even_when_the_application_was_closed_meanwhile(application, signed_in):
    page = signed_in(application.started_by, may_fail=OFFLINE)
    page.goto(path(application))
    page.context.set_offline(True)
    vision(page).fill("Nie gesendet.")
    expect(status(page)).to_have_text(NOT_SAVED)
    page.close()
    perform(application, Action.WITHDRAW, by=application.started_by, note="Zu früh.")
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(path(application))
    expect(again.locator(".kept")).to_contain_text("Nie gesendet.")
    expect(again.locator(".kept")).to_contain_text("Vision")
    again.reload()
    expect(again.locator(".kept")).to_contain_text("Nie gesendet.")
    again.locator(".kept button").click()
    again.reload()
    expect(again.locator("[data-store]")).to_be_hidden()
    assert stored(application) == {}


def test_when_the_session_has_ended_the_text_stays_and_signing_in_elsewhere_saves_it(
    application, signed_in, live_server
):
    page = signed_in(application.started_by, may_fail=("status of 401", "status of 403"))
    page.goto(path(application))
    Session.objects.all().delete()
    vision(page).fill("Nach Stunden geschrieben.")
    expect(status(page)).to_have_text(re.compile("abgemeldet|signed out"))
    expect(page.locator("[data-sign-in-line] a")).to_have_attribute("target", "_blank")
    expect(vision(page)).to_have_value("Nach Stunden geschrieben.")
    sign_in(page, application.started_by, live_server.url)
    page.context.clear_cookies(name="csrftoken")  # signing in makes a new one
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(status(page)).to_have_text(SAVED)
    assert stored(application) == {"vision": "Nach Stunden geschrieben."}


def test_when_the_server_is_down_for_a_while_the_text_stays_and_is_saved_later(application, signed_in):
    page = signed_in(application.started_by, may_fail=("status of 502",))
    page.goto(path(application))
    page.route(f"**{path(application)}", lambda route: route.fulfill(status=502, body="Bad gateway"))
    vision(page).fill("Während des Neustarts.")
    expect(status(page)).to_have_text(NOT_SAVED)
    page.unroute(f"**{path(application)}")
    expect(status(page)).to_have_text(SAVED, timeout=15_000)
    assert stored(application) == {"vision": "Während des Neustarts."}


def test_when_only_the_receipt_is_lost_ones_own_text_is_no_clash(application, signed_in):
    page = signed_in(application.started_by, may_fail=("ERR_FAILED", "Failed to load resource"))
    page.goto(path(application))

    def swallow(route):
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(f"**{path(application)}", swallow)
    vision(page).fill("Eins.")
    expect(status(page)).to_have_text(NOT_SAVED)
    assert stored(application) == {"vision": "Eins."}
    page.unroute(f"**{path(application)}")
    vision(page).fill("Eins und zwei.")
    expect(status(page)).to_have_text(SAVED)
    assert stored(application) == {"vision": "Eins und zwei."}
    expect(page.locator(".clash")).to_have_count(0)


def test_leaving_with_unsaved_text_asks_first_and_without_it_does_not(application, signed_in):
    page = signed_in(application.started_by, may_fail=OFFLINE)
    asked: list[str] = []

    def leave(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(path(application))
    vision(page).press_sequentially("Gespeichert.")
    expect(status(page)).to_have_text(SAVED)
    page.goto(path(application))
    assert asked == []
    page.context.set_offline(True)
    vision(page).press_sequentially(" Nicht gespeichert.")
    expect(status(page)).to_have_text(NOT_SAVED)
    page.context.set_offline(False)
    page.goto("/de/")
    assert asked == ["beforeunload"]


def test_signing_out_forgets_what_the_browser_has_kept(application, signed_in):
    page = signed_in(application.started_by, viewport=WIDE, may_fail=OFFLINE)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(path(application))
    page.evaluate("localStorage.setItem('draft:1:plan:1', JSON.stringify({ at: Date.now(), kept: {} }))")
    page.evaluate("localStorage.setItem('other', 'stays')")
    page.goto("/de/")
    assert page.evaluate("localStorage.getItem('draft:1:plan:1')") is not None
    page.locator(".person-menu > summary").click()
    page.locator(".person-menu form[action$='/sign-out/'] button").click()
    page.wait_for_load_state()
    assert page.evaluate("localStorage.getItem('draft:1:plan:1')") is None
    assert page.evaluate("localStorage.getItem('other')") == "stays"


def test_kept_text_goes_after_a_week(application, signed_in):
    page = signed_in(application.started_by)
    page.goto("/de/")
    page.evaluate("localStorage.setItem('draft:9:a:9', JSON.stringify({ at: Date.now() - 8 * 24 * 3600e3, kept: {} }))")
    page.goto("/de/")
    assert page.evaluate("localStorage.getItem('draft:9:a:9')") is None


# --- two people


def test_two_people_in_one_field_see_both_texts_and_choose(application, signed_in):
    anna, jonas = signed_in(application.started_by), signed_in(colleague(application))
    anna.goto(path(application))
    jonas.goto(path(application))
    vision(jonas).fill("Die Fassung von Jonas.")
    expect(status(jonas)).to_have_text(SAVED)
    vision(anna).fill("Die Fassung von Anna.")
    clash = anna.locator(".clash")
    expect(clash).to_contain_text("Jonas Wiegand")
    expect(clash).to_contain_text("Die Fassung von Jonas.")
    expect(vision(anna)).to_have_value("Die Fassung von Anna.")
    assert stored(application) == {"vision": "Die Fassung von Jonas."}
    clash.locator("input[value=mine]").check()
    clash.get_by_role("button").click()
    expect(anna.locator(".clash")).to_have_count(0)
    assert stored(application) == {"vision": "Die Fassung von Anna."}
    values = application.versions.order_by("version").values_list("value", flat=True)
    assert list(values) == ["Die Fassung von Jonas.", "Die Fassung von Anna."]


def test_two_people_when_nothing_is_chosen_nothing_is_overwritten(application, signed_in):
    anna = signed_in(application.started_by, may_fail=("status of 409",))
    anna.goto(path(application))
    save_answers(application, {"vision": "Die Fassung von Jonas."}, seen={}, by=colleague(application))
    vision(anna).fill("Die Fassung von Anna.")
    expect(anna.locator(".clash")).to_be_visible()
    vision(anna).fill("Die Fassung von Anna, länger.")
    anna.locator("button[value=stay].text-button").click()
    expect(anna.locator("#wrong")).to_be_visible()
    expect(vision(anna)).to_have_value("Die Fassung von Anna, länger.")
    assert stored(application) == {"vision": "Die Fassung von Jonas."}


def test_two_people_see_each_other_and_what_the_other_has_changed(application, signed_in):
    anna, jonas = signed_in(application.started_by), signed_in(colleague(application))
    jonas.goto(path(application))
    anna.goto(path(application))
    expect(anna.locator("[data-people]")).to_contain_text("Jonas Wiegand")
    vision(jonas).fill("Neu von Jonas.")
    expect(status(jonas)).to_have_text(SAVED)
    anna.reload()
    expect(vision(anna)).to_have_value("Neu von Jonas.")
    assert Presence.objects.filter(section="plan").count() == 2


# --- fields


@pytest.mark.parametrize("language", ["de", "en"])
def test_words_are_counted_as_on_the_server(application, signed_in, language):
    page = signed_in(application.started_by)
    page.goto(path(application, language=language))
    count = page.locator("[id='q.vision.count']")
    for case in WORDS:
        page.evaluate(
            """(text) => { const area = document.getElementById("q.vision"); area.value = text;
            area.dispatchEvent(new Event("input", { bubbles: true })); }""",
            case["text"],
        )
        found = re.search(r"(\d+) (?:von|of) 20$", count.inner_text())
        assert found, count.inner_text()
        assert int(found[1]) == case["words"], case["why"]
        left = 20 - case["words"]
        assert str(abs(left)) in count.inner_text() or abs(left) == 1


def test_question_comes_and_goes_with_the_answer_it_depends_on_and_keeps_its_own(application, signed_in):
    page = signed_in(application.started_by)
    page.goto(path(application))
    year = page.locator("[name='q.plan_year']")
    expect(year).to_be_hidden()
    page.get_by_label("Ja", exact=True).check()
    year.fill("2020")
    page.get_by_label("Nein", exact=True).check()
    expect(year).to_be_hidden()
    expect(status(page)).to_have_text(SAVED)
    assert stored(application) == {"has_plan": "no", "plan_year": {"value": "2020"}}
    page.get_by_label("Ja", exact=True).check()
    expect(year).to_have_value("2020")


@pytest.fixture
def everything(live_server) -> Application:
    """An application with a question of every kind; nothing is answered."""
    network = a_network_of("gnlc")
    for name in ("film", "music"):
        a_field(network, name)
    return an_application(call=a_call("alles", pack=keep_pack(sample(), by=None)))


def answer_all(application, **others):
    answers = {
        question.key: "film" if question.choices_from_fields else a_right_answer(question)
        for question in application.pack.questions.values()
        if question.kind is not Kind.DOCUMENT
    }
    save_answers(application, answers | others, seen={}, by=application.started_by)


def test_lines_are_added_and_removed_by_keyboard(everything, signed_in):
    page = signed_in(everything.started_by)
    page.goto(path(everything, "rules"))
    lines = page.locator("[data-question=informed] [data-row]")
    expect(lines).to_have_count(1)
    lines.first.locator("input").first.fill("Schule")
    add = page.locator("[data-question=informed] [data-add-row]")
    add.focus()
    page.keyboard.press("Enter")
    expect(lines).to_have_count(2)
    expect(lines.nth(1).locator("input").first).to_be_focused()
    page.keyboard.type("Verein")
    expect(status(page)).to_have_text(SAVED)
    assert [row["name"] for row in stored(everything)["informed"]] == ["Schule", "Verein"]
    lines.first.locator("[data-remove-row]").focus()
    page.keyboard.press("Enter")
    expect(lines).to_have_count(1)
    expect(lines.first.locator("input").first).to_be_focused()
    expect(status(page)).to_have_text(SAVED)
    page.wait_for_timeout(2500)
    assert [row["name"] for row in stored(everything)["informed"]] == ["Verein"]
    assert page.locator("[data-question=informed] legend.small").inner_text().endswith("1")


def test_document_is_uploaded_as_soon_as_it_is_chosen(application, signed_in):
    page = signed_in(application.started_by)
    page.goto(path(application))
    pdf = a_pdf("plan.pdf")
    page.locator("[name='q.plan_file']").set_input_files(
        {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": pdf.read()}
    )
    expect(page.locator(".document-list")).to_contain_text("plan.pdf")
    assert Document.objects.get().name == "plan.pdf"
    page.locator("[name='q.plan_file']").set_input_files(
        {"name": "kaputt.pdf", "mimeType": "application/pdf", "buffer": b"nothing"}
    )
    expect(page.locator("[id='q.plan_file.wrong']")).to_contain_text("kaputt.pdf")
    page.locator(".document-list button").click()
    expect(page.locator(".document-list")).to_have_count(0)
    assert stored(application) == {"plan_file": None}


def test_day_that_is_not_complete_is_said_to_be_unsaved(application, signed_in):
    page = signed_in(application.started_by)
    page.goto(path(application, "council"))
    day = page.locator("[name='q.council_date']")
    day.focus()
    page.keyboard.type("31")
    page.locator("[name='q.council_body']").focus()
    expect(page.locator("[id='q.council_date.wrong']")).to_be_visible()
    assert stored(application) == {}


# --- without scripts


def test_without_scripts_all_of_a_section_can_be_filled_in(everything, signed_in):
    page = signed_in(everything.started_by, java_script_enabled=False, viewport=WIDE)
    page.goto(path(everything, "rules"))
    page.locator("[name='q.rules_read']").check()
    lines = page.locator("[data-question=informed] [data-row]")
    expect(lines).to_have_count(2)
    for number in range(2):
        lines.nth(number).locator("input").first.fill(f"Stelle {number}")
    page.locator("[data-question=informed] [data-save-rows]").click()
    expect(lines).to_have_count(4)
    assert [row["name"] for row in stored(everything)["informed"]] == ["Stelle 0", "Stelle 1"]
    assert stored(everything)["rules_read"] == {"confirmed": True, "version": "1"}


def test_without_scripts_two_people_choose_between_their_texts(application, signed_in):
    page = signed_in(application.started_by, java_script_enabled=False, viewport=WIDE, may_fail=("status of 409",))
    page.goto(path(application))
    save_answers(application, {"vision": "Von Jonas."}, seen={}, by=colleague(application))
    vision(page).fill("Von Anna.")
    page.locator(".section-buttons button").first.click()
    expect(page.locator(".clash")).to_contain_text("Von Jonas.")
    expect(vision(page)).to_have_value("Von Anna.")
    page.locator(".clash input[value=both]").check()
    page.locator(".clash button").click()
    expect(vision(page)).to_have_value("Von Jonas.\n\nVon Anna.")
    assert stored(application) == {"vision": "Von Jonas.\n\nVon Anna."}


def test_without_scripts_wrong_values_are_kept_and_linked_from_the_top(application, signed_in):
    page = signed_in(application.started_by, java_script_enabled=False, viewport=NARROW)
    page.goto(path(application, "plan"))
    page.get_by_label("Ja", exact=True).check()
    page.locator(".section-buttons button").first.click()
    page.locator("[name='q.plan_year']").fill("bald")
    page.locator(".section-buttons button").first.click()
    expect(page.locator("[name='q.plan_year']")).to_have_value("bald")
    page.locator("#wrong a").click()
    assert page.url.endswith("#q.plan_year")


# --- by keyboard, and for everybody


def test_whole_section_can_be_filled_in_and_saved_by_keyboard(application, signed_in):
    page = signed_in(application.started_by, viewport=WIDE)
    page.goto(path(application, "council"))
    page.locator("#content").focus()
    reached = []
    for _key in range(30):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.name ?? ''")
        reached.append(name)
        box = page.evaluate("(({width, height}) => width * height)(document.activeElement.getBoundingClientRect())")
        assert box > 0, reached
        if name == "q.council_body":
            page.keyboard.type("Rat der Stadt")
        if name == "goal":
            page.keyboard.press("Enter")
            break
    page.wait_for_url(f"**/applications/{application.pk}/")
    assert "q.council_date" in reached
    assert stored(application) == {"council_body": "Rat der Stadt"}


def the_pages(application, everything, earlier, clash):
    """Address and what to do there: every page and state of these views."""
    yield f"applications/{application.pk}/", None
    yield f"applications/{earlier.pk}/", None
    for section in everything.pack.sections:
        yield f"applications/{everything.pk}/{section}/", None
    yield f"applications/{application.pk}/plan/", clash
    yield f"applications/{earlier.pk}/plan/", None
    yield f"applications/{application.pk}/history/vision/?old=1&new=2", None
    yield f"applications/{everything.pk}/history/goals/", None
    yield "calls/neu/apply/", None


@pytest.mark.parametrize(
    ("language", "looks"),
    [
        ("de", [(WIDE, "light"), (NARROW, "dark"), ({"width": 768, "height": 900}, "light")]),
        ("en", [(WIDE, "dark"), (NARROW, "light")]),
    ],
    ids=["de", "en"],
)
@pytest.mark.parametrize("answered", [False, True], ids=["empty", "answered"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    application, everything, signed_in, language, looks, answered
):
    person = application.started_by
    if answered:
        answer_all(everything, motto="x" * 100, budget={"value": "viel", "year": "24"}, resolved_on="bald")
        save_answers(application, {"vision": "Eins zwei drei."}, seen={}, by=person)
        save_answers(application, {"vision": "Eins vier."}, seen={"vision": 1}, by=colleague(application))
    before = an_application(State.WITHDRAWN, call=a_call("vorher"))
    save_old(before)
    a_call("neu")
    earlier = start(a_call("spaeter"), before.city, by=person, language="de", earlier=before)

    def clash(page):
        version = dict(application.answers.values_list("question", "version")).get("vision", 0)
        save_answers(application, {"vision": "Ganz anders."}, seen={"vision": version}, by=colleague(application))
        vision(page).fill("Meine Worte.")
        expect(page.locator(".clash")).to_be_visible()

    page = signed_in(person, reduced_motion="reduce")
    page.on("dialog", lambda dialog: dialog.accept())
    found = []
    for address, act in the_pages(application, everything, earlier, clash):
        response = page.goto(f"/{language}/{address}")
        assert response is not None
        assert response.status == 200, address
        if act:
            act(page)
        for size, scheme in looks:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            # where the line that says what is saved lies over the form, axe cannot tell its ground
            page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
            found += [f"{address}, {size['width']} {scheme}: {finding}" for finding in findings(page)]
            wide = page.evaluate("document.documentElement.scrollWidth")
            found += [f"{address}: {wide} px in a window of {size['width']}"] if wide > size["width"] else []
    assert not found, "\n".join(found)


def save_old(application):
    """Answers of an application that has ended, as if it had been written before."""
    Application.objects.filter(pk=application.pk).update(state=State.DRAFT)
    save_answers(
        application,
        {"vision": "Damals geschrieben.", "has_plan": "yes", "plan_year": {"value": "2019"}},
        seen={},
        by=application.started_by,
    )
    Application.objects.filter(pk=application.pk).update(state=State.WITHDRAWN)
