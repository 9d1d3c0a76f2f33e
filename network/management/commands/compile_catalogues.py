"""Compiles the catalogues of translations where needed."""

from typing import Any

from django.core.management.base import BaseCommand

from network.catalogues import compile_all


class Command(BaseCommand):
    help = "Compiles translations (.po to .mo) that have changed; needs no GNU gettext."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        compiled = compile_all()
        for path in compiled:
            self.stdout.write(f"compiled {path}")
        if not compiled:
            self.stdout.write("All catalogues are up to date.")
