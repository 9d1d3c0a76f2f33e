"""What a coordination learns of the drafts of its calls, and of what moves along with their dates: numbers and cities,
nothing of what was written."""

from functools import cached_property

from django.db.models import Count, Q
from django.utils.translation import get_language

from applications.models import Application, Call
from applications.workflow import ENDED, State
from network.models import User


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
