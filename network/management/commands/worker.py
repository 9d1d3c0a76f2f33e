"""Works through what waits behind the scenes. One or more of these run beside the web server."""

from typing import Any

from django_tasks_db.management.commands import db_worker

from network.delivery import heal


class Command(db_worker.Command):
    help = "Sends letters, until it is stopped. First it puts the outbox right, in case a worker died or was away."

    def handle(self, **options: Any) -> None:
        heal()
        super().handle(**options)

    def configure_logging(self, verbosity: int) -> None:
        """By the settings, as everywhere: what goes wrong is said, what goes well is not."""
