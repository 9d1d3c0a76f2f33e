"""Opens calls for a demo, marked as such; never in a real portal."""

import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applications.models import Call, PackVersion

# Titles are marked as demo in both languages; dates are counted from the day of the first start.
CALLS = {
    "gnlc": ("Demo: Ausschreibung Learning Cities", "Demo: call for Learning Cities", 60),
    "uccn-national": ("Demo: nationale Vorauswahl Creative Cities", "Demo: national stage, Creative Cities", 75),
    "uccn-paris": (
        "Demo: Bewerbung bei der UNESCO, Creative Cities",
        "Demo: application to UNESCO, Creative Cities",
        90,
    ),
    "c40": ("Demo: Vorbereitung einer C40-Bewerbung", "Demo: preparing a C40 application", 120),
}


def end_of_day(days: int) -> datetime.datetime:
    """23:59:59 in Berlin, so many days from today."""
    day = timezone.localdate() + datetime.timedelta(days=days)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59, 59)))


def open_call(version: PackVersion) -> None:
    """The demo call of a pack, open from now."""
    title_de, title_en, days = CALLS[version.key]
    Call.objects.create(
        network=version.network,
        pack_version=version,
        slug=f"demo-{version.key}",
        title_de=title_de,
        title_en=title_en,
        published_at=timezone.now(),
        opens_at=timezone.now(),
        closes_at=end_of_day(days),
        forwards_at=end_of_day(days + 30),
        decides_at=end_of_day(days + 180),
        is_demo=True,
    )


class Command(BaseCommand):
    help = "Keeps the packs that ship, and opens a demo call for some of them. Runs again without harm."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo calls are made in a demo only (PORTAL=demo), never in a real portal.")
        call_command("load_packs", verbosity=0)
        there = {call.slug for call in Call.objects.only("slug")}
        for key in CALLS:
            if f"demo-{key}" not in there:
                open_call(PackVersion.objects.filter(key=key).select_related("network").latest("number"))
