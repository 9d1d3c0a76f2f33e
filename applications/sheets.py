"""The page that a link of the chain of endorsers signs: what stands on it, and where the application is with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from applications.answers import Value
from applications.changes import Change, changes, with_all_documents
from applications.completeness import Gap, gaps
from applications.freezing import File
from applications.models import Endorsement
from applications.pack import Endorsement as Link
from applications.pack import Question, Section, Text, fingerprint

LABELS: dict[str, Promise] = {
    "title": gettext_lazy("Signing page"),
    "city": gettext_lazy("City"),
    "call": gettext_lazy("Call"),
    "network": gettext_lazy("Network"),
    "questions": gettext_lazy("Version of the questions"),
    "number": gettext_lazy("Application no."),
    "prepared": gettext_lazy("Prepared"),
    "pledge": gettext_lazy("Statement"),
    "covered": gettext_lazy("What is signed"),
    "answers": gettext_lazy("Answers"),
    "documents": gettext_lazy("Documents"),
    "fingerprint": gettext_lazy("Fingerprint (SHA-256)"),
    "code": gettext_lazy("Code"),
    "place": gettext_lazy("Place, date"),
    "name": gettext_lazy("Name"),
    "office": gettext_lazy("Official title"),
    "signature": gettext_lazy("Signature"),
    "stamp": gettext_lazy("Official stamp"),
}


def labels() -> dict[str, Text]:
    """The words printed on a sheet, in both languages."""
    said: dict[str, dict[str, str]] = {key: {} for key in LABELS}
    for language in ("de", "en"):
        with override(language):
            for key, label in LABELS.items():
                said[key][language] = str(label)
    return {key: Text(**words) for key, words in said.items()}


@dataclass(frozen=True)
class Sheet:
    """One prepared sheet, as it was frozen."""

    endorsement: Endorsement
    file: File

    @property
    def covered(self) -> dict[str, Any]:
        content: dict[str, Any] = self.endorsement.covered
        return content

    @property
    def pledge(self) -> Text:
        return Text(**self.covered["pledge"])

    @property
    def call_title(self) -> Text:
        return Text(**self.covered["call"]["title"])

    @property
    def city_name(self) -> Text:
        return Text(**self.covered["city"]["name"])

    @cached_property
    def whole_file(self) -> File:
        """With all documents the application ever had, so that those of the sheet can be named."""
        return with_all_documents(self.file)

    @cached_property
    def sections(self) -> list[tuple[Section, list[tuple[Question, Value]]]]:
        """The sections it covers with the questions that were answered, in order."""
        found: list[tuple[Section, list[tuple[Question, Value]]]] = []
        for section in self.file.pack.sections.values():
            answered = [
                (question, self.covered["answers"][question.key])
                for question in section.questions
                if question.key in self.covered["answers"]
            ]
            if answered:
                found.append((section, answered))
        return found


@dataclass(frozen=True)
class Signing:
    """Where the application is with one link: given or not, still current or not, and what is in the way."""

    link: Link
    file: File
    given: Endorsement | None
    prepared: Sequence[Endorsement]  # those without signature, latest first

    @property
    def is_current(self) -> bool:
        return self.given is not None and self.file.is_current(self.given)

    @property
    def needs_renewal(self) -> bool:
        return self.given is not None and not self.is_current

    @cached_property
    def sheet(self) -> Endorsement | None:
        """The prepared sheet that says what the application says now, if there is one."""
        now = fingerprint(self.file.covered(self.link))
        return next((one for one in self.prepared if one.sha256 == now), None)

    @cached_property
    def changes(self) -> list[Change]:
        """What has changed since it was signed."""
        if self.given is None or self.is_current:
            return []
        return changes(with_all_documents(self.file), self.given.covered, self.file.covered(self.link))

    @cached_property
    def sections(self) -> list[Section]:
        """What is signed."""
        return [self.file.pack.sections[key] for key in self.file.sections_of(self.link)]

    @cached_property
    def gaps(self) -> list[Gap]:
        """What is missing still in the parts that are signed: filling it in later means signing anew."""
        keys = {section.key for section in self.sections}
        return [gap for gap in gaps(self.file) if gap.section in keys]


def signing(file: File, link: Link) -> Signing:
    """Two queries, whatever the number of sheets."""
    rows = list(file.application.endorsements.filter(link=link.key).select_related("document", "recorded_by"))
    given = next((one for one in rows if one.is_given), None)
    return Signing(link, file, given, [one for one in rows if not one.is_given])
