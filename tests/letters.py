"""What a test needs to see letters leave: the worker's work, done here and now."""

from typing import Any

from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult


def work() -> None:
    """All that is due, as the real worker does it. Mail goes to `mail.outbox`, if nothing else is set."""
    worker = Worker(
        queue_names=["default"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id="tests", excluded_queue_names=[],
    )  # fmt: skip
    while (piece := DBTaskResult.objects.ready().first()) is not None:  # its own loop would end a test's transaction
        piece.claim("tests")
        worker.run_task(piece)
        piece.refresh_from_db()
        assert piece.status == TaskResultStatus.SUCCESSFUL, piece.traceback


def let_time_pass() -> int:
    """All work that waits for later is due now; how many pieces of work that is."""
    return DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=timezone.now())


def work_left() -> list[Any]:
    """When the worker will come back to what, as (minutes from now, arguments)."""
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY).order_by("run_after")
    now = timezone.now()
    return [(round((row.run_after - now).total_seconds() / 60), row.args_kwargs["args"]) for row in ready]
