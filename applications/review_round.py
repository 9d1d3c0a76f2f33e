"""What the coordination sees of reviewing: the reviewers of a call, who reviews what, a proposal, the reviews of one
application. Everything starts from the applications the reader may know of."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page

from applications.actions.assigning import STATEMENT, reviewers_of, reviewing_for
from applications.actions.inviting import State as InvitationState
from applications.balancing import Proposal, proposed
from applications.conflicts import Found, conflicted_pairs, conflicts_of, of_call
from applications.models import Application, Assignment, Call, Conflict, Review, ReviewerInvitation, Score
from applications.models.reviewing import STANDING
from applications.namesakes import Hint, hints_of
from applications.pack import Criterion
from applications.permissions import roles_of
from applications.reach import Reach
from applications.results import totals
from applications.round_cases import MANY, Load, RoundCases, cases_of, load_of
from applications.scores import Total, assignments_of, counted, scores_of
from applications.workflow import Role, State
from network.models import User
from network.permissions import is_operator

NAMES = ("name", "email", "deleted_at", "reviewer_statement__words")  # of a person, and what hints are found in
PLACES = ("reviewer_statement__confirmed_at", "reviewer_statement__country__name_de",
          "reviewer_statement__country__name_en", "reviewer_statement__land__name_de",
          "reviewer_statement__land__name_en")  # fmt: skip
DECLARED = ("reason", "at", "person__name", "person__email", "person__deleted_at", "by__name", "by__email",
            "by__deleted_at")  # fmt: skip
NOTHING = load_of({})


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

    def __init__(self, call: Call, reach: Reach) -> None:
        self.call, self.reach = call, reach

    @cached_property
    def people(self) -> list[User]:
        """With their statements, without where they come from."""
        people = reviewing_for(self.call.network_id).select_related("reviewer_statement")
        return list(people.only(*NAMES))

    @cached_property
    def cases(self) -> RoundCases:
        """The applications under way."""
        return RoundCases(self.call, self.reach)

    @cached_property
    def _invitations(self) -> list[ReviewerInvitation]:
        return list(ReviewerInvitation.objects.filter(call=self.call).select_related("invited_by"))

    @property
    def unanswered(self) -> list[ReviewerInvitation]:
        """Those that wait for an answer, and those that were declined."""
        return [one for one in self._invitations if one.state in {InvitationState.OPEN, InvitationState.DECLINED}]

    def load(self, person: User) -> Load:
        return self.cases.loads.get(person.pk, NOTHING)

    @cached_property
    def rows(self) -> list[Reviewer]:
        """By name."""
        people = list(reviewing_for(self.call.network_id).select_related(*STATEMENT).only(*NAMES, *PLACES))
        accepted = {one.person_id: one for one in self._invitations if one.state == InvitationState.ACCEPTED}
        few = of_call(self.call, cases_of(self.call, self.reach)) if self.cases.count <= MANY else None
        counts = Counter(person for person, _application in conflicts_of(people, few or ()))
        return [
            Reviewer(one, self.load(one), accepted.get(one.pk), None if few is None else counts[one.pk])
            for one in people
        ]


@dataclass(frozen=True)
class Cell:
    """One person and one application: assigned, in conflict, or neither."""

    person: User
    state: str  # of the assignment; empty where there is none
    conflicts: Sequence[Found]

    @property
    def is_free(self) -> bool:
        """Whether the person may be asked."""
        return self.state not in STANDING and not self.conflicts


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

    def __init__(self, call: Call, reach: Reach, *, page: str = "") -> None:
        self.reviewers, self.call = Reviewers(call, reach), call
        self._page = page

    @property
    def page(self) -> Page:
        """The number of the page and its neighbours."""
        return self.reviewers.cases.page(self._page)

    @cached_property
    def rows(self) -> list[RoundRow]:
        lines, people = self.reviewers.cases.lines(self._page), self.reviewers.people
        applications = [self.reviewers.reach.application(line) for line in lines]
        states = {line.pk: line.reviewers for line in lines}
        barred, found = conflicts_of(people, applications), totals(applications)
        columns = [(person, person.pk) for person in people]

        def cells(key: int) -> list[Cell]:
            return [Cell(person, states[key].get(pk, ""), barred.get((pk, key), ())) for person, pk in columns]

        return [RoundRow(one, found[one.pk], cells(one.pk)) for one in applications]

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
        return sum(load.done for load in self.reviewers.cases.loads.values())

    @property
    def asked(self) -> int:
        """How many reviews were asked for and still stand."""
        return sum(load.standing for load in self.reviewers.cases.loads.values())


@dataclass(frozen=True)
class ProposedRow:
    """New reviewers for one application, those it has already, and how many cannot be found."""

    application: Application
    new: Sequence[User]
    there: int
    short: int


class Preview:
    """A balanced proposal for the applications of a call that are given to review and lack reviewers."""

    def __init__(self, call: Call, reach: Reach, chosen: Sequence[User]) -> None:
        self.call, self.reach, self.chosen = call, reach, chosen
        self._loads = Reviewers(call, reach)

    @cached_property
    def applications(self) -> list[Application]:
        return of_call(self.call, cases_of(self.call, self.reach).filter(state=State.IN_REVIEW))

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
    """Everybody who might review one application, with what speaks against it. The application has its call, its pack,
    and its city with Land and country loaded."""

    def __init__(self, application: Application, reader: User) -> None:
        self.application, self.reader = application, reader

    @cached_property
    def cells(self) -> list[Cell]:
        people, there = reviewers_of(self.application.call.network_id), self._there
        barred = conflicts_of(people, [self.application])
        return [
            Cell(person, there.get(person.pk, ""), barred.get((person.pk, self.application.pk), ()))
            for person in people
        ]

    @cached_property
    def _there(self) -> dict[int, str]:
        """The states of assignments by person."""
        there = Assignment.objects.filter(application=self.application).order_by()
        return dict(there.values_list("reviewer", "state"))

    @cached_property
    def loads(self) -> Reviewers:
        return Reviewers(self.application.call, Reach(self.reader))

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
        return totals([self.application])[self.application.pk]

    @cached_property
    def assignments(self) -> list[Assignment]:
        return assignments_of(self.application)

    @cached_property
    def conflicts(self) -> list[Conflict]:
        """Those that were declared."""
        return list(self.application.conflicts.select_related("person", "by").only(*DECLARED).order_by("pk"))

    @cached_property
    def reviews(self) -> list[Review]:
        return counted(self.assignments)

    @cached_property
    def rows(self) -> list[CriterionRow]:
        said = scores_of(self.reviews)
        return [
            CriterionRow(
                one,
                self.total.by_criterion[one.key],
                [(review, said[review.pk, one.key]) for review in self.reviews if (review.pk, one.key) in said],
            )
            for one in self.application.pack.criteria
        ]

    @property
    def words(self) -> list[Review]:
        """Those with general words to the city."""
        return [review for review in self.reviews if review.general]
