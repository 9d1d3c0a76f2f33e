"""The history of a case: who reads what of it, who acts next, letters, what changed between submissions."""

import datetime
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from applications.actions.documents import add_document, remove_document
from applications.actions.drafting import save_answers
from applications.actions.moving import perform, submit
from applications.case_facts import facts_of
from applications.case_history import entries, letters_of
from applications.course import next_act
from applications.freezing import file_of
from applications.models import Application
from applications.workflow import ENDED, Action, State
from network.models import Letter
from tests.applications.submitting import fresh, moment, page, text_of
from tests.factories import Role, a_city, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_lead,
    a_network_of,
    a_pack_document,
    a_pack_version,
    a_pdf,
    an_application,
    an_editor,
    complete,
    sign,
)
from tests.guards import problems

pytestmark = pytest.mark.django_db


def returned(**values: Any) -> Application:
    """An application that was submitted with a document and came back."""
    application = an_application()
    lead = a_lead(application.city)
    add_document(application, "plan_file", a_pdf("Plan.pdf"), by=lead)
    complete(application, by=lead)
    submit(application, by=lead, seen=file_of(fresh(application)).sha256)
    until = timezone.now() + datetime.timedelta(days=7)
    parts = ["vision", "plan_file"]
    perform(
        application, Action.RETURN, by=a_coordinator(application.call.network), note="Bitte genauer.\nUnd kürzer.",
        **(values or {"until": until, "parts": parts}),
    )  # fmt: skip
    return fresh(application)


@pytest.mark.parametrize("state", State.values)
def test_case_then_the_city_reads_it_in_every_state_in_both_languages(client, state):
    application = an_application(state)
    client.force_login(an_editor(application.city))
    for language in ("de", "en"):
        response = page(client, "case", application, language=language)
        assert problems(response, language) == []
        with override(language):
            assert str(State(state).label) in text_of(response)
            act = next_act(application)
            assert (act is None) == (state in ENDED)
            assert act is None or act.sentence in text_of(response)


def test_case_then_it_says_who_acts_next_and_by_when_in_the_zone_of_the_call(client):
    a_network_of("gnlc")
    forwards = moment("2028-02-15", "12:00:00", "Europe/Berlin")
    call = a_call(pack=a_pack_version(), forwards_at=forwards, zone="Europe/Lisbon")
    application = an_application(State.SUBMITTED, call=call)
    client.force_login(a_lead(application.city))
    words = text_of(page(client, "case", application))
    assert "Next: The coordination checks whether everything is there" in words
    assert "until Tuesday, 15 February 2028, 11:00 (WET)" in words


def test_case_when_the_call_names_no_date_then_it_says_so(client):
    application = an_application(State.SUBMITTED)
    client.force_login(a_lead(application.city))
    assert "The call names no date for this." in text_of(page(client, "case", application))


def test_case_when_more_was_asked_for_then_the_words_the_parts_and_the_date_stand_on_it(client):
    application = returned()
    client.force_login(a_lead(application.city))
    response = page(client, "case", application)
    words, html = text_of(response), response.content.decode()
    assert "What is asked for Bitte genauer. Und kürzer." in words
    assert f'href="/en/applications/{application.pk}/plan/#question.vision"' in html
    assert "changes the named parts and submits anew." in words


def test_case_then_events_say_who_did_what_and_why(client):
    application = returned()
    lead, coordinator = a_lead(application.city), a_coordinator(application.call.network)
    with override("en"):
        told = [(entry.what, entry.who, entry.role, entry.note) for entry in entries(facts_of(application), lead)]
    assert told == [
        ("more asked for", str(coordinator), "coordination", "Bitte genauer.\nUnd kürzer."),
        ("submitted", str(lead), "for the city", ""),
        ("signed page recorded", str(lead), "for the city", ""),
        ("signing page prepared", str(lead), "for the city", ""),
        ("document added", str(lead), "for the city", ""),
        ("application started", str(lead), "for the city", ""),
    ]
    with override("en"):
        mores = [entry.more for entry in entries(facts_of(application), lead)]
    assert mores[0].startswith("2 parts, until ")
    assert mores[1] == f"number {application.submissions.get().receipt}"
    assert mores[2] == "Mayor"
    assert mores[4] == "Plan.pdf, for “The plan”"


def test_case_when_the_portal_itself_acted_then_it_says_so(client):
    application = an_application(State.LAPSED)
    client.force_login(a_lead(application.city))
    assert "the portal" in text_of(page(client, "case", application))


def test_case_when_words_were_erased_then_it_says_so_and_the_rest_stays(client):
    application = returned()
    note = application.events.filter(kind="return").get().note
    note.text, note.erased_at = "", timezone.now()
    note.save()
    client.force_login(a_lead(application.city))
    words = text_of(page(client, "case", application)).partition("Letters")[0]
    assert "These words were erased." in words
    assert "Bitte genauer." not in words


def test_case_when_the_coordination_reads_it_then_the_citys_own_work_is_not_there(client):
    application = returned()
    lead, coordinator = a_lead(application.city), a_coordinator(application.call.network)
    draft = add_document(application, "plan_file", a_pdf_of(2, "Geheim.pdf"), by=lead)
    remove_document(draft, by=lead)
    client.force_login(lead)
    words = text_of(page(client, "case", application))
    assert ("Geheim.pdf" in words, "Document removed" in words, "Removed by" in words) == (True, True, True)
    client.force_login(coordinator)
    words = text_of(page(client, "case", application))
    for hidden in ("Geheim.pdf", "Document added", "Document removed", "Signing page prepared", "task list"):
        assert hidden not in words, hidden
    assert "Plan.pdf" in words
    client.force_login(a_person(Role.OPERATOR))
    assert "Geheim.pdf" in text_of(page(client, "case", application))


def a_pdf_of(pages: int, name: str):
    from tests.applications import bad_files as made  # noqa: PLC0415 - only here
    from tests.applications.test_documents import upload  # noqa: PLC0415 - only here

    return upload(made.a_pdf(pages), name)


def test_case_when_a_stranger_asks_then_404_and_a_draft_is_the_citys_own(client):
    application = an_application()
    people = [a_lead(a_city("fern")), a_coordinator(application.call.network), a_coordinator(a_network_of("uccn"))]
    people.append(a_person(Role.REVIEWER, network=application.call.network))
    for person in people:
        client.force_login(person)
        assert page(client, "case", application).status_code == 404


def test_letters_then_each_stands_once_and_what_went_to_the_coordination_is_not_the_citys(client):
    application = returned()
    lead, editor = a_lead(application.city), an_editor(application.city)
    coordinator = a_coordinator(application.call.network)
    assert [(one.letter.kind, one.letter.to, one.readers) for one in letters_of(facts_of(application), lead)] == [
        ("application_moved", lead, 1), ("application_receipt", lead, 1),
    ]  # fmt: skip
    assert {one.letter.kind for one in letters_of(facts_of(application), coordinator)} == {
        "application_moved", "application_receipt", "application_arrived",
    }  # fmt: skip
    client.force_login(editor)
    words = text_of(page(client, "case", application))
    assert "Bitte genauer." in words
    assert "Written to one person" in words


def test_letters_when_one_waits_for_its_moment_or_holds_a_code_then_it_is_not_there():
    application = returned()
    lead = a_lead(application.city)
    first, second = application.letters.filter(to=lead)
    Letter.objects.filter(pk=first.pk).update(not_before=timezone.now() + datetime.timedelta(days=1))
    Letter.objects.filter(pk=second.pk).update(secret=True)
    assert letters_of(facts_of(application), lead) == []


def test_submissions_when_there_are_two_then_what_changed_is_marked_on_both_sides(client):
    application = returned()
    lead = a_lead(application.city)
    versions = dict(application.answers.values_list("question", "version"))
    save_answers(application, {"vision": "Lernen gelingt in jeder Stadt."}, seen=versions, by=lead)
    add_document(application, "plan_file", a_pdf_of(2, "Anlage.pdf"), by=lead)
    sign(application, by=lead)
    submit(application, by=lead, seen=file_of(fresh(application)).sha256)
    for person in (lead, a_coordinator(application.call.network)):
        client.force_login(person)
        response = page(client, "case", application)
        assert problems(response, "en") == []
        html = response.content.decode()
        assert "things changed against the submission before" in text_of(response)
        assert "<del>jedem Alter.</del>" in html
        assert "<ins>jeder Stadt.</ins>" in html
        assert "Anlage.pdf</ins>" in html
    assert application.submissions.count() == 2


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("case", 14), ("check", 12), ("sheet", 9), ("receipt", 7)])
def test_pages_when_there_is_more_on_them_then_they_ask_no_more_of_the_database(
    client, django_assert_num_queries, rows, name, queries
):
    a_network_of("gnlc")
    document = a_pack_document()
    document["steps"][2]["sections"][0]["questions"][-1] |= {"at_most": 3}
    application = an_application(call=a_call(pack=a_pack_version(**document)))
    lead = a_lead(application.city)
    for number in range(rows):
        an_editor(application.city, f"Person {number}")
        add_document(application, "plan_file", a_pdf_of(number + 1, f"{number}.pdf"), by=lead)
    for round_ in range(rows):
        complete(application, by=lead)
        submit(application, by=lead, seen=file_of(fresh(application)).sha256)
        perform(
            application, Action.RETURN, by=a_coordinator(application.call.network), note=f"Runde {round_}",
            until=timezone.now() + datetime.timedelta(days=7), parts=["vision"],
        )  # fmt: skip
    client.force_login(lead)
    further: dict[str, list[object]] = {"sheet": ["mayor"], "receipt": [1]}
    arguments = further.get(name, [])
    page(client, name, application, *arguments)
    with django_assert_num_queries(queries):
        page(client, name, application, *arguments)
