"""Which applications of a call are under way: how many, a page of them by city, and what each reviewer has to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.utils.translation import get_language

from applications.models import Assignment, Call
from applications.models.application import ApplicationQuerySet
from applications.reach import Reach
from applications.register import Line, by_city
from applications.workflow import REVIEWABLE
from cities.selection import union

PER_PAGE = 25
MANY = 200  # applications of a call, from which conflicts are looked for page by page only
Standing = Assignment.State


def cases_of(call: Call, reach: Reach) -> ApplicationQuerySet:
    """The applications under way of a call within somebody's reach, by city."""
    cases = reach.cases.filter(call=call, state__in=REVIEWABLE)
    return cases.order_by("city__sort_en" if get_language() == "en" else "city__sort_de", "pk")


@dataclass(frozen=True)
class Load:
    """What one person has to do in a call, in numbers."""

    asked: int
    writing: int
    done: int
    refused: int  # declined, or in conflict

    @property
    def standing(self) -> int:
        return self.asked + self.writing + self.done


def load_of(counts: Mapping[str, int]) -> Load:
    """From how many assignments of one person there are in each state."""
    return Load(
        asked=counts.get(Standing.INVITED, 0),
        writing=counts.get(Standing.ACCEPTED, 0),
        done=counts.get(Standing.DONE, 0),
        refused=counts.get(Standing.DECLINED, 0) + counts.get(Standing.RECUSED, 0),
    )


class RoundCases:
    """The applications under way of a call within somebody's reach, as numbers; nothing is asked before it is read."""

    def __init__(self, call: Call, reach: Reach) -> None:
        self.call, self.reach = call, reach

    @cached_property
    def _bits(self) -> int:
        register = self.reach.register
        under_way = union(register.values("state"), REVIEWABLE)
        return self.reach.bits & register.of("call", str(self.call.pk)) & under_way

    @property
    def count(self) -> int:
        return self._bits.bit_count()

    def page(self, number: str) -> Page:
        """Of this number, or the nearest one, without its rows."""
        return Paginator(range(self.count), PER_PAGE).get_page(number)

    def lines(self, page: str) -> list[Line]:
        """Those of this page, by city."""
        shown = self.page(page).object_list
        assert isinstance(shown, range)
        return self.reach.register.part(self._bits, *by_city(), slice(shown.start, shown.stop))

    @cached_property
    def loads(self) -> dict[int, Load]:
        """What each reviewer has to do in them, by primary key."""
        found = self.reach.register.assignments(self._bits)
        return {person: load_of(counts) for person, counts in found.items()}
