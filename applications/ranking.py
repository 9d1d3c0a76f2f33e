"""The applications of a call as those who decide see them: ranked by points, with the quota and what is prepared."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import itemgetter

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
from network.models import User

# Points count as they are shown, so that nothing unseen decides.
SHOWN = Decimal("0.01")
PER_PAGE = 50
HOLDING = (State.ENDORSED, State.FORWARDED, State.ADMITTED, State.NOT_ADMITTED)  # a place of the quota
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


def _candidate(
    result: Result | None, key: int, _state: str, country: str, field: str, tie_break: Collection[str]
) -> Candidate:
    """The same from what the database counts; of the criteria those that break a tie."""
    means = result.means if result and tie_break else {}
    by_criterion = {key: _as_shown(means.get(key)) for key in tie_break}
    return Candidate(key, _as_shown(result.points) if result else None, by_criterion, country, field)


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
    def _counts(self) -> list[tuple[str, str, str, str, int]]:
        """How many applications there are in each state and country, with its name in both languages. One query."""
        country = "city__country"
        rows = self._applications.order_by().values_list("state", country, f"{country}__name_de", f"{country}__name_en")
        return list(rows.annotate(Count("pk")))

    @cached_property
    def _countries(self) -> dict[str, str]:
        """What the countries of the cities are called, by code."""
        in_english = get_language() == "en"
        return {code: (english if in_english else "") or german for _state, code, german, english, _n in self._counts}

    def _count(self, states: Collection[str]) -> int:
        return sum(row[-1] for row in self._counts if row[0] in states)

    @cached_property
    def _outcomes(self) -> list[Outcome]:
        """Those that are prepared, and those that were released, the latest release first. One query."""
        found = Outcome.objects.filter(application__call=self.call).filter(
            Q(event__isnull=True, is_void=False) | Q(release__released_at__isnull=False)
        )
        found = found.select_related("application__city", "release__set_by", "prepared_by").only(*SHOWN_OUTCOME)
        return list(found.order_by("-release__at", "-release", f"application__{_city_name()}", "pk"))

    @cached_property
    def _prepared(self) -> dict[int, Outcome]:
        """By application."""
        return {one.application_id: one for one in self._outcomes if one.is_prepared}

    @cached_property
    def _field_names(self) -> dict[str, str]:
        fields = self.call.network.fields.all() if self.call.pack.field_question else []
        return {field.slug: str(field) for field in fields}

    # --- who is decided upon, page by page: the same number leads through all three lists

    @cached_property
    def _results(self) -> dict[int, Result]:
        """Of those under review, by primary key. One query."""
        return results_in(self._applications.filter(state=State.IN_REVIEW))

    @cached_property
    def _places(self) -> list[Place]:
        """Those under review, the strongest first. Two queries."""
        quota, held = self.call.pack.quota, (State.IN_REVIEW, *HOLDING)
        found = self._applications.filter(state__in=held if quota else held[:1])
        facts = list(found.values_list("pk", "state", "city__country", "field"))
        order = {row[0]: number for number, row in enumerate(facts)}
        tie_break = quota.tie_break if quota else ()
        places = ranking(
            [_candidate(self._results.get(row[0]), *row, tie_break) for row in facts if row[1] == State.IN_REVIEW],
            tie_break=tie_break,
            quota=quota,
            decided=[_candidate(None, *row, ()) for row in facts if row[1] != State.IN_REVIEW],
        )
        places.sort(key=lambda one: (one.rank is None, one.rank or 0, order[one.candidate.key]))
        return places

    @cached_property
    def pages(self) -> dict[str, Page]:
        """Of `ranked`, `decided` and `not_yet`, fifty rows each: the numbers of the rows."""
        counts = {"ranked": len(self._places), "decided": self._count(DECIDED), "not_yet": self._count(NOT_YET)}
        return {name: Paginator(range(count), PER_PAGE).get_page(self._page) for name, count in counts.items()}

    @property
    def longest(self) -> Page:
        """The one with the most pages."""
        return max(self.pages.values(), key=lambda page: page.paginator.num_pages)

    def _part(self, name: str) -> slice:
        numbers = self.pages[name].object_list
        assert isinstance(numbers, range)
        return slice(numbers.start, numbers.stop)

    @cached_property
    def _shown(self) -> dict[int, Application]:
        """The applications of all three pages, in the order of the names of their cities. One query."""
        ranked = [place.candidate.key for place in self._places[self._part("ranked")]]
        others = [
            self._applications.filter(state__in=states).values("pk")[self._part(name)]
            for name, states in (("decided", DECIDED), ("not_yet", NOT_YET))
        ]
        found = self._applications.filter(Q(pk__in=ranked) | Q(pk__in=others[0]) | Q(pk__in=others[1]))
        rows = found.select_related("city", "pack_version").only(*ROW)
        return {one.pk: one for one in with_calls(rows, {self.call.pk: self.call})}

    def _row(self, application: Application, place: Place | None = None, total: Total | None = None) -> Row:
        name = self._field_names.get(application.field, application.field)
        country = self._countries[application.city.country_id]
        return Row(application, total, place, self._prepared.get(application.pk), name, country)

    @cached_property
    def ranked(self) -> list[Row]:
        """Those under review on this page, the strongest first."""
        places = self._places[self._part("ranked")]
        rows = [(self._shown[place.candidate.key], place) for place in places]
        return [self._row(one, place, total_from(self._results.get(one.pk), one.pack)) for one, place in rows]

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
        for state, country, _german, _english, count in self._counts:
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
        return _by_release(one for one in self._prepared.values() if one.release)[::-1]

    @cached_property
    def released(self) -> list[tuple[Release, list[Outcome]]]:
        """Releases that were carried out, the latest first, each with its outcomes."""
        return _by_release(one for one in self._outcomes if not one.is_prepared)


def _city_name() -> str:
    """What to sort by."""
    return "city__sort_en" if get_language() == "en" else "city__sort_de"


def _by_release(outcomes: Iterable[Outcome]) -> list[tuple[Release, list[Outcome]]]:
    found: dict[Release, list[Outcome]] = {}
    for one in outcomes:
        assert one.release is not None
        found.setdefault(one.release, []).append(one)
    return list(found.items())
