"""One application as its coordination reads it: what was submitted last, never what the city is writing now."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from applications import case_history
from applications.answers import asked, count_words, documents_of
from applications.course import NextAct, next_act
from applications.freezing import File
from applications.models import Application, Document, Endorsement, PackVersion, Submission
from applications.pack import Criterion, Kind, Question, Section, Step
from applications.pack import Endorsement as Link
from applications.permissions import moves_of, roles_of
from applications.workflow import MOVES, Action, Move, Role
from network.models import User

# What the coordination moves from here. Admissions are recorded where their consequences are.
OFFERED = (Action.RETURN, Action.REVIEW, Action.ENDORSE, Action.FORWARD, Action.REFUSE)
# Reminders and requests among colleagues are the city's own affair.
TOLD_TO_COORDINATION = {"application_receipt", "application_arrived", "application_copy", "application_moved",
                        "application_late", "application_extension"}  # fmt: skip


def as_submitted(submission: Submission) -> File:
    """The application as it was frozen, with the questions of that time. Two or three queries."""
    content, application = submission.content, copy.copy(submission.application)
    if content["pack"]["sha256"] != application.pack_version.sha256:
        application.pack_version = PackVersion.objects.defer("document").get(
            network=application.call.network_id, key=content["pack"]["key"], number=content["pack"]["version"]
        )
    named = [one["id"] for one in content["documents"]]
    signed = {one["sha256"] for one in content["endorsements"]}
    given = application.endorsements.filter(sha256__in=signed, document__isnull=False).select_related("document")
    return File(
        application=application,
        answers=content["answers"],
        documents={one.pk: one for one in application.documents.filter(pk__in=named)},
        endorsements={one.link: one for one in given.order_by("pk")},
    )


@dataclass(frozen=True)
class Row:
    """One question with what a reader wants to know of its answer. `words` is None where words are not counted."""

    question: Question
    words: int | None
    criteria: Sequence[Criterion]
    has_changed: bool  # since the submission before


@dataclass(frozen=True)
class Part:
    """A section with the questions that are asked, in its step."""

    step: Step
    section: Section
    rows: Sequence[Row]


@dataclass(frozen=True)
class Signature:
    """A link of the chain of endorsers, and its signed page where the city brings one."""

    link: Link
    sections: Sequence[Section]  # those it covers, where it names them
    given: Endorsement | None
    is_current: bool


@dataclass(frozen=True)
class Attachment:
    """A document of the submission, and what it is for."""

    document: Document
    label: str


class CaseFile:
    """The page of one application that was submitted, for one person of its coordination, or an operator."""

    def __init__(self, application: Application, reader: User) -> None:
        self.application, self.reader = application, reader

    # --- where it stands

    @cached_property
    def coordinates(self) -> bool:
        """Whether the person may move it; operators only read."""
        return Role.COORDINATOR in roles_of(self.reader, self.application)

    @cached_property
    def moves(self) -> list[Move]:
        """The buttons, in the order of OFFERED."""
        open_now = {move.action: move for move in moves_of(self.reader, self.application)}
        return [open_now[action] for action in OFFERED if action in open_now]

    def move(self, action: str) -> Move | None:
        """One of them, if it is possible now."""
        return next((move for move in self.moves if move.action == action), None)

    @cached_property
    def next_act(self) -> NextAct | None:
        return next_act(self.application)

    # --- what was submitted

    @cached_property
    def submissions(self) -> list[case_history.SubmissionEntry]:
        """Latest first, each with what it changed."""
        return case_history.submissions_of(self.application)

    @property
    def latest(self) -> case_history.SubmissionEntry:
        """What is shown; an application of which nothing was submitted has no case file."""
        return self.submissions[0]

    @cached_property
    def file(self) -> File:
        submission = self.latest.submission
        submission.application = self.application
        return as_submitted(submission)

    @cached_property
    def parts(self) -> list[Part]:
        """Sections in order, with the questions that are asked; sections without any are left out."""
        keys = {question.key for question in asked(self.file.pack, self.file.answers)}
        changed = {change.question for change in self.latest.changes}
        return [
            Part(step, section, [self._row(one, changed) for one in section.questions if one.key in keys])
            for step in self.file.pack.steps
            for section in step.sections
            if any(one.key in keys for one in section.questions)
        ]

    def _row(self, question: Question, changed: set[str]) -> Row:
        text = self.file.answers.get(question.key)
        words = count_words(str(text or "")) if question.kind is Kind.LONG_TEXT else None
        criteria = [one for one in self.file.pack.criteria if question.key in one.questions]
        return Row(question, words, criteria, question.key in changed)

    @cached_property
    def documents(self) -> list[Attachment]:
        """In the order of the questions."""
        labels = {key: str(question.label) for key, question in self.file.pack.questions.items()}
        named = [self.file.documents[pk] for pk in documents_of(self.file.pack, self.file.answers)]
        return [Attachment(one, labels[one.question]) for one in named]

    @cached_property
    def signatures(self) -> list[Signature]:
        """The whole chain; what others than the city endorse has no page."""
        return [self._signature(link) for link in self.file.pack.endorsements]

    def _signature(self, link: Link) -> Signature:
        given = self.file.endorsements.get(link.key)
        sections = [self.file.pack.sections[key] for key in link.covers]
        return Signature(link, sections, given, is_current=given is not None and self.file.is_current(given))

    # --- what happened

    @cached_property
    def history(self) -> list[case_history.Entry]:
        return case_history.entries(self.application, self.reader)

    @cached_property
    def letters(self) -> list[case_history.LetterEntry]:
        """Those that tell the coordination's side something, latest first."""
        found = case_history.letters_of(self.application, self.reader)
        return [entry for entry in found if entry.letter.kind in TOLD_TO_COORDINATION]


def move_of(action: str) -> Move | None:
    """What an action offered here does in general, whatever the state; None for one that is not offered."""
    return next((move for move in MOVES if move.action == action and action in OFFERED), None)
