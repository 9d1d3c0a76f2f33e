"""What has changed since a process looked last: for what it holds in memory of applications."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from django.db import connection


class Look(NamedTuple):
    """What one statement saw."""

    snapshot: str  # the transactions that it saw, as PostgreSQL writes it
    version: int  # of the content, see network.models.version
    has_written: bool  # whether its own transaction has, and may still be taken back
    cases: list[int]  # applications changed, by primary key, by transactions that the look before had not seen
    people: list[int]  # people for whom that holds, of what may bring them into conflict with an application


# Notes are written by triggers (migration 0008). Those of transactions that this server has not begun yet came with a
# restored backup.
NOTED = """ARRAY(
  SELECT {key} FROM {table}
  WHERE changed_in >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
    AND (changed_in < pg_snapshot_xmax(pg_current_snapshot()) OR changed_in = pg_current_xact_id_if_assigned())
    AND NOT pg_visible_in_snapshot(changed_in, %(seen)s::pg_snapshot)
)"""
LOOK = f"""
SELECT pg_current_snapshot()::text, (SELECT number FROM network_contentversion),
  pg_current_xact_id_if_assigned() IS NOT NULL,
  {NOTED.format(key="application", table="applications_casechange")},
  {NOTED.format(key="person", table="applications_personchange")}"""  # noqa: S608 - constants
NOTHING_SEEN = "1:1:"


def look(snapshot: str | None) -> Look:
    """At what has changed since the look with this snapshot; at everything where there was none. One query."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, {"seen": snapshot or NOTHING_SEEN})
        row = cursor.fetchone()
    assert row is not None, "the statement gives one row"
    return Look(*row)


class Seen(Protocol):
    """What is made of a look."""

    snapshot: str


class Kept[T: Seen]:
    """What a process holds in memory as its last look has found it; `renewed` makes it of the next one and of what was
    held, which it gives back where nothing in it has changed."""

    def __init__(self, renewed: Callable[[Look, T | None], T]) -> None:
        self._renewed = renewed
        self.held: T | None = None

    def now(self) -> T:
        """As it stands now. One query, and those of `renewed`."""
        before = self.held
        seen = look(before.snapshot if before else None)
        found = self._renewed(seen, before)
        if found is not before and not seen.has_written:  # what may still be taken back is not kept
            self.held = found
        return found
