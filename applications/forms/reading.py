"""From the fields a browser sends to the values of answers: everything typed is kept, whether right or wrong.

A field is named after its question: `q.vision`, its parts `q.mayor.email`, cells of a table `q.goals.0.until`. Each
question sends the version it was answered against as `seen.vision`; one without it was not on the page.
"""

import re
from collections.abc import Callable

from django.http import QueryDict

from applications.answers import Value, is_empty
from applications.completeness import date
from applications.pack import ColumnKind, Kind, Question
from applications.shown import CONTACT_PARTS, columns_of
from applications.typed_json import BAD_CHARACTER

LARGEST = 2**31 - 1
GERMAN_DATE = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
CONTACT_TICKS = ("function_address", "consent")


def field_name(question: Question, *parts: object) -> str:
    """The name of a field, which is its id as well."""
    return ".".join(["q", question.key, *map(str, parts)])


def seen_name(question: Question) -> str:
    return f"seen.{question.key}"


def is_sent(question: Question, posted: QueryDict) -> bool:
    """Whether the question was on the page that was sent."""
    return seen_name(question) in posted


def seen_version(question: Question, posted: QueryDict) -> int:
    """The version the person had before their eyes; 0 for none."""
    text = posted.get(seen_name(question), "")
    return min(int(text), LARGEST) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def read_answer(question: Question, posted: QueryDict, *, stored: Value = None, offered: Value = None) -> Value:
    """The answer as it was typed; None where nothing was said.

    `stored` is the present answer: a confirmation of an older version stays until it is renewed. `offered` is the fact
    of the directory that the fields were filled with: as long as nobody confirms or changes it, it is no answer.
    """
    value = READERS[question.kind](question, posted)
    if question.kind is Kind.CONFIRM and value is None and _confirmed_another(question, stored):
        return stored
    if offered is not None and value == offered:
        return None
    return None if is_empty(value) else value


def _confirmed_another(question: Question, stored: Value) -> bool:
    return isinstance(stored, dict) and bool(stored.get("confirmed")) and stored.get("version") != question.version


def text_of(posted: QueryDict, name: str, *, several_lines: bool = False) -> str:
    """What stands in a field, without what no database holds; line breaks as one character."""
    text = BAD_CHARACTER.sub("", posted.get(name, "").replace("\r\n", "\n").replace("\r", "\n"))
    return text if several_lines else text.strip()


def _line(question: Question, posted: QueryDict) -> Value:
    return text_of(posted, field_name(question))


def _lines(question: Question, posted: QueryDict) -> Value:
    return text_of(posted, field_name(question), several_lines=True)


def as_date(text: str) -> str:
    """A day as browsers send it, however it was typed; what is none stays as it is."""
    typed = GERMAN_DATE.fullmatch(text)
    if typed:
        day, month, year = typed.groups()
        found = date(f"{year}-{int(month):02}-{int(day):02}")
    else:
        found = date(text)
    return found.isoformat() if found else text


def _date(question: Question, posted: QueryDict) -> Value:
    return as_date(text_of(posted, field_name(question)))


def _year(text: str) -> Value:
    return int(text) if re.fullmatch(r"[0-9]{4}", text) else text


def _number(question: Question, posted: QueryDict) -> Value:
    value: dict[str, Value] = {"value": text_of(posted, field_name(question))}
    if question.with_year:
        value["year"] = _year(text_of(posted, field_name(question, "year")))
    return value


def _fact(question: Question, posted: QueryDict) -> Value:
    return {
        "value": text_of(posted, field_name(question)),
        "year": _year(text_of(posted, field_name(question, "year"))),
        "source": text_of(posted, field_name(question, "source")),
        "url": text_of(posted, field_name(question, "url")),
        "confirmed": field_name(question, "confirmed") in posted,
    }


def _several(question: Question, posted: QueryDict) -> Value:
    return [BAD_CHARACTER.sub("", key) for key in posted.getlist(field_name(question)) if key]


def _whole(text: str) -> Value:
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) else None


def _rating(question: Question, posted: QueryDict) -> Value:
    marks = {choice.key: _whole(posted.get(field_name(question, choice.key), "")) for choice in question.choices}
    return {key: mark for key, mark in marks.items() if mark is not None}


def _sdgs(question: Question, posted: QueryDict) -> Value:
    goals = {_whole(text) for text in posted.getlist(field_name(question))}
    return [goal for goal in range(1000) if goal in goals]


def _contact(question: Question, posted: QueryDict) -> Value:
    person: dict[str, Value] = {part: text_of(posted, field_name(question, part)) for part in CONTACT_PARTS}
    return person | {tick: field_name(question, tick) in posted for tick in CONTACT_TICKS}


def row_numbers(question: Question, posted: QueryDict) -> list[int]:
    """The numbers of the rows that were sent, in order; there may be gaps where rows were removed."""
    pattern = re.compile(re.escape(field_name(question)) + r"\.([0-9]{1,4})\.[a-z0-9_-]+")
    return sorted({int(found[1]) for name in posted if (found := pattern.fullmatch(name))})


def _rows(question: Question, posted: QueryDict) -> Value:
    """Rows that hold anything."""
    rows: list[Value] = []
    for number in row_numbers(question, posted):
        row: dict[str, Value] = {}
        for column in columns_of(question):
            text = text_of(posted, field_name(question, number, column.key))
            row[column.key] = as_date(text) if column.kind is ColumnKind.DATE else text
        if not is_empty(row):
            rows.append(row)
    return rows


def _confirm(question: Question, posted: QueryDict) -> Value:
    return {"confirmed": True, "version": question.version} if field_name(question) in posted else None


def _document(_question: Question, _posted: QueryDict) -> Value:
    return None  # documents come and go by actions of their own


READERS: dict[Kind, Callable[[Question, QueryDict], Value]] = {
    Kind.SHORT_TEXT: _line,
    Kind.LONG_TEXT: _lines,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.CHOICE: _line,
    Kind.SEVERAL: _several,
    Kind.RATING: _rating,
    Kind.SDGS: _sdgs,
    Kind.CITY_FACT: _fact,
    Kind.CONTACT: _contact,
    Kind.LINKS: _rows,
    Kind.TABLE: _rows,
    Kind.STAKEHOLDERS: _rows,
    Kind.DOCUMENT: _document,
    Kind.CONFIRM: _confirm,
}
