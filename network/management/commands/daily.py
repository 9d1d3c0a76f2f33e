"""The daily job, for a timer of the system: once a day or more often, at any time."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from network import daily


class Command(BaseCommand):
    help = "Does the daily duties (reminders, gathered letters, tidying). To run it more often does no harm."

    def handle(self, *_args: Any, verbosity: int = 1, **_options: Any) -> None:
        runs = daily.run()
        if runs is None:
            self.stdout.write("Another process is doing the daily job; nothing was done here.")
            return
        if verbosity:
            for run in runs:
                self.stdout.write(f"{run.duty}: {run.error or 'done'}, new letters: {run.letters}")
        if failed := [run.duty for run in runs if run.error]:
            raise CommandError(f"Duties that failed, to be done again with the next run: {', '.join(failed)}")
