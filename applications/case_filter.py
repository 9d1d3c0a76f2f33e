"""Which applications somebody of the coordination wants to see, in which columns and order: read from the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import BaseExpression, ExpressionWrapper, OrderBy
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.coordination import by_deadline
from applications.models import CheckState, Flag, Submission
from applications.models.application import ApplicationQuerySet
from applications.workflow import State
from cities.models import City

LONGEST_SEARCH = 100
LONGEST_VALUE = 120
YES, NO = "yes", "no"


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
    """One thing to filter by: what it is called, and its value in a row (of text, or true and false)."""

    name: str
    label: Promise
    value: F | BaseExpression
    is_boolean: bool = False


def _is(condition: Q | Exists) -> BaseExpression:
    return ExpressionWrapper(condition, output_field=models.BooleanField()) if isinstance(condition, Q) else condition


_this = {"application": OuterRef("pk")}
FACETS = (
    Facet("state", _("State"), F("state")),
    Facet("check", _("Formal check"), F("check_state")),
    Facet("flags", _("Open flags"), Exists(Flag.objects.filter(**_this, resolved_at=None)), is_boolean=True),
    Facet("again", _("Submitted anew"), Exists(Submission.objects.filter(**_this, number__gt=1)), is_boolean=True),
    Facet("late", _("Submitted late"), _is(Q(late_until__isnull=False)), is_boolean=True),
    Facet("field", _("Field"), F("field")),
    Facet("country", _("Country"), F("city__country")),
    Facet("land", _("Land"), F("city__land")),
)


class Filter:
    """What the address asks for. An order, a state or a page that is not known is passed over; a call or a place that
    is not known finds nothing."""

    def __init__(self, asked: QueryDict) -> None:
        self._asked = asked
        self.call = asked.get("call", "")[:LONGEST_VALUE]
        self.search = asked.get("q", "").strip()[:LONGEST_SEARCH]
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

    # --- as conditions

    def searched(self, cases: ApplicationQuerySet) -> ApplicationQuerySet:
        """Those of the call, found by the name of the city in either language and without diacritics, or by the number
        of a receipt; and with an open flag of the owner. Every list and count begins here."""
        if self.call:
            cases = cases.filter(call__slug=self.call)
        if self.owner:
            cases = cases.filter(pk__in=Flag.objects.filter(owner=self.owner, resolved_at=None).values("application"))
        if self.search:
            found = Q(city__in=self._named)
            if any(letter.isdigit() for letter in self.search):
                receipts = Submission.objects.filter(receipt__icontains=self.search)
                found |= Q(pk__in=receipts.values("application"))
            cases = cases.filter(found)
        return cases

    @cached_property
    def _named(self) -> list[int]:
        return [pk for pk, _rank in City.objects.named(self.search)]

    def filtered(self, cases: ApplicationQuerySet) -> ApplicationQuerySet:
        """Those that are searched for and fit every facet that is set."""
        cases = self.searched(cases)
        for facet in FACETS:
            if facet.name in self.chosen:
                name = f"of_{facet.name}"
                cases = cases.alias(**{name: facet.value}).filter(**{name: self.value(facet)})
        return cases

    def value(self, facet: Facet) -> str | bool:
        """What a facet that is set asks for, as the database knows it."""
        chosen = self.chosen[facet.name]
        return chosen == YES if facet.is_boolean else chosen

    def order(self) -> tuple[OrderBy | str, ...]:
        """For rows of applications.coordination.listed; always whole, so that pages do not overlap. By city where
        reviews decide (`sorts_by_reviews`), which no query of rows knows."""
        city = "city__sort_en" if get_language() == "en" else "city__sort_de"
        orders: dict[Sorting, tuple[OrderBy | str, ...]] = {
            Sorting.DEADLINE: by_deadline(),
            Sorting.SUBMITTED: ("-submitted_at", "pk"),
            Sorting.FIRST: ("submitted_at", "pk"),
            Sorting.CITY: (city, "pk"),
            Sorting.COUNTRY: ("city__country", city, "pk"),
            Sorting.STATE: ("state", city, "pk"),
            Sorting.CHECK: ("check_state", *by_deadline()),
        }
        return orders.get(self.sort, (city, "pk"))
