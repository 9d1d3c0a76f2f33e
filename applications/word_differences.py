"""What has changed between two texts, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

TOKEN = re.compile(r"\n|[^\S\n]+|\S+")
MOST_TOKENS = 6000  # beyond this, comparing takes seconds: the whole text counts as changed


@dataclass(frozen=True)
class Piece:
    """Some words: `same`, `gone` or `new`."""

    kind: str
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """The pieces from which both texts can be read: same and gone give the old one, same and new the new one."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    if len(before) + len(after) > MOST_TOKENS:
        return [Piece(kind, text) for kind, text in (("gone", old), ("new", new)) if text]
    return list(_joined(_pieces(before, after)))


def _pieces(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for tag, start, end, start_new, end_new in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[start:end]))
            continue
        if end > start:
            yield Piece("gone", "".join(before[start:end]))
        if end_new > start_new:
            yield Piece("new", "".join(after[start_new:end_new]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """A lone space between two changes belongs to them: "one two" for "three four" is one change, not three."""
    run: list[Piece] = []
    listed = list(pieces)
    for place, piece in enumerate(listed):
        inside = 0 < place < len(listed) - 1
        if piece.kind == "same" and not (inside and run and re.fullmatch(r"[^\S\n]+", piece.text)):
            yield from _merged(run)
            run = []
            yield piece
        else:
            run.append(piece)
    yield from _merged(run)


def _merged(run: list[Piece]) -> Iterator[Piece]:
    for kind in ("gone", "new"):
        text = "".join(piece.text for piece in run if piece.kind in {kind, "same"})
        if any(piece.kind == kind for piece in run):
            yield Piece(kind, text)


def own_words(pieces: Sequence[Piece], side: str) -> list[Piece]:
    """One of the two texts alone, with what only it says: `side` is "gone" for the old one, "new" for the new one."""
    return [
        Piece(kind, "".join(piece.text for piece in group))
        for kind, group in groupby(
            (piece for piece in pieces if piece.kind in {"same", side}), key=lambda one: one.kind
        )
    ]
