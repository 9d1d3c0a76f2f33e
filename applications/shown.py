"""An answer as a reader sees it: the few shapes that templates draw, and the same as plain text to be compared."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.answers import Value, is_empty
from applications.completeness import date, decimal
from applications.freezing import File
from applications.models import Document
from applications.pack import Column, ColumnKind, Kind, Question, Text
from applications.sdgs import GOALS
from network.templatetags.portal import number

CONTACT_PARTS = {
    "name": gettext_lazy("Name"),
    "office": gettext_lazy("Office"),
    "organisation": gettext_lazy("Organisation"),
    "email": gettext_lazy("E-mail address"),
    "phone": gettext_lazy("Telephone"),
}
STAKEHOLDER_COLUMNS = (
    Column("name", Text("Einrichtung oder Gruppe", "Organisation or group")),
    Column("sector", Text("Bereich", "Sector")),
    Column("date", Text("Informiert am", "Informed on"), ColumnKind.DATE, required=False),
)
LINK_COLUMNS = (
    Column("url", Text("Adresse", "Address")),
    Column("label", Text("Was dort steht", "What is there"), required=False),
)


@dataclass(frozen=True)
class Link:
    """A link of an answer; without `url` where it cannot be followed."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Shown:
    """One answer: exactly one of the shapes is filled, none where there is no answer. `in_own_words`: whether the texts
    are the city's, in the language of its answers, or the portal's, in the reader's."""

    text: str = ""
    items: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    documents: tuple[Document, ...] = ()
    in_own_words: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.items or self.facts or self.links or self.rows or self.documents)

    def __str__(self) -> str:
        """As plain text, a line for each part."""
        lines = [self.text, *self.items]
        lines += [f"{label}: {value}" for label, value in self.facts]
        lines += [f"{link.text} {link.url}" if link.url and link.url != link.text else link.text for link in self.links]
        lines += [" | ".join(cells) for cells in self.rows]
        lines += [document.name for document in self.documents]
        return "\n".join(line for line in lines if line)


def shown(question: Question, value: Value, file: File) -> Shown:
    """The answer in words of the active language. Whatever was stored is shown, also what is not right; documents only
    where `file` has them."""
    return Shown() if is_empty(value) else SHAPES[question.kind](question, value, file)


def _text(_question: Question, value: Value, _file: File) -> Shown:
    return Shown(text=_one(value), in_own_words=True)


def _one(value: Value) -> str:
    return "" if value is None else str(value)


def _part(value: Value, key: str) -> str:
    return _one(value.get(key)) if isinstance(value, dict) else ""


def a_number(text: Value) -> str:
    """A number as the reader's language writes it; what is none stays as it was typed."""
    found = decimal(text)
    if found is None:
        return _one(text)
    exponent = found.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return number(found, max(0, -exponent))  # type: ignore[arg-type]  # a Decimal counts as a number there


def a_day(text: Value) -> str:
    """A day as the reader's language writes it; what is none stays as it was typed."""
    day = date(text)
    return date_format(day, "DATE_FORMAT") if day else _one(text)


def _number(question: Question, value: Value, _file: File) -> Shown:
    words = a_number(value.get("value") if isinstance(value, dict) else value)
    if question.unit:
        words = f"{words} {question.unit}"
    year = _part(value, "year")
    return Shown(text=f"{words} ({year})" if year else words)


def _date(_question: Question, value: Value, _file: File) -> Shown:
    return Shown(text=a_day(value))


def labels(question: Question, file: File) -> dict[str, str]:
    """What a question of kind choice, several or rating offers, by key."""
    if question.choices_from_fields:
        return {slug: field.name for slug, field in file.fields.items()}
    return {choice.key: str(choice.label) for choice in question.choices}


def _choice(question: Question, value: Value, file: File) -> Shown:
    return Shown(text=labels(question, file).get(_one(value), _one(value)))


def _several(question: Question, value: Value, file: File) -> Shown:
    offered = labels(question, file)
    return Shown(items=tuple(offered.get(_one(key), _one(key)) for key in (value if isinstance(value, list) else [])))


def _rating(question: Question, value: Value, file: File) -> Shown:
    given = value if isinstance(value, dict) else {}
    marks = {
        label: _("%(mark)s of 5") % {"mark": given[key]} if given.get(key) else _("not rated")
        for key, label in labels(question, file).items()
    }
    return Shown(facts=tuple(marks.items()))


def _sdgs(_question: Question, value: Value, _file: File) -> Shown:
    goals = [goal for goal in (value if isinstance(value, list) else []) if isinstance(goal, int)]
    return Shown(items=tuple(f"{goal} {GOALS.get(goal, '')}".strip() for goal in sorted(goals)))


def _fact(question: Question, value: Value, file: File) -> Shown:
    parts = [(_("Value"), _number(question, value, file).text), (_("Source"), _part(value, "source"))]
    if address := _part(value, "url"):
        parts.append((_("Address of the source"), address))
    confirmed = isinstance(value, dict) and bool(value.get("confirmed"))
    parts.append((_("Confirmed by the city"), _("yes") if confirmed else _("not yet")))
    return Shown(facts=tuple((label, words) for label, words in parts if words))


def _contact(_question: Question, value: Value, _file: File) -> Shown:
    parts = [(str(label), _part(value, key)) for key, label in CONTACT_PARTS.items()]
    if isinstance(value, dict) and value.get("function_address"):
        parts.append((_("Kind of address"), _("address of the office, not of a person")))
    if isinstance(value, dict) and value.get("consent"):
        parts.append((_("Consent"), _("The person agrees to being named.")))
    return Shown(facts=tuple((label, words) for label, words in parts if words))


def _links(_question: Question, value: Value, _file: File) -> Shown:
    links = [one for one in (value if isinstance(value, list) else []) if not is_empty(one)]
    return Shown(links=tuple(_link(one) for one in links), in_own_words=True)


def _link(one: Value) -> Link:
    address, label = _part(one, "url"), _part(one, "label")
    safe = urlsplit(address).scheme in {"http", "https"} if "\n" not in address else False
    return Link(label or address, address) if safe else Link(f"{label} {address}".strip())


def columns_of(question: Question) -> tuple[Column, ...]:
    """What a row of the question's table holds."""
    return {Kind.STAKEHOLDERS: STAKEHOLDER_COLUMNS, Kind.LINKS: LINK_COLUMNS}.get(question.kind, question.columns)


def _table(question: Question, value: Value, _file: File) -> Shown:
    columns = columns_of(question)
    rows = [row for row in (value if isinstance(value, list) else []) if isinstance(row, dict) and not is_empty(row)]
    return Shown(
        columns=tuple(str(column.label) for column in columns),
        rows=tuple(tuple(_cell(column, row.get(column.key)) for column in columns) for row in rows),
        in_own_words=True,
    )


def _cell(column: Column, value: Value) -> str:
    if column.kind is ColumnKind.NUMBER:
        return a_number(value)
    return a_day(value) if column.kind is ColumnKind.DATE else _one(value)


def _document(_question: Question, value: Value, file: File) -> Shown:
    named = [pk for pk in (value if isinstance(value, list) else []) if isinstance(pk, int)]
    return Shown(documents=tuple(file.documents[pk] for pk in named if pk in file.documents))


def _confirm(question: Question, value: Value, _file: File) -> Shown:
    version = _part(value, "version")
    if not version:
        return Shown(text=_("Confirmed"))
    if question.version and version != question.version:
        return Shown(text=_("Version %(version)s confirmed; it has changed since") % {"version": version})
    return Shown(text=_("Version %(version)s confirmed") % {"version": version})


type Shape = Callable[[Question, Value, File], Shown]
SHAPES: dict[Kind, Shape] = {
    Kind.SHORT_TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.RATING: _rating,
    Kind.SDGS: _sdgs,
    Kind.CITY_FACT: _fact,
    Kind.CONTACT: _contact,
    Kind.LINKS: _links,
    Kind.TABLE: _table,
    Kind.STAKEHOLDERS: _table,
    Kind.DOCUMENT: _document,
    Kind.CONFIRM: _confirm,
}
