"""The history of one application in words: what happened and who did it, submissions, documents, letters."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from applications import letters
from applications.case_facts import Facts, Row, called
from applications.changes import Change, changes
from applications.freezing import File
from applications.models import Application, Document, Event, Extension, Outcome, Submission
from applications.models.document import SHEETS
from applications.moments import in_words
from applications.pack import Question, Section
from applications.permissions import may_read_inside, roles_of
from applications.shown import a_day
from applications.workflow import Channel, Role, State
from network.models import Letter, User

# The city's own work on a draft: nobody's business outside its team.
INSIDE = (
    Event.Kind.DOCUMENT_ADDED,
    Event.Kind.DOCUMENT_REMOVED,
    Event.Kind.SHEET_PREPARED,
    Event.Kind.ENDORSED,
    Event.Kind.RESTORED,
)


@dataclass(frozen=True)
class Entry:
    """One event: what, more about it, who and as what, and the words that were left with it."""

    at: datetime.datetime
    what: str
    more: str
    who: str
    role: str
    note: str
    is_move: bool


def entries(facts: Facts, reader: User) -> list[Entry]:
    """All events, latest first; without the city's own work for whoever is not of its team."""
    return told(facts, inside=may_read_inside(reader, facts.application))


def told(facts: Facts, *, inside: bool) -> list[Entry]:
    """The same, `inside` with the city's own work."""
    teller = _Teller(facts.application, facts.documents)
    return [_entry(event, teller) for event in facts.events if inside or not _is_inside(event)]


def _is_inside(event: Row) -> bool:
    return event["kind"] in INSIDE and event["role"] in {Role.EDITOR, Role.LEAD}


def asks(facts: Facts) -> Entry | None:
    """What was asked for, in the words of the coordination, while the application is returned."""
    if facts.application.state != State.RETURNED:
        return None
    returned = next((event for event in facts.events if event["kind"] == Event.Kind.RETURN), None)
    return _entry(returned, _Teller(facts.application, [])) if returned else None


def asked_questions(application: Application) -> list[tuple[Section, Question]]:
    """The questions a returned application leaves open, in order."""
    pack = application.pack
    return [(pack.section_of[key], pack.questions[key]) for key in pack.questions if key in application.returned_parts]


def _entry(event: Row, teller: "_Teller") -> Entry:
    return Entry(
        at=datetime.datetime.fromisoformat(event["at"]),
        what=str(Event.Kind(event["kind"]).label),
        more=teller.more(event["kind"], event["data"]),
        who=called(event["actor"]) if event["actor"] else _("the portal"),
        role=_role_name(event["role"]) if event["actor"] else "",
        note=_words(event),
        is_move=bool(event["new"]),
    )


def _words(event: Row) -> str:
    """As EventNote.words."""
    note, outcome = event["note"], event["outcome"]
    if note is None:
        return ""
    if note["erased_at"]:
        return _("These words were erased.")
    return Outcome(**outcome).reason if outcome else str(note["text"])


def _role_name(role: str) -> str:
    names = {
        Role.EDITOR: _("for the city"),
        Role.LEAD: _("for the city"),
        Role.COORDINATOR: _("coordination"),
        Role.REVIEWER: _("reviewer"),
    }
    return names.get(Role(role), "")


class _Teller:
    """What the particulars of an event say to a reader."""

    def __init__(self, application: Application, documents: Iterable[Document]) -> None:
        self.application = application
        self.documents = {one.pk: one for one in documents}
        self.links = {link.key: str(link.role) for link in application.pack.endorsements}

    def more(self, kind: str, data: Mapping[str, Any]) -> str:
        told = TOLD.get(kind)
        return told(self, data) if told else ""

    def moment(self, iso: str) -> str:
        return in_words(datetime.datetime.fromisoformat(iso), self.application.call.zone_info) if iso else ""

    def label(self, key: str) -> str:
        question = self.application.pack.questions.get(key)
        return str(question.label) if question else key

    def document(self, data: Mapping[str, Any]) -> str:
        document = self.documents.get(data.get("document", 0))
        name = document.name if document else _("a document")
        return _("%(name)s, for “%(question)s”") % {"name": name, "question": self.label(str(data.get("question", "")))}

    def link(self, data: Mapping[str, Any]) -> str:
        return self.links.get(str(data.get("link")), str(data.get("link", "")))

    def submission(self, data: Mapping[str, Any]) -> str:
        return _("number %(number)s") % {"number": data.get("receipt", "")}

    def returned(self, data: Mapping[str, Any]) -> str:
        parts = data.get("parts", [])
        sentence = ngettext("%(count)s part, until %(until)s", "%(count)s parts, until %(until)s", len(parts))
        return sentence % {"count": len(parts), "until": self.moment(data.get("until", ""))}

    def late(self, data: Mapping[str, Any]) -> str:
        return _("until %(moment)s") % {"moment": self.moment(data.get("until", ""))}

    def deadline(self, data: Mapping[str, Any]) -> str:
        label = Extension.Deadline(data["deadline"]).label
        return _("%(deadline)s: %(moment)s") % {"deadline": label, "moment": self.moment(data["new"])}

    def pack(self, data: Mapping[str, Any]) -> str:
        sentence = _("version %(number)s") if data.get("follows") else _("version %(number)s, not for this application")
        return sentence % {"number": data.get("number", "")}

    def forwarded(self, data: Mapping[str, Any]) -> str:
        if not data:
            return ""
        return _("%(day)s, by %(channel)s") % {"day": a_day(data["on"]), "channel": Channel(data["channel"]).label}

    def result(self, data: Mapping[str, Any]) -> str:
        if not data.get("on"):
            return ""
        return _("decided on %(day)s; source: %(source)s") % {"day": a_day(data["on"]), "source": data["source"]}

    def restored(self, data: Mapping[str, Any]) -> str:
        return self.label(str(data.get("question", "")))


TOLD: dict[str, Callable[[_Teller, Mapping[str, Any]], str]] = {
    Event.Kind.DOCUMENT_ADDED: _Teller.document,
    Event.Kind.DOCUMENT_REMOVED: _Teller.document,
    Event.Kind.SHEET_PREPARED: _Teller.link,
    Event.Kind.ENDORSED: _Teller.link,
    Event.Kind.SUBMIT: _Teller.submission,
    Event.Kind.RETURN: _Teller.returned,
    Event.Kind.LATE_ALLOWED: _Teller.late,
    Event.Kind.DEADLINE_MOVED: _Teller.deadline,
    Event.Kind.PACK_CHANGED: _Teller.pack,
    Event.Kind.RESTORED: _Teller.restored,
    Event.Kind.FORWARD: _Teller.forwarded,
    Event.Kind.ADMIT: _Teller.result,
    Event.Kind.NOT_ADMIT: _Teller.result,
}


@dataclass(frozen=True)
class LetterEntry:
    """One letter and how many people got it: the reader's own, or one in their language where there is one."""

    letter: Letter
    readers: int


def letters_of(facts: Facts, reader: User) -> list[LetterEntry]:
    """The letters about it, latest first, each once; the city's team does not read what went to the coordination."""
    if Role.EDITOR not in roles_of(reader, facts.application):
        return gathered(facts.letters, reader.pk)
    others = {person.pk for person in letters.coordinators_of(facts.application)}
    return gathered((one for one in facts.letters if one.to_id not in others), reader.pk)


def gathered(found: Iterable[Letter], reader: int) -> list[LetterEntry]:
    """Letters to several people as one each, in the order they come."""
    groups: dict[tuple[str, str], list[Letter]] = {}
    for letter in found:
        groups.setdefault((letter.kind, letter.key.rpartition(":")[0]), []).append(letter)
    return [_letter_entry(group, reader) for group in groups.values()]


def _letter_entry(group: list[Letter], reader: int) -> LetterEntry:
    own = [letter for letter in group if letter.to_id == reader]
    readable = [letter for letter in group if letter.language == get_language()]
    return LetterEntry((own or readable or group)[0], len(group))


@dataclass(frozen=True)
class SubmissionEntry:
    """One submission, and what it changed against the one before it."""

    submission: Submission
    changes: list[Change]


def submissions_in(facts: Facts) -> list[SubmissionEntry]:
    """All submissions, latest first, each with what it changed."""
    documents = {one.pk: one for one in facts.documents}
    file = File(facts.application, answers={}, documents=documents, endorsements={})
    changed = {new.pk: changes(file, old.content, new.content) for new, old in pairwise(facts.submissions)}
    return [SubmissionEntry(one, changed.get(one.pk, [])) for one in facts.submissions]


@dataclass(frozen=True)
class DocumentEntry:
    """One document that was ever uploaded, and what it is for."""

    document: Document
    label: str


def documents_of(facts: Facts, reader: User) -> list[DocumentEntry]:
    """All documents the reader may read, removed ones too, latest first."""
    if may_read_inside(reader, facts.application):
        return _labelled(facts.application, facts.documents[::-1])
    return submitted_of(facts)


def submitted_of(facts: Facts) -> list[DocumentEntry]:
    """Those that were part of a submission, or were given after it by others than the city; latest first."""
    contents = [one.content for one in facts.submissions]
    numbers = {one["id"] for content in contents for one in content["documents"]}
    sheets = {one["document"] for content in contents for one in content["endorsements"]}
    outside = {f"{SHEETS}{link.key}" for link in facts.application.pack.endorsements if not link.by_city}
    signed = {one.pk for one in facts.documents if one.question.startswith(SHEETS) and one.sha256 in sheets}
    shown = [one for one in facts.documents if one.pk in numbers | signed or one.question in outside]
    return _labelled(facts.application, shown[::-1])


def _labelled(application: Application, documents: Iterable[Document]) -> list[DocumentEntry]:
    labels = {f"{SHEETS}{link.key}": str(link.role) for link in application.pack.endorsements}
    labels |= {key: str(question.label) for key, question in application.pack.questions.items()}
    return [DocumentEntry(one, labels.get(one.question, one.question)) for one in documents]


@dataclass(frozen=True)
class SignatureEntry:
    """One signature of a submission; `document` is the fingerprint of its scan."""

    role: str
    signatory: str
    office: str
    signed_on: str
    document: str


def signatures_of(submission: Submission) -> list[SignatureEntry]:
    """The endorsements that were submitted, in the order of the chain."""
    given = {one["link"]: one for one in submission.content["endorsements"]}
    return [
        SignatureEntry(
            str(link.role),
            given[link.key]["signatory"],
            given[link.key]["office"],
            a_day(given[link.key]["signed_on"]),
            given[link.key]["document"],
        )
        for link in submission.application.pack.endorsements
        if link.key in given
    ]
