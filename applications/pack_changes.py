"""What differs between two versions of a pack, and what that means for a call that is already open.

*Harmless* is what helps to read and asks for nothing else: help texts, explanations, notes, order.
*Tell* is what applicants must be told because they would want to look again: wording, more room, more time, something
optional added.
*Forbidden* is what would make work already done worthless, ask for more, or judge by another measure than announced. It
waits for the next call.

RULES, LISTS, SINGLE and IN_CONTEXT say it property by property; tests hold that none is without a rule. Things are
matched by their key, so a new key is a new thing and the old one is gone. A new question may feed a criterion: else
none could be added where answers are scored.
"""

import dataclasses
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.utils.translation import pgettext_lazy

from applications import pack as p
from applications.pack import Criterion, Kind, Pack, Question, Section, Text
from applications.pack_checks.places import sections_of
from applications.typed_json import at, dump


class Weight(models.TextChoices):
    """What a change means for an open call; `label` in the reader's language."""

    HARMLESS = "harmless", pgettext_lazy("change of a pack", "Harmless")
    TELL = "tell", pgettext_lazy("change of a pack", "Applicants must be told")
    FORBIDDEN = "forbidden", pgettext_lazy("change of a pack", "Forbidden in an open call")


HARMLESS, TELL, FORBIDDEN = Weight.HARMLESS, Weight.TELL, Weight.FORBIDDEN


@dataclass(frozen=True)
class Change:
    """One difference: its place (in the old pack where something is gone, else in the new one), what stood there and
    what stands there now as JSON values (None: nothing), and what it means for an open call."""

    place: str
    old: Any
    new: Any
    weight: Weight


type Rule = Weight | Callable[[Any, Any], Weight]


def _smaller_is_forbidden(old: float | None, new: float | None) -> Weight:
    """An upper limit; None is no limit."""
    return TELL if new is None or (old is not None and new > old) else FORBIDDEN


def _greater_is_forbidden(old: float | None, new: float | None) -> Weight:
    """A lower limit; None is no limit."""
    return TELL if new is None or (old is not None and new < old) else FORBIDDEN


def _fewer_is_forbidden(old: Collection[str], new: Collection[str]) -> Weight:
    """A list of what is possible; its order means nothing."""
    if set(old) == set(new):
        return HARMLESS
    return FORBIDDEN if set(old) - set(new) else TELL


def _switched_on_is_forbidden(_old: bool, new: bool) -> Weight:  # noqa: FBT001 - a rule takes the two values
    return FORBIDDEN if new else TELL


def _switched_off_is_forbidden(_old: bool, new: bool) -> Weight:  # noqa: FBT001 - a rule takes the two values
    return TELL if new else FORBIDDEN


# Property by property. What is not named here is a key, a list of parts (LISTS) or in IN_CONTEXT.
RULES: dict[type, dict[str, Rule]] = {
    p.Pack: {
        "format": FORBIDDEN,
        "key": FORBIDDEN,
        "network": FORBIDDEN,
        "title": TELL,
        "summary": HARMLESS,
        "decides": TELL,
        "answer_languages": _fewer_is_forbidden,
        "field_question": FORBIDDEN,
        "outside": FORBIDDEN,
        "national": FORBIDDEN,
        "next_pack": FORBIDDEN,
        "reviewers_per_application": TELL,
        "names_hidden": _switched_off_is_forbidden,
        "max_bytes": _smaller_is_forbidden,
        "verify": HARMLESS,
    },
    p.Step: {"title": TELL, "explanation": HARMLESS, "actor": TELL},
    p.Section: {"title": TELL, "explanation": HARMLESS},
    p.Question: {
        "kind": FORBIDDEN,
        "label": TELL,
        "help": HARMLESS,
        "required": _switched_on_is_forbidden,
        "public": _switched_on_is_forbidden,
        "verify": HARMLESS,
        "words": _smaller_is_forbidden,
        "characters": _smaller_is_forbidden,
        "unit": FORBIDDEN,
        "minimum": _greater_is_forbidden,
        "maximum": _smaller_is_forbidden,
        "with_year": _switched_on_is_forbidden,
        "choices_from_fields": FORBIDDEN,
        "fact": FORBIDDEN,
        "at_least": _greater_is_forbidden,
        "at_most": _smaller_is_forbidden,
        "accepts": _fewer_is_forbidden,
        "max_bytes": _smaller_is_forbidden,
        "max_pages": _smaller_is_forbidden,
        "min_pixels": _greater_is_forbidden,
        "one_for_each": FORBIDDEN,
        "version": TELL,
        "url": TELL,
    },
    p.Choice: {"label": TELL},
    p.Column: {"label": TELL, "kind": FORBIDDEN, "required": _switched_on_is_forbidden},
    p.Readiness: {
        "statement": TELL,
        "evidence": HARMLESS,
        "office": HARMLESS,
        "days": HARMLESS,
        "essential": TELL,
        "criterion": HARMLESS,
        "seeds": HARMLESS,
        "verify": HARMLESS,
    },
    p.Endorsement: {
        "role": TELL,
        "pledge": FORBIDDEN,
        "days": _smaller_is_forbidden,
        "by_city": FORBIDDEN,
        "covers": FORBIDDEN,
        "verify": HARMLESS,
    },
    p.Criterion: {
        "title": TELL,
        "explanation": TELL,
        "weight": FORBIDDEN,
        "lowest": FORBIDDEN,
        "highest": FORBIDDEN,
        "verify": HARMLESS,
    },
    p.Quota: {
        "count": FORBIDDEN,
        "per_country": FORBIDDEN,
        "different_fields": FORBIDDEN,
        "tie_break": FORBIDDEN,
        "verify": HARMLESS,
    },
    p.Check: {"text": HARMLESS},
    p.Reporting: {"months": _smaller_is_forbidden, "verify": HARMLESS},
    p.Retention: {
        "admitted": _greater_is_forbidden,
        "not_admitted": _greater_is_forbidden,
        "draft": _greater_is_forbidden,
        "verify": HARMLESS,
    },
}


@dataclass(frozen=True)
class Parts:
    """What it means when a part comes (asked with its owner, such as the question of a choice), is gone, or stays and
    stands in another order."""

    come: Callable[[Any, Any], Weight] | Weight
    gone: Weight
    order: Weight = HARMLESS


def _if_required(_owner: object, part: Any) -> Weight:
    return FORBIDDEN if part.required else TELL


def _one_more_choice(question: Question, _choice: object) -> Weight:
    """One more to choose from is an offer; one more to rate is one more answer."""
    return FORBIDDEN if question.kind is Kind.RATING and question.required else TELL


LISTS: dict[tuple[type, str], Parts] = {
    (p.Pack, "steps"): Parts(FORBIDDEN, FORBIDDEN, FORBIDDEN),
    (p.Step, "sections"): Parts(TELL, TELL),  # their questions are judged one by one
    (p.Section, "questions"): Parts(_if_required, FORBIDDEN),
    (p.Question, "choices"): Parts(_one_more_choice, FORBIDDEN),
    (p.Question, "columns"): Parts(_if_required, FORBIDDEN),
    (p.Pack, "criteria"): Parts(FORBIDDEN, FORBIDDEN),
    (p.Pack, "readiness"): Parts(TELL, TELL),
    (p.Pack, "endorsements"): Parts(FORBIDDEN, FORBIDDEN, FORBIDDEN),
    (p.Pack, "checklist"): Parts(TELL, TELL),
    (p.Reporting, "questions"): Parts(TELL, TELL),
}
# Parts that are there or not; `retention` always is.
SINGLE: dict[tuple[type, str], Parts] = {
    (p.Pack, "quota"): Parts(FORBIDDEN, FORBIDDEN),
    (p.Pack, "reporting"): Parts(FORBIDDEN, TELL),
    (p.Pack, "retention"): Parts(FORBIDDEN, FORBIDDEN),
}

type Both = tuple[Pack, Pack]


def _condition(old: Question, new: Question, both: Both) -> Weight:
    """Asking more people is an offer, unless something required hangs on it. Asking fewer takes answers away."""
    was, now = old.only_if, new.only_if
    if was and now and was.question == now.question and set(was.any_of) == set(now.any_of):
        return HARMLESS
    only_more = now is None or (was and was.question == now.question and set(was.any_of) <= set(now.any_of))
    if not only_more:
        return FORBIDDEN
    return FORBIDDEN if any(question.required for question in _hanging_on(new, both[1])) else TELL


def _hanging_on(question: Question, pack: Pack) -> Iterator[Question]:
    """The question, and all whose conditions look at it, near or far. Conditions look back, so none comes twice."""
    yield question
    for other in pack.questions.values():
        if other.only_if and other.only_if.question == question.key:
            yield from _hanging_on(other, pack)


def _statement(old: Question, new: Question, _both: Both) -> Weight:
    """Other words under the same version would put them into the mouth of those who have confirmed already."""
    return TELL if old.version != new.version else FORBIDDEN


def _feeding(old: Criterion, new: Criterion, both: Both) -> Weight:
    if set(old.questions) == set(new.questions):
        return HARMLESS
    come, gone = set(new.questions) - set(old.questions), set(old.questions) - set(new.questions)
    return FORBIDDEN if gone or come & both[0].questions.keys() else TELL


IN_CONTEXT: dict[tuple[type, str], Callable[[Any, Any, Both], Weight]] = {
    (p.Question, "only_if"): _condition,
    (p.Question, "statement"): _statement,
    (p.Criterion, "questions"): _feeding,
}


def changes(old: Pack, new: Pack) -> list[Change]:
    """All differences, in the order of the parts of a pack. Both packs are sound (applications.pack_checks)."""
    both = (old, new)
    found = [*_compare(old, new, "", both), *_sections(both), *_questions(both)]
    return [_of_the_report(change) if change.place.startswith("reporting.questions") else change for change in found]


def _of_the_report(change: Change) -> Change:
    """Nobody has begun a report while a call is open: nothing there is lost."""
    return replace(change, weight=TELL) if change.weight is FORBIDDEN else change


def _compare(old: Any, new: Any, place: str, both: Both) -> Iterator[Change]:
    """Two states of the same part, all the way down; sections and questions are matched across the whole pack."""
    kind = type(new)
    for one in dataclasses.fields(new):
        was, now, there = getattr(old, one.name), getattr(new, one.name), (kind, one.name)
        if was == now or there in {(p.Step, "sections"), (p.Section, "questions")}:
            continue
        if there in LISTS:
            yield from _match(_parts(old, place, one.name), _parts(new, place, one.name), LISTS[there], both)
        elif there in SINGLE:
            yield from _single(was, now, at(place, one.name), SINGLE[there], both)
        elif there in IN_CONTEXT:
            yield from _differences(was, now, at(place, one.name), IN_CONTEXT[there](old, new, both))
        else:
            rule = RULES[kind][one.name]
            yield from _differences(was, now, at(place, one.name), rule if isinstance(rule, Weight) else rule(was, now))


def _differences(old: Any, new: Any, place: str, weight: Weight) -> Iterator[Change]:
    """A text is compared language by language, so that one sees which has changed."""
    if not (isinstance(old, Text) or isinstance(new, Text)):
        yield Change(place, dump(old), dump(new), weight)
        return
    for one in dataclasses.fields(Text):
        was, now = getattr(old, one.name, None), getattr(new, one.name, None)
        if was != now:
            yield Change(at(place, one.name), was, now, weight)


def _single(old: Any, new: Any, place: str, rule: Parts, both: Both) -> Iterator[Change]:
    if old is None:
        assert isinstance(rule.come, Weight)
        yield Change(place, None, dump(new), rule.come)
    elif new is None:
        yield Change(place, dump(old), None, rule.gone)
    else:
        yield from _compare(old, new, place, both)


@dataclass(frozen=True)
class Part:
    """Something with a key in a list: the place of the list, who has it, and itself. `home` is the key of the owner
    where parts may move from one to another."""

    list_place: str
    owner: Any
    item: Any
    home: str = ""

    @property
    def place(self) -> str:
        return f"{self.list_place}[{self.item.key}]"


def _parts(owner: Any, place: str, name: str, home: str = "") -> list[Part]:
    return [Part(at(place, name), owner, item, home) for item in getattr(owner, name)]


def _match(olds: list[Part], news: list[Part], rule: Parts, both: Both) -> Iterator[Change]:
    before, now = {part.item.key: part for part in olds}, {part.item.key: part for part in news}
    for key, part in before.items():
        if key not in now:
            yield Change(part.place, _alone(part.item), None, rule.gone)
    for key, part in now.items():
        if key not in before:
            weight = rule.come if isinstance(rule.come, Weight) else rule.come(part.owner, part.item)
            yield Change(part.place, None, _alone(part.item), weight)
            continue
        if before[key].home != part.home:
            yield Change(part.place, before[key].place, part.place, _elsewhere(before[key], part, both))
        yield from _compare(before[key].item, part.item, part.place, both)
    yield from _order(before, now, rule.order)


def _alone(item: Any) -> Any:
    """A part without the sections or questions in it, which are told one by one."""
    inner = {p.Step: "sections", p.Section: "questions"}.get(type(item))
    return dump(replace(item, **{inner: ()}) if inner else item)


def _order(before: dict[str, Part], now: dict[str, Part], weight: Weight) -> Iterator[Change]:
    """Lists in which those that were there before stand in another order."""
    homes = {part.home: part.list_place for part in now.values()}
    for home, list_place in homes.items():
        stayed = [key for key, part in now.items() if part.home == home and key in before and before[key].home == home]
        earlier = [key for key in before if key in stayed]
        if earlier != stayed:
            yield Change(list_place, earlier, stayed, weight)


def _sections(both: Both) -> Iterator[Change]:
    olds, news = (
        [part for step in pack.steps for part in _parts(step, f"steps[{step.key}]", "sections", step.key)]
        for pack in both
    )
    yield from _match(olds, news, LISTS[p.Step, "sections"], both)


def _questions(both: Both) -> Iterator[Change]:
    olds, news = (
        [part for place, section in sections_of(pack) for part in _parts(section, place, "questions", section.key)]
        for pack in both
    )
    yield from _match(olds, news, LISTS[p.Section, "questions"], both)


def _elsewhere(before: Part, now: Part, both: Both) -> Weight:
    """Moved to another section or step: no endorser may have signed for more or for less by that."""
    if isinstance(now.item, Section):
        return TELL
    was, is_now = (
        {link.key for link in pack.endorsements if not link.covers or part.home in link.covers}
        for pack, part in zip(both, (before, now), strict=True)
    )
    return TELL if was == is_now else FORBIDDEN
