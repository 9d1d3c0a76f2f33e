"""The applications of a call as those who decide see them: ranked by points, with the quota and what is prepared."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Call, Outcome, Release
from applications.pack import Criterion
from applications.permissions import fits_call
from applications.quota import Candidate, Place, Verdict, ranking
from applications.scores import Total, totals_of
from applications.workflow import Action, State, decisions_for
from network.models import User

# Points count as they are shown, so that nothing unseen decides.
SHOWN = Decimal("0.01")
PER_PAGE = 100
HOLDING = (State.ENDORSED, State.FORWARDED, State.ADMITTED, State.NOT_ADMITTED)  # a place of the quota
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
    return Row(application, totals_of([application])[application.pk], None, outcome, str(field or application.field))


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
    cities' names."""

    def __init__(self, call: Call, reader: User, page: str = "") -> None:
        self.call, self.reader, self._page = call, reader, page

    @cached_property
    def _applications(self) -> list[Application]:
        name = "city__sort_en" if get_language() == "en" else "city__sort_de"
        prepared = Outcome.objects.prepared().select_related("release", "prepared_by")
        found = Application.objects.filter(call=self.call, state__in=[State.IN_REVIEW, *NOT_YET, *DECIDED])
        rows = found.select_related("city__country", "call__network", "call__pack_version", "pack_version")
        rows = rows.defer("pack_version__document", "call__pack_version__document")
        return list(rows.prefetch_related(Prefetch("outcomes", prepared)).order_by(name, "pk"))

    @cached_property
    def _totals(self) -> dict[int, Total]:
        return totals_of(one for one in self._applications if one.state == State.IN_REVIEW)

    @cached_property
    def _field_names(self) -> dict[str, str]:
        fields = self.call.network.fields.all() if self.call.pack.field_question else []
        return {field.slug: str(field) for field in fields}

    def _row(self, application: Application, place: Place | None = None) -> Row:
        outcome = next(iter(application.outcomes.all()), None)
        name = self._field_names.get(application.field, application.field)
        return Row(application, self._totals.get(application.pk), place, outcome, name)

    # --- page by page: the same number leads through all three lists

    @cached_property
    def pages(self) -> dict[str, Page]:
        """`ranked`, `decided` and `not_yet`, a hundred rows each."""
        lists = {"ranked": self.ranked, "decided": self.decided, "not_yet": self.not_yet}
        return {name: Paginator(rows, PER_PAGE).get_page(self._page) for name, rows in lists.items()}

    @property
    def longest(self) -> Page:
        """The one with the most pages."""
        return max(self.pages.values(), key=lambda page: page.paginator.num_pages)

    # --- who is decided upon

    @cached_property
    def ranked(self) -> list[Row]:
        """Those under review, the strongest first."""
        under_review = {one.pk: one for one in self._applications if one.state == State.IN_REVIEW}
        quota = self.call.pack.quota
        places = ranking(
            [candidate_of(one, self._totals[pk]) for pk, one in under_review.items()],
            tie_break=quota.tie_break if quota else (),
            quota=quota,
            decided=[candidate_of(one, None) for one in self._applications if one.state in HOLDING],
        )
        order = {pk: number for number, pk in enumerate(under_review)}
        places.sort(key=lambda one: (one.rank is None, one.rank or 0, order[one.candidate.key]))
        return [self._row(under_review[place.candidate.key], place) for place in places]

    @cached_property
    def not_yet(self) -> list[Row]:
        """Submitted ones that are not under review."""
        return [self._row(one) for one in self._applications if one.state in NOT_YET]

    @cached_property
    def decided(self) -> list[Row]:
        """Those whose decision is known."""
        return [self._row(one) for one in self._applications if one.state in DECIDED]

    @cached_property
    def to_forward(self) -> list[Application]:
        """Endorsed ones that go on to the network."""
        if self.call.pack.next_pack:
            return []
        return [one for one in self._applications if one.state == State.ENDORSED]

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
        return any(row.place and row.place.verdict is Verdict.OPEN for row in self.ranked)

    # --- the quota

    @cached_property
    def uses(self) -> list[Use]:
        """The places of the quota, of each country that has applications where it is each country's."""
        quota = self.call.pack.quota
        if quota is None:
            return []
        taken = [one for one in self._applications if one.state in HOLDING or self._endorses(one)]
        if not quota.per_country:
            return [Use("", len(taken), quota.count)]
        names = {one.city.country_id: one.city.country.name for one in self._applications}
        counted = Counter(one.city.country_id for one in taken)
        return [Use(name, counted[code], quota.count) for code, name in sorted(names.items(), key=lambda one: one[1])]

    def _endorses(self, application: Application) -> bool:
        return any(outcome.action == Action.ENDORSE for outcome in application.outcomes.all())

    # --- what is prepared

    @cached_property
    def listed(self) -> list[Row]:
        """What waits for a second person."""
        return [row for row in self._rows if row.outcome and row.outcome.release is None]

    @property
    def _rows(self) -> list[Row]:
        return [*self.ranked, *self.not_yet, *self.decided]

    @cached_property
    def waiting(self) -> list[tuple[Release, list[Row]]]:
        """Releases whose moment is set, with what they will release."""
        found: dict[Release, list[Row]] = {}
        for row in self._rows:
            if row.outcome and row.outcome.release:
                found.setdefault(row.outcome.release, []).append(row)
        return sorted(found.items(), key=lambda one: one[0].at)

    @cached_property
    def released(self) -> list[Release]:
        """Releases that were carried out, the latest first, each with its outcomes."""
        outcomes = Outcome.objects.select_related("application__city", "prepared_by")
        done = Release.objects.filter(call=self.call, released_at__isnull=False).select_related("set_by")
        return list(done.prefetch_related(Prefetch("outcomes", outcomes)))
