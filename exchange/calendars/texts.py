"""Words of a calendar as plain text for everybody: no HTML, no address of a meeting, nothing invisible."""

import html
import re
import unicodedata

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.validators import URLValidator
from django.utils.html import strip_tags

SUMMARY, TITLE = 600, 200  # characters
READ = 10_000
ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
BREAKS = re.compile(r"<(?:br|/p|/div|/li|/tr|/h\d)\b[^>]{0,200}>", re.IGNORECASE)
# From such a line on, an invitation tells how to dial in.
DIALS_IN = re.compile(
    r"^\s*(?:[-_=~*:─━—]{5,}|.*\b(?:meeting[- ]?id|passcode|kenncode|kennwort|passwort|password|dial[- ]?in"
    r"|one tap mobile|einwahl|join (?:zoom|with google|on your computer)|microsoft teams)\b)",
    re.IGNORECASE,
)
is_address = URLValidator(schemes=["https", "http"])


def plain(text: str) -> str:
    """Without tags, with the characters that entities mean, without what cannot be seen; line breaks stay."""
    text = text[:READ]
    if "<" in text:
        try:
            text = strip_tags(BREAKS.sub("\n", text))
        except SuspiciousOperation:
            text = text.replace("<", " ").replace(">", " ")
    text = html.unescape(text).replace("\r", "\n").replace("\xa0", " ")
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    return re.sub(r"\n{3,}", "\n\n", "\n".join(" ".join(line.split()) for line in text.split("\n"))).strip()


def shortened(text: str, most: int) -> str:
    """At most so many characters, ending with a whole word."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(None, 1)[0].rstrip(" ,;:.") + "…"


def title(text: str) -> str:
    return shortened(" ".join(plain(text).split()), TITLE)


def summary(text: str) -> str:
    """The beginning of a description, up to where it tells how to dial in, and without web addresses."""
    kept: list[str] = []
    for line in plain(text).split("\n"):
        if DIALS_IN.match(line):
            break
        kept.append(" ".join(ADDRESS.sub("", line).split()))
    return shortened(re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip(), SUMMARY)


def meeting_address(*places: str) -> str:
    """The first web address in these properties; empty where there is none that can be opened."""
    for place in places:
        for found in ADDRESS.finditer(plain(place)):
            address = found[0].rstrip(".,;)")
            try:
                is_address(address)
            except ValidationError:
                continue
            if len(address) <= 500:
                return address
    return ""
