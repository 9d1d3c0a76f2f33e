"""The parts of a question's field: things to choose, rows, the fields of a contact; and what stands beside it."""

from dataclasses import dataclass

from django.utils.functional import Promise

from applications.answers import Value, is_empty
from applications.completeness import date
from applications.forms.reading import field_name
from applications.freezing import File
from applications.models import Answer
from applications.pack import Column, ColumnKind, Kind, Question
from applications.sdgs import GOALS
from applications.shown import CONTACT_PARTS, columns_of, labels

EMPTY_ROWS = 2
MOST_ROWS = 50  # where the pack sets no limit
MARKS = (1, 2, 3, 4, 5)
NUMBER_OF_NEW_ROW = "__n__"  # replaced by a script


@dataclass(frozen=True)
class Option:
    """Something to choose."""

    key: str
    label: str
    id: str
    is_chosen: bool


@dataclass(frozen=True)
class Rating:
    """One line to be rated, with its marks."""

    label: str
    id: str
    name: str
    marks: list[Option]


@dataclass(frozen=True)
class Cell:
    """A field that is part of a question: of a row, or of a contact."""

    name: str
    label: str | Promise
    value: str
    type: str = "text"
    is_optional: bool = False


@dataclass(frozen=True)
class Row:
    """A row of fields, and as what people count it."""

    counted: str
    cells: list[Cell]
    is_empty: bool


@dataclass(frozen=True)
class Conflict:
    """An answer that two people have written: what is stored now, what was to be stored, and the version that the
    person had seen when they wrote it, which stays in the form until they choose."""

    stored: Answer
    mine: Value
    seen: int


@dataclass(frozen=True)
class Hint:
    """What the city said of a question's subject in the readiness check."""

    statement: str
    said: str | Promise


def options(question: Question, file: File, value: Value) -> list[Option]:
    """What a question of kind choice, several or sdgs offers."""
    chosen = {str(key) for key in value} if isinstance(value, list) else {str(value or "")}
    offered = labels(question, file)
    if question.kind is Kind.SDGS:
        offered = {str(goal): f"{goal} {name}" for goal, name in GOALS.items()}
    return [Option(key, label, field_name(question, key), key in chosen) for key, label in offered.items()]


def ratings(question: Question, value: Value) -> list[Rating]:
    """The lines of a question of kind rating."""
    given = value if isinstance(value, dict) else {}
    return [
        Rating(
            label=str(choice.label),
            id=field_name(question, choice.key, "label"),
            name=field_name(question, choice.key),
            marks=[
                Option(str(mark), str(mark), field_name(question, choice.key, mark), given.get(choice.key) == mark)
                for mark in MARKS
            ],
        )
        for choice in question.choices
    ]


def contact_cells(question: Question, value: Value) -> list[Cell]:
    """The fields of a person."""
    person = value if isinstance(value, dict) else {}
    types = {"email": "email", "phone": "tel"}
    optional = {"organisation", "phone"}
    return [
        Cell(field_name(question, part), label, str(person.get(part) or ""), types.get(part, "text"), part in optional)
        for part, label in CONTACT_PARTS.items()
    ]


def most_rows(question: Question) -> int:
    return question.at_most or MOST_ROWS


def rows(question: Question, value: Value) -> list[Row]:
    """The rows there are, and some empty ones as far as the question allows more."""
    there = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    wanted = max(len(there) + EMPTY_ROWS, question.at_least)
    count = max(len(there), min(most_rows(question), wanted))
    return [
        _row(question, str(number), str(number + 1), there[number] if number < len(there) else {})
        for number in range(count)
    ]


def pattern_row(question: Question) -> Row:
    """An empty row from which a script makes new ones."""
    return _row(question, NUMBER_OF_NEW_ROW, "", {})


def _row(question: Question, number: str, counted: str, values: dict[str, Value]) -> Row:
    cells = [_cell(question, number, column, values.get(column.key)) for column in columns_of(question)]
    return Row(counted, cells, is_empty=is_empty(dict(values)))


def _cell(question: Question, number: str, column: Column, value: Value) -> Cell:
    text = "" if value is None else str(value)
    type_ = "text"
    if column.kind is ColumnKind.DATE and (not text or date(text)):
        type_ = "date"  # a text that is no date would not be visible in such a field
    elif column.kind is ColumnKind.NUMBER:
        type_ = "number"
    elif question.kind is Kind.LINKS and column.key == "url":
        type_ = "url"
    name = field_name(question, number, column.key)
    return Cell(name, str(column.label), text, type_, is_optional=not column.required)
