"""Finds practices by words: their texts in the database, their places and the order of the results in memory."""

import re
from difflib import get_close_matches

from cities.directory import SHORTEST_GUESS
from cities.names import SHORT_WORD, fold
from exchange.catalogue import Catalogue
from exchange.models import PracticeWords, SearchWord

CLOSE = 0.7  # likeness (difflib) from which a misspelt word means a place
KEPT_SEARCHES = 200  # other pages, sorts and filters of a search look for the same


def search(catalogue: Catalogue, text: str) -> tuple[list[int], bool]:
    """What find() gives, or find_misspelt() if that is nothing, and whether it was misspelt. Looked for once."""
    kept = catalogue.searches
    found = kept.get(text)
    if found is None:
        best = find(catalogue, text)
        guessed = [] if best else find_misspelt(catalogue, text)
        if len(kept) >= KEPT_SEARCHES:
            kept.clear()
        found = kept[text] = best or guessed, bool(guessed)
    return found


def find(catalogue: Catalogue, text: str) -> list[int]:
    """The practices in which every word occurs, in either language, in any form of the word or inside another one; the
    name of the place or its country counts too. As bits, the best first: whose title begins so, whose place is called
    so, in whose title it occurs, all others."""
    return _found(catalogue, text, SearchWord.objects.holding(_words(text)))


def find_misspelt(catalogue: Catalogue, text: str) -> list[int]:
    """The same with words like those of the text, where no practice has a word that holds it."""
    words = [word for word in _words(text) if len(word) >= SHORTEST_GUESS]
    known, like = SearchWord.objects.holding(words), SearchWord.objects.like(words)
    meant = {
        word: known.get(word) or [*like.get(word, []), *get_close_matches(word, catalogue.place_words, cutoff=CLOSE)]
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
        saying = catalogue.bits_of(PracticeWords.objects.saying([word, *words]))
        found &= saying | _at_place(catalogue, word, set(words))
    return _ranked(catalogue, found, fold(text))


def _at_place(catalogue: Catalogue, typed: str, words: set[str]) -> int:
    """The practices of places whose name holds what was typed or has one of the words, and of countries whose name
    begins so."""
    bits = 0
    for code, names in catalogue.country_names.items():
        if any(name.startswith(typed) for name in names):
            bits |= catalogue.of("country", code)
    part = typed if len(typed) >= SHORT_WORD else f" {typed}"
    for key, called in catalogue.names.items():
        if part in called or not words.isdisjoint(called.split()):
            bits |= catalogue.of("place", key)
    return bits


def _ranked(catalogue: Catalogue, found: int, typed: str) -> list[int]:
    if not found:
        return []
    titles = catalogue.titles
    titled = [number for number in catalogue.unsorted(found) if typed in titles[number]]
    begun = catalogue.with_numbers(number for number in titled if f"\n{typed}" in titles[number])
    there = 0
    for key, called in catalogue.names.items():
        if f"\n {typed}\n" in called:
            there |= catalogue.of("place", key)
    tiers = [begun, found & there & ~begun, catalogue.with_numbers(titled) & ~there & ~begun]
    return [tier for tier in (*tiers, found & ~sum(tiers)) if tier]
