"""Writing and checking the log: a chain of events for each application."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from applications.models import Application, Event, EventNote, Submission
from applications.pack import fingerprint
from applications.workflow import Role
from network.models import User

BEGINNING = "0" * 64


def record(
    application: Application,
    kind: str,
    *,
    by: User | None,
    role: Role,
    old: str = "",
    new: str = "",
    data: dict[str, Any] | None = None,
    note: str = "",
) -> Event:
    """Appends an event to the application's chain; the caller holds the lock of the application's row.

    `by` is None for the portal itself. `data` holds texts and whole numbers only, and nothing about a person. `note`
    are words of a person, kept beside the chain.
    """
    last = application.events.order_by("-sequence").first()
    event = Event(
        application=application,
        sequence=last.sequence + 1 if last else 1,
        at=timezone.now(),
        actor=by,
        role=role,
        kind=kind,
        old=old,
        new=new,
        data=data or {},
        note_sha256=EventNote.fingerprint(note) if note else "",
        previous=last.hash if last else BEGINNING,
    )
    event.hash = event.computed_hash()
    event.save(force_insert=True)
    if note:
        EventNote.objects.create(event=event, text=note)
    return event


def faults() -> Iterator[str]:
    """Recomputes every chain and every submission, and names in English what does not fit; nothing where all fits."""
    yield from _faults_of_events()
    yield from _faults_of_submissions()


def _faults_of_events() -> Iterator[str]:
    heads: dict[int, tuple[int, str, str]] = {}
    events = Event.objects.select_related("note").order_by("application", "sequence")
    for event in events.iterator(chunk_size=2000):
        sequence, previous, state = heads.get(event.application_id, (0, BEGINNING, ""))
        if event.sequence != sequence + 1:
            yield f"event {event}: follows number {sequence} of its application"
        if event.previous != previous:
            yield f"event {event}: does not name the hash of the event before"
        if event.hash != event.computed_hash():
            yield f"event {event}: its content does not fit its hash"
        if event.old != state and event.new:
            yield f"event {event}: moves from {event.old!r}, but the state was {state!r}"
        note = getattr(event, "note", None)
        if event.note_sha256 and note is None:
            yield f"event {event}: its note is missing"
        elif note and not note.erased_at and EventNote.fingerprint(note.text) != event.note_sha256:
            yield f"event {event}: its note was changed"
        heads[event.application_id] = (event.sequence, event.hash, event.new or state)
    for pk, state in Application.objects.order_by("pk").values_list("pk", "state"):
        if pk not in heads:
            yield f"application {pk}: has no event"
        elif heads[pk][2] != state:
            yield f"application {pk}: its state is {state!r}, but its last event says {heads[pk][2]!r}"


def _faults_of_submissions() -> Iterator[str]:
    logged = {
        (event.application_id, event.data.get("submission"), event.data.get("sha256"))
        for event in Event.objects.filter(kind=Event.Kind.SUBMIT).only("application", "data")
    }
    for submission in Submission.objects.order_by("pk").iterator(chunk_size=200):
        if fingerprint(submission.content) != submission.sha256:
            yield f"submission {submission}: its content does not fit its fingerprint"
        key = (submission.application_id, submission.number, submission.sha256)
        if key in logged:
            logged.remove(key)
        else:
            yield f"submission {submission}: no event of its application tells of it"
    for application, number, _sha256 in sorted(logged, key=str):
        yield f"application {application}: an event tells of submission {number}, which is not there"
