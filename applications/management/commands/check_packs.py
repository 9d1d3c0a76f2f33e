"""Checks call packs and names every problem: those that ship with the portal, or the files given."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from applications.pack import PackError, parse, read
from applications.pack_checks import problems
from applications.shipped import FOLDER, shipped_packs


class Command(BaseCommand):
    help = "Checks call packs (those that ship with the portal, or the files given) and names every problem."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="JSON files; without any, all that ship")

    @no_translations
    def handle(self, *_args: Any, **options: Any) -> None:
        files: list[Path] = options["files"] or list(shipped_packs().values())
        found = 0
        for path in files:
            for sentence in _wrong_with(path):
                found += 1
                self.stderr.write(f"{path.name}: {sentence}")
        if found:
            raise CommandError(f"{found} problems in {len(files)} files.")
        self.stdout.write(f"{len(files)} packs are sound.")


def _wrong_with(path: Path) -> list[str]:
    try:
        pack = read(parse(path.read_bytes()))
    except OSError as error:
        return [f"cannot be read: {error.strerror}"]
    except PackError as error:
        return [str(problem) for problem in error.problems]
    if pack.key != path.stem and path.resolve().parent == FOLDER:
        return [f"key: is {pack.key}, but the file is named {path.stem}"]
    return [str(problem) for problem in problems(pack)]
