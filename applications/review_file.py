"""What a reviewer sees: the list of what is asked of them, and one application beside its criteria."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from applications.actions.inviting import State as InvitationState
from applications.actions.reviewing import is_decided, is_open, is_touched
from applications.answers import asked
from applications.changes import Change, changes, with_all_documents
from applications.freezing import File, as_submitted
from applications.models import (
    Application,
    Assignment,
    Review,
    ReviewerInvitation,
    ReviewerStatement,
    Score,
    Submission,
)
from applications.pack import Criterion, Question, Section
from applications.scores import assignments_of, counted, scores_of
from cities.teams.invitations import confirmed_addresses
from network.models import Office, User

State = Assignment.State


@dataclass(frozen=True)
class Entry:
    """One application on the reviewer's list, and where the review stands in words."""

    assignment: Assignment
    words: str
    tone: str  # of the status word


class ReviewList:
    """What is asked of one person: what waits for an answer, what is to be written, what is finished."""

    def __init__(self, reader: User) -> None:
        self.reader = reader

    @cached_property
    def is_reviewer(self) -> bool:
        return self.reader.offices.filter(role=Office.Role.REVIEWER).exists()

    @cached_property
    def invitations(self) -> list[ReviewerInvitation]:
        """Those to the person's confirmed addresses that wait for an answer."""
        waiting = ReviewerInvitation.objects.filter(
            email__in=confirmed_addresses(self.reader), state=InvitationState.OPEN
        )
        return [one for one in waiting.select_related("call__network") if not one.has_expired]

    @cached_property
    def statement(self) -> ReviewerStatement | None:
        return ReviewerStatement.objects.filter(user=self.reader).select_related("country", "land").first()

    @cached_property
    def entries(self) -> list[Entry]:
        """By the day they are due."""
        rows = Assignment.objects.of(self.reader).select_related(
            "review", "application__call__network", "application__city__country", "application__city__land",
            "application__pack_version",
        )  # fmt: skip
        finished = Q(review__done_at__isnull=False)
        said = Q(review__scores__value__isnull=False) | Q(review__scores__abstained=True)
        counted_rows = rows.annotate(
            said=Count("review__scores", filter=said),
            to_confirm=Count("review__scores", filter=finished & Q(review__scores__confirmed=False)),
        )
        ordered = counted_rows.defer("application__pack_version__document").order_by("due_at", "pk")
        return [_entry(one, one.said, one.to_confirm) for one in ordered]

    @property
    def asked(self) -> list[Entry]:
        return [one for one in self.entries if one.assignment.state == State.INVITED]

    @property
    def writing(self) -> list[Entry]:
        return [one for one in self.entries if one.assignment.is_accepted and one.tone != "success"]

    @property
    def unfinished(self) -> list[Entry]:
        return [*self.asked, *self.writing]

    @property
    def finished(self) -> list[Entry]:
        return [one for one in self.entries if one.tone == "success"]


def _entry(assignment: Assignment, said: int, to_confirm: int) -> Entry:
    total = len(assignment.application.pack.criteria)
    if assignment.state == State.INVITED:
        return Entry(assignment, _("to be answered"), "warning")
    if to_confirm:
        return Entry(assignment, _("changed by the city: confirm or change"), "warning")
    if assignment.state == State.DONE:
        return Entry(assignment, _("review finished"), "success")
    if not said:
        return Entry(assignment, _("not begun"), "info")
    return Entry(assignment, _("%(said)s of %(total)s criteria") % {"said": said, "total": total}, "info")


@dataclass(frozen=True)
class Block:
    """One criterion with the questions that feed it, the reviewer's own score, and what the city has changed since."""

    criterion: Criterion
    questions: Sequence[Question]
    shown_before: Sequence[Question]  # those that stand beside an earlier criterion already
    score: Score | None
    changed: Sequence[Change]

    @property
    def is_touched(self) -> bool:
        return bool(self.changed)


@dataclass(frozen=True)
class Other:
    """Somebody else's finished review."""

    name: str
    review: Review
    scores: Mapping[str, Score]


class ReviewFile:
    """One application as its reviewer reads it: as submitted last, never what the city is writing now."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self.application: Application = assignment.application

    @cached_property
    def submission(self) -> Submission:
        latest = self.application.submissions.first()
        assert latest is not None, "what is reviewed was submitted"
        latest.application = self.application
        return latest

    @cached_property
    def file(self) -> File:
        return as_submitted(self.submission)

    @cached_property
    def review(self) -> Review | None:
        return getattr(self.assignment, "review", None)

    @cached_property
    def scores(self) -> dict[str, Score]:
        return {score.criterion: score for score in self.review.scores.all()} if self.review else {}

    @cached_property
    def is_decided(self) -> bool:
        """Whether nothing can be changed any more."""
        return is_decided(self.application)

    @cached_property
    def is_open(self) -> bool:
        """Whether there is something to write."""
        return not self.is_decided and (self.review is None or is_open(self.review))

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Those that are asked, by key."""
        return {one.key: one for one in asked(self.file.pack, self.file.answers)}

    @cached_property
    def blocks(self) -> list[Block]:
        """The criteria in order. A question that feeds several stands beside the first; the others name it."""
        found, before = [], set[str]()
        for criterion in self.file.pack.criteria:
            fed = [self.questions[key] for key in criterion.questions if key in self.questions]
            found.append(
                Block(
                    criterion,
                    [one for one in fed if one.key not in before],
                    [one for one in fed if one.key in before],
                    self.scores.get(criterion.key),
                    self._changed(criterion),
                )
            )
            before |= {one.key for one in fed}
        return found

    def _changed(self, criterion: Criterion) -> list[Change]:
        score = self.scores.get(criterion.key)
        if score is None or not is_touched(score, criterion, self.submission):
            return []
        differences = changes(self._whole, score.submission.content, self.submission.content)
        return [one for one in differences if one.question in criterion.questions]

    @cached_property
    def _whole(self) -> File:
        return with_all_documents(self.file)

    @cached_property
    def besides(self) -> list[tuple[Section, list[Question]]]:
        """What feeds no criterion, by section."""
        fed = {key for criterion in self.file.pack.criteria for key in criterion.questions}
        sections = [
            (section, [one for one in section.questions if one.key in self.questions and one.key not in fed])
            for section in self.file.pack.sections.values()
        ]
        return [(section, questions) for section, questions in sections if questions]

    @cached_property
    def others(self) -> list[Other] | None:
        """The finished reviews of others; None until the own one is finished and stands."""
        if self.review is None or is_open(self.review):
            return None
        hidden = self.application.pack.names_hidden
        found = [one for one in counted(assignments_of(self.application)) if one.assignment_id != self.assignment.pk]
        said = scores_of(found)
        return [
            Other(
                _("Review %(number)s") % {"number": number} if hidden else str(review.assignment.reviewer),
                review,
                {criterion: score for (key, criterion), score in said.items() if key == review.pk},
            )
            for number, review in enumerate(found, start=1)
        ]


def review_file(reader: User, pk: int) -> ReviewFile | None:
    """The page of one assignment by its primary key; None for whoever must not see it."""
    rows = Assignment.objects.of(reader).select_related(
        "review", "application__call__network", "application__city__country", "application__city__land",
        "application__pack_version",
    )  # fmt: skip
    scores = Prefetch("review__scores", queryset=Score.objects.select_related("submission"))
    assignment = rows.defer("application__pack_version__document").prefetch_related(scores).filter(pk=pk).first()
    return None if assignment is None else ReviewFile(assignment)
