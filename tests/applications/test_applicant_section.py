"""A section as a team meets it: saved with gaps, wrong values kept, nobody overwritten, documents that survive."""

import datetime
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from applications.actions.calls import keep_pack
from applications.actions.drafting import save_answers
from applications.actions.moving import perform
from applications.models import Application, Document, Presence, ReadinessResult
from applications.workflow import Action, State
from cities.models import Fact, TeamMember
from tests.applications.browsing import form_of, opened, section_url, send
from tests.factories import a_city
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_pack_document,
    a_pack_version,
    a_pdf,
    an_application,
    an_editor,
    text,
)
from tests.guards import only_reads, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(client) -> Application:
    """A draft, with its lead signed in."""
    made = an_application()
    client.force_login(made.started_by)
    return made


def stored(application: Application) -> dict[str, Any]:
    return dict(application.answers.values_list("question", "value"))


# --- saving


def test_save_with_gaps_then_it_is_stored_and_the_next_section_opens(client, application):
    response = send(client, application, "plan", opened(client, application, "plan"), q__vision="Lernen.", goal="next")
    assert stored(application) == {"vision": "Lernen."}
    assert response.status_code == 302
    assert response.headers["Location"] == section_url(application, "people")


def test_save_in_the_last_section_of_a_step_then_the_task_list_opens_and_says_what_was_saved(client, application):
    form = opened(client, application, "people")
    response = send(client, application, "people", form, q__mayor__name="E. Muster", goal="overview")
    page = client.get(response.headers["Location"]).content.decode()
    assert response.headers["Location"] == reverse("applications:detail", args=[application.pk])
    assert "Personen" in page
    assert str(application.pk)


def test_wrong_values_then_they_are_stored_as_typed_and_named_beside_the_field_and_on_top(client, application):
    form = opened(client, application, "council")
    response = send(client, application, "council", form, q__council_date="31.02.2027", goal="next")
    assert stored(application) == {"council_date": "31.02.2027"}
    assert response.headers["Location"] == section_url(application, "council") + "#wrong"
    page = client.get(section_url(application, "council"))
    assert form_of(page)["q.council_date"] == ["31.02.2027"]
    html = page.content.decode()
    with translation.override("de"):
        sentence = str(translation.gettext("This is not a date. Example: 2027-05-31."))
    assert html.count(sentence) == 2
    assert 'href="#q.council_date"' in html


def test_missing_answers_then_nothing_is_said_of_them_while_somebody_writes(client, application):
    html = client.get(section_url(application, "council")).content.decode()
    assert 'id="wrong"' not in html
    assert "kern-form-input--error" not in html


def test_answer_that_leads_to_another_question_then_it_is_asked_at_once_also_without_scripts(client, application):
    html = client.get(section_url(application, "plan")).content.decode()
    assert re.search(r'id="question.plan_year"[^>]*hidden', html)
    response = send(client, application, "plan", opened(client, application, "plan"), q__has_plan="yes", goal="next")
    assert response.headers["Location"] == section_url(application, "plan") + "#question.plan_year"
    html = client.get(section_url(application, "plan")).content.decode()
    assert not re.search(r'id="question.plan_year"[^>]*hidden', html)


def test_hidden_answer_then_it_is_kept(client, application):
    save_answers(application, {"has_plan": "yes", "plan_year": {"value": "2020"}}, seen={}, by=application.started_by)
    send(client, application, "plan", opened(client, application, "plan"), q__has_plan="no")
    assert stored(application) == {"has_plan": "no", "plan_year": {"value": "2020"}}
    send(client, application, "plan", opened(client, application, "plan"), q__vision="Anders.")
    assert stored(application)["plan_year"] == {"value": "2020"}


def test_public_question_then_the_page_says_so(client):
    document = a_pack_document()
    document["steps"][2]["sections"][0]["questions"][0]["public"] = True
    made = an_application(call=a_call(pack=a_pack_version(steps=document["steps"])))
    client.force_login(made.started_by)
    assert client.get("/en" + section_url(made, "plan")[3:]).content.decode().count("Will be public") == 1


# --- by script


def test_script_when_it_saves_then_versions_time_and_what_is_wrong(client, application):
    form = {"seen.council_date": ["0"], "q.council_date": ["bald"]}
    answer = send(client, application, "council", form, script=True)
    assert answer.status_code == 200
    found = answer.json()
    assert found["versions"] == {"council_date": 1}
    assert len(found["sentences"]["council_date"]) == 1
    assert found["clashes"] == {}
    assert re.search(r"\d\d:\d\d", found["saved"])
    assert stored(application) == {"council_date": "bald"}


def test_script_without_session_then_401_in_json_and_nothing_is_stored(client, application):
    form = {"seen.vision": ["0"], "q.vision": ["Text"]}
    client.logout()
    answer = send(client, application, "plan", form, script=True)
    assert answer.status_code == 401
    assert answer.json()["signed_out"]
    assert stored(application) == {}


def test_script_after_the_application_was_submitted_elsewhere_then_it_is_told(client, application):
    perform(application, Action.WITHDRAW, by=application.started_by, note="Später.")
    answer = send(client, application, "plan", {"seen.vision": ["0"], "q.vision": ["Text"]}, script=True)
    assert answer.json()["refusal"]


def test_form_after_the_application_was_closed_then_the_text_is_given_back(client, application):
    form = opened(client, application, "plan")
    perform(application, Action.WITHDRAW, by=application.started_by, note="Später.")
    response = send(client, application, "plan", form, q__vision="Zwei Stunden Arbeit.")
    assert response.status_code == 409
    assert "Zwei Stunden Arbeit." in response.content.decode()
    assert problems(response, "de") == []
    assert stored(application) == {}


# --- two people


@pytest.fixture
def colleague(application):
    return an_editor(application.city, "Jonas Wiegand")


def test_two_people_then_both_texts_are_shown_and_nothing_is_overwritten(client, application, colleague):
    form = opened(client, application, "plan")
    save_answers(application, {"vision": "Seine Fassung."}, seen={}, by=colleague)
    response = send(client, application, "plan", form, q__vision="Meine Fassung.", q__has_plan="no")
    assert response.status_code == 409
    assert stored(application) == {"vision": "Seine Fassung.", "has_plan": "no"}
    html = response.content.decode()
    assert "Seine" in html
    assert "Jonas Wiegand" in html
    assert form_of(response)["q.vision"] == ["Meine Fassung."]
    assert problems(response, "de") == []


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ("mine", "Meine Fassung."),
        ("theirs", "Seine Fassung."),
        ("both", "Seine Fassung.\n\nMeine Fassung."),
        (None, "Seine Fassung."),
    ],
)
def test_two_people_when_one_chooses_then_that_counts_and_without_a_choice_nothing_does(
    client, application, colleague, choice, kept
):
    form = opened(client, application, "plan")
    save_answers(application, {"vision": "Seine Fassung."}, seen={}, by=colleague)
    clash = form_of(send(client, application, "plan", form, q__vision="Meine Fassung."))
    assert "clash.vision" not in clash
    response = send(client, application, "plan", clash, clash__vision=choice)
    assert stored(application)["vision"] == kept
    assert response.status_code == (302 if choice else 409)


def test_two_people_when_a_third_version_came_meanwhile_then_it_is_asked_anew(client, application, colleague):
    form = opened(client, application, "plan")
    save_answers(application, {"vision": "Eins."}, seen={}, by=colleague)
    clash = form_of(send(client, application, "plan", form, q__vision="Meine."))
    save_answers(application, {"vision": "Zwei."}, seen={"vision": 1}, by=colleague)
    response = send(client, application, "plan", clash, clash__vision="mine")
    assert response.status_code == 409
    assert stored(application)["vision"] == "Zwei."
    assert "Zwei." in response.content.decode()


def test_two_people_in_different_questions_then_both_count(client, application, colleague):
    form = opened(client, application, "plan")
    save_answers(application, {"vision": "Seine."}, seen={}, by=colleague)
    assert send(client, application, "plan", form, q__has_plan="no").status_code == 302
    assert stored(application) == {"vision": "Seine.", "has_plan": "no"}


def test_clash_for_a_script_then_the_same_choice_as_html_and_whether_it_is_ones_own(client, application, colleague):
    save_answers(application, {"vision": "Seine."}, seen={}, by=colleague)
    answer = send(client, application, "plan", {"seen.vision": ["0"], "q.vision": ["Meine."]}, script=True).json()
    clash = answer["clashes"]["vision"]
    assert clash["version"] == 1
    assert clash["mine"] is False
    assert 'name="clash.vision"' in clash["html"]
    assert answer["versions"] == {}


def test_untouched_answer_that_a_colleague_changed_then_the_script_is_told_and_keeps_its_version(
    client, application, colleague
):
    save_answers(application, {"vision": "Eins."}, seen={}, by=colleague)
    save_answers(application, {"vision": "Zwei."}, seen={"vision": 1}, by=colleague)
    answer = send(client, application, "plan", {"seen.vision": ["1"], "q.vision": ["Eins."]}, script=True).json()
    assert answer["versions"] == {}
    assert "Jonas Wiegand" in answer["overtaken"]["vision"]
    assert stored(application)["vision"] == "Zwei."


def test_lists_when_both_are_wanted_then_no_line_is_there_twice(client):
    from tests.applications.sample_pack import sample  # noqa: PLC0415 - only here

    an_application(call=a_call("erste"))
    made = an_application(call=a_call("alles", pack=keep_pack(sample(), by=None)))
    client.force_login(made.started_by)
    colleague = an_editor(made.city)
    form = opened(client, made, "rules")
    row: Any = {"name": "Schule", "sector": "Bildung", "date": ""}
    save_answers(made, {"informed": [row]}, seen={}, by=colleague)
    mine = form | {"q.informed.0.name": ["Schule"], "q.informed.0.sector": ["Bildung"], "q.informed.1.name": ["Verein"]}
    clash = form_of(send(client, made, "rules", mine))
    send(client, made, "rules", clash, clash__informed="both")
    assert stored(made)["informed"] == [row, {"name": "Verein", "sector": "", "date": ""}]


# --- who is there


def test_presence_then_each_sees_the_other_for_two_minutes(client, application, colleague):
    url = reverse("applications:presence", args=[application.pk])
    client.force_login(colleague)
    assert client.post(url, {"section": "plan"}).json()["people"] == ""
    client.force_login(application.started_by)
    told = client.post(url, {"section": "plan", "seen.vision": "0"}).json()
    assert "Jonas Wiegand" in told["people"]
    assert "Jonas Wiegand" in client.get(section_url(application, "plan")).content.decode()
    long_ago = timezone.now() - datetime.timedelta(seconds=121)
    Presence.objects.filter(user=colleague).update(seen_at=long_ago)
    assert client.post(url, {"section": "plan"}).json()["people"] == ""


def test_presence_then_what_a_colleague_has_changed_since_is_told(client, application, colleague):
    save_answers(application, {"vision": "Neu."}, seen={}, by=colleague)
    url = reverse("applications:presence", args=[application.pk])
    told = client.post(url, {"section": "plan", "seen.vision": "0", "seen.has_plan": "0"}).json()
    assert list(told["changed"]) == ["vision"]
    assert client.post(url, {"section": "plan", "seen.vision": "1"}).json()["changed"] == {}


@pytest.mark.parametrize("section", ["", "nirgends"])
def test_presence_in_no_section_then_404_and_nothing_is_noted(client, application, section):
    url = reverse("applications:presence", args=[application.pk])
    assert client.post(url, {"section": section}).status_code == 404
    assert not Presence.objects.exists()


# --- documents


def test_document_when_another_field_is_wrong_then_it_is_there_all_the_same(client, application):
    form = opened(client, application, "plan")
    response = send(
        client, application, "plan", form, q__plan_file=a_pdf("plan.pdf"), q__has_plan="yes", q__plan_year="bald"
    )
    assert response.status_code == 302
    document = Document.objects.get()
    page = client.get(section_url(application, "plan")).content.decode()
    assert "plan.pdf" in page
    assert stored(application)["plan_file"] == [document.pk]
    assert stored(application)["plan_year"] == {"value": "bald"}


def test_document_that_is_refused_then_everything_else_is_saved_and_the_sentence_stands_there(client, application):
    form = opened(client, application, "plan")
    bad = SimpleUploadedFile("plan.pdf", b"no pdf at all")
    response = send(client, application, "plan", form, q__plan_file=bad, q__vision="Lernen.")
    assert response.status_code == 422
    assert re.search(r"<title>\s*Fehler:", response.content.decode())
    assert stored(application) == {"vision": "Lernen."}
    assert "plan.pdf: " in response.content.decode()
    assert problems(response, "de") == []


def test_document_when_removed_then_it_is_gone_and_what_was_typed_beside_it_is_saved(client, application):
    send(client, application, "plan", opened(client, application, "plan"), q__plan_file=a_pdf())
    document = Document.objects.get()
    form = opened(client, application, "plan")
    send(client, application, "plan", form, q__vision="Lernen.", remove=str(document.pk))
    document.refresh_from_db()
    assert document.removed_at is not None
    assert stored(application) == {"plan_file": None, "vision": "Lernen."}


def test_document_of_another_application_then_it_cannot_be_removed_here(client, application):
    other = an_application(city=a_city("beispielhausen"))
    client.force_login(other.started_by)
    send(client, other, "plan", opened(client, other, "plan"), q__plan_file=a_pdf())
    document = Document.objects.get()
    client.force_login(application.started_by)
    send(client, application, "plan", opened(client, application, "plan"), remove=str(document.pk))
    document.refresh_from_db()
    assert document.removed_at is None


def test_document_by_script_then_the_list_comes_back(client, application):
    form = {"seen.plan_file": ["0"]}
    answer = send(client, application, "plan", form, script=True, q__plan_file=a_pdf("neu.pdf")).json()
    assert "neu.pdf" in answer["documents"]["plan_file"]
    assert answer["refusals"] == {}


# --- what it begins with


def test_city_fact_then_the_directory_offers_it_with_year_and_source_and_asks_for_confirmation(client):
    document = a_pack_document()
    document["steps"][2]["sections"][1]["questions"].append(
        {"key": "people", "kind": "city_fact", "label": text("Bevölkerung", "Population"), "fact": "population"}
    )
    made = an_application(call=a_call(pack=a_pack_version(steps=document["steps"])))
    Fact.objects.create(city=made.city, kind="population", value=120500, year=2023, source_label="Zählung")
    client.force_login(made.started_by)
    form = opened(client, made, "people")
    assert form["q.people"] == ["120500"]
    assert form["q.people.year"] == ["2023"]
    assert form["q.people.source"] == ["Zählung"]
    send(client, made, "people", form)
    assert stored(made) == {}
    send(client, made, "people", form, q__people__confirmed="yes")
    assert stored(made)["people"]["value"] == "120500"
    assert stored(made)["people"]["confirmed"] is True


def test_readiness_check_then_its_answer_is_a_hint_at_the_question_it_prepares(client, application):
    ReadinessResult.objects.create(
        call=application.call, city=application.city, answers={"council": "partly"}, saved_by=application.started_by
    )
    html = client.get(section_url(application, "council")).content.decode()
    assert "Der Rat hat beschlossen." in html
    assert "Der Rat hat beschlossen." not in client.get(section_url(application, "plan")).content.decode()


def test_readiness_check_of_another_city_then_no_hint(client, application):
    ReadinessResult.objects.create(
        call=application.call, city=a_city("lyon"), answers={"council": "met"}, saved_by=application.started_by
    )
    assert "Der Rat hat beschlossen." not in client.get(section_url(application, "council")).content.decode()


# --- who may, and when


def test_returned_then_only_the_named_parts_are_open_and_the_page_says_what_is_asked(client):
    made = an_application(State.RETURNED)
    client.force_login(made.started_by)
    page = client.get(section_url(made, "plan"))
    form = form_of(page)
    assert "q.vision" in form
    assert "q.has_plan" not in form
    assert "Bitte ergänzen." in page.content.decode()
    assert problems(page, "de") == []
    send(client, made, "plan", form | {"seen.has_plan": ["1"], "q.has_plan": ["no"]}, q__vision="Besser.")
    assert stored(made)["vision"] == "Besser."
    assert stored(made)["has_plan"] == "yes"


def test_returned_choice_then_what_it_leads_to_is_open_as_well(client):
    made = an_application(State.SUBMITTED)
    coordinator = a_coordinator(made.call.network)
    due = timezone.now() + datetime.timedelta(days=9)
    perform(made, Action.RETURN, by=coordinator, note="Plan?", until=due, parts=["has_plan"])
    made.refresh_from_db()
    client.force_login(made.started_by)
    form = opened(client, made, "plan")
    assert "q.has_plan" in form
    assert "q.plan_year" in form
    assert "q.vision" not in form


@pytest.mark.parametrize("state", [State.SUBMITTED, State.WITHDRAWN, State.LAPSED])
def test_closed_application_then_it_is_read_and_not_written(client, state):
    made = an_application(state)
    client.force_login(made.started_by)
    with only_reads():
        page = client.get(section_url(made, "plan"))
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    assert problems(page, "de") == []


def test_unknown_section_then_404(client, application):
    assert client.get(section_url(application, "nirgends")).status_code == 404


def test_person_who_left_the_team_then_nothing_is_seen_or_saved(client, application):
    TeamMember.objects.filter(user=application.started_by).delete()
    assert client.get(section_url(application, "plan")).status_code == 404
    assert send(client, application, "plan", {"seen.vision": ["0"], "q.vision": ["x"]}).status_code == 404
    assert stored(application) == {}


@pytest.mark.parametrize("questions", [4, 40])
def test_section_then_as_many_queries_for_many_questions_as_for_few(client, django_assert_num_queries, questions):
    document = a_pack_document()
    kinds = ["long_text", "number", "date", "short_text"]
    document["steps"][2]["sections"][0]["questions"] += [
        {"key": f"more_{number}", "kind": kinds[number % 4], "label": text(f"Frage {number}"), "words": 100}
        for number in range(questions)
    ]
    made = an_application(call=a_call(pack=a_pack_version(steps=document["steps"])))
    client.force_login(made.started_by)
    answers = {f"more_{number}": "falsch" for number in range(questions)}
    save_answers(made, answers, seen={}, by=made.started_by)
    client.get(section_url(made, "plan"))
    with django_assert_num_queries(10):  # one of them for the menu of every page
        assert client.get(section_url(made, "plan")).status_code == 200
