"""Text as others see it: without signs that show nothing, turn the direction of writing around, or flood a line."""

import re

# Controls but tab and line ends; soft hyphens; marks, embeddings and overrides of direction; word joiners; tags; others
# of Unicode's format characters that no text of the portal needs.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")  # letters and patterns that look like a space
# Persian, Indian scripts and emoji join signs or hold them apart: one such sign between two others is meant.
JOINERS = re.compile("[\u200c\u200d]+")
STRAY_JOINER = re.compile(r"(?<!\S)[\u200c\u200d]|[\u200c\u200d](?!\S)")
MARKS = re.compile("([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})"
                   "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip
EMPTY_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*){2,}")


def visible(text: str) -> str:
    """The text without what nobody sees, with at most three marks on a letter and one empty line in a row."""
    seen = BLANK.sub(" ", UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    seen = STRAY_JOINER.sub("", JOINERS.sub(lambda found: found[0][0], seen))
    return EMPTY_LINES.sub("\n\n", MARKS.sub(r"\1", seen))
