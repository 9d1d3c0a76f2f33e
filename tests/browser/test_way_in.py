"""The whole way in, as a city goes it: from the readiness check to the receipt, with two people, all by its pages."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from applications.completeness import gaps
from applications.freezing import file_of
from applications.models import Application, Call
from applications.workflow import State
from cities.models import TeamMember
from tests.applications import bad_files as made
from tests.factories import Role, a_city, a_person
from tests.factories_applications import a_call, a_pack_version

PASSWORD = "ein-langes-kennwort"  # as the factories give it
SECTION = "form[data-section]"
RIGHT = {
    "email": "buero@stadt.example",
    "url": "https://stadt.example/plan",
    "tel": "+49 30 1234",
    "date": "2026-05-04",
}


@pytest.fixture
def call(live_server: Any) -> Call:
    """An open call, and two people of Musterstadt."""
    call = a_call("runde", pack=a_pack_version())
    city = a_city("musterstadt")
    a_person(Role.LEAD, city=city)
    a_person(Role.EDITOR, city=city)
    return call


def come_in(page: Page, language: str, role: str) -> None:
    person = TeamMember.objects.get(role=role).user
    page.goto(f"/{language}/sign-in/")
    page.fill("input[type=email]", person.email)
    page.fill("input[type=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"**/{language}/my-desk/")


def fill_in(page: Page) -> None:
    """Something fitting in each field of a section that can be seen."""
    chosen: set[str | None] = set()
    for field in page.locator(SECTION).locator("input, textarea, select").element_handles():
        kind, name = field.get_attribute("type") or "text", field.get_attribute("name")
        if kind in {"hidden", "submit"} or field.bounding_box() is None:
            continue
        if kind in {"radio", "checkbox"}:
            if name not in chosen:
                page.locator(f"label[for='{field.get_attribute('id')}']").click()
            chosen.add(name)
        elif kind == "file":
            field.set_input_files({"name": "plan.pdf", "mimeType": "application/pdf", "buffer": made.a_pdf(1)})
        elif not field.input_value():
            field.fill(RIGHT.get(kind) or ("2025" if field.get_attribute("inputmode") else "Lernen für alle"))


@pytest.mark.parametrize(("language", "scripts"), [("de", True), ("en", False)])
def test_from_the_readiness_check_to_the_receipt(call, open_page, language, scripts):
    editor, lead = (
        open_page(java_script_enabled=scripts, locale=language, may_fail=("status of 422",)) for _person in range(2)
    )
    editor.goto(f"/{language}/calls/runde/readiness/")
    for question in editor.locator("main form fieldset").all():
        question.locator("input[type=radio]").first.check(force=True)
    editor.locator("main form button[type=submit]").first.click()
    expect(editor.locator("h1")).to_be_visible()

    come_in(editor, language, "editor")
    editor.goto(f"/{language}/calls/runde/apply/")
    editor.locator("main form button[type=submit]").first.click()
    editor.wait_for_url("**/applications/*/")
    application = Application.objects.get()
    base = f"/{language}/applications/{application.pk}/"
    for key in application.pack.sections:
        editor.goto(base)
        editor.locator(f"main a[href='{base}{key}/']").first.click()
        editor.wait_for_url(f"**{base}{key}/")
        for _once_more in range(2):  # where an answer leads to a further question, the page comes back with it
            fill_in(editor)
            with editor.expect_navigation():
                editor.locator(f"{SECTION} button.kern-btn--primary").first.click()
            if f"{base}{key}/" not in editor.url:
                break

    sheet = f"{base}endorsements/mayor/"
    editor.goto(sheet)
    editor.locator("button[name=prepare]").click()
    editor.locator("input[type=file]").set_input_files(
        {"name": "gezeichnet.pdf", "mimeType": "application/pdf", "buffer": made.a_pdf(1)}
    )
    editor.locator("[name=signed_on]").fill("2020-01-01")
    editor.locator("[name=signatory]").fill("Erika Muster")
    editor.locator("[name=office]").fill("Oberbürgermeisterin")
    record = editor.get_by_role("button", name=re.compile("^(Gezeichnete Seite vermerken|Record the signed page)"))
    record.click()
    expect(editor.locator("main")).to_contain_text("gezeichnet.pdf")  # the date was wrong; the scan is kept
    editor.locator("[name=signed_on]").fill(timezone.localdate().isoformat())
    record.click()
    expect(editor.locator("[name=signatory]")).to_be_hidden()

    editor.goto(f"{base}check/")
    assert gaps(file_of(Application.objects.for_page().get())) == []
    submit = re.compile("^(Für Musterstadt einreichen|Submit for Musterstadt)")
    expect(editor.get_by_role("button", name=submit)).to_have_count(0)
    come_in(lead, language, "lead")
    lead.goto(f"{base}check/")
    lead.get_by_role("button", name=submit).click()
    lead.wait_for_url(f"**{base}receipt/1/")
    application.refresh_from_db()
    receipt = application.submissions.get().receipt
    assert application.state == State.SUBMITTED
    expect(lead.locator("h1")).to_contain_text(receipt)
    editor.goto(base)
    expect(editor.locator("main")).to_contain_text(str(State.SUBMITTED.label) if language == "de" else "Submitted")
    for person in (editor, lead):
        person.goto(f"/{language}/letters/")
        expect(person.locator("main")).to_contain_text(receipt)
