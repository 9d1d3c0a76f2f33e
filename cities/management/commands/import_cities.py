"""Imports the CSV files of a folder into the directory, or shows what would change."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cities.imports import COLUMNS, BadFiles, Choice, ImportRefused, Undecided, import_files, lines, look_at


class Command(BaseCommand):
    """All or nothing: with one bad row nothing is written, and the exit status is 1."""

    help = "Import cities and memberships from the CSV files of a folder (columns: cities/data/README.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="folder with cities.csv and memberships.csv")
        parser.add_argument("--dry-run", action="store_true", help="show what would change and write nothing")
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument(
            "--keep-team", dest="choice", action="store_const", const=Choice.TEAM,
            help="where a city's team has entered something else, keep the team's value",
        )  # fmt: skip
        choice.add_argument(
            "--take-file", dest="choice", action="store_const", const=Choice.FILE,
            help="where a city's team has entered something else, take the file's value",
        )  # fmt: skip

    def handle(self, *, folder: Path, dry_run: bool, choice: Choice | None, verbosity: int, **_options: object) -> None:
        most = None if verbosity > 1 else 50
        try:
            files = _files_of(folder)
            difference = look_at(files) if dry_run else import_files(files, choices=choice)
        except BadFiles as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            raise CommandError(refusal.for_reader) from None
        except Undecided as refusal:
            for conflict in refusal.difference.undecided(choice):
                self.stderr.write(str(conflict))
            raise CommandError(refusal.for_reader + " " + _("Choose --keep-team or --take-file.")) from None
        except ImportRefused as refusal:
            raise CommandError(refusal.for_reader) from None
        for line in lines(difference, most=most):
            self.stdout.write(line)
        self.stdout.write(_closing(dry_run=dry_run, nothing=difference.changes_nothing))


def _closing(*, dry_run: bool, nothing: bool) -> str:
    if nothing:
        return _("Nothing to import: the portal already says what the files say.")
    return _("This was a dry run: nothing was written.") if dry_run else _("Imported.")


def _files_of(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise CommandError(_("%(folder)s is not a folder.") % {"folder": folder})
    try:
        return {name: (folder / name).read_bytes() for name in COLUMNS if (folder / name).exists()}
    except OSError as error:
        raise CommandError(_("%(file)s cannot be read: %(reason)s") % {
            "file": error.filename, "reason": error.strerror,
        }) from None  # fmt: skip
