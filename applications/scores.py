"""What the reviews of applications say together: their totals, and the words released for the city."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import QuerySet

from applications.conflicts import conflicted_pairs
from applications.models import Application, Assignment, Review, Score
from applications.models.barring import BARRED
from applications.pack import Criterion, Pack

LOWEST, HIGHEST = Criterion.lowest, Criterion.highest  # where a pack does not say
DISCUSS = Decimal(30)  # points between two reviews from which they are to be talked about


@dataclass(frozen=True)
class Total:
    """The reviews of one application together. Only finished reviews count whose scores all stand, by people without
    a conflict of interest."""

    done: int
    wanted: int
    points: Decimal | None  # weighted mean of the criteria, from 0 to 100; None where nothing was scored
    by_criterion: Mapping[str, Decimal | None]  # mean of the scores, on the criterion's own scale
    spread: Decimal | None  # points between the highest and the lowest review; None for fewer than two
    open_confirmations: int  # scores that a later submission has touched, to be confirmed or changed

    @property
    def has_quorum(self) -> bool:
        """Whether as many reviews stand as the call wants."""
        return self.done >= self.wanted

    @property
    def is_to_be_discussed(self) -> bool:
        """Whether the reviews are far from each other."""
        return self.spread is not None and self.spread >= DISCUSS


def totals_of(applications: Iterable[Application]) -> dict[int, Total]:
    """The total of each application by its primary key, also of those without any review. One query. The applications
    have their pack version loaded."""
    chosen = list(applications)
    found = _results("SELECT unnest(%s::bigint[])", ([one.pk for one in chosen],)) if chosen else {}
    return {one.pk: total_from(found.get(one.pk), one.pack) for one in chosen}


def total_from(result: "Result | None", pack: Pack) -> Total:
    """The total of one application that is written against this pack."""
    means = result.means if result else {}
    return Total(
        done=result.done if result else 0,
        wanted=pack.reviewers_per_application,
        points=result.points if result else None,
        by_criterion={one.key: means.get(one.key) for one in pack.criteria},
        spread=result.spread if result else None,
        open_confirmations=result.open_confirmations if result else 0,
    )


class Result(NamedTuple):
    """What the database counts of one application; the fields as in Total, and `written` the means as JSON."""

    done: int
    open_confirmations: int
    spread: Decimal | None
    points: Decimal | None
    written: str | None

    @property
    def means(self) -> dict[str, Decimal]:
        """By criterion; without those that nobody has scored."""
        found: dict[str, Decimal] = json.loads(self.written or "{}", parse_float=Decimal, parse_int=Decimal)
        return found


def results_in(applications: QuerySet[Application]) -> dict[int, Result]:
    """By primary key, of those with a finished review. One query, however many there are."""
    try:
        cases, parameters = applications.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return {}
    return _results(cases, parameters)


def _results(cases: str, parameters: Sequence[Any]) -> dict[int, Result]:
    """Of the applications whose primary keys this statement selects."""
    with connection.cursor() as cursor:
        cursor.execute(RESULTS.format(cases=cases), parameters)
        return {pk: Result(*row) for pk, *row in cursor.fetchall()}


# Reviews that are finished and whose writer is not in conflict; each score on a scale from 0 to 100. Criteria without a
# score are left out, and the others weigh more for it. Ten decimals, so that equals are equal.
RESULTS = f"""SELECT * FROM (
WITH done AS MATERIALIZED (
  SELECT s.application_id AS application, s.reviewer_id AS person, r.id AS review
  FROM applications_assignment s JOIN applications_review r ON r.assignment_id = s.id
  WHERE 'done' = s.state AND r.done_at IS NOT NULL AND s.application_id IN ({{cases}})
),
pairs AS (SELECT person, application FROM done),
{BARRED.replace("{", "{{").replace("}", "}}")},
criteria AS MATERIALIZED (
  SELECT v.id AS version, c.key, c.weight,
    coalesce(c.lowest, {LOWEST}) AS lowest, coalesce(c.highest, {HIGHEST}) AS highest
  FROM applications_packversion v
  CROSS JOIN jsonb_to_recordset(v.document->'criteria') AS c(key text, weight int, lowest int, highest int)
  WHERE v.id IN (SELECT pack_version_id FROM cases)
),
scored AS MATERIALIZED (
  SELECT d.application, d.review, x.criterion, x.value, x.confirmed, c.weight,
    100 * (x.value - c.lowest)::float8 / (c.highest - c.lowest) AS points
  FROM done d
  JOIN applications_application a ON a.id = d.application
  LEFT JOIN applications_score x ON x.review_id = d.review
  LEFT JOIN criteria c ON c.version = a.pack_version_id AND c.key = x.criterion
  WHERE (d.person, d.application) NOT IN (SELECT person, application FROM barred)
),
reviews AS (
  SELECT application, review, coalesce(bool_and(confirmed), true) AS stands,
    count(*) FILTER (WHERE NOT confirmed) AS touched,
    sum(weight * points) / sum(weight) FILTER (WHERE points IS NOT NULL) AS points
  FROM scored GROUP BY application, review
),
means AS (
  SELECT application, criterion, weight, avg(value) AS mean, avg(points) AS points
  FROM scored WHERE points IS NOT NULL AND review NOT IN (SELECT review FROM reviews WHERE NOT stands)
  GROUP BY application, criterion, weight
)
SELECT * FROM (
  SELECT application, count(*) FILTER (WHERE stands), sum(touched)::int,
    CASE WHEN count(points) FILTER (WHERE stands) > 1
      THEN round((max(points) FILTER (WHERE stands) - min(points) FILTER (WHERE stands))::numeric, 10) END
  FROM reviews GROUP BY application
) AS one
LEFT JOIN (
  SELECT application, round((sum(weight * points) / sum(weight))::numeric, 10), json_object_agg(criterion, mean)::text
  FROM means GROUP BY application
) AS other USING (application)
) AS results"""  # noqa: S608 - constants


# Of an assignment, its reviewer and its review what is shown; never a private note.
SHOWN = ("application", "state", "reason", "due_at", "reviewer__name", "reviewer__email", "reviewer__deleted_at",
         "review__assignment", "review__general", "review__general_released_at", "review__done_at")  # fmt: skip


def assignments_of(application: Application) -> list[Assignment]:
    """All of them in their order, each with its reviewer and, where there is one, its review. One query."""
    found = application.assignments.select_related("reviewer", "review").only(*SHOWN)
    return list(found.order_by("pk").fetch_mode(models.FETCH_RAISE))


def counted(assignments: Sequence[Assignment]) -> list[Review]:
    """The finished reviews among `assignments_of` an application by people who may judge. At most one query."""
    done = [
        one
        for one in assignments
        if one.state == Assignment.State.DONE and hasattr(one, "review") and one.review.done_at
    ]
    barred = conflicted_pairs((one.reviewer_id, one.application_id) for one in done)
    return [one.review for one in done if (one.reviewer_id, one.application_id) not in barred]


def scores_of(reviews: Sequence[Review]) -> dict[tuple[int, str], Score]:
    """What these reviews say, by primary key of the review and key of the criterion. One query, for no reviews none."""
    if not reviews:
        return {}
    found = Score.objects.filter(review__in=[one.pk for one in reviews]).order_by("pk")
    return {(one.review_id, one.criterion): one for one in found.only(*SAID).fetch_mode(models.FETCH_RAISE)}


SAID = ("review", "criterion", "value", "abstained", "reason", "confirmed", "released_at")


def released_reasons(application: Application) -> list[tuple[Criterion, list[str]]]:
    """What the coordination has released of the reasons, for the city: per criterion, in the order of the pack, in
    none that tells who wrote what. One or two queries."""
    scores = Score.objects.filter(
        review__assignment__application=application, released_at__isnull=False, reason__gt=""
    ).order_by("reason", "pk")
    words: dict[str, list[str]] = defaultdict(list)
    for key, reason in scores.values_list("criterion", "reason"):
        words[key].append(reason)
    return [(one, words[one.key]) for one in application.pack.criteria if words[one.key]]


def released_words(application: Application) -> list[str]:
    """The general words of reviewers to the city that the coordination has released."""
    released = Review.objects.filter(assignment__application=application, general_released_at__isnull=False)
    return list(released.order_by("general", "pk").values_list("general", flat=True))
