"""The small things that wait for a coordination, among 10,000 applications: one statement, written as SQL."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import connection

from applications.reach import Reach

# Flags of the person, or of nobody any more; answers of cities after which nothing was written; reviews that are due.
# Sorted before their applications are looked up one by one, which ends as soon as enough are within reach: as in
# Reach.cases.
_ERRANDS = """
SELECT e.kind, e.application_id, c.name_de, c.name_en, e.words, e.day FROM (
  SELECT 'flag' AS kind, application_id, text AS words, due_on AS day, owner_id AS owner FROM applications_flag
  WHERE resolved_at IS NULL
  UNION ALL
  SELECT 'answer', m.application_id, m.text, m.at::date, NULL FROM applications_comment m
  WHERE m.kind = 'from_city' AND NOT EXISTS (
    SELECT FROM applications_comment later WHERE later.application_id = m.application_id AND later.id > m.id
  )
  UNION ALL
  SELECT 'review', r.application_id, coalesce(nullif(u.name, ''), u.email), r.due_at::date, NULL
  FROM applications_assignment r JOIN network_user u ON u.id = r.reviewer_id
  WHERE r.state IN ('invited', 'accepted') AND r.due_at <= %s
  ORDER BY day, application_id, kind
) AS e
CROSS JOIN LATERAL (
  SELECT call_id, city_id FROM applications_application
  WHERE id = e.application_id AND submitted_at IS NOT NULL AND call_id = ANY(%s) AND NOT id = ANY(%s) LIMIT 1
) AS a
JOIN applications_call k ON k.id = a.call_id JOIN cities_city c ON c.id = a.city_id
WHERE e.owner IS NULL OR e.owner = %s OR NOT EXISTS (
  SELECT FROM network_office o JOIN network_user u ON u.id = o.user_id AND u.is_active
  WHERE o.user_id = e.owner AND o.network_id = k.network_id AND o.role = 'coordinator'
)
ORDER BY e.day, e.application_id, e.kind LIMIT %s"""


def errands(reach: Reach, *, until: datetime.datetime, most: int) -> Sequence[tuple[Any, ...]]:
    """Kind ("flag", "answer", "review" that is due by then), application, name of the city in German and English, words
    and day; the earliest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_ERRANDS, (until, list(reach.calls), reach.left, reach.reader.pk, most))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
