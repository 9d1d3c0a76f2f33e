"""Beginning an application and writing in it: nothing is lost, nobody is overwritten."""

import pytest

from applications.actions import MoveNotAllowedError
from applications.actions.drafting import restore_answer, save_answers, start
from applications.models import Application, Event
from applications.workflow import State
from tests.factories import Role, a_city, a_person
from tests.factories_applications import a_call, a_lead, an_application, an_editor, let_time_pass

pytestmark = pytest.mark.django_db


def stored(application: Application) -> dict[str, object]:
    return dict(application.answers.values_list("question", "value"))


def test_start_then_a_draft_and_one_event():
    call, city = a_call(), a_city("musterstadt")
    application = start(call, city, by=a_lead(city), language="en")
    assert (application.state, application.language) == (State.DRAFT, "en")
    assert [event.kind for event in application.events.all()] == [Event.Kind.STARTED]


def test_start_when_it_is_there_then_the_same_one():
    call, city = a_call(), a_city("musterstadt")
    first = start(call, city, by=a_lead(city), language="de")
    assert start(call, city, by=an_editor(city), language="en") == first
    assert Application.objects.count() == 1


def test_start_in_a_language_the_call_does_not_take_then_its_first():
    city = a_city("musterstadt")
    assert start(a_call(), city, by=a_lead(city), language="fr").language == "de"


def test_start_for_another_city_then_refused():
    lead = a_lead(a_city("musterstadt"))
    with pytest.raises(MoveNotAllowedError):
        start(a_call(), a_city("beispielhausen"), by=lead, language="de")
    assert not Application.objects.exists()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OPERATOR])
def test_start_by_one_who_works_for_no_city_then_refused(role):
    call = a_call()
    with pytest.raises(MoveNotAllowedError):
        start(call, a_city("musterstadt"), by=a_person(role, network=call.network), language="de")


@pytest.mark.parametrize("days", [-0.5, 30])
def test_start_when_the_call_is_closed_or_not_open_yet_then_refused(days):
    call = a_call(days=days)
    if days > 0:
        let_time_pass(opens_at=call.closes_at - (call.closes_at - call.opens_at) / 4)
        call.refresh_from_db()
    city = a_city("musterstadt")
    with pytest.raises(MoveNotAllowedError):
        start(call, city, by=a_lead(city), language="de")


def test_start_of_a_demo_city_in_a_real_call_then_refused():
    city = a_city("musterstadt", is_demo=True)
    with pytest.raises(MoveNotAllowedError):
        start(a_call(), city, by=a_lead(city), language="de")


def test_save_then_only_what_differs_is_written():
    application = an_application()
    lead = a_lead(application.city)
    saved = save_answers(application, {"vision": "Alle lernen.", "council_body": None}, seen={}, by=lead)
    assert saved.written == ["vision"]
    assert saved.versions == {"vision": 1, "council_body": 0}
    again = save_answers(application, {"vision": "Alle lernen."}, seen={"vision": 1}, by=lead)
    assert (again.written, again.versions) == ([], {"vision": 1})
    assert application.versions.count() == 1


def test_save_of_anything_typed_then_it_is_kept_even_if_it_is_wrong():
    application = an_application()
    save_answers(
        application, {"council_date": "im Mai", "plan_year": {"value": "bald"}}, seen={}, by=a_lead(application.city)
    )
    assert stored(application) == {"council_date": "im Mai", "plan_year": {"value": "bald"}}


def test_two_write_the_same_answer_then_the_second_is_told_and_nothing_is_overwritten():
    application = an_application()
    lead, editor = a_lead(application.city), an_editor(application.city)
    save_answers(application, {"vision": "eins"}, seen={}, by=lead)
    save_answers(application, {"vision": "zwei"}, seen={"vision": 1}, by=editor)
    saved = save_answers(application, {"vision": "drei", "council_body": "Rat"}, seen={"vision": 1}, by=lead)
    clash = saved.clashes["vision"]
    assert (clash.mine, clash.stored.value, clash.stored.changed_by) == ("drei", "zwei", editor)
    assert stored(application) == {"vision": "zwei", "council_body": "Rat"}
    assert saved.written == ["council_body"]


def test_save_of_an_answer_left_as_it_was_seen_then_a_newer_one_stays():
    application = an_application()
    lead, editor = a_lead(application.city), an_editor(application.city)
    save_answers(application, {"vision": "eins"}, seen={}, by=lead)
    save_answers(application, {"vision": "zwei"}, seen={"vision": 1}, by=editor)
    saved = save_answers(application, {"vision": "eins"}, seen={"vision": 1}, by=lead)
    assert (saved.clashes, saved.written, saved.versions) == ({}, [], {"vision": 2})
    assert stored(application) == {"vision": "zwei"}


def test_both_write_the_same_words_then_there_is_no_clash():
    application = an_application()
    save_answers(application, {"vision": "gleich"}, seen={}, by=a_lead(application.city))
    saved = save_answers(application, {"vision": "gleich"}, seen={}, by=an_editor(application.city))
    assert (saved.clashes, saved.versions) == ({}, {"vision": 1})


def test_save_of_unknown_questions_and_documents_then_they_are_passed_over():
    application = an_application()
    save_answers(application, {"nirgends": "x", "plan_file": [1]}, seen={}, by=a_lead(application.city))
    assert stored(application) == {}


@pytest.mark.parametrize("state", [State.SUBMITTED, State.WITHDRAWN, State.LAPSED, State.ADMITTED])
def test_save_when_it_is_closed_then_refused_and_nothing_is_written(state):
    application = an_application(state)
    before = stored(application)
    with pytest.raises(MoveNotAllowedError):
        save_answers(application, {"vision": "neu"}, seen={"vision": 1}, by=a_lead(application.city))
    assert stored(application) == before


def test_save_when_returned_then_only_the_named_parts_are_written():
    application = an_application(State.RETURNED)
    lead = a_lead(application.city)
    saved = save_answers(
        application, {"vision": "neu", "council_body": "anderes"}, seen={"vision": 1, "council_body": 1}, by=lead
    )
    assert saved.written == ["vision"]
    assert stored(application)["council_body"] == "Rat der Stadt"


def test_save_by_the_coordination_then_refused():
    application = an_application(State.RETURNED)
    coordinator = application.events.get(kind=Event.Kind.RETURN).actor
    assert coordinator
    with pytest.raises(MoveNotAllowedError):
        save_answers(application, {"vision": "neu"}, seen={"vision": 1}, by=coordinator)


def test_restore_then_a_new_version_and_the_history_keeps_all():
    application = an_application()
    lead = a_lead(application.city)
    save_answers(application, {"vision": "eins"}, seen={}, by=lead)
    save_answers(application, {"vision": "zwei"}, seen={"vision": 1}, by=lead)
    restore_answer(application, "vision", version=1, by=lead)
    history = application.versions.filter(question="vision").order_by("version")
    assert [(one.version, one.value) for one in history] == [(1, "eins"), (2, "zwei"), (3, "eins")]
    assert application.events.latest("sequence").kind == Event.Kind.RESTORED
