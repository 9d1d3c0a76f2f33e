"""What cities give each other, for tests: each function makes one consistent thing and takes what matters to a test."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from cities.models import City
from exchange.models import Practice, Programme, Session, Speaker
from network.models import Network


def a_programme(slug: str = "reihe", **values: object) -> Programme:
    texts: dict[str, object] = {
        "name_de": f"Programm {slug}",
        "name_en": f"Programme {slug}",
        "lead_de": "Ein Programm.",
        "about_de": "Wozu es da ist.",
        "source_label": "Eine Quelle",
    }
    programme = Programme(slug=slug, **(texts | values))
    programme.save()
    return programme


def a_practice(
    slug: str = "beispiel", *, city: City | None = None, networks: Iterable[Network] = (), **values: object
) -> Practice:
    """A published practice in both languages; without a city it needs `authority` and `country`."""
    texts: dict[str, object] = {
        "title_de": f"Titel {slug}",
        "title_en": f"Title {slug}",
        "summary_de": f"Zusammenfassung {slug}",
        "summary_en": f"Summary {slug}",
        "original_language": "both",
        "theme": "learning",
        "source_url": "https://example.org/",
        "published_at": timezone.now(),
    }
    practice = Practice(slug=slug, city=city, **(texts | values))
    practice.save()
    practice.networks.set(networks)
    return practice


def a_session(slug: str = "sitzung", *, in_days: int = -30, speakers: Iterable[str] = (), **values: object) -> Session:
    """A published session so many days from today."""
    texts: dict[str, object] = {
        "title_de": f"Sitzung {slug}",
        "title_en": f"Session {slug}",
        "summary_de": "Worum es ging.",
        "summary_en": "What it was about.",
        "theme": "learning",
        "hosts": "Ein Netzwerk",
        "day": timezone.localdate() + datetime.timedelta(days=in_days),
        "source_label": "Eine Quelle",
        "published_at": timezone.now(),
    }
    session = Session(slug=slug, **(texts | values))
    session.save()
    for office in speakers:
        Speaker.objects.create(session=session, office_de=office, office_en=office)
    return session
