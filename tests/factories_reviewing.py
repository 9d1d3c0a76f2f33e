"""Reviewers, assignments and reviews for the tests: each state is reached by real actions."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from applications.actions.assigning import accept, assign
from applications.actions.inviting import state_origin
from applications.actions.reviewing import Entry, finish, save_review
from applications.models import Application, Assignment, Review
from cities.models import City, Land
from network.models import Network, User
from tests.factories import Role, a_country, a_person
from tests.factories_applications import a_coordinator

State = Assignment.State


def a_reviewer(
    network: Network,
    name: str = "Rita Rat",
    *,
    country: str = "FR",
    land: Land | None = None,
    cities: Iterable[City] = (),
) -> User:
    """Somebody who reviews for the network and has stated where they come from: abroad, as a rule."""
    person = a_person(Role.REVIEWER, network=network, name=name)
    state_origin(by=person, country=a_country(country), land=land, cities=list(cities))
    return person


def an_assignment(application: Application, reviewer: User | None = None, state: str = State.ACCEPTED) -> Assignment:
    """Assigned by the coordination; accepted, and finished, by the reviewer."""
    reviewer = reviewer or a_reviewer(application.call.network)
    due = timezone.now() + datetime.timedelta(days=14)
    (made,) = assign({(application.pk, reviewer.pk)}, due_at=due, by=a_coordinator(application.call.network))
    if state in {State.ACCEPTED, State.DONE}:
        made = accept(made, by=reviewer)
    if state == State.DONE:
        a_review(made)
    return Assignment.objects.get(pk=made.pk)


def a_review(
    assignment: Assignment, *, value: int | None = 4, reason: str = "Gut belegt.", ends: bool = True
) -> Review:
    """The same score and reason for each criterion; without a value it abstains. Finished, unless it goes on."""
    entry = Entry(value=value, abstained=value is None, reason=reason)
    entries = {one.key: entry for one in assignment.application.pack.criteria}
    by, before = assignment.reviewer, Review.objects.filter(assignment=assignment).first()
    seen = before.changed_at if before else None
    review = save_review(assignment, entries, by=by, general="", private_note="Nur für mich.", seen=seen)
    return finish(assignment, by=by) if ends else review
