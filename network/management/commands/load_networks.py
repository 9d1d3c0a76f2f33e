"""Creates the networks and news whose texts ship with the portal; what coordinators have edited stays as it is."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import override

from network.content_files import CONTENT, ContentError, NetworkFile, NewsEntry, read_networks, read_news
from network.models import Field, Figure, Network, News, Passage


class Command(BaseCommand):
    """Checks every file before the first row is written; all networks and news in one transaction."""

    help = "Creates the networks and news of network/content/*.json. Those that exist are left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--replace",
            action="store_true",
            help="rewrite existing networks (texts, figures, fields) and news from the files; edits made here are lost",
        )
        parser.add_argument("--folder", type=Path, default=CONTENT, help="the folder of the files")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            with override("en"):
                files = read_networks(options["folder"])
                news = read_news(files, options["folder"])
        except ContentError as error:
            raise CommandError(str(error)) from error
        with transaction.atomic():
            for file in files:
                self.stdout.write(self._load(file, replace=options["replace"]))
            for entry in news:
                self.stdout.write(self._load_news(entry, replace=options["replace"]))

    def _load(self, file: NetworkFile, *, replace: bool) -> str:
        network = Network.objects.select_for_update().filter(slug=file.slug).first()
        if network is None:
            network = Network(**file.values)
            network.save()
            self._write_parts(network, file)
            return f"{file.slug}: created with {len(file.passages)} texts."
        if not replace:
            return f"{file.slug}: exists, left alone."
        for name, value in file.values.items():
            setattr(network, name, value)
        network.save()
        network.passages.all().delete()
        network.figures.all().delete()
        kept = self._write_parts(network, file)
        note = f" Fields that the file does not name were kept: {', '.join(kept)}." if kept else ""
        return f"{file.slug}: rewritten with {len(file.passages)} texts.{note}"

    def _write_parts(self, network: Network, file: NetworkFile) -> list[str]:
        """Writes passages and figures anew. A field keeps its row, for memberships hold it; returns those not named."""
        for row in file.passages:
            Passage(network=network, **row).save()
        for row in file.figures:
            Figure(network=network, **row).save()
        fields = {field.slug: field for field in network.fields.all()}
        for row in file.fields:
            field = fields.pop(row["slug"], None) or Field(network=network)
            for name, value in row.items():
                setattr(field, name, value)
            field.save()
        return sorted(fields)

    def _load_news(self, entry: NewsEntry, *, replace: bool) -> str:
        slug = entry.values["slug"]
        news = News.objects.select_for_update().filter(slug=slug).first()
        if news is not None and not replace:
            return f"news {slug}: exists, left alone."
        done = "rewritten" if news else "created"
        news = news or News()
        news.network = Network.objects.get(slug=entry.network) if entry.network else None
        for name, value in entry.values.items():
            setattr(news, name, value)
        news.save()
        return f"news {slug}: {done}."
