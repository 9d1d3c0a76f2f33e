"""Finds text that only fills a place: `lorem ipsum`, `test`, `aaaaaa`. Such text is saved, but never published."""

import re

from cities.names import fold
from network.visible import visible

FILLERS = re.compile(
    r"\b(lorem ipsum|dolor sit amet|consectetur adipiscing|blindtext|platzhaltertext|placeholder text)\b"
)
REPEATED = re.compile(r"([^\W\d_])\1{4,}")  # no word of either language has five of one letter in a row
ALONE = re.compile(
    r"((dies ist |das ist |this is )?(nur |only |just )?(ein |a )?"
    r"(test|tests|testing|probe|foo|bar|foobar|asdf\w*|qwer\w*|xyz|abc|bla|blah|todo|tbd|platzhalter|placeholder)[\s\d!?:]*)+"
)
# Letters of other alphabets that stand in for the Latin ones they look like, and digits that do.
LOOKALIKES = str.maketrans("асеорхуіјѕԁһӏкмтвнαβεικνορτυχ", "aceopxyijsdhlkmtbhabeiknoptux")
DIGITS = str.maketrans("0134@$", "oieaas")


def placeholder_in(text: str) -> str:
    """What in the text only fills a place, as typed or nearly so; empty where nothing does. Letters that only look like
    Latin ones, and signs that nobody sees, deceive nobody.

    A word such as “test” counts only where it is the whole text: a practice may be about tests.
    """
    seen = visible(text)
    if repeated := REPEATED.search(seen) or REPEATED.search(seen.lower().translate(LOOKALIKES)):
        return repeated[0]
    folded = fold(seen)
    latin = folded.translate(LOOKALIKES)
    if found := FILLERS.search(latin) or FILLERS.search(latin.translate(DIGITS)):
        return found[0]
    return seen.strip()[:40] if latin and (ALONE.fullmatch(folded) or ALONE.fullmatch(latin)) else ""
