"""Which applications somebody of the coordination wants to see, in which columns and order: read from the address."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db import models
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.models import Call, CheckState
from applications.reach import Reach
from applications.register import NO, YES, Key, Register, by_city
from applications.workflow import State

LONGEST_SEARCH = 100
LONGEST_VALUE = 120


class Sorting(models.TextChoices):
    """How the list is sorted."""

    DEADLINE = "deadline", _("Next deadline first")
    SUBMITTED = "submitted", _("Last submitted first")
    FIRST = "first", _("First submitted first")
    CITY = "city", _("City, A to Z")
    COUNTRY = "country", _("Country, then city")
    STATE = "state", _("State, then city")
    CHECK = "check", _("Formal check, then deadline")
    POINTS = "points", _("Most points first")
    REVIEWS = "reviews", _("Fewest reviews first")


class Column(models.TextChoices):
    """What a list shows beside the city, in this order."""

    CALL = "call", _("Call")
    STATE = "state", _("State")
    NEXT = "next", _("Next step")
    UNTIL = "until", _("Until")
    CHECK = "check", _("Formal check")
    FLAGS = "flags", _("Open flags")
    FIELD = "field", _("Field")
    COUNTRY = "country", _("Country")
    LAND = "land", _("Land")
    SUBMITTED = "submitted", _("Submitted")
    ROUND = "round", _("Submissions")
    LATE = "late", _("Late")
    REVIEWS = "reviews", _("Reviews")
    POINTS = "points", _("Points")


USUAL = (Column.STATE, Column.UNTIL, Column.CHECK, Column.FLAGS, Column.SUBMITTED)


@dataclass(frozen=True)
class Facet:
    """One thing to filter by: a group of the register, and what it is called."""

    name: str
    label: Promise
    is_boolean: bool = False


FACETS = (
    Facet("state", _("State")),
    Facet("check", _("Formal check")),
    Facet("flags", _("Open flags"), is_boolean=True),
    Facet("again", _("Submitted anew"), is_boolean=True),
    Facet("late", _("Submitted late"), is_boolean=True),
    Facet("field", _("Field")),
    Facet("country", _("Country")),
    Facet("land", _("Land")),
)


class Filter:
    """What the address asks for. An order, a state or a page that is not known is passed over; a call or a place that
    is not known finds nothing."""

    def __init__(self, asked: QueryDict) -> None:
        self._asked = asked
        self.call = asked.get("call", "")[:LONGEST_VALUE]
        self.search = asked.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
        self.owner = int(owner) if (owner := asked.get("owner", "")).isdecimal() and len(owner) < 10 else None
        sort = asked.get("sort", "")
        self.sort = Sorting(sort) if sort in Sorting.values else Sorting.DEADLINE
        self.page = asked.get("page", "")
        self.ticks_all = asked.get("tick") == YES

    @cached_property
    def chosen(self) -> Mapping[str, str]:
        """The value of each facet that is set."""
        found = {facet.name: self._asked.get(facet.name, "")[:LONGEST_VALUE] for facet in FACETS}
        known: dict[str, list[str]] = {facet.name: [YES, NO] for facet in FACETS if facet.is_boolean}
        known |= {"state": State.values, "check": CheckState.values}
        return {name: value for name, value in found.items() if value and value in known.get(name, [value])}

    @cached_property
    def columns(self) -> list[Column]:
        """The chosen ones, else the usual ones; the call where several are shown."""
        asked = [column for column in Column if column in self._asked.getlist("col")]
        usual = [column for column in Column if column in USUAL or (column is Column.CALL and not self.call)]
        return asked or usual

    @property
    def sorts_by_reviews(self) -> bool:
        """Whether the order comes from what reviews say."""
        return self.sort in {Sorting.POINTS, Sorting.REVIEWS}

    @property
    def shows_reviews(self) -> bool:
        """Whether a column tells of reviews."""
        return not {Column.REVIEWS, Column.POINTS}.isdisjoint(self.columns)

    @property
    def is_set(self) -> bool:
        """Whether anything but the call, the order and the columns is chosen."""
        return bool(self.chosen or self.search or self.owner)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What of the address leads back to this list: all but the page and the ticks."""
        names = ("call", "q", "owner", "sort", "col", *(facet.name for facet in FACETS))
        return [(name, value) for name in names for value in self._asked.getlist(name) if value]

    @property
    def address(self) -> str:
        """The same as it stands behind the "?": to come back, to export, to act on all of it."""
        return urlencode(self.kept)

    # --- of the register

    def searched(self, cases: int, register: Register, calls: Iterable[Call]) -> int:
        """Of these, as bits, those of the call, found by the name of the city in either language and without
        diacritics, or by the number of a receipt; and with an open flag of the owner. Every list and count begins
        here."""
        if self.call:
            cases &= next((register.of("call", str(call.pk)) for call in calls if call.slug == self.call), 0)
        if self.owner:
            cases &= register.of("owner", str(self.owner))
        if self.search:
            cases &= register.searched(self.search)
        return cases

    def fitting(self, cases: int, register: Register, *, without: str = "") -> int:
        """Of these those that fit every facet that is set; `without` leaves one out."""
        for name, value in self.chosen.items():
            if name != without:
                cases &= register.of(name, value)
        return cases

    def order(self, reach: Reach) -> tuple[Hashable, Key]:
        """By name and key, always whole, so that pages do not overlap. By city where reviews decide
        (`sorts_by_reviews`), of which the register knows nothing."""
        city, name = by_city()
        deadline, by_deadline = reach.by_deadline
        orders: dict[Sorting, tuple[Hashable, Key]] = {
            Sorting.DEADLINE: (deadline, by_deadline),
            Sorting.SUBMITTED: ("submitted", lambda line: (-line.submitted_at.timestamp(), line.pk)),
            Sorting.FIRST: ("first", lambda line: (line.submitted_at, line.pk)),
            Sorting.COUNTRY: (("country", city), lambda line: (line.country, *name(line))),
            Sorting.STATE: (("state", city), lambda line: (line.state, *name(line))),
            Sorting.CHECK: (("check", deadline), lambda line: (line.check, by_deadline(line))),
        }
        return orders.get(self.sort, (city, name))
