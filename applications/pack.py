"""The call pack: everything a call asks, demands and weighs, in both languages, as typed data. Data only.

A pack is one JSON document. Its dataclasses are its format: the published JSON Schema is made from them
(applications.pack_schema), and `read` fills them. What a sound pack must fulfil beyond its shape is in
applications.pack_checks.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _

from applications.problems import Problem
from applications.typed_json import NotJsonError, dump, fill
from applications.typed_json import parse as parse_json
from network.documents.kinds import MEGABYTE, FileKind

FORMAT = 1


class PackError(ValueError):
    """A document that has not the shape of a pack; `problems` name every place, in both languages."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Text:
    """Words in both languages; shown in the reader's."""

    de: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "de").startswith("en") else self.de


class Kind(StrEnum):
    """How a question is asked and which value answers it (the shapes are in applications.answers)."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    SEVERAL = "several"
    RATING = "rating"
    SDGS = "sdgs"
    CITY_FACT = "city_fact"
    CONTACT = "contact"
    LINKS = "links"
    TABLE = "table"
    STAKEHOLDERS = "stakeholders"
    DOCUMENT = "document"
    CONFIRM = "confirm"


class StepKey(StrEnum):
    """The same four steps in every network (design, section 6)."""

    UNDERSTAND = "understand"
    COMMIT = "commit"
    APPLY = "apply"
    SUBMIT = "submit"


class ColumnKind(StrEnum):
    """What a cell of a table holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True)
class Choice:
    """One of the things to choose, or one of the things to rate."""

    key: str
    label: Text


@dataclass(frozen=True)
class Column:
    """A column of a table that an applicant fills in; a number has its unit in the label."""

    key: str
    label: Text
    kind: ColumnKind = ColumnKind.TEXT
    required: bool = True


@dataclass(frozen=True)
class Condition:
    """Asked only if another question (of kind choice, several or confirm) has one of these answers; a confirmation
    that is given answers "yes"."""

    question: str
    any_of: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One question; which of the optional properties matter follows from its kind."""

    key: str
    kind: Kind
    label: Text
    help: Text | None = None
    required: bool = True
    public: bool = False  # shown on the city's page after admission
    only_if: Condition | None = None
    verify: Text | None = None  # a note to coordinators: what the known facts do not support
    words: int | None = None  # long_text: at most, counted by applications.answers.count_words
    characters: int = 300  # short_text: at most
    unit: Text | None = None  # number
    minimum: float | None = None  # number
    maximum: float | None = None  # number
    with_year: bool = False  # number: the year it is true for is asked, too
    choices: tuple[Choice, ...] = ()  # choice, several; rating: what is rated
    choices_from_fields: bool = False  # choice, several: the fields of the network instead of `choices`
    fact: str = ""  # city_fact: population, or a name of its own where the directory has none
    columns: tuple[Column, ...] = ()  # table
    at_least: int = 1  # several, sdgs, links, table, stakeholders, document: how many, if it is required
    at_most: int | None = None
    accepts: tuple[FileKind, ...] = (FileKind.PDF,)  # document
    max_bytes: int = 10 * MEGABYTE  # document: each file
    max_pages: int | None = None  # document: a PDF
    min_pixels: int | None = None  # document: shorter side of a picture
    one_for_each: str = ""  # document: as many as the document question of this key has
    statement: Text | None = None  # confirm: the words that are confirmed
    version: str = ""  # confirm: of what is confirmed; another version must be confirmed anew
    url: str = ""  # confirm: where it can be read


@dataclass(frozen=True)
class Section:
    """A page of questions within a step."""

    key: str
    title: Text
    questions: tuple[Question, ...]
    explanation: Text | None = None


@dataclass(frozen=True)
class Step:
    """One of the four steps."""

    key: StepKey
    title: Text
    explanation: Text
    actor: Text
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Readiness:
    """A statement of the readiness check: whether it is met, what shows it, who can make it true and how many days
    before the deadline that must begin."""

    key: str
    statement: Text
    evidence: Text
    office: Text
    days: int
    essential: bool = False  # where it is not met, this round is too early
    criterion: str = ""
    seeds: str = ""  # key of the question whose answer it prepares
    verify: Text | None = None


@dataclass(frozen=True)
class Endorsement:
    """A link of the chain of endorsers, in order; `covers` are keys of sections (none: the whole application)."""

    key: str
    role: Text
    pledge: Text
    days: int
    by_city: bool = True  # given on paper and uploaded by the city; else by the coordinator after submission
    covers: tuple[str, ...] = ()
    verify: Text | None = None


@dataclass(frozen=True)
class Criterion:
    """What reviewers score, from `lowest` to `highest`, and the questions that feed it."""

    key: str
    title: Text
    explanation: Text
    weight: int  # per cent; all together 100
    questions: tuple[str, ...]
    lowest: int = 0
    highest: int = 5
    verify: Text | None = None


@dataclass(frozen=True)
class Quota:
    """How many may be endorsed in a call: in all, or for each country."""

    count: int
    per_country: bool = False
    different_fields: bool = False
    tie_break: tuple[str, ...] = ()  # keys of criteria, the first decides first
    verify: Text | None = None


@dataclass(frozen=True)
class Check:
    """A line of the coordinator's formal check."""

    key: str
    text: Text


@dataclass(frozen=True)
class Reporting:
    """The report a member owes: every so many months, with these questions."""

    months: int
    questions: tuple[Question, ...] = ()
    verify: Text | None = None


@dataclass(frozen=True)
class Retention:
    """How many months after the end of a call an application is kept."""

    admitted: int
    not_admitted: int
    draft: int
    verify: Text | None = None


@dataclass(frozen=True)
class Pack:
    """A whole call, without its dates."""

    format: int
    key: str
    network: str
    title: Text
    summary: Text
    decides: Text  # who decides, and when
    steps: tuple[Step, ...]
    criteria: tuple[Criterion, ...]
    readiness: tuple[Readiness, ...]
    endorsements: tuple[Endorsement, ...]
    checklist: tuple[Check, ...]
    retention: Retention
    answer_languages: tuple[str, ...]  # languages the answers may be written in
    field_question: str = ""  # key of the question that names the field applied for
    outside: bool = False  # somebody else decides: the portal prepares and records
    national: bool = False  # for the cities of one country: who judges must not be from the same Land or state
    next_pack: str = ""  # key of the pack an endorsed city goes on with; this call then ends with the endorsement
    quota: Quota | None = None
    reviewers_per_application: int = 2
    names_hidden: bool = False  # whether reviewers see the names of other reviewers
    max_bytes: int | None = None  # all documents of an application together
    reporting: Reporting | None = None
    verify: tuple[Text, ...] = field(default=())

    @cached_property
    def sections(self) -> Mapping[str, Section]:
        """All sections by their key, in order."""
        return {section.key: section for step in self.steps for section in step.sections}

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """All questions of the application by their key, in order."""
        return {question.key: question for section in self.sections.values() for question in section.questions}

    @cached_property
    def step_of(self) -> Mapping[str, Step]:
        """The step of each section's key."""
        return {section.key: step for step in self.steps for section in step.sections}

    @cached_property
    def section_of(self) -> Mapping[str, Section]:
        """The section of each question's key."""
        return {question.key: section for section in self.sections.values() for question in section.questions}

    def step(self, key: str) -> Step:
        """Raises KeyError where the pack has no such step."""
        return {str(step.key): step for step in self.steps}[key]


def parse(data: bytes) -> Any:
    """The document in a file, to be given to `read`. Raises PackError where the bytes are no JSON (UTF-8), or one that
    readers would understand differently."""
    try:
        return parse_json(data)
    except NotJsonError as error:
        raise PackError([error.problem]) from error


def read(document: object) -> Pack:
    """The pack that this JSON document holds. Raises PackError naming every place whose shape is wrong."""
    pack, problems = fill(Pack, document, known_besides=("$schema",))
    if pack is not None and pack.format != FORMAT:
        values = {"found": pack.format, "known": FORMAT}
        problems = [Problem("format", _("This pack has the format %(found)s; this portal reads %(known)s."), values)]
    if pack is None or problems:
        raise PackError(problems)
    return pack


def write(pack: Pack) -> dict[str, Any]:
    """The JSON document of a pack, without what equals its default, in the order of the dataclasses:
    read(write(pack)) == pack."""
    document = dump(pack)
    assert isinstance(document, dict)
    return document


def canonical(document: object) -> bytes:
    """The bytes of a document for comparing and for its fingerprint: two documents with the same content have the
    same bytes, whatever the order of their properties."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(document: object) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(document)).hexdigest()


def texts(pack: Pack) -> Iterator[tuple[str, Text]]:
    """Every text of a pack with its place, to be checked in both languages."""
    yield from _texts(pack, "")


def _texts(value: object, place: str) -> Iterator[tuple[str, Text]]:
    if isinstance(value, Text):
        yield place, value
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _texts(item, f"{place}[{getattr(item, 'key', number)}]")
    elif dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield from _texts(getattr(value, one.name), f"{place}.{one.name}".lstrip("."))
