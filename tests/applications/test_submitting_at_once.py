"""Many at once, each with a connection of its own: one submission, and what was checked."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from applications.actions import MoveNotAllowedError
from applications.actions.documents import add_document
from applications.actions.drafting import save_answers
from applications.actions.moving import submit
from applications.freezing import file_of
from applications.models import Event, Submission
from applications.workflow import State
from network.models import Letter
from tests.applications.submitting import a_complete_draft, fresh, seen
from tests.factories_applications import (
    a_call,
    a_lead,
    a_pack_version,
    an_application,
    an_editor,
)

pytestmark = pytest.mark.django_db


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """What `act(number)` gave or raised, all begun at the same moment."""
    gate = threading.Barrier(count)
    found: list[object] = [None] * count

    def run(number: int) -> None:
        try:
            gate.wait(timeout=30)
            found[number] = act(number)
        except Exception as problem:
            found[number] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


@pytest.mark.django_db(transaction=True)
def test_submit_when_twenty_come_at_once_then_there_is_one_submission():
    application = a_complete_draft()
    lead, checked = a_lead(application.city), seen(application)
    found = at_once(20, lambda _number: submit(application, by=lead, seen=checked).pk)
    assert len(set(found)) == 1, found
    assert Submission.objects.count() == 1
    assert application.events.filter(kind=Event.Kind.SUBMIT).count() == 1
    assert Letter.objects.filter(kind="application_arrived").count() == 1
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_submit_when_colleagues_save_at_the_same_moment_then_what_is_frozen_is_what_was_checked():
    application = a_complete_draft()
    lead, editor, checked = a_lead(application.city), an_editor(application.city), seen(application)
    versions = dict(application.answers.values_list("question", "version"))

    def act(number: int) -> object:
        if number == 0:
            return submit(application, by=lead, seen=checked).sha256
        return save_answers(application, {"council_body": f"Gremium {number}"}, seen=versions, by=editor).written

    found = at_once(8, act)
    frozen = Submission.objects.first()
    if isinstance(found[0], MoveNotAllowedError):  # somebody saved first
        assert frozen is None
        assert fresh(application).state == State.DRAFT
        assert sum(one == ["council_body"] for one in found[1:]) == 1
    else:  # then nobody's saving went through afterwards
        assert frozen is not None
        assert frozen.sha256 == checked == file_of(fresh(application)).sha256
        assert frozen.content["answers"]["council_body"] == "Rat der Stadt"
        assert all(isinstance(one, MoveNotAllowedError) for one in found[1:])


@pytest.mark.django_db(transaction=True)
def test_documents_when_ten_come_at_once_then_no_more_than_may_be_and_none_is_left_over(folder):
    application = an_application(call=a_call(pack=a_pack_version()))
    lead = a_lead(application.city)
    uploads = [_pdf_of(number) for number in range(10)]
    found = at_once(10, lambda number: add_document(application, "plan_file", uploads[number], by=lead).pk)
    stored = [one for one in found if isinstance(one, int)]
    assert len(stored) == 2
    assert set(application.answers.get(question="plan_file").value or []) == set(stored)
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 2


def _pdf_of(number: int):
    from tests.applications.bad_files import a_pdf as pages  # noqa: PLC0415 - only here
    from tests.applications.test_documents import upload  # noqa: PLC0415 - only here

    return upload(pages(number + 1))
