"""Questions: what each kind needs and what does not belong to it, sizes that can be, conditions that can hold."""

import dataclasses
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as _

from applications.pack import Kind, Pack, Question
from applications.pack_checks.places import questions_of
from applications.problems import Problem
from applications.sdgs import GOALS
from network.documents.kinds import FileKind

# Which of the optional properties each kind knows, and which of them it cannot do without. `choices` stand for
# themselves or for `choices_from_fields`.
HOW_MANY = ("at_least", "at_most")
KNOWN: dict[Kind, tuple[str, ...]] = {
    Kind.SHORT_TEXT: ("characters",),
    Kind.LONG_TEXT: ("words",),
    Kind.NUMBER: ("unit", "minimum", "maximum", "with_year"),
    Kind.DATE: (),
    Kind.CHOICE: ("choices", "choices_from_fields"),
    Kind.SEVERAL: ("choices", "choices_from_fields", *HOW_MANY),
    Kind.RATING: ("choices",),
    Kind.SDGS: HOW_MANY,
    Kind.CITY_FACT: ("fact",),
    Kind.CONTACT: (),
    Kind.LINKS: HOW_MANY,
    Kind.TABLE: ("columns", *HOW_MANY),
    Kind.STAKEHOLDERS: HOW_MANY,
    Kind.DOCUMENT: ("accepts", "max_bytes", "max_pages", "min_pixels", "one_for_each", *HOW_MANY),
    Kind.CONFIRM: ("statement", "version", "url"),
}
NEEDED: dict[Kind, str] = {
    Kind.LONG_TEXT: "words",
    Kind.CHOICE: "choices",
    Kind.SEVERAL: "choices",
    Kind.RATING: "choices",
    Kind.CITY_FACT: "fact",
    Kind.TABLE: "columns",
    Kind.DOCUMENT: "accepts",
    Kind.CONFIRM: "statement",
}
ALWAYS = ("key", "kind", "label", "help", "required", "public", "only_if", "verify")
OPTIONAL = tuple(one for one in dataclasses.fields(Question) if one.name not in ALWAYS)
AT_LEAST_ONE = ("words", "characters", "at_least", "max_bytes", "max_pages", "min_pixels")
PICTURES = {FileKind.JPEG, FileKind.PNG}


def question_problems(pack: Pack) -> Iterator[Problem]:
    """Findings about each question of the application and of the report."""
    asked = list(questions_of(pack))
    yield from _questions(asked, pack)
    if pack.reporting:
        yield from _questions([(f"reporting.questions[{one.key}]", one) for one in pack.reporting.questions], pack)


def _questions(questions: list[tuple[str, Question]], pack: Pack) -> Iterator[Problem]:
    every = {question.key: question for _place, question in questions}
    earlier: dict[str, Question] = {}
    for place, question in questions:
        yield from _properties(place, question)
        yield from _sizes(place, question, pack)
        yield from _numbers_of_items(place, question)
        yield from _condition(place, question, earlier, every)
        yield from _one_for_each(place, question, earlier, every)
        earlier[question.key] = question


def _properties(place: str, question: Question) -> Iterator[Problem]:
    kind = {"kind": question.kind.value}
    for one in OPTIONAL:
        if one.name not in KNOWN[question.kind] and getattr(question, one.name) != one.default:
            yield Problem(f"{place}.{one.name}", _("This does not belong to a question of the kind %(kind)s."), kind)
    needed = NEEDED.get(question.kind)
    fields = question.choices_from_fields and "choices_from_fields" in KNOWN[question.kind]
    if needed and not fields and getattr(question, needed) in (None, "", ()):
        yield Problem(f"{place}.{needed}", _("A question of the kind %(kind)s needs this."), kind)
    if fields and question.choices:
        yield Problem(
            f"{place}.choices", _("The choices are either given here or the fields of the network, not both.")
        )
    if question.url and not _is_address(question.url):
        yield Problem(f"{place}.url", _("This is no address; it must begin with https:// or http://."))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and not any(c.isspace() for c in url)


def _sizes(place: str, question: Question, pack: Pack) -> Iterator[Problem]:
    for name in AT_LEAST_ONE:
        value = getattr(question, name)
        if value is not None and value < 1:
            yield Problem(f"{place}.{name}", _("This must be at least 1."))
    if question.minimum is not None and question.maximum is not None and question.minimum > question.maximum:
        yield Problem(f"{place}.minimum", _("The smallest number allowed is above the largest."))
    if question.kind is not Kind.DOCUMENT:
        return
    if pack.max_bytes is not None and question.max_bytes > pack.max_bytes:
        yield Problem(f"{place}.max_bytes", _("One document may be larger here than all documents together."))
    if question.max_pages is not None and FileKind.PDF not in question.accepts:
        yield Problem(f"{place}.max_pages", _("Pages are counted in PDF files only, and none is accepted here."))
    if question.min_pixels is not None and not PICTURES & set(question.accepts):
        yield Problem(f"{place}.min_pixels", _("Pixels are counted in pictures only, and none is accepted here."))


def _numbers_of_items(place: str, question: Question) -> Iterator[Problem]:
    if question.at_most is not None and question.at_most < question.at_least:
        yield Problem(f"{place}.at_most", _("At most %(most)s cannot be less than at least %(least)s."), {
            "most": question.at_most, "least": question.at_least,
        })  # fmt: skip
        return
    there = len(GOALS) if question.kind is Kind.SDGS else len(question.choices)
    if question.kind not in {Kind.SDGS, Kind.SEVERAL} or not there:
        return
    for name in HOW_MANY:
        number = getattr(question, name)
        if number is not None and number > there:
            yield Problem(
                f"{place}.{name}",
                _("Only %(there)s can be chosen, not %(number)s."),
                {"there": there, "number": number},
            )


def _condition(
    place: str, question: Question, earlier: dict[str, Question], every: dict[str, Question]
) -> Iterator[Problem]:
    condition = question.only_if
    if condition is None:
        return
    values = {"key": condition.question}
    if condition.question not in earlier:
        there = condition.question in every
        message = (
            _("The condition looks at “%(key)s”, which is asked later.")
            if there
            else _("There is no question “%(key)s”.")
        )
        yield Problem(f"{place}.only_if.question", message, values)
        return
    other = earlier[condition.question]
    if other.kind not in {Kind.CHOICE, Kind.SEVERAL, Kind.CONFIRM}:
        yield Problem(
            f"{place}.only_if.question",
            _("The condition looks at “%(key)s”, which offers no choices and confirms nothing."),
            values,
        )
        return
    if not condition.any_of:
        yield Problem(f"{place}.only_if.any_of", _("No answer is named, so this would never be asked."))
    yield from _unknown(f"{place}.only_if.any_of", condition.any_of, other)


def _unknown(place: str, any_of: Iterable[str], other: Question) -> Iterator[Problem]:
    """Answers that the other question does not offer. The fields of a network are not known here."""
    if other.choices_from_fields:
        return
    offered = {"yes"} if other.kind is Kind.CONFIRM else {choice.key for choice in other.choices}
    for answer in any_of:
        if answer not in offered:
            yield Problem(
                place, _("“%(answer)s” is no answer that “%(key)s” offers."), {"answer": answer, "key": other.key}
            )


def _one_for_each(
    place: str, question: Question, earlier: dict[str, Question], every: dict[str, Question]
) -> Iterator[Problem]:
    if not question.one_for_each or question.kind is not Kind.DOCUMENT:
        return
    place, values = f"{place}.one_for_each", {"key": question.one_for_each}
    if question.one_for_each not in every:
        yield Problem(place, _("There is no question “%(key)s”."), values)
    elif every[question.one_for_each].kind is not Kind.DOCUMENT:
        yield Problem(place, _("“%(key)s” asks for no documents."), values)
    elif question.one_for_each not in earlier:
        yield Problem(place, _("The documents of “%(key)s” are asked for later."), values)
    elif question.at_least != 1 or question.at_most is not None:
        yield Problem(place, _("How many follows from “%(key)s”; leave out at_least and at_most."), values)
