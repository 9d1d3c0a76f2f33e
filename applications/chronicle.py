"""The history of one answer: each person's stretch of work on it, with what it changed."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from applications.freezing import File
from applications.models import AnswerVersion, Document
from applications.pack import Question
from applications.shown import shown
from applications.word_differences import Piece, differences

STRETCH = datetime.timedelta(minutes=10)


@dataclass(frozen=True)
class Stretch:
    """What one person wrote within ten minutes: the first and the last version, the last of which counts, in words."""

    first: AnswerVersion
    last: AnswerVersion
    text: str
    before: str  # the text of the stretch before
    is_present: bool

    @property
    def version(self) -> int:
        return self.last.version

    @cached_property
    def pieces(self) -> list[Piece]:
        """What it changed."""
        return differences(self.before, self.text)


def stretches(question: Question, file: File, versions: Iterable[AnswerVersion]) -> list[Stretch]:
    """The history, latest first. `versions` come in any order, each with its person.

    Another person begins a new stretch, and so does a loss: where more than half of the text goes, what was there
    before stands by itself, to be restored.
    """
    found: list[Stretch] = []
    for version in sorted(versions, key=lambda one: one.version):
        text = in_words(question, file, version)
        last = found[-1] if found else None
        if last and _goes_on(last, version) and len(text) * 2 >= len(last.text):
            found[-1] = replace(last, last=version, text=text)
        else:
            found.append(Stretch(version, version, text, before=last.text if last else "", is_present=False))
    if found:
        found[-1] = replace(found[-1], is_present=True)
    return found[::-1]


def _goes_on(stretch: Stretch, version: AnswerVersion) -> bool:
    return stretch.first.by_id == version.by_id and version.at - stretch.first.at <= STRETCH


def in_words(question: Question, file: File, version: AnswerVersion) -> str:
    """A version as plain text in the reader's language."""
    return str(shown(question, version.value, file))


def with_removed(file: File) -> File:
    """The same application with the documents that were removed since: an earlier answer may name them."""
    documents = {one.pk: one for one in Document.objects.filter(application=file.application)}
    return File(file.application, file.answers, documents, file.endorsements)
