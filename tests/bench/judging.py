"""Reviewing in the call with 10,000 applications: reviewers, whom they are asked to judge, what they say; outcomes."""

import datetime
import random
from collections.abc import Sequence
from itertools import batched

from django.utils import timezone

from applications.models import Application, Assignment, Outcome, Review, ReviewerStatement, Score, Submission
from applications.workflow import Action, State
from cities.models import Country
from network.models import Network, Office, User
from tests.factories_applications import text

REVIEWERS, JUDGED, PREPARED = 30, 1_200, 40
AT_ONCE = 500  # rows in one statement
CRITERIA = [
    {"key": key, "title": text(title), "explanation": text("Ob."), "weight": weight, "questions": ["vision"]}
    for key, title, weight in (("plan", "Plan", 40), ("people", "Personen", 30), ("reach", "Reichweite", 20),
                               ("costs", "Kosten", 10))
]  # fmt: skip
ASKED = [Assignment.State.DONE, Assignment.State.DONE, Assignment.State.INVITED]


def fill(network: Network, coordinator: User, rng: random.Random) -> None:
    """Reviewers from many countries; 1,200 applications under review are judged by three of them each, two of whom
    have finished; some outcomes are prepared."""
    people = _reviewers(network, rng)
    under_review = Application.objects.filter(call__network=network, state=State.IN_REVIEW).select_related("city")
    judged = list(under_review.order_by("pk")[:JUDGED])
    made: list[Assignment] = []
    for part in batched(judged, AT_ONCE):
        made += Assignment.objects.bulk_create(
            one for application in part for one in _asked(application, people, coordinator, rng)
        )
    _reviews(made, rng)
    first = {one.application_id: one for one in Submission.objects.filter(application__in=judged[-PREPARED:], number=1)}
    Outcome.objects.bulk_create(
        Outcome(
            application=one, submission=first[one.pk], action=Action.REFUSE, old=one.state, reason_de="Begründung.",
            reason_en="The reason.", prepared_by=coordinator,
        )
        for one in judged[-PREPARED:]
    )  # fmt: skip


def _reviewers(network: Network, rng: random.Random) -> list[User]:
    """Some of every kind: none of them in a city's team."""
    countries = rng.sample(list(Country.objects.order_by("pk")), REVIEWERS)
    people = User.objects.bulk_create(
        User(email=f"judge-{number}@example.org", name=f"Gutachter*in {number}", password="!")
        for number in range(REVIEWERS)
    )
    Office.objects.bulk_create(Office(user=one, network=network, role=Office.Role.REVIEWER) for one in people)
    ReviewerStatement.objects.bulk_create(
        ReviewerStatement(user=one, country=country, confirmed_at=timezone.now())
        for one, country in zip(people, countries, strict=True)
    )
    return people


def _asked(application: Application, people: Sequence[User], by: User, rng: random.Random) -> list[Assignment]:
    now = timezone.now()
    return [
        Assignment(
            application=application, reviewer=person, state=state, assigned_by=by, assigned_at=now,
            due_at=now + datetime.timedelta(days=rng.randrange(1, 40)),
            answered_at=None if state == Assignment.State.INVITED else now,
        )
        for state, person in zip(ASKED, rng.sample(people, len(ASKED)), strict=True)
    ]  # fmt: skip


def _reviews(assignments: Sequence[Assignment], rng: random.Random) -> None:
    now = timezone.now()
    done = [one for one in assignments if one.state == Assignment.State.DONE]
    asked = {one.application_id for one in done}
    first = dict(Submission.objects.filter(application__in=asked, number=1).values_list("application", "pk"))
    for part in batched(done, AT_ONCE):
        reviews = Review.objects.bulk_create(Review(assignment=one, changed_at=now, done_at=now) for one in part)
        Score.objects.bulk_create(
            Score(
                review=one, criterion=str(criterion["key"]), value=rng.randrange(1, 6), reason="Gut belegt.",
                confirmed=True, submission_id=first[one.assignment.application_id],
            )
            for one in reviews
            for criterion in CRITERIA
        )  # fmt: skip
