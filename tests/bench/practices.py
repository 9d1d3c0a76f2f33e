"""50,000 practices: the real ones recombined over all cities, with words of every frequency; and who changes one."""

import random
import time
import tracemalloc
from collections.abc import Iterator
from itertools import batched, count, product
from typing import Any

from django.test import Client
from django.utils import timezone

from cities.models import City, Country
from exchange.models import Money, Partners, Practice, Programme, Stage, Theme, TransferStep
from exchange.models.theme import GOALS
from network.models import Network
from tests.bench.rows import Row, practice_filters

PRACTICES = 50_000
AT_ONCE = 1_000  # rows in one statement
SYLLABLES = ("ba", "den", "fur", "gol", "her", "kan", "lim", "mos", "nat", "rup", "sel", "tor", "vin", "wes", "zal")
WORDS = ["".join(parts) for parts in product(SYLLABLES, repeat=3)]  # invented: the n-th is n times as rare as the first
WEIGHTS = [1 / place for place in range(1, len(WORDS) + 1)]


def fill(practices: int = PRACTICES) -> None:
    """Texts of about 200 words a language; a fifth is told in one language only, a hundred of a thousand were tried
    elsewhere. The triggers that keep their words do so row by row, which takes most of the time."""
    rng = random.Random(1)
    models = list(Practice.objects.all())
    cities, countries = list(City.objects.filter(is_demo=False)), list(Country.objects.all())
    programmes, networks = [None, *Programme.objects.all()], list(Network.objects.all())
    stages = [stage for stage in TransferStep.Stage.values if stage != TransferStep.Stage.DROPPED]
    for numbers in batched(range(practices), AT_ONCE):
        made = Practice.objects.bulk_create(
            _practice(number, rng.choice(models), rng, cities, countries, programmes) for number in numbers
        )
        through = Practice.networks.through._default_manager
        through.bulk_create(
            through.model(practice=one, network=rng.choice(networks)) for one in rng.sample(made, len(made) // 5)
        )
        TransferStep.objects.bulk_create(
            TransferStep(practice=one, city=rng.choice(cities), stage=rng.choice(stages), language="de")
            for one in rng.sample(made, len(made) // 10)
        )


def _practice(
    number: int, model: Practice, rng: random.Random, cities: list[City], countries: list[Country],
    programmes: list[Programme | None],
) -> Practice:  # fmt: skip
    only = rng.random() < 0.2
    city = rng.choice(cities) if rng.random() < 0.95 else None
    name = city.name_de if city else f"Region {number % 500}"
    year = rng.choice([None, *range(1995, 2026)])
    texts = {"title_de": f"{model.title_de} in {name}", "title_en": f"{model.title_en} in {name}"}
    texts |= {"summary_de": model.summary_de or "", "summary_en": model.summary_en or ""}
    for part in ("problem", "measures"):
        text = " ".join(rng.choices(WORDS, WEIGHTS, k=100))
        texts |= {f"{part}_de": text, f"{part}_en": "" if only else text}
    practice = Practice(
        slug=f"bench-{number}", city=city, authority="" if city else name, country=None if city else countries[0],
        original_language="de" if only else "both", theme=rng.choice(Theme.values), first_year=year,
        goals=rng.sample(list(GOALS), rng.randrange(4)), stage=rng.choice(["", *Stage.values]),
        money=rng.choice(["", *Money.values]), partners=rng.choice(["", "", *Partners.values]),
        programme=rng.choice(programmes), source_url="https://example.org/", published_at=timezone.now(), **texts,
    )  # fmt: skip
    practice.prepare()
    return practice


def _searches(words: list[str]) -> Iterator[str]:
    for turn in count():
        yield from (f"/de/practices/?q={word}&turn={turn}" for word in words)


def rows(size: str) -> list[Row]:
    """The list of practices in every form, each address asked for the first time."""
    middle, broad = WORDS[100:1500], ["stadt", "und", *WORDS[:20]]
    return [
        Row(f"exchange {size}, unfiltered", cold=_searches([""])),
        Row(f"exchange {size}, filtered", cold=practice_filters()),
        Row(f"exchange {size}, map", cold=practice_filters(view="map")),
        Row(f"exchange {size}, map points", cold=practice_filters(format="points")),
        Row(f"exchange {size}, word", cold=_searches(middle)),
        Row(f"exchange {size}, broad word", cold=_searches(broad)),
        Row(f"exchange {size}, misspelt", cold=_searches([f"{word}ss" for word in middle])),
        Row(f"exchange {size}, feed", cold=practice_filters(format="atom")),
    ]


def edit(turn: int) -> None:
    """What a team does that changes its entry."""
    practice = Practice.objects.order_by("pk")[turn]
    practice.theme = Theme.values[turn % len(Theme.values)]
    practice.save()


def memory_of_files() -> list[dict[str, object]]:
    """How long a file is, how long it takes, and the memory it takes at its highest, of some practices and of all."""
    found = []
    for form, query in product(("csv", "json"), ("year=2020&theme=health", "")):
        client = Client()
        tracemalloc.start()
        begun = time.perf_counter()
        file: Any = client.get(f"/de/practices/?format={form}&{query}", secure=True)
        size = sum(len(part) for part in file.streaming_content)
        seconds, peak = time.perf_counter() - begun, tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        found.append(
            {"file": f"{form} {query}", "kb": size // 1000, "s": round(seconds, 1), "mb": round(peak / 1e6, 1)}
        )
    return found
