"""All that belongs to one application, read at once: in one query, and as the models themselves say it."""

import datetime

import pytest
from django.utils import timezone, translation

from applications.actions import caring
from applications.actions.documents import add_document
from applications.care import raised_in, said_in
from applications.case_facts import facts_of
from applications.case_history import told
from applications.models import Application
from applications.workflow import State
from network.models import User
from tests.applications.test_coordination import ask, submit_anew_without_changing_answers, write
from tests.factories_applications import a_coordinator, a_lead, a_pdf, an_application

pytestmark = pytest.mark.django_db


def a_case_with_everything() -> Application:
    case = ask(an_application(State.SUBMITTED), "vision", "plan_file")
    coordinator = a_coordinator(case.call.network)
    add_document(case, "plan_file", a_pdf("Plan.pdf"), by=a_lead(case.city))
    write(case, "vision", "Ganz anders.")
    submit_anew_without_changing_answers(case)
    caring.note(case, "Eine Notiz.", by=coordinator)
    caring.write_to_city(case, "Eine Frage.", by=coordinator)
    day = timezone.localdate() + datetime.timedelta(days=3)
    flag = caring.raise_flag(case, "Nachsehen", owner=coordinator, due_on=day, by=coordinator)
    caring.settle_flag(flag, "Erledigt.", by=coordinator)
    return Application.objects.for_page().get(pk=case.pk)


def test_facts_then_one_query_says_what_the_models_say(django_assert_num_queries):
    case = a_case_with_everything()
    with django_assert_num_queries(1):
        facts = facts_of(case)
        people = [str(one.submitted_by) for one in facts.submissions] + [
            str(one.uploaded_by) for one in facts.documents
        ]
        signed = [one.document.name for one in facts.endorsements if one.document]
    stored = list(case.submissions.order_by("-number"))
    assert facts.submissions == stored
    assert [(one.content, one.submitted_at, one.sha256) for one in facts.submissions] == [
        (one.content, one.submitted_at, one.sha256) for one in stored
    ]
    assert facts.documents == list(case.documents.order_by("pk"))
    assert facts.letters == list(case.letters.order_by("-created_at", "-pk"))
    assert facts.endorsements == list(case.endorsements.order_by("pk"))
    assert len(facts.events) == case.events.count()
    assert set(people) == {str(a_lead(case.city))}
    assert signed == [one.document.name for one in case.endorsements.order_by("pk") if one.document]
    assert [one.text for one in said_in(facts)] == ["Eine Notiz.", "Eine Frage."]
    [flag] = raised_in(facts)
    assert (flag.resolution, flag.settled_at) == ("Erledigt.", case.flags.get().resolved_at)


def test_facts_of_a_person_who_has_left_then_the_name_is_nowhere():
    case = a_case_with_everything()
    for person in (a_lead(case.city), a_coordinator(case.call.network)):
        User.objects.filter(pk=person.pk).update(name="", deleted_at=timezone.now())
    with translation.override("en"):
        facts = facts_of(case)
        assert {entry.who for entry in told(facts, inside=True)} == {"deleted person"}
        assert {one.who for one in said_in(facts)} == {"deleted person"}
        assert str(facts.submissions[0].submitted_by) == "deleted person"
