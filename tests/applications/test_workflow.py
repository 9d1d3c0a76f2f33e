"""The table of moves: every state × every action × everybody. What is allowed moves and leaves one event and its
letters; everything else is refused and leaves nothing."""

import datetime
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.utils import timezone

from applications.actions import MoveNotAllowedError
from applications.actions.moving import Sent, perform, submit
from applications.freezing import file_of
from applications.models import Application, Submission
from applications.workflow import (
    ENDED,
    MOVES,
    STANDINGS,
    WRITABLE,
    Action,
    Role,
    State,
    decisions_for,
    move_for,
    moves_for,
)
from cities.models import TeamMember
from network.models import Letter, User
from tests.factories import Role as Office
from tests.factories import a_city, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_lead,
    a_network_of,
    an_application,
    an_editor,
    complete,
)

# What each person is to the application; the portal itself acts without a person.
PEOPLE = {
    "lead": {Role.EDITOR, Role.LEAD},
    "deputy": {Role.EDITOR, Role.LEAD},
    "editor": {Role.EDITOR},
    "coordinator": {Role.COORDINATOR},
    "coordinator of another network": set(),
    "lead of another city": set(),
    "coordinator in the city's team": {Role.EDITOR},
    "reviewer": set(),
    "operator": set(),
    "closed account of a lead": set(),
    "portal": {Role.PORTAL},
}


def everybody(application: Application) -> dict[str, User | None]:
    city, network = application.city, application.call.network
    deputy, both, closed = an_editor(city, "Stellvertretung"), an_editor(city, "Beides"), an_editor(city, "Geschlossen")
    TeamMember.objects.filter(user__in=[deputy, closed]).update(role=TeamMember.Role.DEPUTY)
    both.offices.create(network=network, role="coordinator")
    closed.is_active = False
    closed.save()
    return {
        "lead": a_lead(city),
        "deputy": deputy,
        "editor": an_editor(city),
        "coordinator": a_coordinator(network),
        "coordinator of another network": a_coordinator(a_network_of("uccn")),
        "lead of another city": a_lead(a_city("fern")),
        "coordinator in the city's team": both,
        "reviewer": a_person(Office.REVIEWER, network=network),
        "operator": a_person(Office.OPERATOR),
        "closed account of a lead": closed,
        "portal": None,
    }


@dataclass(frozen=True)
class Trace:
    """What an action could have left."""

    state: str
    events: int
    letters: int
    submissions: int


def trace_of(application: Application) -> Trace:
    now = Application.objects.get(pk=application.pk)
    return Trace(now.state, now.events.count(), Letter.objects.count(), Submission.objects.count())


def attempt(application: Application, action: Action, person: User | None, seen: str) -> None:
    if action != Action.SUBMIT:
        until, sent = timezone.now() + datetime.timedelta(days=7), Sent(timezone.localdate(), "post")
        perform(application, action, by=person, note="Ein Grund.", until=until, parts=["vision"], sent=sent)
    elif person is not None:
        submit(application, by=person, seen=seen)
    else:
        raise MoveNotAllowedError("submitting needs a person")


def is_repeated(action: Action, state: str, who: str) -> bool:
    """Submitting the same once more gives the submission that is there, and leaves nothing."""
    return (action, state) == (Action.SUBMIT, State.SUBMITTED) and Role.LEAD in PEOPLE[who]


@pytest.mark.django_db
@pytest.mark.parametrize("state", State.values)
def test_move_then_exactly_what_the_table_allows_happens(state):
    application = an_application(state)
    if state == State.DRAFT:
        complete(application, by=a_lead(application.city))
    people, seen = everybody(application), file_of(Application.objects.for_page().get(pk=application.pk)).sha256
    before = trace_of(application)
    for action in Action:
        move = move_for(action, state)
        # a decision is nobody's own act: it is prepared and released (test_releasing.py)
        allowed = {who for who in people if move is not None and move.role in PEOPLE[who] and not move.by_release}
        for who in people.keys() - allowed:
            if is_repeated(action, state, who):
                attempt(application, action, people[who], seen)
            else:
                with pytest.raises(MoveNotAllowedError):
                    attempt(application, action, people[who], seen)
        assert trace_of(application) == before, (state, action)
        for who in allowed:
            with transaction.atomic():
                attempt(application, action, people[who], seen)
                moved(application, action, people[who], before)
                transaction.set_rollback(True)


def moved(application: Application, action: Action, person: User | None, before: Trace) -> None:
    """The move is done, with one event and at least one letter."""
    after, move, event = trace_of(application), move_for(action, before.state), application.events.last()
    assert move is not None
    assert event is not None
    assert (after.state, after.events) == (move.target, before.events + 1)
    assert after.letters > before.letters
    assert after.submissions == before.submissions + (action == Action.SUBMIT)
    assert (event.kind, event.old, event.new, event.actor) == (action, before.state, move.target, person)


@pytest.mark.django_db
def test_move_when_it_needs_a_reason_a_date_or_parts_then_without_them_nothing_happens():
    application = an_application(State.SUBMITTED)
    coordinator = a_coordinator(application.call.network)
    soon = timezone.now() + datetime.timedelta(days=1)
    before = trace_of(application)
    for values in (
        {"note": " ", "until": soon, "parts": ["vision"]},
        {"note": "Grund", "until": None, "parts": ["vision"]},
        {"note": "Grund", "until": timezone.now() - datetime.timedelta(seconds=1), "parts": ["vision"]},
        {"note": "Grund", "until": soon, "parts": []},
        {"note": "Grund", "until": soon, "parts": ["gibtesnicht"]},
    ):
        with pytest.raises(MoveNotAllowedError):
            perform(application, Action.RETURN, by=coordinator, **values)
    with pytest.raises(ValueError, match="submit"):
        perform(application, Action.SUBMIT, by=coordinator)
    assert trace_of(application) == before


@pytest.mark.django_db
def test_move_when_more_is_asked_for_then_date_and_parts_are_there_and_go_with_the_next_move():
    application = an_application(State.SUBMITTED)
    until = timezone.now() + datetime.timedelta(days=7)
    returned = perform(
        application, Action.RETURN, by=a_coordinator(application.call.network), note="Grund", until=until,
        parts=["complete", "vision", "gibtesnicht"],
    )  # fmt: skip
    assert (returned.returned_until, returned.returned_parts) == (until, ["vision", "complete"])
    withdrawn = perform(returned, Action.WITHDRAW, by=a_lead(application.city), note="Grund")
    assert (withdrawn.returned_until, withdrawn.returned_parts) == (None, [])


def test_table_then_every_state_but_the_last_ones_has_a_way_out_and_every_one_its_words():
    left = {source for move in MOVES for source in move.sources if move.action != Action.CORRECT}
    assert set(State) - left == ENDED
    assert set(STANDINGS) == set(State)
    assert {state for state in State if STANDINGS[state].turn is None} == ENDED
    assert {move.action for move in MOVES} == set(Action)
    assert set(WRITABLE) == {State.DRAFT, State.RETURNED}


def test_table_then_an_action_leads_from_one_state_to_one_state_only():
    pairs = [(move.action, source) for move in MOVES for source in move.sources]
    assert len(pairs) == len(set(pairs))


def test_buttons_then_they_are_what_the_table_allows_to_these_roles():
    assert [move.action for move in moves_for(State.SUBMITTED, {Role.COORDINATOR})] == [
        Action.RETURN, Action.REVIEW,
    ]  # fmt: skip
    assert [move.action for move in decisions_for(State.SUBMITTED)] == [Action.REFUSE]
    assert [move.action for move in decisions_for(State.IN_REVIEW)] == [Action.ENDORSE, Action.REFUSE]
    assert [move.action for move in decisions_for(State.FORWARDED)] == [Action.ADMIT, Action.NOT_ADMIT]
    assert [move.action for move in decisions_for(State.ADMITTED)] == [Action.CORRECT]
    assert [move.action for move in moves_for(State.DRAFT, {Role.EDITOR})] == []
    assert [move.action for move in moves_for(State.ADMITTED, set(Role))] == []


@pytest.mark.django_db
def test_roles_when_somebody_coordinates_two_networks_then_only_that_of_the_call_counts():
    application = an_application(State.SUBMITTED, call=a_call("eigen"))
    other = a_coordinator(a_network_of("uccn"))
    with pytest.raises(MoveNotAllowedError):
        perform(application, Action.REVIEW, by=other)
    other.offices.create(network=application.call.network, role="coordinator")
    assert perform(application, Action.REVIEW, by=other).state == State.IN_REVIEW
