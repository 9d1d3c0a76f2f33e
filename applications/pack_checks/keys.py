"""The frame of a pack: keys that are well formed and unique, the four steps in order, nothing empty."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_noop as _

from applications.pack import Choice, Column, Pack, Question, StepKey
from applications.pack_checks.places import questions_of, sections_of
from applications.problems import Problem

# Keys become parts of addresses, names of form fields and columns of 60 characters.
KEY = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
LONGEST = 60

type Keyed = Iterable[tuple[str, str]]  # place and key


def key_problems(pack: Pack) -> Iterator[Problem]:
    """Findings about keys and steps, and what is empty."""
    yield from frame_problems(pack)
    yield from _empty_sections(pack)


def frame_problems(pack: Pack) -> Iterator[Problem]:
    """Findings about keys and steps alone: without them, every part can be found."""
    yield from _bad("key", pack.key)
    yield from _bad("network", pack.network)
    if pack.next_pack:
        yield from _bad("next_pack", pack.next_pack)
    yield from _steps(pack)
    sections = list(sections_of(pack))
    yield from _keys((place, section.key) for place, section in sections)
    groups: tuple[Iterable[tuple[str, Question]], ...] = (questions_of(pack),)
    if pack.reporting:
        groups += ([(f"reporting.questions[{one.key}]", one) for one in pack.reporting.questions],)
    for questions in groups:
        listed = list(questions)
        yield from _keys((place, question.key) for place, question in listed)
        for place, question in listed:
            yield from _keys(_places(f"{place}.choices", question.choices))
            yield from _keys(_places(f"{place}.columns", question.columns))
    for name in ("criteria", "readiness", "endorsements", "checklist"):
        yield from _keys((f"{name}[{item.key}]", item.key) for item in getattr(pack, name))


def _places(place: str, items: Iterable[Choice | Column]) -> Keyed:
    return ((f"{place}[{item.key}]", item.key) for item in items)


def _keys(keyed: Keyed) -> Iterator[Problem]:
    """Each key is well formed and there once; one that is there twice is named once."""
    listed = list(keyed)
    for place, key in dict(listed).items():
        yield from _bad(place, key)
    places = {key: place for place, key in listed}
    for key, count in Counter(key for _place, key in listed).items():
        if count > 1:
            yield Problem(places[key], _("The key “%(key)s” is given more than once."), {"key": key})


def _bad(place: str, key: str) -> Iterator[Problem]:
    if not KEY.fullmatch(key) or len(key) > LONGEST:
        message = _(
            "“%(key)s” is no key: small letters a to z and digits, joined by - or _, beginning with a letter, at most "
            "%(longest)s characters."
        )
        yield Problem(place, message, {"key": key, "longest": LONGEST})


def _steps(pack: Pack) -> Iterator[Problem]:
    given, wanted = [step.key for step in pack.steps], list(StepKey)
    if given == wanted:
        return
    if missing := [step for step in wanted if step not in given]:
        yield Problem("steps", _("These steps are missing: %(steps)s."), {"steps": ", ".join(missing)})
    else:
        yield Problem("steps", _("The steps must be these, in this order: %(steps)s."), {"steps": ", ".join(wanted)})


def _empty_sections(pack: Pack) -> Iterator[Problem]:
    for place, section in sections_of(pack):
        if not section.questions:
            yield Problem(place, _("This section has no question."))
    for step in pack.steps:
        if step.key is StepKey.APPLY and not step.sections:
            yield Problem(f"steps[{step.key}].sections", _("This step asks nothing."))
