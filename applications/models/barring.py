"""Which applications a person must leave to others, as conditions for queries: written as SQL, since every page of the
coordination asks it several times; once from one person, once for pairs of a person and an application. With reasons
the same rules are in applications.conflicts; tests hold that all agree."""

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from network.models import User

# Of the history of a city's team: what tells that somebody was in it.
MEMBERSHIP = ("confirmed", "accepted", "role", "removed", "left", "became_lead", "was_lead")

# In the team of the city, or once in it; working for it by their own statement; in the team of a city that competes
# (both without a field where the call asks for none); at work on it for the city; a conflict declared.
FROM_COORDINATING = """
SELECT a.id FROM applications_application a JOIN cities_teammember m ON m.city_id = a.city_id WHERE m.user_id = %s
UNION
SELECT a.id FROM applications_application a JOIN cities_teamevent e ON e.city_id = a.city_id
WHERE e.person_id = %s AND e.kind = ANY(%s)
UNION
SELECT a.id FROM applications_application a
JOIN applications_reviewerstatement_cities c ON c.city_id = a.city_id
JOIN applications_reviewerstatement s ON s.id = c.reviewerstatement_id WHERE s.user_id = %s
UNION
SELECT a.id FROM cities_teammember m
JOIN applications_application r ON r.city_id = m.city_id AND r.state NOT IN ('withdrawn', 'lapsed')
JOIN applications_application a ON a.call_id = r.call_id AND a.field = r.field AND a.city_id <> r.city_id
WHERE m.user_id = %s
UNION
SELECT application_id FROM applications_event WHERE actor_id = %s AND role IN ('editor', 'lead')
UNION
SELECT application_id FROM applications_answerversion WHERE by_id = %s
UNION
SELECT application_id FROM applications_conflict WHERE person_id = %s"""

# Besides: from the same Land in a national round, from the same country in another; coordinated its predecessor.
FROM_JUDGING = """
WITH places AS (
  SELECT country_id, land_id FROM applications_reviewerstatement WHERE user_id = %s
  UNION
  SELECT c.country_id, c.land_id FROM cities_city c JOIN cities_teammember m ON m.city_id = c.id WHERE m.user_id = %s
),
national AS (SELECT id FROM applications_packversion WHERE document @> '{"national": true}')
SELECT a.id FROM applications_application a JOIN cities_city c ON c.id = a.city_id
WHERE CASE WHEN a.pack_version_id IN (SELECT id FROM national)
  THEN c.land_id IN (SELECT land_id FROM places) ELSE c.country_id IN (SELECT country_id FROM places) END
UNION
SELECT a.id FROM applications_application a JOIN applications_event e ON e.application_id = a.earlier_id
WHERE e.actor_id = %s AND e.role = 'coordinator'"""

# Both, for the rows (person, application) of a WITH query named `pairs` that stands before: the pairs in conflict.
BARRED = f"""
cases AS MATERIALIZED (
  SELECT p.person, a.id, a.city_id, a.call_id, a.field, a.earlier_id, a.pack_version_id, c.country_id, c.land_id
  FROM pairs p JOIN applications_application a ON a.id = p.application JOIN cities_city c ON c.id = a.city_id
),
people AS MATERIALIZED (SELECT DISTINCT person FROM pairs),
national AS (
  SELECT id FROM applications_packversion
  WHERE id IN (SELECT pack_version_id FROM cases) AND document @> '{{"national": true}}'
),
teams AS MATERIALIZED (SELECT person, m.city_id FROM people JOIN cities_teammember m ON m.user_id = person),
statements AS MATERIALIZED (
  SELECT person, s.id, s.country_id, s.land_id FROM people JOIN applications_reviewerstatement s ON s.user_id = person
),
acts AS MATERIALIZED (
  SELECT person, e.application_id, e.role
  FROM people CROSS JOIN LATERAL (SELECT * FROM applications_event WHERE actor_id = person OFFSET 0) e
),
barred AS (
  SELECT p.person, p.id AS application FROM cases p NATURAL JOIN (
    SELECT person, city_id FROM teams
    UNION SELECT person, city_id FROM people JOIN cities_teamevent ON person_id = person
      WHERE kind IN ({", ".join(f"'{kind}'" for kind in MEMBERSHIP)})
    UNION SELECT person, city_id FROM statements s
      JOIN applications_reviewerstatement_cities c ON c.reviewerstatement_id = s.id
  ) AS own_cities
  UNION ALL
  SELECT p.person, p.id FROM cases p NATURAL JOIN (
    SELECT person, application_id AS id FROM acts WHERE role IN ('editor', 'lead')
    UNION SELECT person, application_id FROM people JOIN applications_answerversion ON by_id = person
    UNION SELECT person, application_id FROM people JOIN applications_conflict ON person_id = person
  ) AS own_work
  UNION ALL
  SELECT p.person, p.id FROM cases p JOIN acts a ON a.person = p.person AND a.application_id = p.earlier_id
  WHERE a.role = 'coordinator'
  UNION ALL
  SELECT p.person, p.id FROM cases p
  JOIN (SELECT person, city_id, call_id, field FROM teams NATURAL JOIN applications_application
        WHERE state NOT IN ('withdrawn', 'lapsed')) r
  ON r.person = p.person AND r.call_id = p.call_id AND r.field = p.field AND r.city_id <> p.city_id
  UNION ALL
  SELECT p.person, p.id FROM cases p
  JOIN (SELECT person, country_id, land_id FROM statements
        UNION SELECT person, country_id, land_id FROM teams JOIN cities_city c ON c.id = city_id) q
  ON q.person = p.person
  WHERE CASE WHEN p.pack_version_id IN (SELECT id FROM national)
    THEN q.land_id = p.land_id ELSE q.country_id = p.country_id END
)"""  # noqa: S608 - constants


def from_coordinating(user: User) -> Q:
    """The applications that a person neither coordinates nor judges."""
    pk = user.pk
    sql = RawSQL(FROM_COORDINATING, (pk, pk, list(MEMBERSHIP), pk, pk, pk, pk, pk))  # noqa: S611 - a constant
    return Q(pk__in=sql)


def left_to_colleagues(user: User) -> list[int]:
    """The primary keys of the same applications, asked at once for all statements of a page."""
    pk = user.pk
    with connection.cursor() as cursor:
        cursor.execute(FROM_COORDINATING, (pk, pk, list(MEMBERSHIP), pk, pk, pk, pk, pk))
        return [row[0] for row in cursor.fetchall()]


def from_judging(user: User) -> Q:
    """The applications that a person does not judge, among others that they may coordinate."""
    return Q(pk__in=RawSQL(FROM_JUDGING, (user.pk, user.pk, user.pk)))  # noqa: S611 - a constant
