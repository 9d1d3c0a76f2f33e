"""Uploading and removing documents. A file is looked into and stored first; its row, the answer and the event follow
in one transaction, and where that fails nothing stays behind."""

from contextlib import AbstractContextManager

from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import log
from applications.actions import MoveNotAllowedError
from applications.actions.drafting import locked, open_questions, write_answer
from applications.answers import Value, documents_of
from applications.documents import SHEET, rules_for
from applications.models import Answer, Application, Document, Event
from applications.models.document import SHEETS, private_path
from applications.pack import Kind
from applications.permissions import may_write
from applications.workflow import Role
from network.actions import RefusedError
from network.documents import Facts, Rules, inspect, megabytes
from network.documents.keeping import stored
from network.models import User


def add_document(application: Application, question_key: str, upload: UploadedFile, *, by: User) -> Document:
    """Looks into an upload, stores it and adds it to the answer of a question of kind document; where the question
    takes one only, it replaces the one that is there, which stays in the history. Who may: the city's team, while the
    question is open.

    `endorsement:` and the key of a link of the chain is the place of its signed sheet (applications.actions.endorsing).
    The same content once more gives the document that is there. Writes one event. Raises RefusedError with one
    sentence for the reader; then nothing has changed and no file stays behind.
    """
    rules = _rules(application, question_key)
    _refuse_closed(application, question_key, by)
    facts = inspect(upload, rules)
    with kept(upload) as path, transaction.atomic():
        now = locked(application)
        _refuse_closed(now, question_key, by)
        if question_key.startswith(SHEETS):
            document = keep_row(now, question_key, facts, path, by=by)
        else:
            document = _answered(now, question_key, rules, facts, path, by)
        if document.file.name != path:
            _storage().delete(path)
    return document


def _storage() -> Storage:
    storage = Document._meta.get_field("file").storage
    assert isinstance(storage, Storage)
    return storage


def kept(upload: UploadedFile) -> AbstractContextManager[str]:
    """Stores a file under a random private name and gives the name; takes it away again where the block fails."""
    return stored(_storage(), private_path(None, ""), upload)


def _rules(application: Application, key: str) -> Rules:
    if key.startswith(SHEETS):
        return SHEET
    question = application.pack.questions[key]
    if question.kind is not Kind.DOCUMENT:
        raise ValueError(f"the question {key} is not one of documents")
    return rules_for(question)


def _refuse_closed(application: Application, key: str, by: User) -> None:
    is_open = key.startswith(SHEETS) or key in open_questions(application)
    if not (is_open and may_write(by, application)):
        raise MoveNotAllowedError(_("No document can be added or removed here now. Look at the page again."))


def keep_row(application: Application, question_key: str, facts: Facts, path: str, *, by: User) -> Document:
    """The row of a stored file; the caller holds the lock."""
    return Document.objects.create(
        application=application,
        question=question_key,
        file=path,
        name=facts.name,
        kind=facts.kind,
        size=facts.size,
        sha256=facts.sha256,
        pages=facts.pages,
        width=facts.width,
        height=facts.height,
        virus_checked=facts.virus_checked,
        uploaded_by=by,
    )


def _answered(now: Application, key: str, rules: Rules, facts: Facts, path: str, by: User) -> Document:
    answer, present = _present(now, key)
    if twin := next((one for one in present if one.sha256 == facts.sha256), None):
        return twin
    replaced = present if rules.at_most == 1 else []
    if not replaced and rules.at_most is not None and len(present) >= rules.at_most:
        sentence = ngettext(
            "At most %(most)s document is possible here. Remove one first.",
            "At most %(most)s documents are possible here. Remove one first.",
            rules.at_most,
        )
        raise RefusedError(sentence % {"most": rules.at_most})
    _refuse_total(now, facts, replaced)
    document = keep_row(now, key, facts, path, by=by)
    _mark_removed(replaced, by)
    numbers = [one.pk for one in present if one not in replaced]
    write_answer(now, key, [*numbers, document.pk], by=by, after=answer.version if answer else 0)
    data = {"question": key, "document": document.pk, "kind": facts.kind, "size": facts.size, "sha256": facts.sha256}
    data |= {"replaces": [one.pk for one in replaced]} if replaced else {}
    log.record(now, Event.Kind.DOCUMENT_ADDED, by=by, role=Role.EDITOR, data=data)
    return document


def _present(application: Application, key: str) -> tuple[Answer | None, list[Document]]:
    """The answer, and the documents it names that are not removed, in its order."""
    answer = application.answers.filter(question=key).first()
    there = {one.pk: one for one in application.documents.filter(question=key, removed_at=None)}
    numbers = answer.value if answer and isinstance(answer.value, list) else []
    return answer, [there[number] for number in numbers if number in there]


def _refuse_total(now: Application, facts: Facts, replaced: list[Document]) -> None:
    most = now.pack.max_bytes
    if most is None:
        return
    named = set(documents_of(now.pack, dict(now.answers.values_list("question", "value"))))
    sizes = dict(now.documents.filter(pk__in=named, removed_at=None).values_list("pk", "size"))
    total = sum(sizes.values()) - sum(sizes.get(one.pk, 0) for one in replaced) + facts.size
    if total > most:
        sentence = _(
            "All documents together would have %(total)s MB, but may have %(most)s MB at most. "
            "Replace one by a smaller one first."
        )
        raise RefusedError(sentence % {"total": megabytes(total), "most": megabytes(most)})


def _mark_removed(documents: list[Document], by: User) -> None:
    for document in documents:
        document.removed_at, document.removed_by = timezone.now(), by
        document.save(update_fields=["removed_at", "removed_by"])


def remove_document(document: Document, *, by: User) -> None:
    """Takes a document out of the answer; its file stays in the history. Who may: the city's team, while the question
    is open. Removing twice changes nothing more. Signed sheets are replaced, not removed.

    Raises MoveNotAllowedError.
    """
    with transaction.atomic():
        now = locked(document.application)
        if document.question.startswith(SHEETS):
            raise MoveNotAllowedError(_("A signed page cannot be removed. Upload another one in its place."))
        _refuse_closed(now, document.question, by)
        stored = now.documents.get(pk=document.pk)
        if stored.removed_at is not None:
            return
        answer, present = _present(now, stored.question)
        _mark_removed([stored], by)
        if answer:
            numbers: list[Value] = [one.pk for one in present if one != stored]
            write_answer(now, stored.question, numbers or None, by=by, after=answer.version)
        data = {"question": stored.question, "document": stored.pk, "sha256": stored.sha256}
        log.record(now, Event.Kind.DOCUMENT_REMOVED, by=by, role=Role.EDITOR, data=data)
