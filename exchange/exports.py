"""The filtered practices as CSV, JSON and Atom: the same practices as on the page, all of them."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.exports import neutral
from exchange.catalogue import Catalogue
from exchange.entries import PracticeEntry

COLUMNS = (
    "slug", "title_de", "title_en", "city_slug", "place_de", "place_en", "country", "theme", "goals", "year", "until",
    "stage", "programme", "networks", "written_in", "summary_de", "summary_en", "licence", "source_url", "money",
    "partners", "adapted_by", "tried_by",
)  # fmt: skip
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "atom": "application/atom+xml; charset=utf-8"}
IN_FEED = 50


def _record(entry: PracticeEntry) -> dict[str, Any]:
    return {
        "slug": entry.slug,
        "title_de": entry.title_de,
        "title_en": entry.title_en,
        "city_slug": entry.place.name.key,
        "place_de": entry.place.name.de,
        "place_en": entry.place.name.en,
        "country": entry.place.country.key,
        "theme": entry.theme,
        "goals": list(entry.goals),
        "year": entry.first_year,
        "until": entry.last_year,
        "stage": entry.stage,
        "programme": entry.programme,
        "networks": sorted(entry.networks),
        "written_in": entry.original,
        "summary_de": entry.summary_de,
        "summary_en": entry.summary_en,
        "licence": entry.licence,
        "source_url": entry.source_url,
        "money": entry.money,
        "partners": entry.partners,
        "adapted_by": entry.adopted,
        "tried_by": entry.trying,
    }


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, str):
        return neutral(value)
    return "" if value is None else value


def _as_csv(entries: Sequence[PracticeEntry]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for entry in entries:
        record = _record(entry)
        table.writerow([_cell(record[column]) for column in COLUMNS])
    return "\ufeff" + text.getvalue()  # office programs take a file without this mark for another encoding


def _as_json(entries: Sequence[PracticeEntry]) -> str:
    return json.dumps({"practices": [_record(entry) for entry in entries]}, ensure_ascii=False)


def _as_atom(entries: Sequence[PracticeEntry], site: str, address: str) -> str:
    """The last published ones first, fifty at most; `address` is that of the list, with its filters."""
    feed = Atom1Feed(
        title=f"{_('Practices')} – {_('City Networks')}",
        link=site + reverse("exchange:list"),
        description="",
        language=get_language(),
        feed_url=site + address,
    )
    latest = sorted(entries, key=lambda entry: (-entry.published_at.timestamp(), entry.slug))[:IN_FEED]
    for entry in latest:
        feed.add_item(
            title=entry.title,
            link=site + entry.url,
            unique_id=f"{site}/#practice-{entry.slug}",
            description=f"{entry.place.label}: {entry.summary}",
            pubdate=entry.published_at,
            updateddate=entry.changed_at,
            categories=[entry.theme_label],
        )
    return feed.writeString("utf-8")


def export(entries: Sequence[PracticeEntry], form: str, *, site: str, address: str) -> HttpResponse:
    """The practices in one of the forms csv, json (to be saved as a file) and atom (to be subscribed to).

    `site` is the portal's own address, `address` that of the file itself.
    """
    if form == "atom":
        return HttpResponse(_as_atom(entries, site, address), content_type=TYPES[form])
    body = _as_csv(entries) if form == "csv" else _as_json(entries)
    response = HttpResponse(body, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="practices.{form}"'
    return response


def points(catalogue: Catalogue, entries: Sequence[PracticeEntry]) -> HttpResponse:
    """What the map that can be moved needs: the practices found with their places, and where other members are."""
    directory = catalogue.directory
    found = [
        [entry.slug, entry.title, entry.place.label, *entry.place.position, "circle", "ink"]
        for entry in entries
        if entry.place.position
    ]
    cities = directory.bits_of(entry.place.pk for entry in entries if entry.place.pk)
    others = [[city.latitude, city.longitude] for city in directory.listed(directory.current & ~cities)]
    body = {"path": reverse("exchange:list"), "found": found, "others": others}
    return HttpResponse(json.dumps(body, ensure_ascii=False, separators=(",", ":")), content_type=TYPES["json"])
