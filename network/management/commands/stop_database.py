"""Stops the demo of this folder, if one runs, and its database."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from network.embedded import server
from network.management.commands.demo import running

PATIENCE = 30  # seconds


class Command(BaseCommand):
    help = "Stops the database of the demo (and the demo itself)."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        if connection.settings_dict["ENGINE"] != "network.embedded":
            raise CommandError("DATABASE_URL names a server of yours: the portal does not stop it.")
        if pid := running(settings.DEMO_FOLDER):
            os.kill(pid, signal.SIGTERM)
            end = time.monotonic() + PATIENCE
            while running(settings.DEMO_FOLDER):
                if time.monotonic() > end:
                    raise CommandError(f"The demo (process {pid}) does not stop. End it with: kill -9 {pid}")
                time.sleep(0.1)
            self.stdout.write("The demo was stopped.")
        if server.stop(Path(connection.settings_dict["HOST"])):
            self.stdout.write("The database was stopped.")
        elif not pid:
            self.stdout.write("No database was running.")
