"""Creates the programmes and sessions whose texts ship with the portal; what people have edited stays as it is."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import override

from cities.models import City
from exchange.content_files import CONTENT, Entry, read_programmes, read_sessions
from exchange.models import Programme, ProgrammeFigure, ProgrammePassage, Session, SessionLink, Speaker
from network.content_files import ContentError
from network.models import Network

OWNERS: dict[type[models.Model], str] = {
    ProgrammePassage: "programme", ProgrammeFigure: "programme", Speaker: "session", SessionLink: "session",
}  # fmt: skip


class Command(BaseCommand):
    """Checks both files before the first row is written; everything in one transaction."""

    help = "Creates the programmes and sessions of exchange/content/*.json. Those that exist are left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--replace", action="store_true", help="rewrite existing ones from the files; edits made here are lost"
        )
        parser.add_argument("--folder", type=Path, default=CONTENT, help="the folder of the files")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            with override("en"):
                programmes = read_programmes(options["folder"])
                sessions = read_sessions(programmes, options["folder"])
        except (ContentError, OSError) as error:
            raise CommandError(str(error)) from error
        with transaction.atomic():
            for entry in programmes:
                self.stdout.write(self._load(Programme, entry, replace=options["replace"]))
            for entry in sessions:
                self.stdout.write(self._load(Session, entry, replace=options["replace"]))

    def _load(self, model: type[Programme] | type[Session], entry: Entry, *, replace: bool) -> str:
        slug = entry.values["slug"]
        thing = model.objects.select_for_update().filter(slug=slug).first()
        if thing is not None and not replace:
            return f"{slug}: exists, left alone."
        done = "rewritten" if thing else "created"
        thing = thing or model()
        for name, value in entry.values.items():
            setattr(thing, name, value)
        if isinstance(thing, Session):
            thing.programme = Programme.objects.filter(slug=entry.programme).first()
            thing.published_at = thing.published_at or timezone.now()
        thing.save()
        thing.networks.set(Network.objects.filter(slug__in=entry.networks))
        self._write_parts(thing, entry)
        return f"{slug}: {done}."

    def _write_parts(self, thing: Programme | Session, entry: Entry) -> None:
        """The rows of an entry anew; a city that the portal does not have is left out, its name stands in the text."""
        for model, parts in entry.parts.items():
            owner = {OWNERS[model]: thing}
            model._default_manager.filter(**owner).delete()
            for part in parts:
                row = model(**owner, **part.values)
                if isinstance(row, Speaker) and part.city:
                    row.city = City.objects.filter(slug=part.city, is_demo=False).first()
                row.save()
