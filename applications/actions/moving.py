"""Moving an application from state to state: the one function, and submitting, which is part of it."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import letters, log
from applications.actions import MoveNotAllowedError
from applications.actions.drafting import locked
from applications.actions.reviewing import touch_scores
from applications.completeness import gaps
from applications.freezing import File, file_of
from applications.models import Application, CheckState, Event, Submission
from applications.permissions import fits_call, roles_of
from applications.workflow import Action, Channel, Move, Role, State, move_for
from network.models import User


@dataclass(frozen=True)
class Sent:
    """On which day, by the call's own calendar, and by which channel an application was forwarded."""

    on: datetime.date
    channel: str


def perform(
    application: Application,
    action: str,
    *,
    by: User | None,
    note: str = "",
    until: datetime.datetime | None = None,
    parts: Collection[str] = (),
    sent: Sent | None = None,
) -> Application:
    """The only way to move an application, but for submitting (`submit`) and decisions (actions.deciding): locks the
    row, asks the table, writes the state and one event, and puts the letters into the outbox, all or nothing.

    `by` is None for the portal's own daily job. `note` is the reason, where the table wants one; `until` (a moment)
    and `parts` (keys of questions) belong to asking for more, `sent` to forwarding. Returns the application as it is
    then; raises MoveNotAllowedError with a sentence for the reader.
    """
    if action == Action.SUBMIT:
        raise ValueError("submitting is applications.actions.moving.submit")
    with transaction.atomic():
        now = locked(application)
        move = _allowed(now, action, by)
        if move.needs_note and not note.strip():
            raise MoveNotAllowedError(_("Give a reason: the city reads it."))
        now.returned_until, now.returned_parts = None, []
        data: dict[str, object] = {}
        if move.needs_until:
            now.returned_until, now.returned_parts = _answer_due(now, until, parts)
            data = {"until": now.returned_until.isoformat(), "parts": now.returned_parts}
        if move.needs_sending:
            data = _sending(now, sent)
        event = write_move(now, move, by=by, data=data, note=note.strip())
        letters.tell_of_move(now, event, note=note.strip())
    return now


def write_move(now: Application, move: Move, *, by: User | None, data: dict[str, object], note: str) -> Event:
    """Writes the state and the event of a move; the caller holds the lock and has asked whether it is allowed."""
    old, now.state = now.state, move.target
    now.save(update_fields=["state", "returned_until", "returned_parts"])
    return log.record(now, move.action, by=by, role=move.role, old=old, new=now.state, data=data, note=note)


def _allowed(application: Application, action: str, by: User | None) -> Move:
    move = move_for(action, application.state)
    roles = {Role.PORTAL} if by is None else roles_of(by, application)
    is_own_act = move is not None and move.role in roles and not move.by_release
    if move is None or not is_own_act or not fits_call(move, application.call):
        raise MoveNotAllowedError(
            _("This is not possible now: the application is “%(state)s”. Look at the page again.")
            % {"state": application.get_state_display()}
        )
    return move


def _sending(application: Application, sent: Sent | None) -> dict[str, object]:
    today = timezone.localdate(timezone=application.call.zone_info)
    if sent is None or sent.channel not in Channel.values:
        raise MoveNotAllowedError(_("Say on which day and by which channel it was forwarded."))
    if sent.on > today:
        raise MoveNotAllowedError(_("This day lies in the future. Record it when it has come."))
    return {"on": sent.on.isoformat(), "channel": str(sent.channel)}


def _answer_due(
    application: Application, until: datetime.datetime | None, parts: Collection[str]
) -> tuple[datetime.datetime, list[str]]:
    if until is None or until <= timezone.now():
        raise MoveNotAllowedError(_("Give a date in the future until which the city may answer."))
    known = [key for key in application.pack.questions if key in parts]
    if not known:
        raise MoveNotAllowedError(_("Name at least one part that the city is to change."))
    return until, known


def submit(application: Application, *, by: User, seen: str) -> Submission:
    """Freezes the application and hands it in. Who may: lead and deputy of the city, in time, once it is complete.

    `seen` is the fingerprint of what the person has checked: where a colleague has changed something since, nothing
    is submitted. Submitting the same once more (a double click, a second tab, a repeated request) gives the
    submission that is there. Raises MoveNotAllowedError with a sentence for the reader.
    """
    with transaction.atomic():
        now = locked(application)
        latest = now.submissions.first()
        if now.state == State.SUBMITTED and latest and latest.sha256 == seen and Role.LEAD in roles_of(by, now):
            return latest
        move = _allowed(now, Action.SUBMIT, by)
        file = file_of(now)
        _refuse_unfit(file, seen)
        submission = Submission.objects.create(
            application=now,
            number=latest.number + 1 if latest else 1,
            receipt=_receipt(now, latest),
            content=file.content,
            sha256=file.sha256,
            submitted_at=timezone.now(),
            submitted_by=by,
        )
        old, now.state = now.state, move.target
        now.submitted_at, now.submitted_by = submission.submitted_at, by
        now.returned_until, now.returned_parts = None, []
        now.field, now.check_state = file.field, CheckState.OPEN
        now.save(
            update_fields=[
                "state", "submitted_at", "submitted_by", "returned_until", "returned_parts", "field", "check_state"
            ]
        )  # fmt: skip
        data = {"submission": submission.number, "receipt": submission.receipt, "sha256": submission.sha256}
        log.record(now, Action.SUBMIT, by=by, role=Role.LEAD, old=old, new=now.state, data=data)
        letters.tell_of_submission(submission)
        if submission.number > 1:
            touch_scores(submission)
    return submission


def _refuse_unfit(file: File, seen: str) -> None:
    if not file.application.is_in_time():
        raise MoveNotAllowedError(
            _("The deadline has passed. Nothing is lost: ask the coordination whether it accepts the application late.")
        )
    if gaps(file):
        raise MoveNotAllowedError(_("Something is missing still. The list on this page names it."))
    if file.sha256 != seen:
        raise MoveNotAllowedError(
            _("Something has changed since you checked the answers. Look at them once more, then submit.")
        )


def _receipt(application: Application, latest: Submission | None) -> str:
    """For example GNLC-2027-000012-1: network, year of the deadline in the call's zone, application, submission."""
    call = application.call
    year = call.closes_at.astimezone(call.zone_info).year
    number = latest.number + 1 if latest else 1
    return f"{call.network.slug.upper()}-{year}-{application.pk:06}-{number}"


def allow_late(application: Application, *, until: datetime.datetime, note: str, by: User) -> Application:
    """A coordinator lets one city submit after the deadline, until a moment and for a reason.

    Raises MoveNotAllowedError where the person does not coordinate the network, the moment is past or no reason given.
    """
    with transaction.atomic():
        now = locked(application)
        if Role.COORDINATOR not in roles_of(by, now) or now.state != State.DRAFT:
            raise MoveNotAllowedError(_("Only the coordination of the network may do this, and only for a draft."))
        if until <= max(timezone.now(), now.call.closes_at):
            raise MoveNotAllowedError(_("Give a moment that is in the future and after the deadline."))
        if not note.strip():
            raise MoveNotAllowedError(_("Give a reason: the city reads it."))
        now.late_until = until
        now.save(update_fields=["late_until"])
        event = log.record(
            now, "late_allowed", by=by, role=Role.COORDINATOR, data={"until": until.isoformat()}, note=note.strip()
        )
        letters.tell_of_late(now, event, note=note.strip())
    return now
