"""Releasing decisions: a second person, one moment, everything at once, once; and results that had to be corrected."""

import datetime
import threading

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from applications import letters, log
from applications.actions.deciding import DecisionRefusedError, change_words, drop
from applications.actions.moving import perform
from applications.actions.releasing import carry_out, carry_out_due, fingerprint_of, listed_of, release, take_back
from applications.models import Application, Outcome, Release
from applications.workflow import MOVES, Action, State
from cities.models import Membership, MembershipChange
from network.models import Letter
from network.waking import wake
from tests.factories import Role, a_city, a_field, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_lead,
    a_second_coordinator,
    an_application,
    decide,
    prepared,
    released,
)

pytestmark = pytest.mark.django_db


def soon(**delta):
    return timezone.now() + datetime.timedelta(**(delta or {"hours": 1}))


def state_of(application):
    return Application.objects.get(pk=application.pk).state


def let_the_moment_come(made):
    Release.objects.filter(pk=made.pk).update(at=timezone.now())


def of_kind(kind):
    return Letter.objects.filter(kind=kind)


# --- the second person


def test_release_when_the_first_person_tries_then_it_is_refused_until_a_second_does():
    application = an_application(State.IN_REVIEW)
    prepared(application, Action.ENDORSE)
    call, first = application.call, a_coordinator(application.call.network)
    with pytest.raises(DecisionRefusedError, match="Musterstadt"):
        released(call, by=first)
    assert state_of(application) == State.IN_REVIEW
    released(call, by=a_second_coordinator(call.network))
    assert state_of(application) == State.ENDORSED


def test_release_when_the_second_person_wrote_a_letter_then_a_third_must_check():
    application = an_application(State.IN_REVIEW)
    outcome, second = prepared(application, Action.ENDORSE), a_second_coordinator(application.call.network)
    change_words(outcome, "en", subject="By hand", text="Words.", by=second)
    with pytest.raises(DecisionRefusedError):
        released(application.call, by=second)
    third = a_person(Role.COORDINATOR, network=application.call.network, name="Dritte Person")
    released(application.call, by=third)
    assert state_of(application) == State.ENDORSED


def test_release_when_operators_or_strangers_try_then_it_is_refused():
    application = an_application(State.IN_REVIEW)
    prepared(application, Action.ENDORSE)
    for person in (a_person(Role.OPERATOR), a_lead(application.city)):
        with pytest.raises(DecisionRefusedError):
            released(application.call, by=person)
    assert state_of(application) == State.IN_REVIEW


def test_release_when_the_list_has_changed_since_it_was_read_then_nothing_is_released():
    call = a_call()
    bonn = an_application(State.IN_REVIEW, call=call, city=a_city("bonn"))
    koeln = an_application(State.IN_REVIEW, call=call, city=a_city("koeln"))
    outcome, second = prepared(bonn, Action.ENDORSE), a_second_coordinator(call.network)
    for change in (
        lambda: prepared(koeln, Action.REFUSE),
        lambda: prepared(koeln, Action.ENDORSE),
        lambda: change_words(outcome, "de", subject="S", text="T", by=a_coordinator(call.network)),
        lambda: drop(outcome, by=a_coordinator(call.network)),
    ):
        seen = fingerprint_of(listed_of(call))
        change()
        with pytest.raises(DecisionRefusedError, match=r"Liste|list"):
            release(call, at=None, seen=seen, by=second)
    assert Release.objects.count() == 0


# --- at one moment


def test_release_when_at_once_then_states_events_and_letters_are_there_for_all_of_the_list():
    call = a_call()
    bonn = an_application(State.IN_REVIEW, call=call, city=a_city("bonn"))
    koeln = an_application(State.IN_REVIEW, call=call, city=a_city("koeln"))
    prepared(bonn, Action.ENDORSE, reason_de="Gut geplant.", reason_en="Well planned.")
    prepared(koeln, Action.REFUSE, reason_de="Plan fehlt.", reason_en="No plan.")
    second = a_second_coordinator(call.network)
    released(call)
    assert (state_of(bonn), state_of(koeln)) == (State.ENDORSED, State.NOT_ENDORSED)
    for application in (bonn, koeln):
        event = application.events.latest("sequence")
        assert (event.actor, event.old) == (second, State.IN_REVIEW)
        assert event.outcome.reason_de in event.note.text
        (letter,) = application.letters.filter(kind="application_decided")
        assert letter.to == a_lead(application.city)
        assert letter.state == Letter.State.WAITING
        assert event.outcome.reason_de in letter.text
        assert event.outcome.reason_en not in letter.text
    assert list(log.faults()) == []


def test_release_when_words_were_changed_by_hand_then_the_letter_has_them():
    application = an_application(State.IN_REVIEW)
    outcome = prepared(application, Action.ENDORSE)
    change_words(outcome, "de", subject="Von Hand", text="Andere Worte.", by=a_coordinator(application.call.network))
    released(application.call)
    letter = application.letters.get(kind="application_decided")
    assert (letter.subject, letter.text) == ("Von Hand", "Andere Worte.")


def test_release_when_a_moment_is_set_then_nothing_happens_before_and_all_of_it_then():
    application = an_application(State.FORWARDED, city=a_city("bonn"))
    prepared(application, Action.ADMIT)
    letters_before = Letter.objects.count()
    made = released(application.call, at=soon())
    carry_out.call(made.pk)
    carry_out_due()
    assert (state_of(application), Membership.objects.count()) == (State.FORWARDED, 0)
    assert Letter.objects.count() == letters_before
    let_the_moment_come(made)
    carry_out.call(made.pk)
    assert (state_of(application), Membership.objects.count()) == (State.ADMITTED, 1)


def test_release_when_a_moment_is_set_then_the_worker_is_told_of_that_moment():
    application = an_application(State.IN_REVIEW)
    prepared(application, Action.ENDORSE)
    made = released(application.call, at=soon())
    job = DBTaskResult.objects.get(task_path=carry_out.module_path)
    assert (job.run_after, job.args_kwargs["args"]) == (made.at, [made.pk])


def test_release_when_the_worker_was_away_then_it_happens_as_soon_as_one_is_back():
    application = an_application(State.IN_REVIEW)
    prepared(application, Action.ENDORSE)
    made = released(application.call, at=soon())
    DBTaskResult.objects.all().delete()  # the job went with a worker that died over it
    let_the_moment_come(made)
    wake()  # what a worker does first
    assert state_of(application) == State.ENDORSED


def test_release_when_nobody_has_carried_it_out_then_the_daily_job_does():
    application = an_application(State.IN_REVIEW)
    prepared(application, Action.ENDORSE)
    let_the_moment_come(released(application.call, at=soon()))
    call_command("daily", verbosity=0)
    assert state_of(application) == State.ENDORSED


def test_release_when_carried_out_again_and_again_then_it_happens_once():
    application = an_application(State.FORWARDED, city=a_city("bonn"))
    prepared(application, Action.ADMIT)
    made = released(application.call)
    before = (application.events.count(), Letter.objects.count(), MembershipChange.objects.count())
    carry_out.call(made.pk)
    carry_out_due()
    assert (application.events.count(), Letter.objects.count(), MembershipChange.objects.count()) == before


def test_release_when_it_dies_in_the_middle_then_nothing_of_it_is_there_and_the_next_try_does_all(monkeypatch):
    call = a_call()
    both = [an_application(State.IN_REVIEW, call=call, city=a_city(slug)) for slug in ("bonn", "koeln")]
    for application in both:
        prepared(application, Action.ENDORSE)
    made = released(call, at=soon())
    let_the_moment_come(made)
    told = letters.tell_of_outcome
    letters_before = Letter.objects.count()

    def dies_at_the_second(outcome):
        told(outcome)
        if outcome.application_id == both[1].pk:
            raise SystemExit

    with monkeypatch.context() as patch:  # the power goes off: no mock of what is tested
        patch.setattr(letters, "tell_of_outcome", dies_at_the_second)
        with pytest.raises(SystemExit):
            carry_out.call(made.pk)
    assert {state_of(one) for one in both} == {State.IN_REVIEW}
    assert (Letter.objects.count(), Outcome.objects.prepared().count()) == (letters_before, 2)
    carry_out_due()
    assert {state_of(one) for one in both} == {State.ENDORSED}
    assert of_kind("application_decided").count() == 2


@pytest.mark.django_db(transaction=True)
def test_release_when_two_workers_carry_it_out_at_once_then_it_happens_once():
    application = an_application(State.IN_REVIEW)
    prepared(application, Action.ENDORSE)
    made = released(application.call, at=soon())
    let_the_moment_come(made)
    start = threading.Barrier(3)

    def work():
        try:
            start.wait(10)
            carry_out.call(made.pk)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert state_of(application) == State.ENDORSED
    assert application.events.filter(kind="endorse").count() == 1
    assert of_kind("application_decided").count() == 1


# --- what changes on the way


def test_release_when_an_application_was_withdrawn_meanwhile_then_it_stays_so_and_the_others_are_released():
    call = a_call()
    bonn = an_application(State.IN_REVIEW, call=call, city=a_city("bonn"))
    koeln = an_application(State.IN_REVIEW, call=call, city=a_city("koeln"))
    prepared(bonn, Action.ENDORSE), prepared(koeln, Action.REFUSE)
    made = released(call, at=soon())
    perform(bonn, Action.WITHDRAW, by=a_lead(bonn.city), note="Haushalt.")
    let_the_moment_come(made)
    carry_out.call(made.pk)
    assert (state_of(bonn), state_of(koeln)) == (State.WITHDRAWN, State.NOT_ENDORSED)
    assert bonn.outcomes.get().is_void
    assert bonn.letters.filter(kind="application_decided").count() == 0


def test_release_when_taken_back_before_its_moment_then_nothing_happens_and_the_list_is_open_again():
    application = an_application(State.IN_REVIEW)
    outcome = prepared(application, Action.ENDORSE)
    made = released(application.call, at=soon())
    with pytest.raises(DecisionRefusedError):
        prepared(application, Action.REFUSE)
    with pytest.raises(DecisionRefusedError):
        change_words(outcome, "de", subject="S", text="T", by=a_coordinator(application.call.network))
    take_back(made, by=a_coordinator(application.call.network))
    let_the_moment_come(made)
    carry_out.call(made.pk)
    assert state_of(application) == State.IN_REVIEW
    prepared(application, Action.REFUSE)
    released(application.call)
    assert state_of(application) == State.NOT_ENDORSED
    with pytest.raises(DecisionRefusedError):
        take_back(Release.objects.latest("pk"), by=a_coordinator(application.call.network))


def test_released_outcome_when_somebody_changes_it_then_the_database_refuses():
    application = an_application(State.ENDORSED)
    with pytest.raises(Exception, match="evidence"), transaction.atomic():
        Outcome.objects.filter(application=application).update(reason_de="Anders.")


# --- admission


def test_release_when_a_city_is_admitted_then_membership_field_source_and_invitation_are_there():
    application = an_application(State.FORWARDED, city=a_city("bonn"))
    network = application.call.network
    film, day = a_field(network, "film"), datetime.date(2025, 12, 4)
    values = {"fields": [film], "decided_on": day, "source_url": "https://example.org/liste"}
    decide(application, Action.ADMIT, **values)
    membership = Membership.objects.get(city=application.city, network=network)
    assert (membership.since, membership.status, membership.recorded_here) == (2025, "active", True)
    assert list(membership.fields.all()) == [film]
    assert [(one.what, one.url) for one in membership.sources.all()] == [
        ("Liste der Jury", "https://example.org/liste")
    ]
    change = membership.changes.get()
    assert (change.kind, change.happened, change.source_label) == ("admitted", "2025-12-04", "Liste der Jury")
    (letter,) = of_kind("membership_began")
    assert letter.to == a_lead(application.city)
    assert "/cities/bonn/edit/" in letter.text


def test_correction_when_an_admission_was_a_mistake_then_the_membership_ends_and_everybody_is_told():
    application = an_application(State.ADMITTED, city=a_city("bonn"))
    with pytest.raises(DecisionRefusedError):
        prepared(application, Action.CORRECT, reason_de="", reason_en="")
    decide(application, Action.CORRECT, reason_de="Verwechslung.", reason_en="Mixed up.")
    assert state_of(application) == State.FORWARDED
    membership = Membership.objects.get()
    assert (membership.status, membership.ended_on) == ("ended", timezone.localdate())
    assert [change.kind for change in membership.changes.order_by("pk")] == ["admitted", "corrected"]
    event = application.events.latest("sequence")
    assert (event.kind, event.old, event.new) == ("correct", State.ADMITTED, State.FORWARDED)
    letter = application.letters.filter(kind="application_decided").latest("pk")
    assert "Verwechslung." in letter.text
    assert "Mitgliedschaft" in letter.text or "membership" in letter.text
    decide(application, Action.NOT_ADMIT)
    assert state_of(application) == State.NOT_ADMITTED
    assert list(log.faults()) == []


def test_correction_when_the_city_was_a_member_before_then_it_stays_one():
    application = an_application(State.FORWARDED, city=a_city("bonn"))
    Membership.objects.create(city=application.city, network=application.call.network, since=2016)
    decide(application, Action.ADMIT)
    membership = Membership.objects.get()
    assert (membership.since, membership.status) == (2016, "active")
    decide(application, Action.CORRECT)
    membership.refresh_from_db()
    assert (membership.since, membership.status) == (2016, "active")


def test_correction_when_an_endorsement_was_wrong_then_it_is_open_again_and_frees_its_place():
    application = an_application(State.ENDORSED)
    decide(application, Action.CORRECT)
    assert state_of(application) == State.IN_REVIEW
    decide(application, Action.REFUSE)
    assert state_of(application) == State.NOT_ENDORSED


# --- every state


@pytest.mark.parametrize("state", State.values)
def test_release_then_exactly_the_decisions_of_the_table_happen_and_each_leaves_one_event_and_its_letters(state):
    application = an_application(state)
    for action in {move.action for move in MOVES if move.by_release}:
        move = next((one for one in MOVES if one.action == action and state in one.sources), None)
        before = application.events.count(), Letter.objects.count()
        with transaction.atomic():
            if move is None:
                with pytest.raises(DecisionRefusedError):
                    decide(application, action)
                assert (application.events.count(), Letter.objects.count()) == before
            else:
                decide(application, action)
                assert state_of(application) == move.target
                assert application.events.count() == before[0] + 1
                assert Letter.objects.count() > before[1]
            transaction.set_rollback(True)
    assert connection.in_atomic_block
