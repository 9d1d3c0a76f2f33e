"""What the coordination notes on a case: comments and messages, flags with an owner, the formal check."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import letters
from applications.actions import MoveNotAllowedError
from applications.actions.drafting import locked
from applications.models import Application, CheckMark, CheckState, Comment, Flag, Submission
from applications.pack import Check
from applications.permissions import roles_of
from applications.workflow import Role
from network.models import User

LONGEST_FLAG = 300
LONGEST_NOTE = 1000


def note(application: Application, text: str, *, by: User) -> Comment:
    """Keeps words among the coordination; nobody is told, and the city never reads them. Who may: whoever coordinates
    the application. Raises MoveNotAllowedError."""
    with transaction.atomic():
        now = _coordinated(application, by)
        return Comment.objects.create(application=now, kind=Comment.Kind.INTERNAL, text=_words(text), by=by)


def write_to_city(application: Application, text: str, *, by: User) -> Comment:
    """A message to the city: it stands on the city's page of the application, and its team gets a letter. Who may:
    whoever coordinates the application. Raises MoveNotAllowedError."""
    with transaction.atomic():
        now = _coordinated(application, by)
        comment = Comment.objects.create(application=now, kind=Comment.Kind.TO_CITY, text=_words(text), by=by)
        letters.tell_of_message(comment)
    return comment


def answer(application: Application, text: str, *, by: User) -> Comment:
    """The city answers messages of the coordination, which gets a letter. Who may: the city's team, once a message is
    there. Raises MoveNotAllowedError."""
    with transaction.atomic():
        now = locked(application)
        if Role.EDITOR not in roles_of(by, now) or not now.comments.filter(kind=Comment.Kind.TO_CITY).exists():
            raise MoveNotAllowedError(_("There is no message that you could answer."))
        comment = Comment.objects.create(application=now, kind=Comment.Kind.FROM_CITY, text=_words(text), by=by)
        letters.tell_of_answer(comment)
    return comment


def raise_flag(application: Application, text: str, *, owner: User, due_on: datetime.date, by: User) -> Flag:
    """Somebody of the coordination sees to something by a day (in the call's zone); a colleague is told by a letter.
    Who may: whoever coordinates the application. Raises MoveNotAllowedError."""
    with transaction.atomic():
        now = _coordinated(application, by)
        if due_on < timezone.localdate(timezone=now.call.zone_info):
            raise MoveNotAllowedError(_("Give a day that is not over yet."))
        _refuse_owner(now, owner)
        flag = Flag.objects.create(
            application=now, text=_words(text, LONGEST_FLAG), owner=owner, due_on=due_on, raised_by=by
        )
        letters.tell_of_flag(flag, asker=by)
    return flag


def hand_flag(flag: Flag, *, to: User, by: User) -> Flag:
    """Another coordinator sees to it from now on, and is told by a letter. Who may: whoever coordinates the
    application. Raises MoveNotAllowedError."""
    with transaction.atomic():
        now = _open(flag, by)
        _refuse_owner(now.application, to)
        if now.owner_id != to.pk:
            now.owner = to
            now.save(update_fields=["owner"])
            letters.tell_of_flag(now, asker=by)
    return now


def settle_flag(flag: Flag, resolution: str, *, by: User) -> Flag:
    """It is done, or needs no doing any more, for the reason given. Who may: whoever coordinates the application.
    Raises MoveNotAllowedError."""
    with transaction.atomic():
        now = _open(flag, by)
        now.resolution = _words(resolution, LONGEST_NOTE)
        now.resolved_at, now.resolved_by = timezone.now(), by
        now.save(update_fields=["resolution", "resolved_at", "resolved_by"])
    return now


@dataclass(frozen=True)
class Marked:
    """How somebody marks one line of the formal check, and which version of the mark they saw (0: none). An empty
    verdict leaves the line open."""

    verdict: str
    note: str
    seen: int


def mark(submission: Submission, lines: Mapping[str, Marked], *, by: User) -> list[Check]:
    """Keeps the marks that say something new, and what they come to. Who may: whoever coordinates the application, on
    its latest submission and while it is under way.

    Returns the lines a colleague has marked otherwise meanwhile: they are left as they are. Raises MoveNotAllowedError.
    """
    with transaction.atomic():
        now = _coordinated(submission.application, by)
        latest = now.submissions.first()
        if now.has_ended or latest is None or latest.pk != submission.pk:
            raise MoveNotAllowedError(
                _("The city has submitted anew, or the application has ended. Look at the page again.")
            )
        checks = {check.key: check for check in now.pack.checklist}
        there = {one.check_key: one for one in submission.marks.all()}
        clashes = [
            checks[key]
            for key, line in lines.items()
            if key in checks and not _write(submission, key, line, there.get(key), by)
        ]
        now.check_state = _state_of(submission, checks)
        now.save(update_fields=["check_state"])
    return clashes


def _write(submission: Submission, key: str, line: Marked, there: CheckMark | None, by: User) -> bool:
    """Whether the line now says what the person wants it to."""
    verdict, words = line.verdict, line.note.strip()[:LONGEST_NOTE]
    if there is None and not verdict:
        return True
    if there and (there.verdict, there.note) == (verdict, words):
        return True
    if (there.version if there else 0) != line.seen:
        return False
    if there and not verdict:
        there.delete()
        return True
    kept = there or CheckMark(submission=submission, check_key=key, version=0)
    kept.verdict, kept.note = CheckMark.Verdict(verdict), words
    kept.version, kept.at, kept.by = kept.version + 1, timezone.now(), by
    kept.save()
    return True


def _state_of(submission: Submission, checks: Mapping[str, Check]) -> CheckState:
    verdicts = dict(submission.marks.filter(check_key__in=checks).values_list("check_key", "verdict"))
    if CheckMark.Verdict.FAULTY in verdicts.values():
        return CheckState.FAULTY
    return CheckState.PASSED if checks and len(verdicts) == len(checks) else CheckState.OPEN


def _coordinated(application: Application, by: User) -> Application:
    now = locked(application)
    if Role.COORDINATOR not in roles_of(by, now) or now.submitted_at is None:
        raise MoveNotAllowedError(_("Only the coordination of this application may do this."))
    return now


def _open(flag: Flag, by: User) -> Flag:
    application = _coordinated(flag.application, by)
    now = application.flags.select_for_update().get(pk=flag.pk)
    now.application = application
    if now.resolved_at:
        raise MoveNotAllowedError(_("This flag is settled already. Look at the page again."))
    return now


def _refuse_owner(application: Application, owner: User) -> None:
    if Role.COORDINATOR not in roles_of(owner, application):
        raise MoveNotAllowedError(
            _("Choose somebody who coordinates this application: not of the city, and without a conflict of interest.")
        )


def _words(text: str, longest: int | None = None) -> str:
    words = text.strip()
    if not words:
        raise MoveNotAllowedError(_("Write something first."))
    if longest and len(words) > longest:
        raise MoveNotAllowedError(_("This is too long: at most %(count)s characters.") % {"count": longest})
    return words
