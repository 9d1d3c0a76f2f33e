"""What the portal knows before an import of practices: one look with a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from cities.models import City, Country
from exchange.models import Practice, Programme

VALUES = (
    "title_de", "title_en", "summary_de", "summary_en", "original_language", "theme", "first_year", "stage", "goals",
    "programme__slug", "city__slug", "authority", "country_id", "source_url",
)  # fmt: skip

type Values = dict[str, Any]  # by column of the file


@dataclass(frozen=True, slots=True)
class Known:
    """A practice of the portal: what it says now, and what the last import wrote (empty: it came another way)."""

    pk: int
    now: Values
    imported: Values


@dataclass(frozen=True, slots=True)
class Portal:
    """Everything an import compares with, by the keys the file uses."""

    cities: dict[str, int]
    countries: frozenset[str]
    programmes: dict[str, int]
    practices: dict[str, Known]


def look() -> Portal:
    """Demo cities and demo practices are not known here: no row can name them. Four queries."""
    practices = {}
    rows = Practice.objects.order_by("slug").values_list("slug", "pk", "imported", *VALUES)
    for slug, pk, imported, *values in rows:
        practices[slug] = Known(pk, _by_column(values), imported)
    return Portal(
        cities=dict(City.objects.filter(is_demo=False).order_by().values_list("slug", "pk")),
        countries=frozenset(Country.objects.order_by().values_list("pk", flat=True)),
        programmes=dict(Programme.objects.order_by().values_list("slug", "pk")),
        practices=practices,
    )


def _by_column(values: list[Any]) -> Values:
    """What the database says in the words of the file: never None for a text, years and goals as they are."""
    row = dict(zip(VALUES, values, strict=True))
    return {
        "title_en": row["title_en"] or "",
        "title_de": row["title_de"] or "",
        "city_slug": row["city__slug"] or "",
        "theme": row["theme"],
        "year": row["first_year"],
        "summary_en": row["summary_en"] or "",
        "summary_de": row["summary_de"] or "",
        "source_url": row["source_url"],
        "original_language": row["original_language"],
        "authority": row["authority"],
        "country_iso2": row["country_id"] or "",
        "programme": row["programme__slug"] or "",
        "stage": row["stage"],
        "goals": row["goals"],
    }
