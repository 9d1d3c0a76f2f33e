"""What has changed between two contents of an application: a version submitted before and now, or signed and now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.freezing import File
from applications.shown import a_day, shown
from applications.word_differences import Piece, differences, own_words

type Content = Mapping[str, Any]  # as freezing.File.content and .covered


@dataclass(frozen=True)
class Change:
    """One thing that differs: both texts, in pieces that are `same`, or `gone` in the old and `new` in the new one; a
    side without pieces was empty. `section` and `question` are keys, empty where it is not about an answer."""

    label: str
    old: list[Piece]
    new: list[Piece]
    section: str = ""
    question: str = ""


def with_all_documents(file: File) -> File:
    """The same application with removed documents too, which an earlier content may name. One query."""
    return replace(file, documents={one.pk: one for one in file.application.documents.all()})


def changes(file: File, old: Content, new: Content) -> list[Change]:
    """What differs, in the order of the questions, then everything else. Both are contents of the same application;
    the questions are those of its pack now, and `file` has all its documents (`with_all_documents`)."""
    found = []
    for key, question in file.pack.questions.items():
        before, after = old["answers"].get(key), new["answers"].get(key)
        if before != after:
            sides = _sides(str(shown(question, before, file)), str(shown(question, after, file)))
            found.append(Change(str(question.label), *sides, section=file.pack.section_of[key].key, question=key))
    for label, (before, after) in _besides(file, old, new):
        if before != after:
            found.append(Change(label, *_sides(before, after)))
    return found


def _sides(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    pieces = differences(old, new)
    return own_words(pieces, "gone"), own_words(pieces, "new")


def _besides(file: File, old: Content, new: Content) -> list[tuple[str, tuple[str, str]]]:
    language = (get_language() or "de")[:2]

    def both(*path: str) -> tuple[str, str]:
        return _at(old, *path), _at(new, *path)

    rows = [
        (_("City"), both("city", "name", language)),
        (_("Call"), both("call", "title", language)),
        (_("Version of the questions"), both("pack", "version")),
        (_("Statement"), both("pledge", language)),
    ]
    return rows + [
        (str(link.role), (_signatures(old, link.key), _signatures(new, link.key))) for link in file.pack.endorsements
    ]


def _at(content: Content, *path: str) -> str:
    found: Any = content
    for key in path:
        found = found.get(key, {})
    return str(found) if found else ""


def _signatures(content: Content, link: str) -> str:
    return "\n".join(
        _("signed on %(day)s by %(name)s") % {"day": a_day(one["signed_on"]), "name": one["signatory"]}
        for one in content.get("endorsements", [])
        if one["link"] == link
    )
