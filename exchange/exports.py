"""The filtered practices as CSV, JSON and Atom: the same practices as on the page, all of them."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import batched, islice
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cities.exports import neutral
from exchange.catalogue import Catalogue
from exchange.entries import PracticeEntry, entries_of
from exchange.labels import labels_of

COLUMNS = (
    "slug", "title_de", "title_en", "city_slug", "place_de", "place_en", "country", "theme", "goals", "year", "until",
    "stage", "programme", "networks", "written_in", "summary_de", "summary_en", "licence", "source_url", "money",
    "partners", "adapted_by", "tried_by",
)  # fmt: skip
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
IN_FEED = 50
AT_ONCE = 500  # practices in memory


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


def _as_csv(entries: Iterable[PracticeEntry]) -> Iterator[str]:
    yield "\ufeff" + ",".join(COLUMNS) + "\r\n"  # office programs take a file without this mark for another encoding
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    for entry in entries:
        record = _record(entry)
        table.writerow([_cell(record[column]) for column in COLUMNS])
        yield text.getvalue()
        text.seek(0)
        text.truncate()


def _as_json(entries: Iterable[PracticeEntry]) -> Iterator[str]:
    before = '{"practices": ['
    for entry in entries:
        yield before + json.dumps(_record(entry), ensure_ascii=False)
        before = ", "
    yield ("" if before == ", " else before) + "]}"


def _as_atom(entries: Iterable[PracticeEntry], site: str, address: str) -> str:
    feed = Atom1Feed(
        title=f"{_('Practices')} – {_('City Networks')}",
        link=site + reverse("exchange:list"),
        description="",
        language=get_language(),
        feed_url=site + address,
    )
    for entry in entries:
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


def feed(catalogue: Catalogue, bits: int, *, site: str, address: str) -> HttpResponse:
    """The practices published last as Atom, fifty at most. `site` is the portal's own address, `address` that of the
    feed itself, with the filters of the list."""
    latest = entries_of(islice(catalogue.keys(bits, "published"), IN_FEED), catalogue)
    return HttpResponse(_as_atom(latest, site, address), content_type="application/atom+xml; charset=utf-8")


def export(keys: Iterable[int], form: str, catalogue: Catalogue) -> StreamingHttpResponse:
    """All these practices as a file, csv or json; read and sent by parts, however many they are."""
    entries = (entry for part in batched(keys, AT_ONCE) for entry in entries_of(part, catalogue))
    lines = _as_csv(entries) if form == "csv" else _as_json(entries)
    pieces = ("".join(part) for part in batched(lines, AT_ONCE))
    response = StreamingHttpResponse(pieces, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="practices.{form}"'
    return response


def points(catalogue: Catalogue, bits: int) -> HttpResponse:
    """What the map that can be moved needs: the places of the practices found, each with its name, how many practices
    there are and where that is, and the places of other member cities."""
    directory, labels = catalogue.directory, labels_of(catalogue)
    found = catalogue.places_of(bits)
    said = {count: _how_many(count) for count in {count for _place, count in found}}
    marks = [
        [place.key, labels["place"][place.key], f"{labels['country'][place.country.key]}: {said[count]}",
         *place.position, "circle", "ink"]
        for place, count in found
        if place.position
    ]  # fmt: skip
    cities = directory.bits_of(place.pk for place, _count in found if place.pk)
    others = [[city.latitude, city.longitude] for city in directory.listed(directory.current & ~cities)]
    body = {"path": f"{reverse('exchange:list')}?place=", "found": marks, "others": others}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type="application/json")


def _how_many(count: int) -> str:
    """`3 practices`."""
    return ngettext("%(count)d practice", "%(count)d practices", count) % {"count": count}
