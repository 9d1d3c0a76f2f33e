"""The task list: each section in words, what is missing, whose turn it is, and how long there is."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from applications.actions.drafting import note_presence, save_answers
from applications.actions.endorsing import prepare_sheet
from applications.actions.moving import allow_late
from applications.forms import SectionForm
from applications.freezing import file_of
from applications.models import Application
from applications.progress import Condition, Progress, progress_of
from applications.workflow import State
from tests.applications.browsing import section_url
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_pack_document,
    a_pack_version,
    an_application,
    an_editor,
    complete,
    let_time_pass,
    text,
)
from tests.guards import problems

pytestmark = pytest.mark.django_db


def progress(application: Application) -> Progress:
    fresh = Application.objects.for_page().get(pk=application.pk)
    return progress_of(file_of(fresh), fresh.answers.select_related("changed_by"))


def conditions(application: Application) -> dict[str, Condition]:
    return {one.section.key: one.condition for one in progress(application).sections}


def save(application: Application, **answers: object) -> None:
    seen = dict(application.answers.values_list("question", "version"))
    save_answers(application, answers, seen=seen, by=application.started_by)  # type: ignore[arg-type]


def page(client, application: Application, language: str = "en") -> str:
    client.force_login(application.started_by)
    with translation.override(language):
        response = client.get(reverse("applications:detail", args=[application.pk]))
    assert response.status_code == 200
    assert problems(response, language) == []
    return " ".join(response.content.decode().split())


def test_new_application_then_nothing_is_begun():
    made = an_application()
    assert set(conditions(made).values()) == {Condition.NOT_BEGUN}
    first = progress(made).next_section
    assert first is not None
    assert first.section.key == "rules"


def test_sections_then_begun_wrong_complete_and_to_be_renewed():
    made = an_application()
    save(
        made,
        rules_read={"confirmed": True, "version": "2025"},
        council_body="Rat",
        vision="Lernen. " * 30,
        complete={"confirmed": True, "version": ""},
    )
    assert conditions(made) == {
        "rules": Condition.RENEW,
        "council": Condition.BEGUN,
        "plan": Condition.WRONG,
        "people": Condition.NOT_BEGUN,
        "consent": Condition.COMPLETE,
    }


def test_section_in_which_nothing_is_asked_then_it_is_complete():
    document = a_pack_document()
    document["steps"][2]["sections"][1]["questions"][0]["only_if"] = {"question": "has_plan", "any_of": ["yes"]}
    made = an_application(call=a_call(pack=a_pack_version(steps=document["steps"])))
    assert conditions(made)["people"] == Condition.COMPLETE


def test_optional_answers_then_they_hold_nothing_up_but_do_not_count_as_begun():
    document = a_pack_document()
    document["steps"][2]["sections"][1]["questions"] = [
        {"key": "more", "kind": "short_text", "label": text("Mehr", "More"), "required": False}
    ]
    made = an_application(call=a_call(pack=a_pack_version(steps=document["steps"])))
    assert conditions(made)["people"] == Condition.NOT_BEGUN
    save(made, more="Etwas.")
    assert conditions(made)["people"] == Condition.COMPLETE


def test_signature_then_not_begun_waiting_given_and_to_be_renewed():
    made = an_application()
    assert [link.condition for link in _links(made)] == [Condition.NOT_BEGUN]
    prepare_sheet(made, "mayor", by=made.started_by)
    assert [link.condition for link in _links(made)] == [Condition.WAITING]
    complete(made, by=made.started_by)
    assert [link.condition for link in _links(made)] == [Condition.COMPLETE]
    save(made, vision="Etwas anderes.")
    assert [link.condition for link in _links(made)] == [Condition.RENEW]


def _links(made: Application) -> list:
    return [link for step in progress(made).steps for link in step.links]


def test_signatures_of_others_then_they_are_no_task_of_the_city(client):
    html = page(client, an_application())
    assert "Signature: Mayor" in html
    assert "National Commission" not in html


def test_returned_then_only_what_was_asked_for_is_open_and_the_request_stands_on_top(client):
    made = an_application(State.RETURNED)
    assert conditions(made) == {
        "rules": Condition.CLOSED,
        "council": Condition.CLOSED,
        "plan": Condition.ASKED,
        "people": Condition.CLOSED,
        "consent": Condition.CLOSED,
    }
    html = page(client, made)
    assert "Bitte ergänzen." in html
    assert "Next: change what was asked for" in html
    assert f'href="/en{section_url(made, "plan")[3:]}#question.vision"' in html
    assert re.findall(r"\d+ of \d+ complete", html) == ["1 of 2 complete"]  # the signature, not yet the named part
    save(made, vision="Mehr dazu.")
    assert "Next: change what was asked for" not in page(client, made)
    assert conditions(made)["plan"] == Condition.COMPLETE
    assert re.search(r"14</span>\s*<span>\s*days left to answer", html)


def test_page_then_what_is_missing_who_was_there_last_and_who_is_there_now(client):
    made = an_application()
    save(made, council_body="Rat")
    colleague = an_editor(made.city, "Jonas Wiegand")
    note_presence(made, "plan", by=colleague)
    html = page(client, made)
    assert "1 of 2 questions answered" in html
    assert "Open: Date" in html
    assert f"last {made.started_by}" in html
    assert "Jonas Wiegand is writing here now" in html
    assert "7 things are still open." in html


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (datetime.timedelta(days=30, hours=1), r"30</span>\s*<span>\s*days until the deadline"),
        (datetime.timedelta(seconds=-2), "The deadline has passed."),
    ],
)
def test_deadline_then_how_long_is_said_in_words_with_the_moment_in_the_zone_of_the_call(client, left, words):
    call = a_call(zone="America/New_York")
    made = an_application(call=call)
    let_time_pass(closes_at=timezone.now() + left)
    html = page(client, made)
    assert re.search(words, html)
    assert "(New York)" in html or "America/New York" in html


def test_deadline_that_has_passed_then_a_later_one_that_was_granted_counts(client):
    call = a_call()
    made = an_application(call=call)
    let_time_pass(closes_at=timezone.now() - datetime.timedelta(days=1))
    until = timezone.now() + datetime.timedelta(days=5, minutes=1)
    allow_late(made, until=until, note="Krank.", by=a_coordinator(call.network))
    assert re.search(r"5</span>\s*<span>\s*days until", page(client, made))


def test_next_thing_then_answers_then_signature_then_the_check(client):
    made = an_application()
    assert "Next: Rules" in page(client, made)
    complete(made, by=made.started_by)
    made.endorsements.all().delete()
    assert "Next: the signature (Mayor)" in page(client, made)
    complete(made, by=made.started_by)
    assert "Next: check everything and submit" in page(client, made)


def test_editor_then_the_page_says_who_can_submit(client):
    made = an_application()
    client.force_login(an_editor(made.city))
    html = client.get(f"/en/applications/{made.pk}/").content.decode()
    assert "Only the lead of your city’s team and the deputy can submit." in html


@pytest.mark.parametrize("state", list(State))
def test_every_state_then_the_page_is_sound_and_says_what_it_means(client, state):
    made = an_application(state)
    for language in ("de", "en"):
        html = page(client, made, language)
        with translation.override(language):
            assert str(made.standing.explanation) in html


def test_page_then_its_sections_say_in_words_what_the_icons_mean(client):
    made = an_application()
    client.force_login(made.started_by)
    html = client.get("/en" + section_url(made, "plan")[3:]).content.decode()
    assert html.count("Not begun yet") == 2  # of the two sections of this step


@pytest.mark.parametrize("answered", [False, True])
def test_page_then_the_number_of_queries_does_not_grow(client, django_assert_num_queries, answered):
    made = an_application()
    if answered:
        complete(made, by=made.started_by)
        for number in range(3):
            note_presence(made, "plan", by=an_editor(made.city, f"Person {number}"))
    client.force_login(made.started_by)
    url = reverse("applications:detail", args=[made.pk])
    client.get(url)
    with django_assert_num_queries(11):  # one of them for the menu of every page
        client.get(url)


def test_form_of_a_section_then_it_names_who_changed_it_last():
    made = an_application()
    save(made, vision="Eins.")
    later = an_editor(made.city, "Jonas Wiegand")
    save_answers(made, {"has_plan": "no"}, seen={}, by=later)
    form = SectionForm(made, made.pack.sections["plan"], is_writable=True)
    assert form.last is not None
    assert form.last.changed_by == later
