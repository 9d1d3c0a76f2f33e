"""Writes a difference of practices into the portal: adding and changing, never deleting."""

from collections import defaultdict
from itertools import batched
from typing import Any

from django.utils import timezone

from exchange.imports.difference import Difference
from exchange.imports.portal import Portal, Values
from exchange.models import Practice

BATCH = 1000
FIELDS = {"year": "first_year"}  # columns of the file that the portal calls otherwise


def write(difference: Difference, portal: Portal) -> None:
    """Everything, inside the caller's transaction. A new practice is published at once: the file is the operator's."""
    now = timezone.now()
    for rows in batched(difference.new, BATCH):
        practices = []
        for row in rows:
            practice = Practice(slug=row.slug, published_at=now, imported=row.values)
            _set(practice, row.values, portal)
            practice.prepare()
            practices.append(practice)
        Practice.objects.bulk_create(practices)
    _change(difference, portal)


def _change(difference: Difference, portal: Portal) -> None:
    changes: dict[str, Values] = defaultdict(dict)
    for change in difference.changes:
        changes[change.slug][change.column] = change.new
    for slugs in batched(changes, BATCH):
        for practice in Practice.objects.filter(slug__in=slugs):
            _set(practice, changes[practice.slug], portal)
            practice.imported |= changes[practice.slug]
            practice.save()


def _set(practice: Practice, values: Values, portal: Portal) -> None:
    """Put values of the file, by column, into a practice."""
    for column, value in values.items():
        name, new = _field(column, value, portal)
        setattr(practice, name, new)


def _field(column: str, value: Any, portal: Portal) -> tuple[str, Any]:
    if column == "city_slug":
        return "city_id", portal.cities[value] if value else None
    if column == "programme":
        return "programme_id", portal.programmes[value] if value else None
    if column == "country_iso2":
        return "country_id", value or None
    return FIELDS.get(column, column), value
