"""The filtered directory as CSV, GeoJSON and JSON: the same cities as on the page, all of them."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from cities.directory import Directory
from cities.entries import Entry

COLUMNS = ("slug", "name_de", "name_en", "country", "land", "latitude", "longitude", "population", "memberships")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "json": "application/json",
}
CREDIT = "Positions and populations: GeoNames, geonames.org, CC BY 4.0. Memberships: sources on each city's page."


def neutral(text: str) -> str:
    """Text that no office program takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _memberships(city: Entry) -> list[dict[str, Any]]:
    return [
        {
            "network": membership.network.slug,
            "fields": [field.key for field in membership.fields],
            "since": membership.since,
            "status": membership.status,
        }
        for membership in city.memberships
    ]


def _record(city: Entry) -> dict[str, Any]:
    return {
        "slug": city.slug,
        "name_de": city.name_de,
        "name_en": city.name_en,
        "country": city.country.key,
        "land": city.land.key if city.land else None,
        "latitude": city.latitude,
        "longitude": city.longitude,
        "population": city.people,
        "memberships": _memberships(city),
    }


def _as_csv(cities: Iterable[Entry]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for city in cities:
        record = _record(city)
        # one membership a word: network:since:field, empty parts are not known
        record["memberships"] = " ".join(
            f"{m['network']}:{m['since'] or ''}:{'+'.join(m['fields'])}" for m in record["memberships"]
        )
        table.writerow(
            [neutral(v) if isinstance(v, str) else "" if v is None else v for v in (record[c] for c in COLUMNS)]
        )
    return "\ufeff" + text.getvalue()  # office programs take a file without this mark for another encoding


def _as_geojson(cities: Iterable[Entry]) -> str:
    features = []
    for city in cities:
        record = _record(city)
        latitude, longitude = record.pop("latitude"), record.pop("longitude")
        networks = [membership.network for membership in city.memberships]
        record |= {
            "name": city.name,
            "url": city.url,
            "country_name": city.country.name,
            "networks": [network.slug for network in networks],
            "shape": networks[0].shape if len(networks) == 1 else "circle",
            "accent": networks[0].accent if len(networks) == 1 else "ink",
            "match": True,
        }
        geometry = {"type": "Point", "coordinates": [longitude, latitude]}
        features.append({"type": "Feature", "id": city.slug, "geometry": geometry, "properties": record})
    return json.dumps({"type": "FeatureCollection", "credit": CREDIT, "features": features}, ensure_ascii=False)


def _as_json(cities: Iterable[Entry]) -> str:
    return json.dumps({"credit": CREDIT, "cities": [_record(city) for city in cities]}, ensure_ascii=False)


def points(directory: Directory, bits: int, only: str) -> HttpResponse:
    """What the map that can be moved needs, and no more: the cities found, and where the others are.

    `only` is the network whose mark all get, or empty.
    """
    marks = {network.slug: [network.shape, network.accent] for network in directory.networks.values()}
    found = [
        [city.slug, city.name, city.country.name, city.latitude, city.longitude, *marks.get(name, ["circle", "ink"])]
        for name, part in ({only: bits} if only else directory.parts(bits)).items()
        for city in directory.listed(part)
    ]
    others = [[city.latitude, city.longitude] for city in directory.listed(directory.current & ~bits)]
    body = {"path": reverse("cities:list"), "found": found, "others": others}
    return HttpResponse(json.dumps(body, ensure_ascii=False, separators=(",", ":")), content_type=TYPES["json"])


WRITERS = {"csv": _as_csv, "geojson": _as_geojson, "json": _as_json}


def export(cities: Iterable[Entry], form: str) -> HttpResponse:
    """The cities in one of the forms csv, geojson, json, to be saved as a file."""
    response = HttpResponse(WRITERS[form](cities), content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="cities.{form}"'
    return response
