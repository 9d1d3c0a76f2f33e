"""The check, submitting, the receipt and withdrawing."""

import datetime
import re
import zoneinfo

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from applications.actions import MoveNotAllowedError
from applications.actions.documents import add_document
from applications.actions.drafting import save_answers
from applications.actions.moving import perform, submit
from applications.completeness import gaps
from applications.freezing import file_of
from applications.models import Event, Submission
from applications.pack import fingerprint
from applications.workflow import Action, State
from cities.models import TeamMember
from network.models import Letter
from tests.applications.submitting import BERLIN, NEW_YORK, a_complete_draft, fresh, moment, page, seen, text_of
from tests.factories import a_city
from tests.factories_applications import (
    a_coordinator,
    a_lead,
    a_network_of,
    a_pdf,
    an_application,
    an_editor,
    complete,
    sign,
)
from tests.guards import problems

pytestmark = pytest.mark.django_db


# --- checking


def test_check_when_things_are_missing_then_each_is_named_with_the_way_to_it_and_there_is_no_button(client):
    application = an_application()
    save_answers(application, {"vision": "Lernen. " * 30}, seen={}, by=a_lead(application.city))
    client.force_login(a_lead(application.city))
    response = page(client, "check", application)
    html, words = response.content.decode(), text_of(response)
    assert problems(response, "en") == []
    assert f"{len(gaps(file_of(fresh(application))))} things are to be done before you can submit" in words
    assert "The text is 10 words too long: it may have 20 words." in words
    assert f'href="/en/applications/{application.pk}/plan/#question.vision"' in html
    assert f'href="/en/applications/{application.pk}/endorsements/mayor/"' in html
    assert 'name="seen"' not in html


def test_check_when_all_is_there_then_it_shows_every_answer_the_fingerprint_and_one_button(client):
    application = a_complete_draft()
    client.force_login(a_lead(application.city))
    response = page(client, "check", application)
    words = text_of(response)
    assert "Lernen gelingt in jedem Alter." in words
    assert "comes after submission, from the coordination" in words
    assert "Submit for Musterstadt" in words
    assert re.findall(r'name="seen" value="(\w+)"', response.content.decode()) == [seen(application)]


def test_check_when_an_editor_comes_then_they_see_who_submits_and_can_ask_once_a_day(client):
    application = a_complete_draft()
    lead, editor = a_lead(application.city), an_editor(application.city)
    deputy = an_editor(application.city, "Stella Stellvertretung")
    TeamMember.objects.filter(user=deputy).update(role=TeamMember.Role.DEPUTY)
    client.force_login(editor)
    words = text_of(page(client, "check", application))
    assert f"Lead and deputy of your team may submit: {lead}, Stella Stellvertretung." in words
    assert "Submit for Musterstadt" not in words
    address = reverse("applications:check", args=[application.pk])
    client.post(address, {"ask": "1"})
    letters = Letter.objects.filter(kind="application_ready")
    assert set(letters.values_list("to", flat=True)) == {lead.pk, deputy.pk}
    assert {letter.urgency for letter in letters} == {"deadline"}
    assert f"/de/applications/{application.pk}/check/" in letters[0].text
    client.post(address, {"ask": "1"})
    assert letters.count() == 2


def test_check_when_an_editor_sends_the_button_all_the_same_then_nothing_is_submitted(client):
    application = a_complete_draft()
    client.force_login(an_editor(application.city))
    address = reverse("applications:check", args=[application.pk])
    assert client.post(address, {"seen": seen(application)}).status_code == 302
    assert (fresh(application).state, Submission.objects.count()) == (State.DRAFT, 0)


def test_ask_when_something_is_missing_or_a_stranger_asks_then_no_letter_is_written(client):
    application = an_application()
    address = reverse("applications:check", args=[application.pk])
    client.force_login(an_editor(application.city))
    client.post(address, {"ask": "1"})
    client.force_login(a_lead(a_city("fern")))
    assert client.post(address, {"ask": "1"}).status_code == 404
    client.force_login(a_coordinator(application.call.network))
    assert client.post(address, {"ask": "1"}).status_code == 404
    assert Letter.objects.count() == 0


def test_check_when_the_application_is_closed_then_it_leads_to_the_history(client):
    application = an_application(State.SUBMITTED)
    client.force_login(a_lead(application.city))
    response = page(client, "check", application)
    assert (response.status_code, response["Location"]) == (302, f"/en/applications/{application.pk}/case/")


# --- submitting


def test_submit_when_all_is_there_then_it_is_frozen_and_everybody_is_told(client):
    application = a_complete_draft()
    application.call.network.email = "network@example.org"
    application.call.network.save()
    lead, editor = a_lead(application.city), an_editor(application.city)
    coordinator = a_coordinator(application.call.network)
    client.force_login(lead)
    response = client.post(reverse("applications:check", args=[application.pk]), {"seen": seen(application)})
    submission = Submission.objects.get()
    assert response["Location"] == reverse("applications:receipt", args=[application.pk, 1])
    now = fresh(application)
    assert (now.state, now.submitted_by, now.submitted_at) == (State.SUBMITTED, lead, submission.submitted_at)
    assert submission.content["answers"]["vision"] == "Lernen gelingt in jedem Alter."
    assert submission.sha256 == fingerprint(submission.content)
    year = now.call.closes_at.astimezone(now.call.zone_info).year
    assert submission.receipt == f"GNLC-{year}-{application.pk:06}-1"
    posted = {(letter.kind, letter.address) for letter in now.letters.all()}
    assert posted == {
        ("application_receipt", lead.email), ("application_receipt", editor.email),
        ("application_arrived", coordinator.email), ("application_copy", "network@example.org"),
    }  # fmt: skip
    receipt = now.letters.get(to=lead)
    assert (submission.receipt in receipt.subject, submission.sha256 in receipt.text) == (True, True)


def test_submit_when_it_is_sent_twice_then_there_is_one_submission(client):
    application = a_complete_draft()
    client.force_login(a_lead(application.city))
    address, checked = reverse("applications:check", args=[application.pk]), seen(application)
    first = client.post(address, {"seen": checked})
    second = client.post(address, {"seen": checked})
    assert first["Location"] == second["Location"] == reverse("applications:receipt", args=[application.pk, 1])
    assert Submission.objects.count() == 1
    assert application.events.filter(kind=Event.Kind.SUBMIT).count() == 1
    assert Letter.objects.filter(kind="application_arrived").count() == 1


def test_submit_when_a_colleague_has_changed_something_since_then_nothing_is_submitted(client):
    application = a_complete_draft()
    lead, editor = a_lead(application.city), an_editor(application.city)
    checked = seen(application)
    versions = dict(application.answers.values_list("question", "version"))
    save_answers(application, {"council_body": "Hauptausschuss"}, seen=versions, by=editor)
    client.force_login(lead)
    response = client.post(reverse("applications:check", args=[application.pk]), {"seen": checked}, follow=True)
    assert Submission.objects.count() == 0
    with override("de"):
        assert fresh(application).state == State.DRAFT
    assert "Hauptausschuss" in response.content.decode()


@pytest.mark.parametrize("wrong", ["", "0" * 64, "x"])
def test_submit_when_the_fingerprint_is_another_then_nothing_is_submitted(client, wrong):
    application = a_complete_draft()
    client.force_login(a_lead(application.city))
    client.post(reverse("applications:check", args=[application.pk]), {"seen": wrong})
    assert Submission.objects.count() == 0


def test_submit_when_something_is_missing_then_nothing_is_submitted():
    application = an_application()
    with override("en"), pytest.raises(MoveNotAllowedError, match="missing"):
        submit(application, by=a_lead(application.city), seen=seen(application))
    assert (Submission.objects.count(), Letter.objects.count()) == (0, 0)


def test_submit_when_it_was_returned_then_there_is_a_second_submission_and_the_difference_is_shown(client):
    application = an_application(State.SUBMITTED)
    lead = a_lead(application.city)
    perform(
        application, Action.RETURN, by=a_coordinator(application.call.network), note="Bitte genauer.",
        until=timezone.now() + datetime.timedelta(days=7), parts=["vision"],
    )  # fmt: skip
    application = fresh(application)
    client.force_login(lead)
    assert "Nothing has changed yet since submission" in text_of(page(client, "check", application))
    versions = dict(application.answers.values_list("question", "version"))
    save_answers(application, {"vision": "Lernen gelingt überall."}, seen=versions, by=lead)
    words = text_of(page(client, "check", application))
    assert "What has changed since submission" in words
    assert "What was signed has changed since: it must be signed anew." in words
    complete(application, by=lead)
    versions = dict(application.answers.values_list("question", "version"))
    save_answers(application, {"vision": "Lernen gelingt überall."}, seen=versions, by=lead)
    sign(application, by=a_lead(application.city))
    again = submit(application, by=lead, seen=seen(application))
    assert (again.number, again.receipt[-2:]) == (2, "-2")
    first = application.submissions.get(number=1)
    assert first.content["answers"]["vision"] == "Lernen gelingt in jedem Alter."
    assert again.content["answers"]["vision"] == "Lernen gelingt überall."


# --- the receipt


def test_receipt_then_number_moment_with_zone_fingerprints_and_what_follows_are_on_it(client):
    a_network_of("gnlc")
    decides = moment("2028-06-30", "12:00:00", BERLIN)
    closes = timezone.now() + datetime.timedelta(days=20)
    application = a_complete_draft(
        zone=NEW_YORK, closes_at=closes, decides_at=decides, forwards_at=closes + datetime.timedelta(days=30)
    )
    lead = a_lead(application.city)
    document = add_document(application, "plan_file", a_pdf("Plan.pdf"), by=lead)
    sign(application, by=a_lead(application.city))
    submission = submit(application, by=lead, seen=seen(application))
    signed = application.documents.filter(question="endorsement:mayor").latest("pk")
    for person in (lead, an_editor(application.city), a_coordinator(application.call.network)):
        client.force_login(person)
        response = page(client, "receipt", application, 1)
        assert problems(response, "en") == []
        words = text_of(response)
        for told in (
            submission.receipt, submission.code, document.sha256, signed.sha256, "Plan.pdf", str(lead),
            str(application.pack.questions["plan_file"].label),
            "The coordination checks whether everything is there", "A jury decides.", "30 June 2028, 06:00",
            submission.submitted_at.astimezone(zoneinfo.ZoneInfo(NEW_YORK)).strftime("%H:%M") + " (America/New York)",
        ):  # fmt: skip
            assert told in words, told


def test_receipt_when_a_stranger_asks_or_there_is_no_such_number_then_404(client):
    application = an_application(State.SUBMITTED)
    client.force_login(a_lead(a_city("fern")))
    assert page(client, "receipt", application, 1).status_code == 404
    client.force_login(a_coordinator(a_network_of("uccn")))
    assert page(client, "receipt", application, 1).status_code == 404
    client.force_login(a_lead(application.city))
    assert page(client, "receipt", application, 2).status_code == 404


# --- withdrawing


def test_withdraw_then_it_asks_for_a_reason_and_the_coordination_learns_of_it(client):
    application = an_application(State.SUBMITTED)
    client.force_login(a_lead(application.city))
    address = reverse("applications:withdraw", args=[application.pk])
    assert page(client, "withdraw", application).status_code == 200
    assert client.post(address, {"note": "  "}).status_code == 422
    assert fresh(application).state == State.SUBMITTED
    response = client.post(address, {"note": "Der Rat hat anders beschlossen."})
    assert response["Location"] == reverse("applications:case", args=[application.pk])
    assert fresh(application).state == State.WITHDRAWN
    assert application.events.latest("sequence").note.text == "Der Rat hat anders beschlossen."
    told = Letter.objects.filter(kind="application_moved", to=a_coordinator(application.call.network))
    assert [("anders beschlossen" in letter.text) for letter in told] == [True]


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.ADMITTED, State.LAPSED])
def test_withdraw_when_nothing_is_left_to_withdraw_then_404(client, state):
    application = an_application(state)
    client.force_login(a_lead(application.city))
    assert page(client, "withdraw", application).status_code == 404


def test_withdraw_when_an_editor_asks_then_404(client):
    application = an_application()
    client.force_login(an_editor(application.city))
    assert client.post(reverse("applications:withdraw", args=[application.pk]), {"note": "x"}).status_code == 404
    assert fresh(application).state == State.DRAFT
