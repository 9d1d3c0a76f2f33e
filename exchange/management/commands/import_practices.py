"""Imports practices.csv, or shows what would change."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from exchange.imports import FILE, BadFiles, import_file, lines, look_at


class Command(BaseCommand):
    """All or nothing: with one bad row nothing is written, and the exit status is 1."""

    help = "Import practices from practices.csv of a folder (columns: exchange/data/README.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="folder with practices.csv")
        parser.add_argument("--dry-run", action="store_true", help="show what would change and write nothing")

    def handle(self, *, folder: Path, dry_run: bool, verbosity: int, **_options: object) -> None:
        try:
            content = (folder / FILE).read_bytes()
        except OSError as error:
            raise CommandError(_("%(file)s cannot be read: %(reason)s") % {
                "file": error.filename, "reason": error.strerror,
            }) from None  # fmt: skip
        try:
            difference = look_at(content) if dry_run else import_file(content)
        except BadFiles as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            raise CommandError(refusal.for_reader) from None
        for line in lines(difference, most=None if verbosity > 1 else 50):
            self.stdout.write(line)
        self.stdout.write(_closing(dry_run=dry_run, nothing=difference.changes_nothing))


def _closing(*, dry_run: bool, nothing: bool) -> str:
    if nothing:
        return _("Nothing to import: the portal already says what the file says.")
    return _("This was a dry run: nothing was written.") if dry_run else _("Imported.")
