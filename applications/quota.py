"""Who comes first, and who fits the quota: pure functions over small dataclasses. Nothing here picks among equals.

Candidates come in the order of their points; the criteria the pack names break a tie, in their order. Whoever is equal
after that shares a rank. Where not all of a rank fit, none of them is preferred: people decide.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from applications.pack import Quota

# Nothing scored comes after the lowest score.
type Strength = tuple[tuple[bool, Decimal], ...]


@dataclass(frozen=True)
class Candidate:
    """One application: its points (0 to 100; None where nobody has scored it), the mean of each criterion, and what
    the quota looks at: country and field ("" where the call asks for none)."""

    key: int
    points: Decimal | None
    by_criterion: Mapping[str, Decimal | None] = field(default_factory=dict)
    country: str = ""
    field: str = ""


class Verdict(StrEnum):
    """What the quota says to one candidate."""

    FITS = "fits"
    OPEN = "open"  # equal to others, and not all of them fit
    FIELD_TAKEN = "field_taken"  # one with more points, or one decided already, has the same field
    NO_PLACE = "no_place"
    NO_POINTS = "no_points"


@dataclass(frozen=True)
class Place:
    """A candidate in the ranking. Equals share a rank, and the next one comes after all of them: 1, 2, 2, 4."""

    candidate: Candidate
    rank: int | None
    is_tied: bool
    verdict: Verdict | None  # None where there is no quota, or the candidate does not compete


@dataclass(frozen=True)
class Excess:
    """What is chosen and does not fit the quota: too many (of a country, where the quota is each country's), or a field
    more than once."""

    number: int
    country: str = ""
    field: str = ""


def ranking(
    candidates: Iterable[Candidate],
    *,
    tie_break: Collection[str] = (),
    quota: Quota | None = None,
    decided: Collection[Candidate] = (),
    settled: Collection[int] = (),
) -> list[Place]:
    """All candidates, the strongest first, those without points last; equals in the order of their keys, which says
    nothing. `decided` hold places of the quota already and are not ranked; candidates with these keys, `settled`, are
    ranked and compete for no place."""
    groups = _groups(candidates, tie_break)
    competing = [left for group in groups if (left := [one for one in group if one.key not in settled])]
    verdicts = _verdicts(competing, quota, decided) if quota else {}
    found, rank = [], 1
    for group in groups:
        scored = group[0].points is not None
        for one in group:
            place = Place(one, rank if scored else None, scored and len(group) > 1, verdicts.get(one.key))
            found.append(place)
        rank += len(group)
    return found


def _groups(candidates: Iterable[Candidate], tie_break: Collection[str]) -> list[list[Candidate]]:
    def strength(one: Candidate) -> Strength:
        values = (one.points, *(one.by_criterion.get(key) for key in tie_break if one.points is not None))
        return tuple((value is not None, value or Decimal(0)) for value in values)

    ordered = [(strength(one), one) for one in sorted(candidates, key=lambda one: one.key)]
    ordered.sort(key=itemgetter(0), reverse=True)  # which keeps the order of equals
    return [[one for _strength, one in group] for _strength, group in groupby(ordered, key=itemgetter(0))]


def _verdicts(groups: list[list[Candidate]], quota: Quota, decided: Collection[Candidate]) -> dict[int, Verdict]:
    contests: dict[str, list[list[Candidate]]] = defaultdict(list)
    for group in groups:
        for country, of_contest in _by_contest(group, quota).items():
            contests[country].append(of_contest)
    held, found = _by_contest(decided, quota), dict[int, Verdict]()
    for country, ordered in contests.items():
        found |= dict(_contest_verdicts(ordered, quota, held.get(country, [])))
    return found


def _by_contest(candidates: Iterable[Candidate], quota: Quota) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        found[_contest(one, quota)].append(one)
    return found


def _contest(one: Candidate, quota: Quota) -> str:
    """Where a candidate competes: in its country, or with all."""
    return one.country if quota.per_country else ""


def _contest_verdicts(
    groups: list[list[Candidate]], quota: Quota, held: Collection[Candidate]
) -> Iterator[tuple[int, Verdict]]:
    left, taken = quota.count - len(held), {one.field for one in held if quota.different_fields and one.field}
    for group in groups:
        if group[0].points is None:
            yield from ((one.key, Verdict.NO_POINTS) for one in group)
            continue
        yield from ((one.key, Verdict.FIELD_TAKEN) for one in group if one.field in taken)
        # one place for each field; without a field, or where fields may come twice, one for each candidate
        sharing: dict[object, list[int]] = defaultdict(list)
        for one in group:
            if one.field not in taken:
                sharing[one.field if quota.different_fields and one.field else one.key].append(one.key)
        enough = len(sharing) <= left
        for keys in sharing.values():
            verdict = Verdict.NO_PLACE if left <= 0 else Verdict.FITS if enough and len(keys) == 1 else Verdict.OPEN
            yield from ((key, verdict) for key in keys)
        left -= len(sharing)
        taken |= {name for name in sharing if isinstance(name, str)}


def excesses(chosen: Collection[Candidate], quota: Quota | None) -> list[Excess]:
    """Where these candidates together are more than the quota allows; nothing where they fit."""
    if quota is None:
        return []
    found = []
    for country, of_contest in sorted(_by_contest(chosen, quota).items()):
        if len(of_contest) > quota.count:
            found.append(Excess(len(of_contest), country))
        fields = [one.field for one in of_contest if one.field and quota.different_fields]
        found += [Excess(fields.count(name), country, name) for name in sorted(set(fields)) if fields.count(name) > 1]
    return found
