"""The coordinators' list as one person asks for it: its page, and what every filter would show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet, Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.case_counts import Counts, counts
from applications.case_filter import FACETS, NO, YES, Column, Facet, Filter, Sorting
from applications.coordination import in_order, listed
from applications.course import NextAct, next_act
from applications.models import Application, Call, CheckState, Flag
from applications.models.application import ApplicationQuerySet
from applications.reach import Reach
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


@dataclass(frozen=True)
class Row:
    """One application, what happens next, and what its field is called."""

    application: Application
    act: NextAct | None
    field: str


class _Sliced:
    """What the filter finds, for a paginator that knows already how many."""

    def __init__(self, cases: "Cases") -> None:
        self.cases = cases

    def __len__(self) -> int:
        return self.cases.counts.shown

    def __getitem__(self, part: slice) -> list[Application]:
        wanted = self.cases.wanted
        return list(in_order(wanted.filtered(self.cases.reach.cases), wanted.order(), part))


class Cases:
    """The list of one person, who meets only applications they coordinate; operators all that were submitted."""

    def __init__(self, reader: User, wanted: Filter) -> None:
        self.reader, self.wanted, self.reach = reader, wanted, Reach(reader)

    @cached_property
    def calls(self) -> list[Call]:
        """All calls of the person's networks, the latest first."""
        return list(Call.objects.cases_for(self.reader).for_list().order_by("-closes_at", "pk"))

    @cached_property
    def call(self) -> Call | None:
        """The chosen one."""
        return next((call for call in self.calls if call.slug == self.wanted.call), None)

    @cached_property
    def _searched(self) -> ApplicationQuerySet:
        return self.wanted.searched(self.reach.cases)

    @property
    def found(self) -> ApplicationQuerySet:
        """All that the filter finds, in its order, with what a row shows."""
        return listed(self.wanted.filtered(self.reach.cases)).order_by(*self.wanted.order())

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
        """Those of the page, with what happens next."""
        fields = self.names["field"]
        return [Row(one, next_act(one), fields.get(one.field, one.field)) for one in self.page]

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
    def columns(self) -> list[Option]:
        """All that can be shown."""
        return [Option(one.value, str(one.label), 0, one in self.wanted.columns) for one in Column]
