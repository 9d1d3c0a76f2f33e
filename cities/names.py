"""Names of places made comparable: for search in both languages, and for the order of lists."""

import unicodedata

SHORT_WORD = 3  # letters from which a word is looked for inside others
# Letters that Unicode does not take apart into a base letter and a mark.
BASE_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a", "ħ": "h"}
    | dict.fromkeys("’‘ʻʼ'`´", "")
    | dict.fromkeys("-–—/(),.|", " ")
)
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def fold(text: str) -> str:
    """Lower case, without diacritics and punctuation: `Köln` and `koln` become the same.

    German umlauts lose their dots (DIN 5007-1), å sorts under a, ö under o, ł under l: the alphabet of both
    languages of the portal, whatever the language of the name.
    """
    lower = text.lower().replace("i̇", "i")
    plain = "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
    return " ".join(plain.translate(BASE_LETTERS).split())


def wanted_parts(text: str) -> list[tuple[str, ...]]:
    """What City.search_text holds where somebody means the city by this text: for each word one of these. One or two
    letters count only where a word begins."""
    return [(word,) if len(word) >= SHORT_WORD else (f"|{word}", f" {word}") for word in fold(text).split()]


def spellings(*names: str) -> list[str]:
    """Every way a name may be typed: without marks, and with ae, oe, ue for umlauts (Muenchen)."""
    found = dict.fromkeys(
        folded for name in names if name for folded in (fold(name), fold(name.lower().translate(UMLAUTS)))
    )
    return [name for name in found if name]
