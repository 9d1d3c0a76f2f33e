"""What keeps an application from being submitted: asked of the stored answers, so that no way round a form exists."""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.answers import Value, asked, count_words, documents_of, is_empty
from applications.freezing import File
from applications.models import Document
from applications.pack import ColumnKind, Kind, Question
from network.documents.kinds import megabytes

SDGS = range(1, 18)
FIRST_YEAR, LAST_YEAR = 1900, 2100
a_url = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Gap:
    """Something to be done before submitting: where, and what, in a sentence for the reader."""

    section: str  # key of the section; empty for an endorsement
    question: str  # key of the question, or of the link of the chain
    label: str
    sentence: str


def gaps(file: File) -> list[Gap]:
    """All that is missing or not right in the questions that are asked, in order, then the endorsements that the city
    has to bring. Nothing where the application may be submitted."""
    found = [
        Gap(file.pack.section_of[question.key].key, question.key, str(question.label), sentence)
        for question in asked(file.pack, file.answers)
        for sentence in sentences_for(question, file.answers.get(question.key), file)
    ]
    found += _too_large(file)
    for link in file.pack.endorsements:
        if not link.by_city:
            continue
        given = file.endorsements.get(link.key)
        if given is None or not given.is_given:
            found.append(Gap("", link.key, str(link.role), _("The signed page is missing.")))
        elif not file.is_current(given):
            found.append(
                Gap("", link.key, str(link.role), _("What was signed has changed since: it must be signed anew."))
            )
    return found


def _too_large(file: File) -> list[Gap]:
    """The signed pages count, too: they go out with the rest."""
    total = sum(file.documents[pk].size for pk in documents_of(file.pack, file.answers) if pk in file.documents)
    signed = [one for one in file.endorsements.values() if one.link not in file.outside_links]
    total += sum(one.document.size for one in signed if one.document)
    most = file.pack.max_bytes
    if most is None or total <= most:
        return []
    sentence = _(
        "All documents together have %(total)s MB, but may have %(most)s MB at most. Replace one by a smaller one."
    )
    return [Gap("", "", _("Documents"), sentence % {"total": megabytes(total), "most": megabytes(most)})]


def sentences_for(question: Question, value: Value, file: File) -> list[str]:
    """What is missing or wrong in one answer, in sentences that say what to do; nothing where it is right."""
    if is_empty(value):
        return [_missing(question)] if question.required else []
    return list(CHECKS[question.kind](question, value, file))


def _missing(question: Question) -> str:
    sentences = {
        Kind.DOCUMENT: _("The document is missing."),
        Kind.CONFIRM: _("This is not confirmed yet."),
        Kind.CHOICE: _("Choose one."),
        Kind.SEVERAL: _("Choose at least one."),
        Kind.RATING: _("Give a rating to each line."),
    }
    return sentences.get(question.kind, _("The answer is missing."))


def _text(question: Question, value: Value, _file: File) -> list[str]:
    length = len(str(value).strip())
    if length <= question.characters:
        return []
    return [
        _("The text has %(length)s characters, but may have %(most)s at most.")
        % {"length": length, "most": question.characters}
    ]


def _long_text(question: Question, value: Value, _file: File) -> list[str]:
    words = count_words(str(value))
    if question.words is None or words <= question.words:
        return []
    return [
        ngettext(
            "The text is one word too long: it may have %(most)s words.",
            "The text is %(over)s words too long: it may have %(most)s words.",
            words - question.words,
        )
        % {"over": words - question.words, "most": question.words}
    ]


def _number(question: Question, value: Value, _file: File) -> list[str]:
    stated = value if isinstance(value, dict) else {"value": value}
    number, found = decimal(stated.get("value")), []
    if number is None:
        found.append(_("This is not a number. Write digits only, for example 12.5."))
    elif question.minimum is not None and number < Decimal(str(question.minimum)):
        found.append(_("The number must be %(least)s at least.") % {"least": number_format(question.minimum)})
    elif question.maximum is not None and number > Decimal(str(question.maximum)):
        found.append(_("The number must be %(most)s at most.") % {"most": number_format(question.maximum)})
    if question.with_year or question.kind is Kind.CITY_FACT:
        found += _year(question, stated.get("year"))
    return found


def _year(question: Question, value: Value) -> list[str]:
    if value in (None, ""):
        return [_("Give the year for which the number is true.")]
    if not re.fullmatch(r"\d{4}", str(value)):
        return [_("This is not a year. Write four digits, for example 2024.")]
    last = timezone.localdate().year if question.kind is Kind.CITY_FACT else LAST_YEAR  # a target may lie ahead
    if not FIRST_YEAR <= int(str(value)) <= last:
        return [_("Give a year from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": last}]
    return []


def _fact(question: Question, value: Value, file: File) -> list[str]:
    found = _number(question, value, file)
    assert isinstance(value, dict)
    if is_empty(value.get("source")):
        found.append(_("Say where the number comes from."))
    if not value.get("confirmed"):
        found.append(_("Confirm that the number is right."))
    if address := value.get("url"):
        found += _address(str(address))
    return found


def decimal(value: Value) -> Decimal | None:
    """The number in a text as people write it in both languages ("330.579", "1,5", "12.5"); None where it is none.
    "1e9" is none: written out, a small text could become millions of digits."""
    text = re.sub(r"[\s\u202f\u00a0']", "", str(value if value is not None else ""))
    if not re.fullmatch(r"[+-]?[0-9.,]{1,40}", text):
        return None
    if re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", text) and len(set(re.findall(r"[.,]", text))) == 1:
        text = re.sub(r"[.,]", "", text)
    elif text.count(",") == 1:
        text = text.replace(".", "").replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def date(value: Value) -> datetime.date | None:
    """The day in a text (2027-05-31); None where it is none."""
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        return None


def _date(_question: Question, value: Value, _file: File) -> list[str]:
    return [] if date(value) else [_("This is not a date. Example: 2027-05-31.")]


def _keys(question: Question, file: File) -> set[str]:
    if question.choices_from_fields:
        return set(file.fields)
    return {choice.key for choice in question.choices}


def _choice(question: Question, value: Value, file: File) -> list[str]:
    return [] if value in _keys(question, file) else [_("Choose one of the answers given.")]


def _several(question: Question, value: Value, file: File) -> list[str]:
    chosen = value if isinstance(value, list) else [value]
    if not {str(key) for key in chosen} <= _keys(question, file):
        return [_("Choose from the answers given.")]
    return _how_many(question, len(chosen))


def _how_many(question: Question, count: int) -> list[str]:
    if count < question.at_least:
        return [
            ngettext("At least %(least)s is needed.", "At least %(least)s are needed.", question.at_least)
            % {"least": question.at_least}
        ]
    if question.at_most is not None and count > question.at_most:
        return [
            ngettext("At most %(most)s is possible.", "At most %(most)s are possible.", question.at_most)
            % {"most": question.at_most}
        ]
    return []


def _rating(question: Question, value: Value, _file: File) -> list[str]:
    given = value if isinstance(value, dict) else {}
    if any(given.get(one.key) not in range(1, 6) for one in question.choices):
        return [_("Give each line a rating from 1 to 5.")]
    return []


def _sdgs(question: Question, value: Value, _file: File) -> list[str]:
    chosen = value if isinstance(value, list) else [value]
    if any(goal not in SDGS for goal in chosen):
        return [_("Choose from the 17 goals.")]
    return _how_many(question, len(chosen))


def _contact(_question: Question, value: Value, _file: File) -> list[str]:
    person = value if isinstance(value, dict) else {}
    found = []
    if is_empty(person.get("name")):
        found.append(_("Give the name of the person."))
    if is_empty(person.get("office")):
        found.append(_("Give the office of the person."))
    try:
        validate_email(str(person.get("email") or ""))
    except ValidationError:
        found.append(_("Give a whole e-mail address. Example: name@example.org"))
    return found


def _links(question: Question, value: Value, _file: File) -> list[str]:
    links = [one for one in (value if isinstance(value, list) else []) if not is_empty(one)]
    found = _how_many(question, len(links))
    for link in links:
        found += _address(str(link.get("url") or "") if isinstance(link, dict) else str(link))
    return found


def _address(text: str) -> list[str]:
    try:
        a_url(text)
    except ValidationError:
        return [_("“%(address)s” is not a web address. It begins with https://") % {"address": text[:80]}]
    return []


def _table(question: Question, value: Value, _file: File) -> list[str]:
    rows = [row for row in (value if isinstance(value, list) else []) if not is_empty(row)]
    found = _how_many(question, len(rows))
    for number, row in enumerate(rows, start=1):
        cells = row if isinstance(row, dict) else {}
        for column in question.columns:
            cell = cells.get(column.key)
            place = {"row": number, "column": str(column.label)}
            if is_empty(cell):
                if column.required:
                    found.append(_("Row %(row)s: “%(column)s” is missing.") % place)
            elif column.kind is ColumnKind.NUMBER and decimal(cell) is None:
                found.append(_("Row %(row)s: “%(column)s” must be a number.") % place)
            elif column.kind is ColumnKind.DATE and date(cell) is None:
                found.append(_("Row %(row)s: “%(column)s” must be a date. Example: 2027-05-31.") % place)
    return found


def _stakeholders(question: Question, value: Value, _file: File) -> list[str]:
    rows = [row for row in (value if isinstance(value, list) else []) if not is_empty(row)]
    found = _how_many(question, len(rows))
    for number, row in enumerate(rows, start=1):
        one = row if isinstance(row, dict) else {}
        if is_empty(one.get("name")) or is_empty(one.get("sector")):
            found.append(_("Row %(row)s: give name and sector.") % {"row": number})
        if not is_empty(one.get("date")) and date(one.get("date")) is None:
            found.append(_("Row %(row)s: this is not a date. Example: 2027-05-31.") % {"row": number})
    return found


def _document(question: Question, value: Value, file: File) -> list[str]:
    present: Sequence[Document] = [file.documents[pk] for pk in _numbers(value) if pk in file.documents]
    if not present:
        return [_missing(question)] if question.required else []
    found = _how_many(question, len(present))
    if question.one_for_each:
        others = len(_numbers(file.answers.get(question.one_for_each)))
        if len(present) != others:
            label = str(file.pack.questions[question.one_for_each].label)
            found.append(
                _("One is needed for each of “%(label)s”: there are %(here)s for %(there)s.")
                % {"label": label, "here": len(present), "there": others}
            )
    return found


def _numbers(value: Value) -> list[int]:
    return [item for item in value if isinstance(item, int)] if isinstance(value, list) else []


def _confirm(question: Question, value: Value, _file: File) -> list[str]:
    given = value if isinstance(value, dict) else {}
    if not given.get("confirmed"):
        return [_missing(question)] if question.required else []
    if question.version and given.get("version") != question.version:
        return [_("This has changed since you confirmed it. Read it and confirm once more.")]
    return []


type Check = Callable[[Question, Value, File], list[str]]
CHECKS: dict[Kind, Check] = {
    Kind.SHORT_TEXT: _text,
    Kind.LONG_TEXT: _long_text,
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
    Kind.STAKEHOLDERS: _stakeholders,
    Kind.DOCUMENT: _document,
    Kind.CONFIRM: _confirm,
}
