"""How many applications each value of each filter would show, in one query over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from applications.case_filter import FACETS, NO, YES, Facet, Filter
from applications.models.application import ApplicationQuerySet


@dataclass(frozen=True)
class Counts:
    """`shown` is how many the filter finds. `by_value` has, for each facet, how many would be found with each of its
    values and everything else as it is; values that no application has are missing."""

    shown: int
    by_value: dict[str, dict[str, int]]

    def of(self, name: str) -> int:
        """How many would be found with any value of this facet."""
        return sum(self.by_value[name].values())


def counts(cases: ApplicationQuerySet, wanted: Filter) -> Counts:
    """Counts among these applications, which `wanted.searched` has narrowed down already.

    One pass: PostgreSQL groups by each facet (GROUPING SETS), and counts for a facet that is set what fits all the
    others.
    """
    values = {f"of_{facet.name}": facet.value for facet in FACETS}
    try:
        rows, parameters = cases.order_by().values(**values).query.sql_with_params()
    except EmptyResultSet:  # no city is called like that
        return Counts(0, {facet.name: {} for facet in FACETS})
    chosen = [facet for facet in FACETS if facet.name in wanted.chosen]
    fitting = [[one for one in chosen if one is not left_out] for left_out in [None, *chosen]]
    tallies = ", ".join(_tally(facets) for facets in fitting)
    columns = ", ".join(_column(facet) for facet in FACETS)
    sets = ", ".join(f"({_column(facet)})" for facet in FACETS)
    asked = [wanted.value(one) for facets in fitting for one in facets]
    sql = (
        f"SELECT grouping({columns}), {columns}, {tallies} FROM ({rows}) AS cases "  # noqa: S608 - names of this module
        f"GROUP BY GROUPING SETS ((), {sets})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, (*asked, *parameters))
        return _read(cursor.fetchall(), chosen)


def _column(facet: Facet) -> str:
    return f'"of_{facet.name}"'


def _tally(facets: Sequence[Facet]) -> str:
    if not facets:
        return "count(*)"
    return f"count(*) FILTER (WHERE {' AND '.join(f'{_column(facet)} = %s' for facet in facets)})"


def _read(rows: Sequence[tuple[Any, ...]], chosen: Sequence[Facet]) -> Counts:
    """`grouping` has a bit for each column, the last one the lowest, set where the row is not grouped by it."""
    shown, by_value = 0, {facet.name: dict[str, int]() for facet in FACETS}
    everything = (1 << len(FACETS)) - 1
    for grouping, *row in rows:
        values, tallies = row[: len(FACETS)], row[len(FACETS) :]
        if grouping == everything:
            shown = tallies[0]
            continue
        place = len(FACETS) - (everything ^ grouping).bit_length()
        facet, value = FACETS[place], values[place]
        number = tallies[1 + chosen.index(facet)] if facet in chosen else tallies[0]
        if value not in (None, "") and number:
            by_value[facet.name][_as_text(value)] = number
    return Counts(shown, by_value)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return str(value)
