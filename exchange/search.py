"""Finds practices by words: their texts in the database, their places and the order of the results in memory."""

import re
from difflib import get_close_matches

from django.contrib.postgres.search import SearchQuery

from cities.directory import SHORTEST_GUESS
from cities.models.city import SHORT_WORD
from cities.names import fold
from exchange.catalogue import Catalogue, bits_with
from exchange.models import PracticeWords, SearchWord

CLOSE = 0.7  # likeness (difflib) from which a misspelt word means a place


def find(catalogue: Catalogue, text: str) -> list[int]:
    """The practices in which every word occurs, in either language, in any form of the word or inside another one; the
    name of the place or its country counts too. As bits, the best first: whose title begins so, whose place is called
    so, in whose title it occurs, all others."""
    return _found(catalogue, text, SearchWord.objects.holding(_words(text)))


def find_misspelt(catalogue: Catalogue, text: str) -> list[int]:
    """The same with words like those of the text, where no practice has a word that holds it."""
    words = [word for word in _words(text) if len(word) >= SHORTEST_GUESS]
    known, like = SearchWord.objects.holding(words), SearchWord.objects.like(words)
    of_places = sorted({word for names in catalogue.names.values() for name in names for word in name.split()})
    meant = {
        word: known.get(word) or [*like.get(word, []), *get_close_matches(word, of_places, cutoff=CLOSE)]
        for word in words
    }
    return _found(catalogue, text, meant)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text))


def _found(catalogue: Catalogue, text: str, meant: dict[str, list[str]]) -> list[int]:
    """`meant`: the words to look for, by the typed ones."""
    if not meant:
        return []
    found = catalogue.everything
    for word, words in meant.items():
        found &= _with_words(catalogue, [word, *words]) | _at_place(catalogue, word, set(words))
    return _ranked(catalogue, found, fold(text))


def _with_words(catalogue: Catalogue, words: list[str]) -> int:
    any_of = " | ".join(words)
    query = SearchQuery(any_of, search_type="raw", config="german") | SearchQuery(
        any_of, search_type="raw", config="english"
    )
    rows = PracticeWords.objects.filter(words=query).order_by()
    return catalogue.bits_of(rows.values_list("practice", flat=True))


def _at_place(catalogue: Catalogue, typed: str, words: set[str]) -> int:
    """The practices of places whose name holds what was typed or has one of the words, and of countries whose name
    begins so."""
    bits = 0
    for code, names in catalogue.country_names.items():
        if any(name.startswith(typed) for name in names):
            bits |= catalogue.of("country", code)
    for key, names in catalogue.names.items():
        if any(_says(name, typed) or not words.isdisjoint(name.split()) for name in names):
            bits |= catalogue.of("place", key)
    return bits


def _says(name: str, typed: str) -> bool:
    return typed in name if len(typed) >= SHORT_WORD else any(word.startswith(typed) for word in name.split())


def _ranked(catalogue: Catalogue, found: int, typed: str) -> list[int]:
    tiers: list[list[int]] = [[], [], [], []]
    for number in catalogue.numbers(found, "published"):
        line = catalogue.line(number)
        if line.title_de.startswith(typed) or line.title_en.startswith(typed):
            tier = 0
        elif typed in {line.place_de, line.place_en}:
            tier = 1
        elif typed in line.title_de or typed in line.title_en:
            tier = 2
        else:
            tier = 3
        tiers[tier].append(number)
    return [bits_with(tier) for tier in tiers if tier]
