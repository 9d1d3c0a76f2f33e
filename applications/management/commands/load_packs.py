"""Keeps the packs that ship with the portal as versions, for coordinators to open calls from."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from applications.actions.calls import keep_pack
from applications.shipped import shipped_packs


class Command(BaseCommand):
    help = "Keeps the packs that ship as versions of their networks. Runs again without harm."

    def handle(self, *_args: Any, **options: Any) -> None:
        for path in shipped_packs().values():
            version = keep_pack(json.loads(path.read_text(encoding="utf-8")), by=None)
            if options["verbosity"] > 0:
                self.stdout.write(f"{version.key}: version {version.number} ({version.sha256[:12]})")
