"""Prints the JSON Schema of call packs."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from applications.pack_schema import schema


class Command(BaseCommand):
    help = "Prints the JSON Schema (draft 2020-12) of call packs, for editors and other programs."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=2))
