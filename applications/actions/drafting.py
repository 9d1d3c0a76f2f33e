"""Beginning an application and writing in it. Saving never asks whether anything is complete."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import log
from applications.actions import MoveNotAllowedError
from applications.answers import Value
from applications.models import Answer, AnswerVersion, Application, Call, Event, Presence
from applications.pack import Kind
from applications.permissions import cities_to_apply_for, may_write
from applications.workflow import Role, State
from cities.models import City
from network.models import User


@dataclass(frozen=True)
class Clash:
    """Two people wrote the same answer: what is stored now, by whom, and what was to be stored."""

    stored: Answer
    mine: Value


@dataclass
class Saved:
    """What became of a save: the versions written and read anew, and the clashes, which are not written."""

    versions: dict[str, int] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    clashes: dict[str, Clash] = field(default_factory=dict)


def start(call: Call, city: City, *, by: User, language: str, earlier: Application | None = None) -> Application:
    """Begins the city's application; the person must be in its team and the call open.

    `language` is one the pack allows for answers, `earlier` another application of the same city, whose answers are
    then offered. Beginning twice gives the one that is there. Raises MoveNotAllowedError.
    """
    if there := Application.objects.of_cities_of(by).filter(call=call, city=city).first():
        return there
    if city not in cities_to_apply_for(by, call):
        raise MoveNotAllowedError(_("You do not work for this city in the portal. Ask its team to take you in."))
    if not call.is_open():
        raise MoveNotAllowedError(_("This call is not open. Its dates are on its page."))
    if earlier is not None and earlier.city_id != city.pk:
        raise ValueError("an earlier application is one of the same city")
    try:
        with transaction.atomic():
            application = Application.objects.create(
                call=call,
                city=city,
                pack_version=call.pack_version,
                started_by=by,
                earlier=earlier,
                language=language if language in call.pack.answer_languages else call.pack.answer_languages[0],
            )
            data = {"call": call.slug, "pack": call.pack_version.sha256}
            log.record(application, Event.Kind.STARTED, by=by, role=Role.EDITOR, new=State.DRAFT, data=data)
    except IntegrityError:  # a colleague began at the same moment
        return Application.objects.get(call=call, city=city)
    return application


def locked(application: Application) -> Application:
    """The application read anew, its row locked to the end of the transaction."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("call__network", "city", "pack_version")
        .get(pk=application.pk)
    )


def open_questions(application: Application) -> set[str]:
    """The keys of the questions that may be written now: all of a draft; of a returned application the named ones, and
    those that a changed answer to one of them may cause to be asked."""
    questions = application.pack.questions
    if application.state == State.DRAFT:
        return set(questions)
    if application.state != State.RETURNED:
        return set()
    found = set(application.returned_parts) & set(questions)
    for question in questions.values():  # a condition never looks at a later question
        if question.only_if and question.only_if.question in found:
            found.add(question.key)
    return found


def save_answers(application: Application, values: Mapping[str, Value], *, seen: Mapping[str, int], by: User) -> Saved:
    """Stores the answers that differ, each with a row of its history. Who may: the city's team, while it is open.

    `seen` are the versions (0: none) the person had before their eyes. Where an answer has become another since and
    the person changed it, too, nothing of it is written: it comes back as a clash. An answer the person has left as
    they saw it never overwrites a newer one. Questions that are not open and those of documents are passed over.
    Raises MoveNotAllowedError where the application cannot be written at all.
    """
    with transaction.atomic():
        now = locked(application)
        if not may_write(by, now):
            raise MoveNotAllowedError(_("This application cannot be changed now. Your text was not saved."))
        writable = {key for key in open_questions(now) if now.pack.questions[key].kind is not Kind.DOCUMENT}
        stored = {one.question: one for one in now.answers.select_related("changed_by")}
        saved = Saved()
        for key in values.keys() & writable:
            _save(now, key, values[key], stored.get(key), seen.get(key, 0), by, saved)
    return saved


def _save(
    application: Application, key: str, value: Value, stored: Answer | None, seen: int, by: User, saved: Saved
) -> None:
    version = stored.version if stored else 0
    if value == (stored.value if stored else None):
        saved.versions[key] = version
    elif stored is None or version == seen:
        write_answer(application, key, value, by=by, after=version)
        saved.versions[key] = version + 1
        saved.written.append(key)
    elif value == _value_at(application, key, seen):
        saved.versions[key] = version
    else:
        saved.clashes[key] = Clash(stored, value)


def _value_at(application: Application, key: str, version: int) -> Value:
    return application.versions.filter(question=key, version=version).values_list("value", flat=True).first()


def write_answer(application: Application, key: str, value: Value, *, by: User, after: int) -> None:
    """Writes one answer and its history; the caller holds the lock and knows that `after` is the version stored."""
    now = timezone.now()
    Answer.objects.update_or_create(
        application=application,
        question=key,
        defaults={"value": value, "version": after + 1, "changed_at": now, "changed_by": by},
    )
    AnswerVersion.objects.create(application=application, question=key, version=after + 1, value=value, at=now, by=by)


def restore_answer(application: Application, key: str, *, version: int, by: User) -> None:
    """Makes an earlier answer the present one, as a new version; the history keeps both. Who may: the city's team.

    Raises MoveNotAllowedError where the question is not open, AnswerVersion.DoesNotExist where there is none.
    """
    with transaction.atomic():
        now = locked(application)
        if not may_write(by, now) or key not in open_questions(now):
            raise MoveNotAllowedError(_("This answer cannot be changed now."))
        earlier = now.versions.get(question=key, version=version)
        stored = now.answers.get(question=key)
        if now.pack.questions[key].kind is Kind.DOCUMENT:
            _bring_back(now, key, earlier.value, by)
        write_answer(now, key, earlier.value, by=by, after=stored.version)
        log.record(now, Event.Kind.RESTORED, by=by, role=Role.EDITOR, data={"question": key, "version": version})


def _bring_back(application: Application, key: str, named: Value, by: User) -> None:
    """Documents are never deleted: those of the earlier answer count again, others no longer."""
    documents = application.documents.filter(question=key)
    numbers = [pk for pk in named if isinstance(pk, int)] if isinstance(named, list) else []
    documents.filter(pk__in=numbers).update(removed_at=None, removed_by=None)
    documents.filter(removed_at=None).exclude(pk__in=numbers).update(removed_at=timezone.now(), removed_by=by)


def note_presence(application: Application, section: str, *, by: User) -> None:
    """Notes that the person has this section open now; their browser says so while they are there."""
    Presence.objects.update_or_create(
        application=application, section=section, user=by, defaults={"seen_at": timezone.now()}
    )
