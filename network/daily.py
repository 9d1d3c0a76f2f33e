"""The daily job: every duty once for each stretch of time, however often or late the job runs.

An app adds its duties in `AppConfig.ready`: `daily.register("reminders", post_reminders)`.
"""

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Max, Min, Q
from django.utils import timezone

from network import locks
from network.models import DailyRun
from network.outbox import counted

log = logging.getLogger(__name__)

DAY = datetime.timedelta(days=1)
DONE = Q(finished_at__isnull=False, error="")
LATE_AFTER = datetime.timedelta(hours=26)  # a day, the hour of winter time, and one for the job itself


@dataclass(frozen=True)
class Window:
    """The stretch of time a duty is to care for: after `since`, up to and including `now`; both with time zone.

    Windows of one duty follow one another without gap or overlap. After lost days, or after a run that failed, the
    window is so much longer; the very first is one day long.
    """

    since: datetime.datetime
    now: datetime.datetime


type Duty = Callable[[Window], None]

_duties: dict[str, Duty] = {}
_last_duties: dict[str, Duty] = {}


def register(name: str, duty: Duty, *, last: bool = False) -> None:
    """Have the daily job do this; `last` is for what works with the letters of all others.

    `duty(window)` posts letters with keys that stay the same if it is done again, for it may see a stretch twice:
    where it failed in the middle. Whatever it raises is recorded, and the other duties go on.
    """
    if name in _all_duties():
        raise ValueError(f"there is a daily duty {name!r} already")
    (_last_duties if last else _duties)[name] = duty


def _all_duties() -> dict[str, Duty]:
    return _duties | _last_duties


def run(now: datetime.datetime | None = None) -> list[DailyRun] | None:
    """Do every duty; the runs, in the order of registering. None where another process is at it."""
    with locks.held("daily job") as mine:
        return [_do(name, duty, now or timezone.now()) for name, duty in _all_duties().items()] if mine else None


def _do(name: str, duty: Duty, now: datetime.datetime) -> DailyRun:
    window = Window(since=_since(name, now), now=now)
    done = DailyRun.objects.create(duty=name, started_at=now)
    with counted() as letters:
        try:
            duty(window)
        except Exception as problem:
            log.exception("The daily duty %s failed.", name)
            done.error = f"{type(problem).__name__}: {problem}"[:2000]
    done.letters = len(letters)
    done.finished_at = timezone.now()
    done.save()
    return done


def _since(name: str, now: datetime.datetime) -> datetime.datetime:
    """The end of the last window that was done; else a day before the first attempt."""
    runs = DailyRun.objects.filter(duty=name, started_at__lte=now)
    ends = runs.aggregate(done=Max("started_at", filter=DONE), first=Min("started_at"))
    since: datetime.datetime = ends["done"] or (ends["first"] or now) - DAY
    return since


def overdue() -> list[str]:
    """The duties that have not succeeded for more than 26 hours, for the operator."""
    succeeded = dict(DailyRun.objects.filter(DONE).order_by().values_list("duty").annotate(Max("started_at")))
    border = timezone.now() - LATE_AFTER
    return [name for name in _all_duties() if name not in succeeded or succeeded[name] < border]
