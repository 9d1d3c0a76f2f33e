"""What the daily job tidies: the outbox healed, and rows thrown away that nobody asks for any more."""

from datetime import timedelta

from django.core.management import call_command
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from network.daily import Window
from network.delivery import heal
from network.models import DailyRun

KEEP_TASKS = timedelta(days=14)
KEEP_RUNS = timedelta(days=90)


def heal_outbox(_window: Window) -> None:
    heal()


def tidy(window: Window) -> None:
    """Sessions that have ended, work done two weeks ago, runs of a quarter ago. Letters stay."""
    call_command("clearsessions")
    DBTaskResult.objects.exclude(status=TaskResultStatus.READY).filter(enqueued_at__lt=window.now - KEEP_TASKS).delete()
    DailyRun.objects.filter(started_at__lt=window.now - KEEP_RUNS).delete()
