"""The coordinators' list: applications that were submitted, by call and state. Drafts are counted, never shown."""

from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.expressions import OrderBy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.course import NextAct, next_act
from applications.models import Application, Call, Submission
from applications.models.application import ApplicationQuerySet
from applications.workflow import ENDED, State
from network.models import Office, User

PER_PAGE = 25
LATEST_CALLS = 10  # those shown with their counts; the filter offers all
WAITING = (State.SUBMITTED, State.IN_REVIEW, State.ENDORSED)  # for the coordination


class Sorting(models.TextChoices):
    """How the list is sorted."""

    DEADLINE = "deadline", _("Next deadline first")
    SUBMITTED = "submitted", _("Last submitted first")
    CITY = "city", _("City, A to Z")


def listed(applications: ApplicationQuerySet) -> ApplicationQuerySet:
    """With what a row shows: `receipt`, the number of the latest submission, and `next_until`, the moment by which
    somebody acts next (the same as in applications.course)."""
    latest = Submission.objects.filter(application=OuterRef("pk")).order_by("-number").values("receipt")[:1]
    next_until = Case(
        When(state=State.RETURNED, then=F("returned_until")),
        When(state__in=WAITING, then=F("call__forwards_at")),
        When(state=State.FORWARDED, then=F("call__decides_at")),
    )
    rows: ApplicationQuerySet = applications.select_related("call__network", "city__country", "city__land").annotate(
        receipt=Subquery(latest), next_until=next_until
    )
    return rows.fetch_mode(models.FETCH_RAISE)


def by_deadline() -> tuple[OrderBy, str]:
    """The next deadline first, then those without one."""
    return F("next_until").asc(nulls_last=True), "pk"


class Cases:
    """The list as one person asks for it; what is not known of what they ask is passed over."""

    def __init__(self, reader: User, *, call: str = "", state: str = "", sort: str = "", page: str = "") -> None:
        self.reader = reader
        self.state = State(state) if state in State.values else None
        self.sort = Sorting(sort) if sort in Sorting.values else Sorting.DEADLINE
        self._call, self._page = call, page

    @cached_property
    def calls(self) -> list[Call]:
        """All calls of the person's networks, the latest first, with how many drafts and submitted applications."""
        submitted = Q(applications__submitted_at__isnull=False)
        calls = Call.objects.cases_for(self.reader).for_list().order_by("-closes_at", "pk")
        return list(
            calls.annotate(
                drafts=Count("applications", filter=Q(applications__state=State.DRAFT)),
                arrived=Count("applications", filter=submitted),
            )
        )

    @property
    def latest_calls(self) -> list[Call]:
        """The chosen one, or the latest."""
        return [self.call] if self.call else self.calls[:LATEST_CALLS]

    @cached_property
    def call(self) -> Call | None:
        """The chosen one."""
        return next((call for call in self.calls if call.slug == self._call), None)

    @cached_property
    def _of_call(self) -> ApplicationQuerySet:
        cases = Application.objects.cases_for(self.reader)
        return cases.filter(call=self.call) if self.call else cases

    @cached_property
    def counts(self) -> list[tuple[State, int]]:
        """How many applications are in each state, of the chosen call or all; those with any, and the chosen one."""
        found = dict(self._of_call.order_by().values_list("state").annotate(Count("pk")))
        return [(state, found.get(state, 0)) for state in State if state in found or state == self.state]

    @cached_property
    def coordinated(self) -> set[int]:
        """The networks whose calls the person may change; an operator none by that."""
        offices = self.reader.offices.filter(role=Office.Role.COORDINATOR)
        return set(offices.values_list("network_id", flat=True))

    @property
    def total(self) -> int:
        return sum(count for _state, count in self.counts)

    @cached_property
    def page(self) -> Page:
        """The applications of one page, filtered and sorted."""
        name = "city__sort_en" if get_language() == "en" else "city__sort_de"
        orders: dict[Sorting, tuple[OrderBy | str, ...]] = {
            Sorting.DEADLINE: by_deadline(),
            Sorting.SUBMITTED: ("-submitted_at", "pk"),
            Sorting.CITY: (name, "pk"),
        }
        chosen = self._of_call.filter(state=self.state) if self.state else self._of_call
        return Paginator(listed(chosen).order_by(*orders[self.sort]), PER_PAGE).get_page(self._page)

    @cached_property
    def rows(self) -> list[tuple[Application, NextAct | None]]:
        """Those of the page, with what happens next."""
        return [(application, next_act(application)) for application in self.page]

    @property
    def sortings(self) -> list[tuple[str, str]]:
        return [(sorting.value, str(sorting.label)) for sorting in Sorting]


class LateDrafts:
    """The drafts of a call that have missed its deadline: cities by name and when they began, nothing of what they
    have written."""

    def __init__(self, call: Call, reader: User) -> None:
        self.call, self.reader = call, reader

    @cached_property
    def applications(self) -> list[Application]:
        """Empty while the call is open; without the person's own cities."""
        if not self.call.is_over():
            return []
        drafts = self.call.applications.filter(state=State.DRAFT).exclude(city__team__user=self.reader)
        name = "city__sort_en" if get_language() == "en" else "city__sort_de"
        rows = drafts.select_related("city").only("state", "started_at", "late_until", "call", "city")
        return list(rows.order_by(name, "pk"))

    @property
    def granted(self) -> list[Application]:
        """Those that may submit late already."""
        return [application for application in self.applications if application.late_until]


def moved_along(call: Call) -> tuple[int, int]:
    """How many applications move along with the call's deadlines: those under way, drafts and others."""
    counts = call.applications.aggregate(
        drafts=Count("pk", filter=Q(state=State.DRAFT)),
        others=Count("pk", filter=~Q(state__in=[State.DRAFT, *ENDED])),
    )
    return counts["drafts"], counts["others"]
