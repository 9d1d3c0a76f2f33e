"""One application as its coordination reads it: what was submitted last, never what the city is writing now."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import override

from applications.answers import asked, count_words, documents_of
from applications.care import Line, Raised, Said, lines_of, raised_in, said_in
from applications.case_facts import Facts, facts_of
from applications.case_history import Entry, LetterEntry, SubmissionEntry, gathered, submissions_in, told
from applications.course import NextAct, next_act
from applications.freezing import File, as_submitted
from applications.models import Application, Comment, Document, Endorsement
from applications.pack import Criterion, Kind, Question, Section, Step
from applications.pack import Endorsement as Link
from applications.permissions import roles_of
from applications.workflow import MOVES, Action, Move, Role, moves_for
from network.models import User
from network.permissions import is_operator

# What the coordination moves from here. Decisions are prepared, released and forwarded on the page of their call.
OFFERED = (Action.RETURN, Action.REVIEW)
# Reminders and requests among colleagues are the city's own affair.
TOLD_TO_COORDINATION = {"application_receipt", "application_arrived", "application_copy", "application_moved",
                        "application_late", "application_extension", "application_message", "application_answer",
                        "application_decided", "application_pack_changed"}  # fmt: skip


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
    """A link of the chain of endorsers: what the city has brought, or what the coordination has recorded since."""

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

    @property
    def address(self) -> str:
        return reverse("coordination:application", args=[self.application.pk])

    # --- where it stands

    @cached_property
    def roles(self) -> set[Role]:
        """What the person is to it; whoever reads it without running the portal coordinates it (`cases_for`)."""
        return roles_of(self.reader, self.application) if is_operator(self.reader) else {Role.COORDINATOR}

    @property
    def coordinates(self) -> bool:
        """Whether the person may move it; operators only read."""
        return Role.COORDINATOR in self.roles

    @cached_property
    def moves(self) -> list[Move]:
        """The buttons, in the order of OFFERED."""
        open_now = {move.action: move for move in moves_for(self.application.state, self.roles)}
        return [open_now[action] for action in OFFERED if action in open_now]

    def move(self, action: str) -> Move | None:
        """One of them, if it is possible now."""
        return next((move for move in self.moves if move.action == action), None)

    @cached_property
    def next_act(self) -> NextAct | None:
        return next_act(self.application)

    # --- what the coordination notes

    @cached_property
    def facts(self) -> Facts:
        """All that the page reads of it."""
        return facts_of(self.application)

    @cached_property
    def _said(self) -> list[Said]:
        return said_in(self.facts)

    @cached_property
    def _flags(self) -> list[Raised]:
        return raised_in(self.facts)

    @property
    def notes(self) -> list[Said]:
        """Words among the coordination."""
        return [one for one in self._said if one.kind == Comment.Kind.INTERNAL]

    @property
    def messages(self) -> list[Said]:
        """What was written to the city, and what it answered."""
        return [one for one in self._said if one.kind != Comment.Kind.INTERNAL]

    @property
    def open_flags(self) -> list[Raised]:
        return [one for one in self._flags if one.settled_at is None]

    @property
    def settled_flags(self) -> list[Raised]:
        return [one for one in self._flags if one.settled_at is not None]

    @cached_property
    def check_lines(self) -> list[Line]:
        """The formal check of the latest submission."""
        return lines_of(self.application.pack.checklist, self.facts)

    @property
    def faults(self) -> list[Line]:
        """What is not in order."""
        return [line for line in self.check_lines if line.mark and line.mark.is_faulty]

    @property
    def words_of_faults(self) -> str:
        """What is not in order with the notes to it, one a line, in the language of the application: to begin asking
        for more with."""
        with override(self.application.language):
            lines = [(line.check.text, line.mark.note) for line in self.faults if line.mark]
            return "\n".join(f"– {text} {note}".rstrip() for text, note in lines)

    @property
    def may_check(self) -> bool:
        return self.coordinates and not self.application.has_ended

    # --- what was submitted

    @cached_property
    def submissions(self) -> list[SubmissionEntry]:
        """Latest first, each with what it changed."""
        return submissions_in(self.facts)

    @property
    def latest(self) -> SubmissionEntry:
        """What is shown; an application of which nothing was submitted has no case file."""
        return self.submissions[0]

    @cached_property
    def file(self) -> File:
        return as_submitted(self.facts.submissions[0], self.facts.documents, self.facts.endorsements)

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
        """The whole chain."""
        return [self._signature(link) for link in self.file.pack.endorsements]

    def _signature(self, link: Link) -> Signature:
        given = self.file.endorsements.get(link.key)
        sections = [self.file.pack.sections[key] for key in link.covers]
        return Signature(link, sections, given, is_current=given is not None and self.file.is_current(given))

    # --- what happened

    @cached_property
    def history(self) -> list[Entry]:
        """What happened, without the city's own work."""
        return told(self.facts, inside=False)

    @cached_property
    def letters(self) -> list[LetterEntry]:
        """Those that tell the coordination's side something, latest first."""
        told_here = [one for one in self.facts.letters if one.kind in TOLD_TO_COORDINATION]
        return gathered(told_here, self.reader.pk)


def move_of(action: str) -> Move | None:
    """What an action offered here does in general, whatever the state; None for one that is not offered."""
    return next((move for move in MOVES if move.action == action and action in OFFERED), None)
