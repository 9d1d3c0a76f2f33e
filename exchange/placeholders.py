"""Finds text that only fills a place: `lorem ipsum`, `test`, `aaaaaa`. Such text is saved, but never published."""

import re

from cities.names import fold

FILLERS = re.compile(
    r"\b(lorem ipsum|dolor sit amet|consectetur adipiscing|blindtext|platzhaltertext|placeholder text)\b"
)
REPEATED = re.compile(r"([^\W\d_])\1{4,}")  # no word of either language has five of one letter in a row
ALONE = re.compile(
    r"((dies ist |das ist |this is )?(nur |only |just )?(ein |a )?"
    r"(test|tests|testing|probe|foo|bar|foobar|asdf\w*|qwer\w*|xyz|abc|bla|blah|todo|tbd|platzhalter|placeholder)[\s\d!?:]*)+"
)


def placeholder_in(text: str) -> str:
    """What in the text only fills a place, as typed or nearly so; empty where nothing does.

    A word such as “test” counts only where it is the whole text: a practice may be about tests.
    """
    if repeated := REPEATED.search(text):
        return repeated[0]
    folded = fold(text)
    if found := FILLERS.search(folded):
        return found[0]
    return text.strip()[:40] if folded and ALONE.fullmatch(folded) else ""
