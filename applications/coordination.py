"""What the coordinators' lists show of applications that were submitted. Drafts are counted, never shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from applications.models import Application, Call, Flag, Submission
from applications.models.application import ApplicationQuerySet
from applications.workflow import ENDED, State
from network.models import User

WAITING = (State.SUBMITTED, State.IN_REVIEW, State.ENDORSED)  # for the coordination


# The moment by which somebody acts next, as in applications.course.
NEXT_UNTIL = Case(
    When(state=State.RETURNED, then=F("returned_until")),
    When(state__in=WAITING, then=F("call__forwards_at")),
    When(state=State.FORWARDED, then=F("call__decides_at")),
)


# Of an application, its city and its pack what a row shows; texts and documents stay where they are.
ROW = ("state", "submitted_at", "late_until", "returned_until", "field", "check_state", "call",
         "pack_version__sha256", "city__slug", "city__name_de", "city__name_en", "city__country",
         "city__land")  # fmt: skip


def listed(applications: ApplicationQuerySet) -> ApplicationQuerySet:
    """With what a row shows: city, `receipt` and `round`, number and count of the latest submission, `next_until`, and
    `open_flags`, how many. Without the call, of which there are few (`with_calls`)."""
    latest = Submission.objects.filter(application=OuterRef("pk")).order_by("-number")
    flags = Flag.objects.filter(application=OuterRef("pk"), resolved_at=None).order_by().values("application")
    rows: ApplicationQuerySet = (
        applications.select_related("city", "pack_version")
        .only(*ROW)
        .annotate(
            receipt=Subquery(latest.values("receipt")[:1]),
            round=Subquery(latest.values("number")[:1]),
            next_until=NEXT_UNTIL,
            open_flags=Coalesce(Subquery(flags.annotate(count=Count("pk")).values("count")), 0),
        )
    )
    return rows.fetch_mode(models.FETCH_RAISE)


def with_calls(rows: Iterable[Application], calls: Mapping[int, Call]) -> Iterator[Application]:
    """Each with its call, one of these by primary key."""
    for row in rows:
        row.call = calls[row.call_id]
        yield row


def in_order(applications: ApplicationQuerySet, order: Sequence[OrderBy | str], part: slice) -> ApplicationQuerySet:
    """A part of these applications in an order of `listed` rows, with what such a row shows. The database sorts their
    numbers only, and reads everything else of the few it then knows."""
    numbers = applications.annotate(next_until=NEXT_UNTIL).order_by(*order).values("pk")[part]
    every = Application.objects.filter(pk__in=numbers)
    assert isinstance(every, ApplicationQuerySet)
    return listed(every).order_by(*order)


def by_deadline() -> tuple[OrderBy, str]:
    """The next deadline first, then those without one."""
    return F("next_until").asc(nulls_last=True), "pk"


class LateDrafts:
    """The drafts of a call that have missed its deadline: cities by name and when they began, nothing of what they
    have written."""

    def __init__(self, call: Call, reader: User) -> None:
        self.call, self.reader = call, reader

    @cached_property
    def applications(self) -> list[Application]:
        """Empty while the call is open; without those the person is in conflict with."""
        if not self.call.is_over():
            return []
        drafts = Application.objects.filter(call=self.call, state=State.DRAFT).without_conflicts_of(self.reader)
        name = "city__sort_en" if get_language() == "en" else "city__sort_de"
        rows = drafts.select_related("city").only("state", "started_at", "late_until", "call", "city")
        return list(rows.order_by(name, "pk"))

    @property
    def granted(self) -> list[Application]:
        """Those that may submit late already."""
        return [application for application in self.applications if application.late_until]


def moved_along(call: Call, reader: User) -> tuple[int, int]:
    """How many applications move along with the call's deadlines: those under way, drafts and others; without those the
    reader is in conflict with."""
    counts = (
        Application.objects.filter(call=call)
        .without_conflicts_of(reader)
        .aggregate(
            drafts=Count("pk", filter=Q(state=State.DRAFT)),
            others=Count("pk", filter=~Q(state__in=[State.DRAFT, *ENDED])),
        )
    )
    return counts["drafts"], counts["others"]
