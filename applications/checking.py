"""The page on which a city checks everything before it submits: all answers, what is missing, and who may submit."""

from dataclasses import dataclass
from functools import cached_property

from applications.answers import Value, asked
from applications.changes import Change, changes, with_all_documents
from applications.completeness import Gap, gaps
from applications.freezing import File
from applications.models import Endorsement
from applications.models.submission import Submission
from applications.pack import Endorsement as Link
from applications.pack import Question, Section, Step


@dataclass(frozen=True)
class Row:
    """One question with its answer and what is missing or wrong in it; whether it can be changed now."""

    question: Question
    value: Value
    gaps: list[Gap]
    is_open: bool


@dataclass(frozen=True)
class SectionPart:
    section: Section
    rows: list[Row]


@dataclass(frozen=True)
class StepPart:
    step: Step
    sections: list[SectionPart]


@dataclass(frozen=True)
class LinkRow:
    """One link of the chain, its signature if it is there, and what is missing."""

    link: Link
    given: Endorsement | None
    gaps: list[Gap]


@dataclass(frozen=True)
class Check:
    """Everything in order. `open_keys` are the questions that can be written now."""

    file: File
    open_keys: set[str]

    @cached_property
    def gaps(self) -> list[Gap]:
        return gaps(self.file)

    @cached_property
    def steps(self) -> list[StepPart]:
        """Steps and sections with the questions that are asked; those without a question are left out."""
        keys = {question.key for question in asked(self.file.pack, self.file.answers)}
        parts = []
        for step in self.file.pack.steps:
            sections = [
                SectionPart(section, [self._row(question) for question in section.questions if question.key in keys])
                for section in step.sections
            ]
            parts.append(StepPart(step, [part for part in sections if part.rows]))
        return [part for part in parts if part.sections]

    def _row(self, question: Question) -> Row:
        missing = [gap for gap in self.gaps if gap.section and gap.question == question.key]
        return Row(question, self.file.answers.get(question.key), missing, question.key in self.open_keys)

    @cached_property
    def links(self) -> list[LinkRow]:
        """The chain of endorsers in order."""
        rows = []
        for link in self.file.pack.endorsements:
            given = self.file.endorsements.get(link.key)
            missing = [gap for gap in self.gaps if not gap.section and gap.question == link.key]
            rows.append(LinkRow(link, given if given and given.is_given else None, missing))
        return rows

    @cached_property
    def latest(self) -> Submission | None:
        """What was submitted before."""
        return self.file.application.submissions.first()

    @cached_property
    def changes(self) -> list[Change]:
        """What differs from what was submitted before."""
        if self.latest is None:
            return []
        return changes(with_all_documents(self.file), self.latest.content, self.file.content)
