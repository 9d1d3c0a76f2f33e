"""The applications of a call as those who decide see them: ranked by points, with the quota and what is prepared."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import itemgetter

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Call, Outcome, Release
from applications.pack import Criterion
from applications.permissions import fits_call
from applications.prepared import prepared_outcomes
from applications.quota import Candidate, Place, Verdict, ranking
from applications.reach import Reach
from applications.register import Line, Register, by_city
from applications.results import Results, results, totals
from applications.scores import Result, Total, total_from
from applications.workflow import Action, State, decisions_for
from cities.selection import union

# Points count as they are shown, so that nothing unseen decides.
SHOWN = Decimal("0.01")
PER_PAGE = 50
HOLDING = (State.ENDORSED, State.FORWARDED, State.ADMITTED, State.NOT_ADMITTED)  # a place of the quota
MOST_RANKINGS = 8  # kept at a time
NOT_YET = (State.SUBMITTED, State.RETURNED)
DECIDED = (*HOLDING, State.NOT_ENDORSED)


def candidate_of(application: Application, total: Total | None) -> Candidate:
    """What ranking and quota look at. Without a total it stands for a place that is taken."""
    means = total.by_criterion if total else {}
    return Candidate(
        key=application.pk,
        points=_as_shown(total.points if total else None),
        by_criterion={key: _as_shown(mean) for key, mean in means.items()},
        country=application.city.country_id,
        field=application.field,
    )


def _candidate(result: Result, line: Line, tie_break: Collection[str]) -> Candidate:
    """The same from what the database counts; of the criteria those that break a tie."""
    means = result.means if tie_break else {}
    by_criterion = {key: _as_shown(means.get(key)) for key in tie_break}
    return Candidate(line.pk, _as_shown(result.points), by_criterion, line.country, line.field)


def _as_shown(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(SHOWN)


def holders(call: Call) -> list[Application]:
    """The applications that hold a place of the quota: endorsed already, or prepared to be."""
    prepared = Outcome.objects.prepared().filter(application__call=call, action=Action.ENDORSE)
    found = Application.objects.filter(call=call).filter(
        Q(state__in=HOLDING) | Q(pk__in=prepared.values("application"))
    )
    return list(found.select_related("city__country").order_by("pk"))


# What the quota says, in words and with a class of the design system.
VERDICTS = {
    Verdict.FITS: (_("fits the quota"), "status-done"),
    Verdict.OPEN: (_("equal to others: you decide"), "status-attention"),
    Verdict.FIELD_TAKEN: (_("field is taken"), ""),
    Verdict.NO_PLACE: (_("no place left"), ""),
    Verdict.NO_POINTS: (_("no reviews yet"), ""),
}


@dataclass(frozen=True)
class Row:
    """One application with its reviews, its place in the ranking, and the outcome prepared for it."""

    application: Application
    total: Total | None  # of one under review
    place: Place | None
    outcome: Outcome | None
    field: str
    country: str

    @property
    def ways(self) -> str:
        """What can be prepared outside the ranking, in words; empty where nothing can."""
        state = State(self.application.state)
        if not any(fits_call(move, self.application.call) for move in decisions_for(state)):
            return ""
        words = {State.SUBMITTED: _("Do not endorse"), State.FORWARDED: _("Record the result")}
        return str(words.get(state, _("Correct")))

    @property
    def points(self) -> Decimal | None:
        return _as_shown(self.total.points if self.total else None)

    @property
    def means(self) -> list[tuple[Criterion, Decimal | None]]:
        """The mean of each criterion, in the order of the pack."""
        means = self.total.by_criterion if self.total else {}
        return [(one, _as_shown(means.get(one.key))) for one in self.application.pack.criteria]

    @property
    def spread(self) -> Decimal | None:
        return _as_shown(self.total.spread if self.total else None)


def row_of(application: Application, outcome: Outcome | None) -> Row:
    """One application by itself, without its place."""
    field = application.call.network.fields.filter(slug=application.field).first() if application.field else None
    total, country = totals([application])[application.pk], application.city.country.name
    return Row(application, total, None, outcome, str(field or application.field), country)


@dataclass(frozen=True)
class Part:
    """One part of the list: how many rows, and how many stand before them."""

    name: str
    label: Promise
    count: int
    before: int

    @property
    def first_page(self) -> int:
        return self.before // PER_PAGE + 1


@dataclass(frozen=True)
class Use:
    """How many places of the quota are taken: in all, or of one country."""

    country: str
    taken: int
    count: int

    @property
    def places(self) -> list[bool]:
        """Place by place whether it is taken; more than there are, should that ever be."""
        return [number < self.taken for number in range(max(self.count, self.taken))]


class Deciding:
    """The page of one call for somebody who may decide (permissions.may_decide); equals stand in the order of their
    cities' names. Whole applications are loaded for the rows that are shown, of the others what ranking and quota ask.
    """

    def __init__(self, call: Call, reach: Reach, page: str = "") -> None:
        self.call, self._reach, self._page = call, reach, page

    @property
    def _register(self) -> Register:
        return self._reach.register

    def _in(self, states: Iterable[str]) -> int:
        """The applications of the call in these states, as bits."""
        register = self._register
        return register.of("call", str(self.call.pk)) & union(register.values("state"), states)

    def _count(self, states: Iterable[str]) -> int:
        return self._in(states).bit_count()

    def _lines(self, bits: int) -> list[Line]:
        """By the names of their cities."""
        return self._register.lines_of(bits, *by_city())

    @cached_property
    def _countries(self) -> dict[str, str]:
        """What countries are called, by code."""
        place = int(get_language() == "en")
        return {code: names[place] for code, names in self._register.names.countries.items()}

    @cached_property
    def _prepared(self) -> dict[int, Outcome]:
        """Outcomes by application, the next release first; without their applications. One query."""
        return prepared_outcomes(self.call)

    @cached_property
    def _field_names(self) -> dict[str, str]:
        fields = self.call.network.fields.all() if self.call.pack.field_question else []
        return {field.slug: str(field) for field in fields}

    # --- who is decided upon, page by page

    @cached_property
    def _results(self) -> Results:
        """What reviews say of all applications. One query."""
        return results()

    @cached_property
    def _places(self) -> list[Place]:
        """Those under review that have points, the strongest first. Kept with the register for the next page."""
        kept = self._register.rankings
        key = (self._results, self.call.pk, self.call.pack_version_id, by_city()[0],
               *((pk, one.action) for pk, one in self._prepared.items()))  # fmt: skip
        places: list[Place] | None = kept.get(key)
        if places is None:
            if len(kept) >= MOST_RANKINGS:
                kept.clear()
            places = kept[key] = self._ranked_places()
        return places

    def _ranked_places(self) -> list[Place]:
        """Where an outcome is prepared, the quota has nothing more to say, and the others compete for what it
        leaves."""
        quota, register, found = self.call.pack.quota, self._register, self._results.found
        points = [key for key, result in found.items() if result.points is not None]
        scored = {line.pk: line for line in self._lines(register.bits_of(points) & self._in([State.IN_REVIEW]))}
        endorsed = [key for key, one in self._prepared.items() if one.action == Action.ENDORSE]
        held = self._in(HOLDING) | register.bits_of(endorsed) if quota else 0
        if quota and quota.per_country:
            held &= union(register.values("country"), {line.country for line in scored.values()})
        tie_break = quota.tie_break if quota else ()
        places = ranking(
            [_candidate(found[line.pk], line, tie_break) for line in scored.values()],
            tie_break=tie_break,
            quota=quota,
            decided=[Candidate(line.pk, None, country=line.country, field=line.field) for line in self._lines(held)],
            settled=self._prepared,
        )
        order = {key: number for number, key in enumerate(scored)}
        places.sort(key=lambda one: (one.rank, order[one.candidate.key]))
        return places

    def _under_review(self, part: slice) -> list[Line]:
        """Some of those under review: with points in the order of their places, then the others."""
        register, scored = self._register, [place.candidate.key for place in self._places]
        first = [register.line(register.number[key]) for key in scored[part]]
        others = self._in([State.IN_REVIEW]) & ~register.bits_of(scored)
        rest = slice(max(part.start - len(scored), 0), max(part.stop - len(scored), 0))
        return first + register.part(others, *by_city(), rest)

    @cached_property
    def parts(self) -> list[Part]:
        """Those under review, the decided ones, the others: one after the other, fifty rows a page."""
        counts = {
            "ranked": (_("Ranking") if self.criteria else _("Under review"), self._count([State.IN_REVIEW])),
            "decided": (_("Decided"), self._count(DECIDED)),
            "not_yet": (_("Not under review"), self._count(NOT_YET)),
        }
        found, before = list[Part](), 0
        for name, (label, count) in counts.items():
            found.append(Part(name, label, count, before))
            before += count
        return found

    @cached_property
    def page(self) -> Page:
        """The numbers of its rows."""
        return Paginator(range(sum(part.count for part in self.parts)), PER_PAGE).get_page(self._page)

    def _on_page(self, name: str) -> slice:
        """Which of a part stand on this page."""
        (before,) = (part.before for part in self.parts if part.name == name)
        numbers = self.page.object_list
        assert isinstance(numbers, range)
        return slice(max(numbers.start - before, 0), max(numbers.stop - before, 0))

    def _rows(self, lines: Iterable[Line]) -> Iterator[Application]:
        return (self._register.application(line, self.call) for line in lines)

    def _row(self, application: Application, place: Place | None = None, total: Total | None = None) -> Row:
        name = self._field_names.get(application.field, application.field)
        country = self._countries[application.city.country_id]
        return Row(application, total, place, self._prepared.get(application.pk), name, country)

    @cached_property
    def ranked(self) -> list[Row]:
        """Those under review on this page, the strongest first."""
        part = self._on_page("ranked")
        places = {place.candidate.key: place for place in self._places[part]}
        found = []
        for one in self._rows(self._under_review(part)):
            place = places.get(one.pk) or self._place_without_points(one)
            found.append(self._row(one, place, total_from(self._results.found.get(one.pk), one.pack)))
        return found

    def _place_without_points(self, application: Application) -> Place:
        competes = self.call.pack.quota and application.pk not in self._prepared
        verdict = Verdict.NO_POINTS if competes else None
        return Place(candidate_of(application, None), None, is_tied=False, verdict=verdict)

    @cached_property
    def not_yet(self) -> list[Row]:
        """Submitted ones that are not under review, on this page."""
        return self._part("not_yet", NOT_YET)

    @cached_property
    def decided(self) -> list[Row]:
        """Those whose decision is known, on this page."""
        return self._part("decided", DECIDED)

    def _part(self, name: str, states: Iterable[str]) -> list[Row]:
        lines = self._register.part(self._in(states), *by_city(), self._on_page(name))
        return [self._row(one) for one in self._rows(lines)]

    @cached_property
    def to_forward(self) -> list[Application]:
        """Endorsed ones that go on to the network."""
        if self.call.pack.next_pack:
            return []
        keys = [line.pk for line in self._lines(self._in([State.ENDORSED]))]
        found = Application.objects.filter(pk__in=keys).select_related("city__country").in_bulk()
        return [found[key] for key in keys if key in found]

    @property
    def to_forward_count(self) -> int:
        """How many these are."""
        return 0 if self.call.pack.next_pack else self._count([State.ENDORSED])

    @property
    def criteria(self) -> Sequence[Criterion]:
        return self.call.pack.criteria

    @property
    def tie_break(self) -> list[Criterion]:
        """What decides between equals, in order."""
        quota = self.call.pack.quota
        by_key = {one.key: one for one in self.criteria}
        return [by_key[key] for key in quota.tie_break] if quota else []

    @property
    def has_open_tie(self) -> bool:
        """Whether equals stand where the quota ends."""
        return any(place.verdict is Verdict.OPEN for place in self._places)

    # --- the quota

    @cached_property
    def uses(self) -> list[Use]:
        """The places of the quota, of each country that has applications where it is each country's."""
        quota = self.call.pack.quota
        if quota is None:
            return []
        register, held = self._register, self._in(HOLDING)
        taken = Counter(register.counts("country", held))
        endorsed = register.bits_of(pk for pk, one in self._prepared.items() if one.action == Action.ENDORSE)
        taken.update(register.counts("country", endorsed & ~held))
        if not quota.per_country:
            return [Use("", taken.total(), quota.count)]
        shown = register.counts("country", self._in([State.IN_REVIEW, *NOT_YET, *DECIDED]))
        names = sorted(((code, self._countries[code]) for code in shown), key=itemgetter(1))
        return [Use(name, taken[code], quota.count) for code, name in names]

    # --- what is prepared

    @property
    def listed_count(self) -> int:
        """How many outcomes wait for a second person."""
        return sum(one.release is None for one in self._prepared.values())

    @cached_property
    def waiting(self) -> list[tuple[Release, list[Outcome]]]:
        """Releases whose moment is set, the next one first, with what they will release, by city."""
        known = {key: one.release for key, one in self._prepared.items() if one.release}
        found: dict[Release, list[Outcome]] = {release: [] for release in known.values()}
        for line in self._lines(self._register.bits_of(known)):
            self._prepared[line.pk].application = self._register.application(line, self.call)
            found[known[line.pk]].append(self._prepared[line.pk])
        return list(found.items())
