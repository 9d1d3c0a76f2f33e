"""The outcomes of a call that nobody else knows of yet, as the page of those who decide shows them."""

from typing import Any

from django.db import connection

from applications.models import Call, Outcome, Release
from network.models import User

# Few outcomes among many applications and people: what belongs to them is looked up one by one, however many the
# planner expects.
PREPARED = """
SELECT o.id, o.application_id, o.action, o.prepared_by_id, o.release_id, p.email, p.name, p.deleted_at,
  r.id, r.at, r.set_by_id, r.released_at, s.email, s.name, s.deleted_at
FROM applications_outcome o
CROSS JOIN LATERAL (SELECT call_id FROM applications_application WHERE id = o.application_id OFFSET 0) a
CROSS JOIN LATERAL (SELECT email, name, deleted_at FROM network_user WHERE id = o.prepared_by_id OFFSET 0) p
LEFT JOIN applications_release r ON r.id = o.release_id
LEFT JOIN LATERAL (SELECT email, name, deleted_at FROM network_user WHERE id = r.set_by_id OFFSET 0) s ON true
WHERE o.event_id IS NULL AND NOT o.is_void AND a.call_id = %s ORDER BY r.at, r.id DESC, o.id"""
OF_OUTCOME = ("id", "application_id", "action", "prepared_by_id", "release_id")
OF_RELEASE = ("id", "at", "set_by_id", "released_at")
OF_PERSON = ("id", "email", "name", "deleted_at")


def prepared_outcomes(call: Call) -> dict[int, Outcome]:
    """Those that OutcomeQuerySet.prepared finds, without their applications, by the primary keys of these; the next
    release first. For whoever may decide. One query."""
    with connection.cursor() as cursor:
        cursor.execute(PREPARED, [call.pk])
        rows = cursor.fetchall()
    releases = {row[8]: _release(row[8:12], row[12:]) for row in rows if row[8]}
    found = {}
    for row in rows:
        outcome = Outcome.from_db("default", OF_OUTCOME, row[:5])
        outcome.prepared_by = _person(outcome.prepared_by_id, row[5:8])
        outcome.release = releases.get(outcome.release_id)
        found[outcome.application_id] = outcome
    return found


def _release(values: tuple[Any, ...], set_by: tuple[Any, ...]) -> Release:
    release = Release.from_db("default", OF_RELEASE, values)
    release.set_by = _person(release.set_by_id, set_by)
    return release


def _person(key: int, values: tuple[Any, ...]) -> User:
    return User.from_db("default", OF_PERSON, (key, *values))
