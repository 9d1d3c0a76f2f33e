"""What the reviews of all applications say, in memory: the database counts anew only what has changed.

As for the register, a process asks what was changed by transactions that its last look did not see: reviews, scores and
applications, and whatever may bring a reviewer into conflict. Where that may touch reviews of other applications too,
all are counted anew; that is rare.
"""

from collections.abc import Iterable, Mapping

from django.db import connection

from applications.looks import Kept, Look
from applications.models import Application
from applications.scores import Result, Total, results_in, total_from

MANY = 200  # changed applications: for more of them all are counted anew

# Whoever has finished a review, and the cities in whose teams they are: while one of these competes, they are in
# conflict with others.
DONE = "SELECT reviewer_id FROM applications_assignment WHERE state = 'done'"
JUDGES = f"""
SELECT ARRAY({DONE}), ARRAY(
  SELECT a.id FROM applications_application a JOIN cities_teammember m ON m.city_id = a.city_id
  WHERE m.user_id IN ({DONE})
)"""  # noqa: S608 - constants


class Results:
    """As one look at the database found them. Never changed after it was built."""

    def __init__(self, seen: Look, before: "Results | None" = None) -> None:
        self.snapshot = seen.snapshot
        with connection.cursor() as cursor:
            cursor.execute(JUDGES)
            row = cursor.fetchone()
        assert row is not None, "the statement gives one row"
        judges, own = row
        self.judges, self._own = set(judges), set(own)  # people; applications of their cities
        self.found: Mapping[int, Result]  # by primary key of the application; of those with a finished review
        if before is None or before.touches_others(seen) or self.touches_others(seen):
            self.found = results_in(Application.objects.filter(submitted_at__isnull=False))
        else:
            changed = set(seen.cases)
            left = {pk: result for pk, result in before.found.items() if pk not in changed}
            self.found = left | results_in(Application.objects.filter(pk__in=seen.cases))

    def touches_others(self, seen: Look) -> bool:
        """Whether more may have changed than the reviews of the applications themselves."""
        return len(seen.cases) > MANY or not self.judges.isdisjoint(seen.people) or not self._own.isdisjoint(seen.cases)


def _renewed(seen: Look, before: Results | None) -> Results:
    if before and not seen.cases and before.judges.isdisjoint(seen.people):
        return before
    return Results(seen, before)


_kept = Kept(_renewed)


def results() -> Results:
    """As they stand now. One query; two more where something has changed."""
    return _kept.now()


def totals(applications: Iterable[Application]) -> dict[int, Total]:
    """The total of each application by its primary key, also of those without any review; the applications have their
    pack version loaded. For pages: acts ask the database (applications.scores.totals_of). Queries as `results`."""
    found = results().found
    return {one.pk: total_from(found.get(one.pk), one.pack) for one in applications}
