"""Recomputes the log, the submissions and the stored documents, and names everything that does not fit."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.documents import faults_of_files
from applications.log import faults
from exchange import papers


class Command(BaseCommand):
    help = "Recomputes all chains of events, all submissions and all documents; ends with 1 where something differs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = 0
        for fault in (*faults(), *faults_of_files(), *papers.faults_of_files()):
            self.stdout.write(fault)
            found += 1
        if found:
            raise CommandError(f"{found} things do not fit.")
        self.stdout.write("Everything fits.")
