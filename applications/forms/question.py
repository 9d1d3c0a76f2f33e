"""One question as a form draws it: its names, its answer, and what stands around its field."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from applications.answers import Value, count_words, is_asked, is_empty
from applications.completeness import date, sentences_for
from applications.earlier import Earlier, alike
from applications.forms import parts
from applications.forms.reading import CONTACT_TICKS, field_name, seen_name
from applications.freezing import File
from applications.models import Answer, Document
from applications.pack import Kind, Question
from applications.shown import labels
from network.documents.kinds import FileKind

FEW_CHOICES = 8  # more than these are a list to open
WORDS_IN_A_LINE = 11
TYPES = {
    FileKind.PDF: ".pdf,application/pdf",
    FileKind.JPEG: ".jpg,.jpeg,image/jpeg",
    FileKind.PNG: ".png,image/png",
    FileKind.DOCX: ".docx",
    FileKind.ODT: ".odt",
}
IN_ROWS = {Kind.LINKS, Kind.TABLE, Kind.STAKEHOLDERS}
MERGEABLE = {Kind.LONG_TEXT, Kind.SEVERAL, Kind.SDGS, *IN_ROWS}
SHARED_TEMPLATES = dict.fromkeys(IN_ROWS, "rows") | {Kind.SDGS: "several"}


@dataclass
class QuestionField:
    """A question with its answer. `value` is what its fields show: what is stored, or what was typed and clashed;
    where nothing is stored, the fact of the directory that is `offered`."""

    question: Question
    file: File
    answer: Answer | None
    value: Value
    is_open: bool
    earlier: Earlier | None = None
    hints: Sequence[parts.Hint] = ()
    refusals: Sequence[str] = ()  # of uploads
    conflict: parts.Conflict | None = None
    is_offered: bool = False
    is_asked_back: bool = False  # the coordination wants this part changed

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def name(self) -> str:
        return field_name(self.question)

    @property
    def seen_name(self) -> str:
        return seen_name(self.question)

    @property
    def template(self) -> str:
        return f"applications/questions/{SHARED_TEMPLATES.get(self.question.kind, self.question.kind)}.html"

    @property
    def version(self) -> int:
        """The one that what stands in the field was written upon."""
        if self.conflict:
            return self.conflict.seen
        return self.answer.version if self.answer else 0

    @cached_property
    def is_asked(self) -> bool:
        return is_asked(self.file.pack, self.question, self.file.answers)

    @cached_property
    def depends_here(self) -> bool:
        """Whether the question it depends on stands in the same section, so that a script can follow it."""
        condition, section_of = self.question.only_if, self.file.pack.section_of
        return condition is not None and section_of[condition.question].key == section_of[self.key].key

    @property
    def first_id(self) -> str:
        """Where a link to the question leads."""
        kind = self.question.kind
        if kind is Kind.RATING:
            return self.ratings[0].marks[0].id
        if kind in IN_ROWS:
            return self.rows[0].cells[0].name
        if kind is Kind.CONTACT:
            return self.contact_cells[0].name
        if kind in {Kind.CHOICE, Kind.SEVERAL, Kind.SDGS} and not self.is_select and self.options:
            return self.options[0].id
        return self.name

    # --- what stands around the field

    @cached_property
    def sentences(self) -> list[str]:
        """What is not right in the answer. That there is none is said on the task list, not while somebody writes."""
        if is_empty(self.value) or self.conflict or self.is_offered:
            return list(self.refusals)
        return [*self.refusals, *sentences_for(self.question, self.value, self.file)]

    @property
    def described_by(self) -> str:
        """The ids of what belongs to the field, for screen readers."""
        there = {"help": self.question.help, "notes": True, "unit": self.question.unit, "wrong": True}
        return " ".join(f"{self.name}.{part}" for part, is_there in there.items() if is_there)

    @cached_property
    def from_earlier(self) -> Value:
        """The earlier application's answer, where it says something else than the field now."""
        before = self.earlier.answer(self.question) if self.earlier else None
        return None if is_empty(before) or alike(before, self.value) else before

    @cached_property
    def may_take(self) -> bool:
        """Whether the earlier answer can be taken over."""
        if self.earlier is None or self.from_earlier is None or not self.is_open:
            return False
        return not is_empty(self.earlier.offer(self.question, self.file))

    @property
    def may_merge(self) -> bool:
        """Whether both of two answers can stand one below the other."""
        return self.question.kind in MERGEABLE

    # --- texts, numbers, facts, confirmations

    @property
    def words(self) -> int:
        return count_words(str(self.value or ""))

    @property
    def text_rows(self) -> int:
        """A height that shows the whole answer."""
        return min(20, max(4, (self.question.words or 150) // WORDS_IN_A_LINE))

    def _part(self, part: str) -> str:
        found = self.value.get(part) if isinstance(self.value, dict) else None
        return "" if found is None else str(found)

    @property
    def number(self) -> str:
        return self._part("value") if isinstance(self.value, dict) else str(self.value or "")

    @property
    def year(self) -> str:
        return self._part("year")

    @property
    def source(self) -> str:
        return self._part("source")

    @property
    def url(self) -> str:
        return self._part("url")

    @property
    def is_confirmed(self) -> bool:
        """Confirmed, and in the version that is asked now."""
        if not (isinstance(self.value, dict) and self.value.get("confirmed")):
            return False
        return self.question.kind is not Kind.CONFIRM or self.value.get("version") == self.question.version

    @property
    def is_date(self) -> bool:
        """Whether the text fits into a field for dates; what is none stays visible as it was typed."""
        return not self.value or date(self.value) is not None

    # --- choices, rows, contacts

    @cached_property
    def options(self) -> list[parts.Option]:
        return parts.options(self.question, self.file, self.value)

    @cached_property
    def is_select(self) -> bool:
        return self.question.kind is Kind.CHOICE and len(labels(self.question, self.file)) > FEW_CHOICES

    @cached_property
    def ratings(self) -> list[parts.Rating]:
        return parts.ratings(self.question, self.value)

    @cached_property
    def rows(self) -> list[parts.Row]:
        return parts.rows(self.question, self.value)

    @property
    def pattern_row(self) -> parts.Row:
        return parts.pattern_row(self.question)

    @property
    def least_rows(self) -> int:
        """How many lines are shown before anything is written."""
        return max(self.question.at_least, 1)

    @property
    def most_rows(self) -> int:
        return parts.most_rows(self.question)

    @cached_property
    def contact_cells(self) -> list[parts.Cell]:
        return parts.contact_cells(self.question, self.value)

    @property
    def ticks(self) -> dict[str, bool]:
        return {tick: self._part(tick) == "True" for tick in CONTACT_TICKS}

    # --- documents

    @property
    def listed_documents(self) -> list[Document]:
        named = self.value if isinstance(self.value, list) else []
        return [self.file.documents[pk] for pk in named if isinstance(pk, int) and pk in self.file.documents]

    @property
    def accept(self) -> str:
        return ",".join(TYPES[kind] for kind in self.question.accepts)

    @property
    def takes_more_documents(self) -> bool:
        return self.question.at_most is None or len(self.listed_documents) < self.question.at_most
