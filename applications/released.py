"""Outcomes of a call that were released."""

from functools import cached_property

from django.core.paginator import Paginator
from django.utils.translation import get_language

from applications.models import Call, Outcome, Release

RELEASES_PER_PAGE = 100  # outcomes
SHOWN_OUTCOME = ("action", "event", "is_void", "without_quorum", "application__state", "application__city__name_de",
                 "application__city__name_en", "application__city__country", "release__call", "release__at",
                 "release__released_at", "release__set_by__name", "release__set_by__email",
                 "release__set_by__deleted_at", "prepared_by__name", "prepared_by__email",
                 "prepared_by__deleted_at")  # fmt: skip


class Released:
    """What was released in a call, page by page, the latest release first."""

    def __init__(self, call: Call, page: str) -> None:
        found = Outcome.objects.filter(application__call=call, release__released_at__isnull=False).only(*SHOWN_OUTCOME)
        found = found.select_related("application__city", "release__set_by", "prepared_by")
        name = "application__city__sort_en" if get_language() == "en" else "application__city__sort_de"
        self.page = Paginator(found.order_by("-release__at", "release", name, "pk"), RELEASES_PER_PAGE).get_page(page)

    @cached_property
    def releases(self) -> list[tuple[Release, list[Outcome]]]:
        """Those of this page, each with its outcomes."""
        found: dict[Release, list[Outcome]] = {}
        for one in self.page:
            assert one.release is not None
            found.setdefault(one.release, []).append(one)
        return list(found.items())
