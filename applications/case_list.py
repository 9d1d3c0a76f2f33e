"""The coordinators' list as one person asks for it: its page, and what every filter would show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import batched
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet, Value
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.case_counts import Counts, counts
from applications.case_filter import FACETS, NO, YES, Column, Facet, Filter, Sorting
from applications.coordination import in_order, listed, with_calls
from applications.course import next_act
from applications.models import Application, Call, CheckState, Flag
from applications.models.application import ApplicationQuerySet
from applications.reach import Reach
from applications.scores import Result, Total, results_in, total_from, totals_of
from applications.workflow import State
from cities.models import Country, Land
from network.models import Field, User

PER_PAGE = 25


@dataclass(frozen=True)
class Option:
    """One value of a filter: how many applications it would show, and whether it is the chosen one."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Choice:
    """One filter with its values."""

    name: str
    label: str
    options: Sequence[Option]
    any_count: int

    @property
    def is_chosen(self) -> bool:
        return any(option.is_chosen for option in self.options)


class Row:
    """One application with all that the list and its files tell of it."""

    def __init__(self, application: Any, names: Mapping[str, Mapping[str, str]], total: Total | None) -> None:
        self.application: Application = application
        self.receipt: str = application.receipt or ""  # this and the next two from applications.coordination.listed
        self.round: int = application.round
        self.open_flags: int = application.open_flags
        self.act = next_act(application)
        self.field = names["field"].get(application.field, application.field)
        self.country = names["country"][application.city.country_id]
        self.land = names["land"].get(application.city.land_id, "")
        self.total = total  # only where a column asks for it

    @property
    def address(self) -> str:
        return reverse("coordination:application", args=[self.application.pk])

    @property
    def reviews(self) -> str:
        """How many stand of how many that are wanted."""
        total = self.total
        return _("%(done)s of %(wanted)s") % {"done": total.done, "wanted": total.wanted} if total else ""

    @property
    def points(self) -> Decimal | None:
        return round(self.total.points, 1) if self.total and self.total.points is not None else None


class _Sliced:
    """What the filter finds, for a paginator that knows already how many."""

    def __init__(self, cases: "Cases") -> None:
        self.cases = cases

    def __len__(self) -> int:
        return self.cases.counts.shown

    def __getitem__(self, part: slice) -> list[Application]:
        return self.cases.part(part)


def _behind(keys: Any, part: slice, before: int) -> list[int]:
    """What a part has of these keys, which stand behind so many others."""
    return list(keys[max(part.start - before, 0) : max(part.stop - before, 0)])


class Cases:
    """The list of one person, who meets only applications they coordinate; operators all that were submitted."""

    def __init__(self, reader: User, wanted: Filter) -> None:
        self.reader, self.wanted, self.reach = reader, wanted, Reach(reader)

    @cached_property
    def calls(self) -> list[Call]:
        """All calls of the person's networks, the latest first."""
        return sorted(self.reach.calls.values(), key=lambda call: (-call.closes_at.timestamp(), call.pk))

    @cached_property
    def call(self) -> Call | None:
        """The chosen one."""
        return next((call for call in self.calls if call.slug == self.wanted.call), None)

    @cached_property
    def _searched(self) -> ApplicationQuerySet:
        return self.wanted.searched(self.reach.cases)

    @cached_property
    def _found(self) -> ApplicationQuerySet:
        return self.wanted.filtered(self.reach.cases)

    @cached_property
    def _results(self) -> dict[int, Result]:
        """What reviews say of all that the filter finds. One query."""
        return results_in(self._found)

    def _by_reviews(self, part: slice) -> list[int]:
        """The primary keys of a part of what the filter finds, in an order that reviews decide. At most two queries."""
        results, others = self._results, self._found.order_by("pk").values_list("pk", flat=True)
        if self.wanted.sort is Sorting.POINTS:
            points = {pk: result.points for pk, result in results.items() if result.points is not None}
            first = sorted(points, key=lambda pk: (-points[pk], pk))
            return first[part] + _behind(others.exclude(pk__in=first), part, len(first))
        last = sorted((pk for pk, result in results.items() if result.done), key=lambda pk: (results[pk].done, pk))
        before = self.counts.shown - len(last)
        return list(others.exclude(pk__in=last)[part]) + _behind(last, part, before)

    def part(self, part: slice) -> list[Application]:
        """A part of what the filter finds, in its order, with what a row shows."""
        if self.wanted.sorts_by_reviews:
            return self._with_keys(self._by_reviews(part))
        return list(in_order(self._found, self.wanted.order(), part))

    def _with_keys(self, keys: Sequence[int]) -> list[Application]:
        found = {one.pk: one for one in listed(self._found.filter(pk__in=keys))}
        return [found[pk] for pk in keys if pk in found]

    def all_rows(self, chunk: int) -> Iterator[Row]:
        """All that the filter finds, in its order, so many in memory at a time."""
        if self.wanted.sorts_by_reviews:
            for keys in batched(self._by_reviews(slice(0, self.counts.shown)), chunk):
                yield from self._rows(self._with_keys(keys))
        else:
            found = listed(self._found).order_by(*self.wanted.order())
            for part in batched(found.iterator(chunk_size=chunk), chunk):
                yield from self._rows(part)

    @cached_property
    def counts(self) -> Counts:
        return counts(self._searched, self.wanted)

    @cached_property
    def page(self) -> Page:
        """The applications of one page."""
        found: Any = _Sliced(self)
        return Paginator(found, PER_PAGE).get_page(self.wanted.page)

    @cached_property
    def rows(self) -> list[Row]:
        """Those of the page."""
        return self._rows(self.page)

    def _rows(self, applications: Iterable[Application]) -> list[Row]:
        chosen = list(with_calls(applications, self.reach.calls))
        totals: dict[int, Total] = {}
        if self.wanted.shows_reviews and self.wanted.sorts_by_reviews:
            totals = {one.pk: total_from(self._results.get(one.pk), one.pack) for one in chosen}
        elif self.wanted.shows_reviews:
            totals = totals_of(chosen)
        return [Row(one, self.names, totals.get(one.pk)) for one in chosen]

    # --- filters

    @property
    def states(self) -> Choice:
        """Those with any application, in the order of a case's course."""
        return self._choices["state"]

    @cached_property
    def choices(self) -> list[Choice]:
        """The other filters that could show something else than what is shown."""
        return [
            choice
            for name, choice in self._choices.items()
            if name != "state" and (choice.is_chosen or len(choice.options) > 1)
        ]

    @cached_property
    def _choices(self) -> dict[str, Choice]:
        return {facet.name: self._choice(facet, self._labels(facet)) for facet in FACETS}

    def _choice(self, facet: Facet, labels: Mapping[str, str]) -> Choice:
        chosen, numbers = self.wanted.chosen.get(facet.name), self.counts.by_value[facet.name]
        values = [value for value in labels if value in numbers or value == chosen]
        options = [Option(value, labels[value], numbers.get(value, 0), value == chosen) for value in values]
        return Choice(facet.name, str(facet.label), options, self.counts.of(facet.name))

    def _labels(self, facet: Facet) -> Mapping[str, str]:
        """The values of a facet in the order in which they are offered."""
        if facet.is_boolean:
            return {YES: _("yes"), NO: _("no")}
        kinds = {"state": State, "check": CheckState}
        if facet.name in kinds:
            return {value: str(label) for value, label in kinds[facet.name].choices}
        values = {*self.counts.by_value[facet.name], *filter(None, [self.wanted.chosen.get(facet.name)])}
        names = {value: name for value, name in self.names[facet.name].items() if value in values}
        return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """What the fields of the person's calls, the countries and the Länder are called. One query."""
        networks = {call.network_id for call in ([self.call] if self.call else self.calls)}
        in_english = get_language() == "en"
        # plain QuerySets: those of modeltranslation mix the order of the columns up
        kinds: list[tuple[str, str, QuerySet[Any]]] = [
            ("field", "slug", QuerySet(Field).filter(network__in=networks)),
            ("country", "pk", QuerySet(Country)),
            ("land", "pk", QuerySet(Land)),
        ]
        rows = [
            of.order_by()
            .annotate(of_kind=Value(kind), of_key=F(key))
            .values_list("of_kind", "of_key", "name_de", "name_en")
            for kind, key, of in kinds
        ]
        found: dict[str, dict[str, str]] = {"field": {}, "country": {}, "land": {}}
        for kind, key, german, english in rows[0].union(*rows[1:]).order_by():
            found[kind][key] = (english if in_english else "") or german
        return found

    @cached_property
    def owners(self) -> list[Option]:
        """Who sees to open flags in these applications, and in how many."""
        cases = self.reach.cases.filter(call=self.call) if self.call else self.reach.cases
        flags = Flag.objects.filter(resolved_at=None, application__in=cases.order_by().values("pk")).order_by()
        rows = flags.values("owner", "owner__name", "owner__email", "owner__deleted_at")
        found = []
        for row in rows.annotate(count=Count("application", distinct=True)):
            owner = User(name=row["owner__name"], email=row["owner__email"], deleted_at=row["owner__deleted_at"])
            found.append(Option(str(row["owner"]), str(owner), row["count"], row["owner"] == self.wanted.owner))
        return sorted(found, key=lambda option: option.label.casefold())

    @property
    def sortings(self) -> list[Option]:
        return [Option(one.value, str(one.label), 0, one is self.wanted.sort) for one in Sorting]

    @property
    def call_options(self) -> list[Option]:
        return [Option(call.slug, call.title, 0, call == self.call) for call in self.calls]

    @property
    def columns(self) -> list[Option]:
        """All that can be shown."""
        return [Option(one.value, str(one.label), 0, one in self.wanted.columns) for one in Column]
