"""What is measured: the pages, warm (asked again and again) and cold (an address nobody has asked for before)."""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, product
from urllib.parse import urlencode

from django.conf import settings

from cities.models import WorldRegion
from exchange.models import Money, Stage, Theme
from exchange.models.theme import GOALS

DRAWN_ANEW = {"X-Bench": "cold"}  # neither the page nor a row or map in it is kept, see wsgi.py


@dataclass
class Row:
    """One line of the table. `cold` gives ever new addresses instead of `path`; `at_most` is the target."""

    name: str
    path: str = ""
    at_most: float | None = None
    cold: Iterator[str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    unchanged: bool = False  # ask with the ETag of the page: 304


def _cities() -> list[dict[str, str]]:
    with (settings.BASE_DIR / "cities" / "data" / "cities.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _combinations(**fixed: str) -> Iterator[str]:
    """Addresses of the directory with a full page of results each, in an order that is random but always the same."""
    extra = "".join(f"&{name}={value}" for name, value in fixed.items())
    all_ = list(
        product(("de", "en"), range(1985, 2013), range(2017, 2027), ("name", "since", "population"), range(1, 7))
    )
    random.Random(1).shuffle(all_)
    for turn in count():
        for language, first, last, sort, page in all_:
            again = f"&turn={turn}" if turn else ""
            yield (
                f"/{language}/cities/?since_from={first}&since_to={last}&since_unknown=1&sort={sort}&page={page}"
                f"{extra}{again}"
            )


def _searches() -> Iterator[str]:
    """The beginnings of all cities' names."""
    starts = sorted({city["name_en"][:length] for city in _cities() for length in (3, 4, 5, 6)})
    starts = [start for start in starts if start.isascii() and start.isalpha()]
    random.Random(1).shuffle(starts)
    for turn in count():
        yield from (f"/de/cities/?q={start}&turn={turn}" for start in starts)


def practice_filters(**fixed: str) -> Iterator[str]:
    """Addresses of the list of practices with one to four filters each, in an order that is random but always the same;
    two differ at least in what the portal does not read."""
    rng = random.Random(1)
    choices: dict[str, list[str]] = {
        "theme": list(Theme.values), "goal": [str(goal) for goal in GOALS], "region": list(WorldRegion.values),
        "country": ["DE", "FR", "IT", "JP", "BR", "CN"], "network": ["gnlc", "uccn", "metropolis", "uclg", "c40"],
        "population": ["under-100k", "100k-500k", "1m-5m"], "year": [str(year) for year in range(1995, 2026)],
        "stage": list(Stage.values), "money": list(Money.values), "language": ["de", "en"], "adopted": ["adapted"],
    }  # fmt: skip
    for turn in count():
        names = rng.sample(sorted(choices), rng.randrange(1, 5))
        chosen = [(name, value) for name in names for value in rng.sample(choices[name], min(2, len(choices[name])))]
        sort = rng.choice(["new", "title", "place"])
        query = urlencode([*chosen, ("sort", sort), *fixed.items(), ("turn", turn)])
        yield f"/{rng.choice(['de', 'en'])}/practices/?{query}"


def _in_turn(prefix: str, slugs: list[str]) -> Iterator[str]:
    """Each page with an addition to its address, so that none is kept."""
    for turn in count():
        yield from (f"{prefix}{slug}/?turn={turn}" for slug in slugs)


def rows() -> list[Row]:
    cities = [city["slug"] for city in _cities()]
    random.Random(1).shuffle(cities)
    networks = ["gnlc", "uccn", "metropolis", "uclg", "c40"]
    filtered = "/de/cities/?network=gnlc&network=uccn&region=europe"
    return [
        Row("directory, warm", "/de/cities/", 6),
        Row("directory, filtered, warm", filtered, 6),
        Row("directory, cold", cold=_combinations(), headers=DRAWN_ANEW, at_most=20),
        Row("directory, rows kept", cold=_combinations(status="active")),
        Row("directory, 304", "/de/cities/", 2, unchanged=True),
        Row("search, warm", "/de/cities/?q=berlin", 6),
        Row("search, cold", cold=_searches(), headers=DRAWN_ANEW, at_most=20),
        Row("table, warm", "/de/cities/?view=table", 6),
        Row("table, cold", cold=_combinations(view="table"), headers=DRAWN_ANEW, at_most=20),
        Row("map view, warm", "/de/cities/?view=map", 6),
        Row("map view, cold", cold=_combinations(view="map"), headers=DRAWN_ANEW, at_most=20),
        Row("city, warm", "/de/cities/buenos-aires/", 6),
        Row("city, cold", cold=_in_turn("/de/cities/", cities)),
        Row("city, 304", "/de/cities/buenos-aires/", 2, unchanged=True),
        Row("network, warm", "/de/networks/gnlc/", 6),
        Row("network, cold", cold=_in_turn("/de/networks/", networks)),
        Row("network, 304", "/de/networks/gnlc/", 2, unchanged=True),
        Row("home", "/de/"),
        Row("Germany", "/de/germany/"),
        Row("list of networks", "/de/networks/"),
        Row("news", "/de/news/"),
        Row("easy language", "/de/easy-language/"),
        Row("export CSV", "/de/cities/?format=csv"),
        Row("export GeoJSON", "/de/cities/?format=geojson"),
        Row("export JSON", "/de/cities/?format=json"),
        Row("export CSV, cold", cold=_combinations(format="csv")),
    ]
