"""What stands on the questions: criteria and weights, readiness, endorsements, quota, report, retention, languages."""

from collections.abc import Iterable, Iterator

from django.utils.translation import get_language_info
from django.utils.translation import gettext_noop as _

from applications.pack import Criterion, Kind, Pack, Question, StepKey
from applications.pack_checks.places import questions_of, sections_of
from applications.problems import Problem

# What a city writes itself, so that somebody must judge it. Facts, dates, contacts, choices and confirmations speak for
# themselves; documents are evidence and are looked at in the formal check. Both may feed a criterion, but need not.
WRITTEN = {Kind.LONG_TEXT, Kind.TABLE, Kind.RATING, Kind.STAKEHOLDERS, Kind.LINKS}
ALL_WEIGHTS = 100

NO_QUESTION = _("There is no question “%(key)s”.")
NO_CRITERION = _("There is no criterion “%(key)s”.")
TWICE = _("“%(key)s” is named twice.")


def judging_problems(pack: Pack) -> Iterator[Problem]:
    """Findings about everything that names questions, sections or criteria, and about the pack's own settings."""
    yield from _criteria(pack)
    yield from _unjudged(pack)
    yield from _readiness(pack)
    yield from _endorsements(pack)
    yield from _field_and_quota(pack)
    yield from _next_pack(pack)
    yield from _settings(pack)
    yield from _languages(pack)


def _criteria(pack: Pack) -> Iterator[Problem]:
    """Where somebody else decides, criteria may be left out; where there are some, they must be sound."""
    if not pack.criteria:
        if not pack.outside:
            yield Problem("criteria", _("Nobody could review this: there is no criterion, and nobody outside decides."))
        return
    for criterion in pack.criteria:
        yield from _criterion(pack, f"criteria[{criterion.key}]", criterion)
    together = sum(criterion.weight for criterion in pack.criteria)
    if together != ALL_WEIGHTS:
        yield Problem("criteria", _("The weights add up to %(sum)s instead of 100."), {"sum": together})
    if pack.reviewers_per_application < 1:
        yield Problem("reviewers_per_application", _("This must be at least 1."))


def _criterion(pack: Pack, place: str, criterion: Criterion) -> Iterator[Problem]:
    if criterion.weight < 1:
        yield Problem(f"{place}.weight", _("This must be at least 1."))
    if criterion.lowest >= criterion.highest:
        values = {"lowest": criterion.lowest, "highest": criterion.highest}
        yield Problem(f"{place}.highest", _("The scale must rise; it goes from %(lowest)s to %(highest)s."), values)
    if not criterion.questions:
        yield Problem(f"{place}.questions", _("No question feeds this criterion."))
    yield from _named(f"{place}.questions", criterion.questions, _questions(pack), NO_QUESTION)


def _unjudged(pack: Pack) -> Iterator[Problem]:
    """Questions of the step Apply that a city writes an answer to and no criterion judges."""
    judged = {key for criterion in pack.criteria for key in criterion.questions}
    if not pack.criteria:
        return
    for place, question in questions_of(pack):
        in_apply = place.startswith(f"steps[{StepKey.APPLY}]")
        if in_apply and question.kind in WRITTEN and question.key not in judged:
            yield Problem(place, _("No criterion judges the answer to this question."))


def _readiness(pack: Pack) -> Iterator[Problem]:
    criteria, questions = {criterion.key for criterion in pack.criteria}, _questions(pack)
    for item in pack.readiness:
        place = f"readiness[{item.key}]"
        if item.days < 0:
            yield Problem(f"{place}.days", _("This must be 0 or more."))
        if item.criterion and item.criterion not in criteria:
            yield Problem(f"{place}.criterion", NO_CRITERION, {"key": item.criterion})
        if item.seeds and item.seeds not in questions:
            yield Problem(f"{place}.seeds", NO_QUESTION, {"key": item.seeds})


def _endorsements(pack: Pack) -> Iterator[Problem]:
    """Each link has a sheet of its own that is signed and uploaded, so it needs no question that asks for it."""
    sections = {section.key for _place, section in sections_of(pack)}
    for link in pack.endorsements:
        place = f"endorsements[{link.key}]"
        if link.days < 1:
            yield Problem(f"{place}.days", _("This must be at least 1."))
        yield from _named(f"{place}.covers", link.covers, sections, _("There is no section “%(key)s”."))


def _field_and_quota(pack: Pack) -> Iterator[Problem]:
    if pack.field_question:
        question = _questions(pack).get(pack.field_question)
        if question is None:
            yield Problem("field_question", NO_QUESTION, {"key": pack.field_question})
        elif question.kind is not Kind.CHOICE or not question.choices_from_fields:
            yield Problem(
                "field_question",
                _("“%(key)s” must be a choice among the fields of the network."),
                {"key": pack.field_question},
            )
    if pack.quota is None:
        return
    if pack.quota.count < 1:
        yield Problem("quota.count", _("This must be at least 1."))
    if pack.quota.different_fields and not pack.field_question:
        yield Problem("quota.different_fields", _("No question names the field: set field_question."))
    criteria = {criterion.key for criterion in pack.criteria}
    yield from _named("quota.tie_break", pack.quota.tie_break, criteria, NO_CRITERION)


def _next_pack(pack: Pack) -> Iterator[Problem]:
    if pack.next_pack and pack.outside:
        yield Problem("next_pack", _("Where somebody outside decides, no other pack can follow."))
    if pack.next_pack == pack.key:
        yield Problem("next_pack", _("A pack cannot follow itself."))


def _settings(pack: Pack) -> Iterator[Problem]:
    if pack.max_bytes is not None and pack.max_bytes < 1:
        yield Problem("max_bytes", _("This must be at least 1."))
    if pack.reporting and pack.reporting.months < 1:
        yield Problem("reporting.months", _("This must be at least 1."))
    for name in ("admitted", "not_admitted", "draft"):
        if getattr(pack.retention, name) < 1:
            yield Problem(f"retention.{name}", _("An application must be kept for at least 1 month."))


def _languages(pack: Pack) -> Iterator[Problem]:
    if not pack.answer_languages:
        yield Problem("answer_languages", _("No language is named in which cities may answer."))
    yield from _named(
        "answer_languages",
        pack.answer_languages,
        [code for code in pack.answer_languages if _is_language(code)],
        _("“%(key)s” is no known language; two letters are expected, such as “de”."),
    )


def _is_language(code: str) -> bool:
    try:
        return len(code) == 2 and get_language_info(code)["code"] == code  # ISO 639-1
    except KeyError:
        return False


def _questions(pack: Pack) -> dict[str, Question]:
    """By key; the pack's own mapping loses those of a section whose key is there twice."""
    return {question.key: question for _place, question in questions_of(pack)}


def _named(place: str, names: tuple[str, ...], known: Iterable[str], message: str) -> Iterator[Problem]:
    """Each name is a known one and there once."""
    known = set(known)
    for key in dict.fromkeys(names):
        if key not in known:
            yield Problem(place, message, {"key": key})
        elif names.count(key) > 1:
            yield Problem(place, TWICE, {"key": key})
