"""Works through what waits behind the scenes. One or more of these run beside the web server."""

from typing import Any

from django_tasks_db.management.commands import db_worker

from network.waking import wake


class Command(db_worker.Command):
    help = "Sends letters and does what is due, until it is stopped. First it puts right what waits since it was away."

    def handle(self, **options: Any) -> None:
        wake()
        super().handle(**options)

    def configure_logging(self, verbosity: int) -> None:
        """By the settings, as everywhere: what goes wrong is said, what goes well is not."""
