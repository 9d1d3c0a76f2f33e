"""The applications of a call as those who decide see them: ranked by points, with the quota and what is prepared."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.coordination import ROW, with_calls
from applications.models import Application, Call, Outcome, Release
from applications.pack import Criterion
from applications.permissions import fits_call
from applications.quota import Candidate, Place, Verdict, ranking
from applications.scores import Result, Total, results_in, total_from, totals_of
from applications.workflow import Action, State, decisions_for
from cities.models import Country
from network.models import User

# Points count as they are shown, so that nothing unseen decides.
SHOWN = Decimal("0.01")
PER_PAGE = 50
HOLDING = (State.ENDORSED, State.FORWARDED, State.ADMITTED, State.NOT_ADMITTED)  # a place of the quota
RELEASES_PER_PAGE = 100  # outcomes
SHOWN_OUTCOME = ("action", "event", "is_void", "without_quorum", "application__state", "application__city__name_de",
                 "application__city__name_en", "application__city__country", "release__call", "release__at",
                 "release__released_at", "release__set_by__name", "release__set_by__email",
                 "release__set_by__deleted_at", "prepared_by__name", "prepared_by__email",
                 "prepared_by__deleted_at")  # fmt: skip
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


def _candidate(result: Result, key: int, country: str, field: str, tie_break: Collection[str]) -> Candidate:
    """The same from what the database counts; of the criteria those that break a tie."""
    means = result.means if tie_break else {}
    by_criterion = {key: _as_shown(means.get(key)) for key in tie_break}
    return Candidate(key, _as_shown(result.points), by_criterion, country, field)


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
    def verdict(self) -> tuple[Promise, str] | None:
        """What the quota says, with its tone."""
        return VERDICTS[self.place.verdict] if self.place and self.place.verdict else None

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
    total, country = totals_of([application])[application.pk], application.city.country.name
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

    def __init__(self, call: Call, reader: User, page: str = "") -> None:
        self.call, self.reader, self._page = call, reader, page

    @cached_property
    def _applications(self) -> QuerySet[Application]:
        """Those under review, decided, or not there yet, by the names of their cities."""
        found = Application.objects.filter(call=self.call, state__in=[State.IN_REVIEW, *NOT_YET, *DECIDED])
        return found.order_by(_city_name(), "pk")

    @cached_property
    def _counts(self) -> list[tuple[str, str, int]]:
        """How many applications there are in each state and country. One query."""
        return list(self._applications.order_by().values_list("state", "city__country").annotate(Count("pk")))

    @cached_property
    def _countries(self) -> dict[str, str]:
        """What the countries of the cities are called, by code. One query."""
        in_english, codes = get_language() == "en", {row[1] for row in self._counts}
        # a plain QuerySet: that of modeltranslation mixes the order of the columns up
        found: QuerySet[Any] = QuerySet(Country).filter(pk__in=codes)
        names = found.order_by().values_list("pk", "name_de", "name_en")
        return {code: (english if in_english else "") or german for code, german, english in names}

    def _count(self, states: Collection[str]) -> int:
        return sum(row[-1] for row in self._counts if row[0] in states)

    @cached_property
    def _prepared(self) -> dict[int, Outcome]:
        """Outcomes by application, the next release first. One query."""
        return {one.application_id: one for one in _shown(Outcome.objects.prepared(), self.call, "release__at")}

    @cached_property
    def _field_names(self) -> dict[str, str]:
        fields = self.call.network.fields.all() if self.call.pack.field_question else []
        return {field.slug: str(field) for field in fields}

    # --- who is decided upon, page by page

    @cached_property
    def _results(self) -> dict[int, Result]:
        """Of those under review, by primary key. One query."""
        return results_in(self._applications.filter(state=State.IN_REVIEW))

    @cached_property
    def _competing(self) -> list[tuple[int, str, str, str]]:
        """Key, state, country and field of those under review, and where there is a quota of those that hold a place of
        it, by the names of their cities. One query."""
        states = (State.IN_REVIEW, *HOLDING) if self.call.pack.quota else (State.IN_REVIEW,)
        found = self._applications.filter(state__in=states)
        return list(found.values_list("pk", "state", "city__country", "field"))

    @cached_property
    def _places(self) -> list[Place]:
        """Those under review that have points, the strongest first. Where an outcome is prepared, the quota has nothing
        more to say, and the others compete for what it leaves."""
        quota = self.call.pack.quota
        tie_break = quota.tie_break if quota else ()
        scored, held = list[Candidate](), list[Candidate]()
        for key, state, country, field in self._competing:
            result, outcome = self._results.get(key), self._prepared.get(key)
            if state != State.IN_REVIEW or (outcome and outcome.action == Action.ENDORSE):
                held.append(Candidate(key, None, country=country, field=field))
            if state == State.IN_REVIEW and result and result.points is not None:
                scored.append(_candidate(result, key, country, field, tie_break))
        order = {one.key: number for number, one in enumerate(scored)}
        places = ranking(scored, tie_break=tie_break, quota=quota, decided=held, settled=self._prepared)
        places.sort(key=lambda one: (one.rank, order[one.candidate.key]))
        return places

    @cached_property
    def _in_order(self) -> list[int]:
        """Those under review by primary key: with points in the order of their places, then the others."""
        scored = [place.candidate.key for place in self._places]
        known = set(scored)
        return scored + [row[0] for row in self._competing if row[1] == State.IN_REVIEW and row[0] not in known]

    @cached_property
    def parts(self) -> list[Part]:
        """Those under review, the decided ones, the others: one after the other, fifty rows a page."""
        counts = {
            "ranked": (_("Ranking") if self.criteria else _("Under review"), len(self._in_order)),
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

    @cached_property
    def _shown(self) -> dict[int, Application]:
        """The applications of the page, in the order of the names of their cities. One query."""
        decided, not_yet = (
            self._applications.filter(state__in=states).values("pk")[self._on_page(name)]
            for name, states in (("decided", DECIDED), ("not_yet", NOT_YET))
        )
        ranked = self._in_order[self._on_page("ranked")]
        found = self._applications.filter(Q(pk__in=ranked) | Q(pk__in=decided) | Q(pk__in=not_yet))
        rows = found.select_related("city", "pack_version").only(*ROW)
        return {one.pk: one for one in with_calls(rows, {self.call.pk: self.call})}

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
        for one in (self._shown[pk] for pk in self._in_order[part] if pk in self._shown):
            place = places.get(one.pk) or self._place_without_points(one)
            found.append(self._row(one, place, total_from(self._results.get(one.pk), one.pack)))
        return found

    def _place_without_points(self, application: Application) -> Place:
        competes = self.call.pack.quota and application.pk not in self._prepared
        verdict = Verdict.NO_POINTS if competes else None
        return Place(candidate_of(application, None), None, is_tied=False, verdict=verdict)

    @cached_property
    def not_yet(self) -> list[Row]:
        """Submitted ones that are not under review, on this page."""
        return [self._row(one) for one in self._shown.values() if one.state in NOT_YET]

    @cached_property
    def decided(self) -> list[Row]:
        """Those whose decision is known, on this page."""
        return [self._row(one) for one in self._shown.values() if one.state in DECIDED]

    @cached_property
    def to_forward(self) -> list[Application]:
        """Endorsed ones that go on to the network."""
        if self.call.pack.next_pack:
            return []
        return list(self._applications.filter(state=State.ENDORSED).select_related("city__country"))

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
        taken = Counter[str]()
        for state, country, count in self._counts:
            taken[country] += count if state in HOLDING else 0
        for one in self._prepared.values():
            is_new = one.action == Action.ENDORSE and one.application.state not in HOLDING
            taken[one.application.city.country_id] += is_new
        if not quota.per_country:
            return [Use("", taken.total(), quota.count)]
        names = sorted(self._countries.items(), key=itemgetter(1))
        return [Use(name, taken[code], quota.count) for code, name in names]

    # --- what is prepared

    @property
    def listed_count(self) -> int:
        """How many outcomes wait for a second person."""
        return sum(one.release is None for one in self._prepared.values())

    @cached_property
    def waiting(self) -> list[tuple[Release, list[Outcome]]]:
        """Releases whose moment is set, the next one first, with what they will release."""
        return _by_release(one for one in self._prepared.values() if one.release)


class Released:
    """What was released in a call, page by page, the latest release first."""

    def __init__(self, call: Call, page: str) -> None:
        found = _shown(Outcome.objects.filter(release__released_at__isnull=False), call, "-release__at")
        self.page = Paginator(found, RELEASES_PER_PAGE).get_page(page)

    @cached_property
    def releases(self) -> list[tuple[Release, list[Outcome]]]:
        """Those of this page, each with its outcomes."""
        return _by_release(self.page)


def _shown(outcomes: QuerySet[Outcome], call: Call, order: str) -> QuerySet[Outcome]:
    """Of a call, with what is shown of them."""
    found = outcomes.filter(application__call=call).only(*SHOWN_OUTCOME)
    found = found.select_related("application__city", "release__set_by", "prepared_by")
    return found.order_by(order, "release", f"application__{_city_name()}", "pk")


def _city_name() -> str:
    """What to sort by."""
    return "city__sort_en" if get_language() == "en" else "city__sort_de"


def _by_release(outcomes: Iterable[Outcome]) -> list[tuple[Release, list[Outcome]]]:
    found: dict[Release, list[Outcome]] = {}
    for one in outcomes:
        assert one.release is not None
        found.setdefault(one.release, []).append(one)
    return list(found.items())
