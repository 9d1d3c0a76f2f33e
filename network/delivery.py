"""Sends letters: one attempt at a time, again after a pause, never twice blindly.

`waiting` turns into `sending` at the moment the body leaves. Before, a letter can be tried again whatever happens;
after, only an answer tells. So a letter is `unclear` where the answer was lost, and the operator decides.
"""

import logging
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from network import locks
from network.letter_mail import letter_mail
from network.mailers import NeverError, NotNowError, UnclearError
from network.models import Letter

log = logging.getLogger(__name__)

AGAIN_AFTER = [timedelta(minutes=pause) for pause in (1, 5, 15, 60, *[240] * 12)]  # two days
PRIORITY = {Letter.Urgency.ACCOUNT: 20, Letter.Urgency.DEADLINE: 10, Letter.Urgency.CASE: 0}
State = Letter.State


class TakenError(Exception):
    """Somebody else has decided about the letter in the meantime."""


def queue(letter: Letter) -> None:
    """Have the worker try at `next_try_at`, or at once. In the caller's transaction: no commit, no letter."""
    deliver.using(run_after=letter.next_try_at, priority=PRIORITY[Letter.Urgency(letter.urgency)]).enqueue(letter.pk)


@task
def deliver(number: int) -> None:
    """One attempt at the letter with this number. Where it is not waiting, or another worker has it: nothing."""
    with locks.held(_lock(number)) as mine:
        letter = Letter.objects.filter(pk=number, state=State.WAITING).first() if mine else None
        if letter is not None:
            _attempt(letter)


def _attempt(letter: Letter) -> None:
    letter.attempts += 1
    left = AGAIN_AFTER[letter.attempts - 1 :]
    letter.next_try_at = timezone.now() + left[0] if left else None
    # before the attempt, so that a letter which kills its worker does not go on for ever
    letter.save(update_fields=["attempts", "next_try_at"])
    try:
        letter_mail(letter, before_body=partial(_body_leaves, letter)).send()
    except TakenError:
        return
    except UnclearError as problem:
        _note(letter, State.UNCLEAR, error=str(problem))
    except NeverError as problem:
        _note(letter, State.FAILED, error=str(problem))
    except (NotNowError, OSError) as problem:
        _try_again(letter, str(problem))
    except Exception as problem:
        log.exception("The letter no. %s could not be sent.", letter.pk)
        _try_again(letter, f"{type(problem).__name__}: {problem}")
    else:
        _note(letter, State.SENT)


def _body_leaves(letter: Letter) -> None:
    if not Letter.objects.filter(pk=letter.pk, state=State.WAITING).update(state=State.SENDING):
        raise TakenError


def _try_again(letter: Letter, error: str) -> None:
    if letter.next_try_at is None:
        _note(letter, State.FAILED, error=error)
        return
    with transaction.atomic():
        if _note(letter, State.WAITING, error=error):
            queue(letter)


def _note(letter: Letter, state: Letter.State, *, error: str = "") -> bool:
    """Whether the outcome counted: not where the operator has decided meanwhile. A secret ends with its letter."""
    changes: dict[str, object] = {"state": state, "error": error[:2000]}
    if state == State.SENT:
        changes["sent_at"] = timezone.now()
    if state != State.WAITING:
        changes["next_try_at"] = None
    if letter.secret and state in {State.SENT, State.FAILED}:
        changes["text"] = ""
    return bool(Letter.objects.filter(pk=letter.pk, state__in=[State.WAITING, State.SENDING]).update(**changes))


def heal() -> None:
    """At the start of a worker and once a day: finds letters whose sender died, and waiting ones nobody would send.

    Whose sender died after the body had left becomes `unclear`. Safe at any time, beside any number of workers.
    """
    forgotten = Q(state=State.WAITING) & ~Q(pk__in=_queued())
    for number in Letter.objects.filter(forgotten | Q(state=State.SENDING)).values_list("pk", flat=True):
        with locks.held(_lock(number)) as nobody_sends_it:
            letter = Letter.objects.get(pk=number) if nobody_sends_it else None
            if letter and letter.state == State.SENDING:
                _note(letter, State.UNCLEAR, error="The worker ended while it sent this letter.")
            elif letter and letter.state == State.WAITING:
                queue(letter)


def _queued() -> list[int]:
    """The numbers of the letters that the worker will try."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=deliver.module_path)
    return [arguments["args"][0] for arguments in ready.values_list("args_kwargs", flat=True)]


def _lock(number: int) -> str:
    return f"letter {number}"
