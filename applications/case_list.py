"""The coordinators' list as one person asks for it: its page, and what every filter would show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import batched
from operator import attrgetter
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.case_filter import FACETS, Column, Facet, Filter, Sorting
from applications.course import next_act
from applications.models import Application, Call, CheckState
from applications.reach import Reach
from applications.register import NO, YES, Line
from applications.results import results
from applications.scores import Result, Total, total_from
from applications.workflow import State
from network.models import User

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

    def __init__(
        self, application: Any, address: str, names: Mapping[str, Mapping[str, str]], total: Total | None
    ) -> None:
        self.application: Application = application
        self.address = address  # of its page
        self.receipt: str = application.receipt  # this and the next two from Register.application
        self.round: int = application.round
        self.open_flags: int = application.open_flags
        self.act = next_act(application)
        self.field = names["field"].get(application.field, application.field)
        self.country = names["country"][application.city.country_id]
        self.land = names["land"].get(application.city.land_id, "")
        self.total = total  # only where a column asks for it

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
        return self.cases.shown

    def __getitem__(self, part: slice) -> list[Line]:
        return self.cases.part(part)


def _beyond(part: slice, before: int) -> slice:
    """What a part has of rows behind so many others."""
    return slice(max(part.start - before, 0), max(part.stop - before, 0))


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
    def _searched(self) -> int:
        return self.wanted.searched(self.reach.bits, self.reach.register, self.calls)

    @cached_property
    def found(self) -> int:
        """What the filter finds, as bits of the register."""
        return self.wanted.fitting(self._searched, self.reach.register)

    @property
    def shown(self) -> int:
        """How many the filter finds."""
        return self.found.bit_count()

    @cached_property
    def _results(self) -> Mapping[int, Result]:
        """What reviews say, by primary key, also of others. One query."""
        return results().found

    def _by_reviews(self, part: slice) -> list[Line]:
        """A part of what the filter finds in an order that reviews decide: those with points first, or those with
        reviews last; the others by primary key."""
        register, key = self.reach.register, attrgetter("pk")
        if self.wanted.sort is Sorting.POINTS:
            points = {pk: result.points for pk, result in self._results.items() if result.points is not None}
            scored = self.found & register.bits_of(points)
            first = sorted(register.lines_of(scored, "key", key), key=lambda line: -points[line.pk])
            return first[part] + register.part(self.found & ~scored, "key", key, _beyond(part, len(first)))
        done = {pk: result.done for pk, result in self._results.items() if result.done}
        judged = self.found & register.bits_of(done)
        others = register.lines_of(self.found & ~judged, "key", key)
        last = sorted(register.lines_of(judged, "key", key), key=lambda line: done[line.pk])
        return others[part] + last[_beyond(part, len(others))]

    def part(self, part: slice) -> list[Line]:
        """A part of what the filter finds, in its order."""
        if self.wanted.sorts_by_reviews:
            return self._by_reviews(part)
        return self.reach.register.part(self.found, *self.wanted.order(self.reach), part)

    def all_rows(self, chunk: int) -> Iterator[Row]:
        """All that the filter finds, in its order, so many in memory at a time."""
        for lines in batched(self.part(slice(0, self.shown)), chunk):
            yield from self._rows(lines)

    @cached_property
    def page(self) -> Page:
        """The applications of one page."""
        found: Any = _Sliced(self)
        return Paginator(found, PER_PAGE).get_page(self.wanted.page)

    @cached_property
    def rows(self) -> list[Row]:
        """Those of the page."""
        return self._rows(self.page)

    def _rows(self, lines: Iterable[Line]) -> list[Row]:
        chosen = [self.reach.application(line) for line in lines]
        totals: dict[int, Total] = {}
        if self.wanted.shows_reviews:
            totals = {one.pk: total_from(self._results.get(one.pk), one.pack) for one in chosen}
        before, after = reverse("coordination:application", args=[0]).rsplit("0", 1)
        return [Row(one, f"{before}{one.pk}{after}", self.names, totals.get(one.pk)) for one in chosen]

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
    def counts(self) -> dict[str, dict[str, int]]:
        """How many would be found with each value of each facet and everything else as it is; values that no
        application has are missing."""
        register, found = self.reach.register, dict[str, dict[str, int]]()
        for facet in FACETS:
            others = self.wanted.fitting(self._searched, register, without=facet.name)
            found[facet.name] = register.counts(facet.name, others)
        return found

    @cached_property
    def _choices(self) -> dict[str, Choice]:
        return {facet.name: self._choice(facet, self._labels(facet)) for facet in FACETS}

    def _choice(self, facet: Facet, labels: Mapping[str, str]) -> Choice:
        chosen, numbers = self.wanted.chosen.get(facet.name), self.counts[facet.name]
        values = [value for value in labels if value in numbers or value == chosen]
        options = [Option(value, labels[value], numbers.get(value, 0), value == chosen) for value in values]
        return Choice(facet.name, str(facet.label), options, sum(numbers.values()))

    def _labels(self, facet: Facet) -> Mapping[str, str]:
        """The values of a facet in the order in which they are offered."""
        if facet.is_boolean:
            return {YES: _("yes"), NO: _("no")}
        kinds = {"state": State, "check": CheckState}
        if facet.name in kinds:
            return {value: str(label) for value, label in kinds[facet.name].choices}
        values = {*self.counts[facet.name], *filter(None, [self.wanted.chosen.get(facet.name)])}
        names = {value: name for value, name in self.names[facet.name].items() if value in values}
        return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """What the fields of the person's calls, the countries and the Länder are called."""
        networks = {call.network_id for call in ([self.call] if self.call else self.calls)}
        names, place = self.reach.register.names, int(get_language() == "en")
        return {
            "field": {key: both[place] for (network, key), both in names.fields.items() if network in networks},
            "country": {key: both[place] for key, both in names.countries.items()},
            "land": {key: both[place] for key, both in names.lands.items()},
        }

    @cached_property
    def owners(self) -> list[Option]:
        """Who sees to open flags in these applications, and in how many. One query where there are any."""
        register = self.reach.register
        cases = self.reach.bits & (register.of("call", str(self.call.pk)) if self.call else -1)
        numbers = register.counts("owner", cases)
        people = User.objects.filter(pk__in=numbers).only("name", "email", "deleted_at") if numbers else ()
        found = [Option(str(one.pk), str(one), numbers[str(one.pk)], one.pk == self.wanted.owner) for one in people]
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
