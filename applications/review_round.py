"""What the coordination sees of reviewing: the reviewers of a call, who reviews what, a proposal, the reviews of one
application. Everything starts from the applications the reader may know of."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils.translation import get_language

from applications.actions.assigning import reviewers_of
from applications.actions.inviting import State as InvitationState
from applications.balancing import Proposal, proposed
from applications.conflicts import Found, conflicted_pairs, conflicts_of, with_facts
from applications.models import Application, Assignment, Call, Conflict, Review, ReviewerInvitation, Score
from applications.models.application import ApplicationQuerySet
from applications.models.reviewing import STANDING
from applications.namesakes import Hint, hints_of
from applications.pack import Criterion
from applications.permissions import roles_of
from applications.scores import Total, counted, totals_of
from applications.workflow import REVIEWABLE, Role, State
from network.models import User
from network.permissions import is_operator

PER_PAGE = 25
MANY = 200  # applications of a call, from which conflicts are looked for page by page only
Standing = Assignment.State


def cases_of(call: Call, reader: User) -> ApplicationQuerySet:
    """The applications under way of a call that the reader may know of, by city."""
    cases = Application.objects.cases_for(reader).filter(call=call, state__in=REVIEWABLE)
    return cases.order_by("city__sort_en" if get_language() == "en" else "city__sort_de", "pk")


@dataclass(frozen=True)
class Load:
    """What one person has to do in a call, in numbers."""

    asked: int
    writing: int
    done: int
    refused: int  # declined, or in conflict

    @property
    def standing(self) -> int:
        return self.asked + self.writing + self.done


@dataclass(frozen=True)
class Reviewer:
    """Somebody who reviews for the network, with what matters in one call."""

    person: User
    load: Load
    invitation: ReviewerInvitation | None
    conflicts: int | None  # applications under way that they must not judge; None where there are too many to look at

    @property
    def has_stated(self) -> bool:
        return hasattr(self.person, "reviewer_statement")


class Reviewers:
    """The reviewers of a call, and the invitations nobody has accepted."""

    def __init__(self, call: Call, reader: User) -> None:
        self.call, self.reader = call, reader

    @cached_property
    def people(self) -> list[User]:
        return reviewers_of(self.call.network_id)

    @cached_property
    def _invitations(self) -> list[ReviewerInvitation]:
        return list(ReviewerInvitation.objects.filter(call=self.call).select_related("invited_by"))

    @property
    def unanswered(self) -> list[ReviewerInvitation]:
        """Those that wait for an answer, and those that were declined."""
        return [one for one in self._invitations if one.state in {InvitationState.OPEN, InvitationState.DECLINED}]

    @cached_property
    def loads(self) -> dict[int, Load]:
        """By primary key of the person."""
        assigned = Assignment.objects.filter(application__in=cases_of(self.call, self.reader).order_by())
        numbers: dict[int, Counter[str]] = defaultdict(Counter)
        for person, state, count in assigned.order_by().values_list("reviewer", "state").annotate(Count("pk")):
            numbers[person][state] = count
        return {person: _load(counts) for person, counts in numbers.items()}

    def load(self, person: User) -> Load:
        return self.loads.get(person.pk) or _load(Counter())

    @cached_property
    def rows(self) -> list[Reviewer]:
        """By name."""
        accepted = {one.person_id: one for one in self._invitations if one.state == InvitationState.ACCEPTED}
        cases = cases_of(self.call, self.reader).order_by()
        keys = list(cases.values_list("pk", flat=True)[: MANY + 1])
        few = with_facts(Application.objects.filter(pk__in=keys)) if len(keys) <= MANY else []
        found = conflicts_of(self.people, few) if len(keys) <= MANY else None
        counts = Counter(person for person, _application in found or ())
        return [
            Reviewer(one, self.load(one), accepted.get(one.pk), None if found is None else counts[one.pk])
            for one in self.people
        ]


def _in_step(part: ApplicationQuerySet) -> list[Application]:
    """A part of a list with what the rules look at: the database sorts keys only, and reads everything of the few it
    then knows."""
    rows = Application.objects.filter(pk__in=part.values("pk"))
    return with_facts(rows.order_by(*part.query.order_by))


def _load(counts: Mapping[str, int]) -> Load:
    return Load(
        asked=counts.get(Standing.INVITED, 0),
        writing=counts.get(Standing.ACCEPTED, 0),
        done=counts.get(Standing.DONE, 0),
        refused=counts.get(Standing.DECLINED, 0) + counts.get(Standing.RECUSED, 0),
    )


@dataclass(frozen=True)
class Cell:
    """One person and one application: assigned, in conflict, or neither."""

    person: User
    assignment: Assignment | None
    conflicts: Sequence[Found]

    @property
    def is_free(self) -> bool:
        """Whether the person may be asked."""
        standing = self.assignment is not None and self.assignment.state in STANDING
        return not standing and not self.conflicts


@dataclass(frozen=True)
class RoundRow:
    """One application, its result so far, and one cell for each reviewer."""

    application: Application
    total: Total
    cells: Sequence[Cell]

    @property
    def in_conflict(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.conflicts]


class Round:
    """Applications × reviewers, one page of them."""

    def __init__(self, call: Call, reader: User, *, page: str = "") -> None:
        self.reviewers, self.call = Reviewers(call, reader), call
        self.reader, self._page = reader, page

    @cached_property
    def page(self) -> Page:
        return Paginator(cases_of(self.call, self.reader), PER_PAGE).get_page(self._page)

    @cached_property
    def rows(self) -> list[RoundRow]:
        assert isinstance(self.page.object_list, ApplicationQuerySet)
        applications, people = _in_step(self.page.object_list), self.reviewers.people
        found = Assignment.objects.filter(application__in=applications).select_related("reviewer")
        assigned = {(one.application_id, one.reviewer_id): one for one in found}
        everybody = {person.pk: person for person in (*people, *(one.reviewer for one in assigned.values()))}
        barred = conflicts_of(everybody.values(), applications)
        totals = totals_of(applications)
        return [
            RoundRow(
                one,
                totals[one.pk],
                [
                    Cell(person, assigned.get((one.pk, person.pk)), barred.get((person.pk, one.pk), []))
                    for person in people
                ],
            )
            for one in applications
        ]

    @cached_property
    def has_conflicts(self) -> bool:
        return any(row.in_conflict for row in self.rows)

    @cached_property
    def hints(self) -> list[Hint]:
        """Cities of this page that a reviewer may have named in other words."""
        barred = {(cell.person.pk, row.application.pk) for row in self.rows for cell in row.in_conflict}
        return hints_of(self.reviewers.people, [row.application for row in self.rows], barred=barred)

    @cached_property
    def people(self) -> list[tuple[User, Load]]:
        """The columns."""
        return [(person, self.reviewers.load(person)) for person in self.reviewers.people]

    @property
    def finished(self) -> int:
        return sum(load.done for load in self.reviewers.loads.values())

    @property
    def asked(self) -> int:
        """How many reviews were asked for and still stand."""
        return sum(load.standing for load in self.reviewers.loads.values())


@dataclass(frozen=True)
class ProposedRow:
    """New reviewers for one application, those it has already, and how many cannot be found."""

    application: Application
    new: Sequence[User]
    there: int
    short: int


class Preview:
    """A balanced proposal for the applications of a call that are given to review and lack reviewers."""

    def __init__(self, call: Call, reader: User, chosen: Sequence[User]) -> None:
        self.call, self.reader, self.chosen = call, reader, chosen
        self._loads = Reviewers(call, reader)

    @cached_property
    def applications(self) -> list[Application]:
        return with_facts(cases_of(self.call, self.reader).filter(state=State.IN_REVIEW))

    @cached_property
    def _there(self) -> dict[int, list[Assignment]]:
        found: dict[int, list[Assignment]] = defaultdict(list)
        for one in Assignment.objects.filter(application__in=self.applications):
            found[one.application_id].append(one)
        return found

    def _standing(self, application: Application) -> int:
        return sum(one.state in STANDING for one in self._there[application.pk])

    @cached_property
    def proposal(self) -> Proposal:
        """Nobody is proposed twice for an application, also not after declining."""
        pairs = [(person.pk, one.pk) for person in self.chosen for one in self.applications]
        barred = {(application, person) for person, application in conflicted_pairs(pairs)}
        barred |= {(key, one.reviewer_id) for key, there in self._there.items() for one in there}
        wanted = {one.pk: max(0, one.pack.reviewers_per_application - self._standing(one)) for one in self.applications}
        loads = {person.pk: self._loads.load(person).standing for person in self.chosen}
        return proposed(wanted, [person.pk for person in self.chosen], barred, loads)

    @cached_property
    def rows(self) -> list[ProposedRow]:
        """Those that get somebody new, or lack somebody."""
        people = {person.pk: person for person in self.chosen}
        new: dict[int, list[User]] = defaultdict(list)
        for application, person in self.proposal.pairs:
            new[application].append(people[person])
        return [
            ProposedRow(one, new[one.pk], self._standing(one), self.proposal.short.get(one.pk, 0))
            for one in self.applications
            if new[one.pk] or one.pk in self.proposal.short
        ]

    @property
    def hints(self) -> list[Hint]:
        """Those of the proposed pairs in which the person may have named the city in other words."""
        pairs = {(person, application) for application, person in self.proposal.pairs}
        found = hints_of(self.chosen, self.applications, barred=())
        return [hint for hint in found if (hint.person.pk, hint.application.pk) in pairs]

    @property
    def loads(self) -> list[tuple[User, int, int]]:
        """Each chosen person, what they have now and what they would have."""
        return [(person, self._loads.load(person).standing, self.proposal.loads[person.pk]) for person in self.chosen]


class Candidates:
    """Everybody who might review one application, with what speaks against it."""

    def __init__(self, application: Application, reader: User) -> None:
        self.application, self.reader = application, reader

    @cached_property
    def cells(self) -> list[Cell]:
        people, there = reviewers_of(self.application.call.network_id), self._there
        barred = conflicts_of(people, with_facts(Application.objects.filter(pk=self.application.pk)))
        return [
            Cell(person, there.get(person.pk), barred.get((person.pk, self.application.pk), [])) for person in people
        ]

    @cached_property
    def _there(self) -> dict[int, Assignment]:
        return {one.reviewer_id: one for one in Assignment.objects.filter(application=self.application)}

    @cached_property
    def loads(self) -> Reviewers:
        return Reviewers(self.application.call, self.reader)

    @property
    def free(self) -> list[tuple[User, Load]]:
        """Who may be asked now, and what they have to do."""
        return [
            (cell.person, self.loads.load(cell.person))
            for cell in self.cells
            if cell.is_free and hasattr(cell.person, "reviewer_statement")
        ]

    @property
    def without_statement(self) -> list[User]:
        return [cell.person for cell in self.cells if cell.is_free and not hasattr(cell.person, "reviewer_statement")]

    @property
    def in_conflict(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.conflicts]

    @property
    def hints(self) -> list[Hint]:
        """Who may have named the city in other words."""
        return hints_of([cell.person for cell in self.cells if not cell.conflicts], [self.application], barred=())


@dataclass(frozen=True)
class CriterionRow:
    """What all finished reviews say to one criterion."""

    criterion: Criterion
    mean: object  # Decimal, or None
    scores: Sequence[tuple[Review, Score]]


class CaseReviews:
    """The reviews of one application as its coordination reads them: only finished ones, never a private note."""

    def __init__(self, application: Application, reader: User) -> None:
        self.application, self.reader = application, reader

    @cached_property
    def coordinates(self) -> bool:
        """Whether the person may act; operators only read, whoever else reads it coordinates it (`cases_for`)."""
        return not is_operator(self.reader) or Role.COORDINATOR in roles_of(self.reader, self.application)

    @cached_property
    def total(self) -> Total:
        return totals_of([self.application])[self.application.pk]

    @cached_property
    def assignments(self) -> list[Assignment]:
        return list(self.application.assignments.select_related("reviewer").order_by("pk"))

    @cached_property
    def conflicts(self) -> list[Conflict]:
        """Those that were declared."""
        return list(self.application.conflicts.select_related("person", "by"))

    @cached_property
    def reviews(self) -> list[Review]:
        return counted([self.application])

    @cached_property
    def rows(self) -> list[CriterionRow]:
        return [
            CriterionRow(
                one,
                self.total.by_criterion[one.key],
                [
                    (review, score)
                    for review in self.reviews
                    for score in review.scores.all()
                    if score.criterion == one.key
                ],
            )
            for one in self.application.pack.criteria
        ]

    @property
    def words(self) -> list[Review]:
        """Those with general words to the city."""
        return [review for review in self.reviews if review.general]
