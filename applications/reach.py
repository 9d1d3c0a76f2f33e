"""How far the desk of one coordinator reaches: their networks, and the applications they must leave to a colleague."""

import datetime
from collections.abc import Hashable, Set
from functools import cached_property
from typing import Any

from django.db import connection
from django.http import Http404

from applications.models import Application, Call, PackVersion
from applications.models.application import ApplicationQuerySet
from applications.models.barring import left_to_colleagues
from applications.register import Key, Line, Register, register
from applications.workflow import GONE, State
from cities.posts import posts_of
from cities.selection import union
from network.models import Network, User
from network.permissions import is_operator

# Of calls, their networks and packs what rows and menus show; what else somebody reads is loaded when it is read.
_OF_CALL = (
    "id", "network_id", "pack_version_id", "slug", "title_de", "title_en", "zone", "published_at", "opens_at",
    "closes_at", "forwards_at", "decides_at", "is_demo",
)  # fmt: skip
_OF_NETWORK = ("id", "slug", "shape", "accent")
_OF_PACK = ("id", "sha256")
_COLUMNS = ", ".join(f"{table}.{name}" for table, names in zip("cnp", (_OF_CALL, _OF_NETWORK, _OF_PACK), strict=True)
                     for name in names)  # fmt: skip
_CALLS = f"""
SELECT {_COLUMNS} FROM applications_call c
JOIN network_network n ON n.id = c.network_id JOIN applications_packversion p ON p.id = c.pack_version_id
WHERE %s OR c.network_id = ANY(%s) ORDER BY c.closes_at, c.id"""  # noqa: S608 - names of this module
WAITING = (State.SUBMITTED, State.IN_REVIEW, State.ENDORSED)  # for the coordination
NEVER = datetime.datetime.max.replace(tzinfo=datetime.UTC)


class Reach:
    """Asked once for a page; every list, count, search and file of the desk starts from `cases`, or from `bits`."""

    def __init__(self, reader: User, *, only_own: bool = False) -> None:
        """Operators read everything; `only_own` leaves them what they coordinate themselves."""
        self.reader, self._reads_all = reader, is_operator(reader) and not only_own

    @property
    def networks(self) -> Set[int]:
        """Those the person coordinates."""
        return posts_of(self.reader).coordinates

    @property
    def is_empty(self) -> bool:
        """Whether the person is none of a coordination, and does not run the portal."""
        return not (self.networks or self._reads_all)

    @cached_property
    def calls(self) -> dict[int, Call]:
        """Those whose applications the person reads, with network and pack, by primary key. One query."""
        if self.is_empty:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(_CALLS, (self._reads_all, list(self.networks)))
            return {row[0]: _call(row) for row in cursor.fetchall()}

    def call(self, slug: str) -> Call:
        """The one of them with this address. Raises Http404: nobody else learns whether there is one."""
        found = next((call for call in self.calls.values() if call.slug == slug), None)
        if found is None:
            raise Http404
        return found

    @cached_property
    def left(self) -> list[int]:
        """The applications that are left to colleagues. One query; an operator, who decides nothing, leaves none."""
        return [] if self._reads_all or not self.calls else left_to_colleagues(self.reader)

    @cached_property
    def cases(self) -> ApplicationQuerySet:
        """The same applications as `ApplicationQuerySet.cases_for`, without looking for conflicts in each query."""
        every = Application.objects.filter(submitted_at__isnull=False)
        assert isinstance(every, ApplicationQuerySet)
        if self._reads_all:
            return every
        return every.filter(call__in=list(self.calls)).exclude(pk__in=self.left)

    # --- the same in memory

    @cached_property
    def register(self) -> Register:
        """As it stands at this page. One query."""
        return register()

    @cached_property
    def bits(self) -> int:
        """The same applications as `cases`."""
        every = union(self.register.values("call"), map(str, self.calls))
        return every & ~self.register.bits_of(self.left)

    def may_decide(self, call: Call) -> bool:
        """The same as permissions.may_decide, for pages that only read; with `only_own`."""
        competing = self.register.of("call", str(call.pk)) & ~union(self.register.values("state"), GONE)
        return call.network_id in self.networks and not competing & self.register.bits_of(self.left)

    def application(self, line: Line) -> Application:
        """One of them, with its call."""
        return self.register.application(line, self.calls[line.call])

    @cached_property
    def waiting(self) -> int:
        """Those that wait for the coordination, as bits."""
        return self.bits & union(self.register.values("state"), WAITING)

    def next_waiting(self, most: int) -> list[Application]:
        """Of these the ones with the next deadlines."""
        return list(map(self.application, self.register.part(self.waiting, *self.by_deadline, slice(most))))

    @cached_property
    def by_deadline(self) -> tuple[Hashable, Key]:
        """The order of the moments by which somebody acts next, as in applications.course; then those without one."""
        dates = {pk: (call.forwards_at, call.decides_at) for pk, call in self.calls.items()}

        def key(line: Line) -> tuple[datetime.datetime, int]:
            until = line.returned_until if line.state == State.RETURNED else None
            forwards_at, decides_at = dates.get(line.call, (None, None))
            if line.state in WAITING:
                until = forwards_at
            elif line.state == State.FORWARDED:
                until = decides_at
            return until or NEVER, line.pk

        return ("deadline", *sorted((pk, *moments) for pk, moments in dates.items())), key


def _call(row: tuple[Any, ...]) -> Call:
    calls, networks = len(_OF_CALL), len(_OF_CALL) + len(_OF_NETWORK)
    call = Call.from_db("default", _OF_CALL, row[:calls])
    call.network = Network.from_db("default", _OF_NETWORK, row[calls:networks])
    call.pack_version = PackVersion.from_db("default", _OF_PACK, row[networks:])
    return call
