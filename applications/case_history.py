"""The history of one application in words: what happened and who did it, submissions, documents, letters."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from applications import letters
from applications.changes import Change, changes, with_all_documents
from applications.freezing import file_of
from applications.models import Application, Document, Event, Extension, Submission
from applications.models.document import SHEETS
from applications.moments import in_words
from applications.pack import Question, Section
from applications.permissions import may_read_inside, roles_of
from applications.shown import a_day
from applications.workflow import Role, State
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


def entries(application: Application, reader: User) -> list[Entry]:
    """All events, latest first; without the city's own work for whoever is not of its team."""
    events = application.events.select_related("note", "actor").order_by("-sequence")
    if not may_read_inside(reader, application):
        events = events.exclude(kind__in=INSIDE)
    teller = _Teller(application)
    return [_entry(event, teller) for event in events]


def asks(application: Application) -> Entry | None:
    """What was asked for, in the words of the coordination, while the application is returned."""
    if application.state != State.RETURNED:
        return None
    event = application.events.select_related("note", "actor").filter(kind=Event.Kind.RETURN).last()
    return _entry(event, _Teller(application)) if event else None


def asked_questions(application: Application) -> list[tuple[Section, Question]]:
    """The questions a returned application leaves open, in order."""
    pack = application.pack
    return [(pack.section_of[key], pack.questions[key]) for key in pack.questions if key in application.returned_parts]


def _entry(event: Event, teller: "_Teller") -> Entry:
    note = getattr(event, "note", None)
    words = (_("These words were erased.") if note.erased_at else note.text) if note else ""
    return Entry(
        at=event.at,
        what=event.get_kind_display(),
        more=teller.more(event),
        who=str(event.actor) if event.actor else _("the portal"),
        role=_role_name(event.role) if event.actor else "",
        note=words,
        is_move=bool(event.new),
    )


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

    def __init__(self, application: Application) -> None:
        self.application = application
        self.documents: dict[int, Document] = {one.pk: one for one in application.documents.all()}
        self.links = {link.key: str(link.role) for link in application.pack.endorsements}

    def more(self, event: Event) -> str:
        told = TOLD.get(event.kind)
        return told(self, event.data) if told else ""

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
    Event.Kind.RESTORED: _Teller.restored,
}


@dataclass(frozen=True)
class LetterEntry:
    """One letter and how many people got it: the reader's own, or one in their language where there is one."""

    letter: Letter
    readers: int


def letters_of(application: Application, reader: User) -> list[LetterEntry]:
    """The letters about it, latest first, each once; the city's team does not read what went to the coordination. What
    has not gone out yet, and what holds a code, is not there."""
    found = application.letters.filter(Q(not_before=None) | Q(not_before__lte=timezone.now()), secret=False)
    if Role.EDITOR in roles_of(reader, application):
        found = found.exclude(to__in=letters.coordinators_of(application))
    groups: dict[tuple[str, str], list[Letter]] = {}
    for letter in found.order_by("-created_at", "-pk"):
        groups.setdefault((letter.kind, letter.key.rpartition(":")[0]), []).append(letter)
    return [_letter_entry(group, reader) for group in groups.values()]


def _letter_entry(group: list[Letter], reader: User) -> LetterEntry:
    own = [letter for letter in group if letter.to_id == reader.pk]
    readable = [letter for letter in group if letter.language == get_language()]
    return LetterEntry((own or readable or group)[0], len(group))


@dataclass(frozen=True)
class SubmissionEntry:
    """One submission, and what it changed against the one before it."""

    submission: Submission
    changes: list[Change]


def submissions_of(application: Application) -> list[SubmissionEntry]:
    """All submissions, latest first."""
    submissions = list(application.submissions.select_related("submitted_by"))
    if not submissions:
        return []
    file = with_all_documents(file_of(application))
    changed = {new.pk: changes(file, old.content, new.content) for new, old in pairwise(submissions)}
    return [SubmissionEntry(one, changed.get(one.pk, [])) for one in submissions]


@dataclass(frozen=True)
class DocumentEntry:
    """One document that was ever uploaded, and what it is for."""

    document: Document
    label: str


def documents_of(application: Application, reader: User) -> list[DocumentEntry]:
    """All documents the reader may read, removed ones too, latest first."""
    documents = application.documents.select_related("uploaded_by", "removed_by").order_by("-uploaded_at", "-pk")
    if not may_read_inside(reader, application):
        contents = list(application.submissions.values_list("content", flat=True))
        numbers = {one["id"] for content in contents for one in content["documents"]}
        sheets = {one["document"] for content in contents for one in content["endorsements"]}
        documents = documents.filter(Q(pk__in=numbers) | Q(sha256__in=sheets))
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
