"""Makes sessions in every state for a demo, marked as such; never in a real portal."""

import datetime
import zoneinfo
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from exchange.actions import meetings
from exchange.models import BriefingSection, Registration, Session, SessionLink, Speaker
from network.models import Network, User

KEEPER = "coordinator@gnlc.example"
BOGOTA = "America/Bogota"
COMMON: dict[str, Any] = {
    "theme": "learning", "zone": "Europe/Berlin", "hosts": "Demo: Koordination GNLC", "languages": ["de", "en"],
    "source_label": "Für diese Vorführung erfunden · invented for this demo", "is_demo": True,
}  # fmt: skip
# days from today, the clock at the place, minutes, and what it is about; all of it invented
DRAFT = 23, "10:00", 60, {
    "title_de": "Demo: Lernfeste planen", "title_en": "Demo: planning learning festivals",
    "summary_de": "Ein Entwurf, den noch niemand sonst liest.", "summary_en": "A draft that nobody else reads yet.",
}  # fmt: skip
OPEN = 16, "15:00", 90, {
    "title_de": "Demo: Offene Sprechstunde für Bildungsbüros", "title_en": "Demo: open hour for education offices",
    "summary_de": "Ohne Anmeldung: Die Adresse steht kurz vor Beginn auf der Seite.",
    "summary_en": "Without registration: the address stands on the page shortly before it begins.",
    "link": "https://meet.example/demo-sprechstunde",
}  # fmt: skip
REGISTERED = 9, "08:30", 90, {
    "title_de": "Demo: Lernen im Stadtteil, über zwei Kontinente", "title_en": "Demo: learning in the neighbourhood, "
    "across two continents",
    "summary_de": "Zwei erfundene Städte erzählen, wie ein Lernladen entsteht. Die Uhr zählt in Bogotá.",
    "summary_en": "Two invented cities tell how a learning shop begins. The clock counts in Bogotá.",
    "zone": BOGOTA, "link": "https://meet.example/demo-stadtteil", "takes_registrations": True, "places": 40,
    "interpreted": ["es"],
}  # fmt: skip
CANCELLED = 12, "11:00", 60, {
    "title_de": "Demo: Bibliotheken am Abend", "title_en": "Demo: libraries in the evening",
    "summary_de": "Sie wurde abgesagt; die Seite sagt es, und wer angemeldet war, bekam ein Schreiben.",
    "summary_en": "It was cancelled; its page says so, and whoever had registered got a letter.",
}  # fmt: skip
BRIEFED = -20, "14:00", 90, {
    "title_de": "Demo: Was Lernräte bewegen", "title_en": "Demo: what learning councils change",
    "summary_de": "Eine Veranstaltung mit Kurzbericht in Abschnitten, Aufzeichnung und Folien.",
    "summary_en": "A session with a report in sections, a recording and slides.",
}  # fmt: skip
UNBRIEFED = -6, "09:00", 60, {
    "title_de": "Demo: Erste Schritte eines Netzwerks", "title_en": "Demo: first steps of a network",
    "summary_de": "Sie ist vorbei, und ihr Kurzbericht fehlt noch.",
    "summary_en": "It is over, and its report is still missing.",
}  # fmt: skip
SECTIONS = [
    ("Worum es ging", "What it was about",
     "Drei erfundene Städte haben verglichen, wer in ihrem Lernrat sitzt und wie er sein Geld bekommt.",
     "Three invented cities compared who sits in their learning council and where its money comes from."),
    ("Was andere mitnehmen können", "What others can take away",
     "Ein Lernrat wirkt, wenn er früh gefragt wird.\n\nEine feste Ansprechstelle im Rathaus zählt mehr als viel Geld.",
     "A learning council has an effect when it is asked early.\n\nA known office in the town hall counts for more than "
     "a lot of money."),
]  # fmt: skip
SPEAKERS = [("Bildungsbüro Musterstadt", "Education office, Musterstadt"),
            ("Volkshochschule Beispielhausen", "Adult education centre, Beispielhausen")]  # fmt: skip
LINKS = [("recording", "Aufzeichnung", "Recording", "https://example.org/demo-film"),
         ("slides", "Folien", "Slides", "https://example.org/demo-folien")]  # fmt: skip
GUESTS = [("Demo: Gast aus Musterstadt", "Musterstadt", "guest@city.example", True),
          ("Demo: Gast aus Beispielhausen", "Beispielhausen", "guest@othercity.example", True),
          ("Demo: noch nicht bestätigt", "", "late@city.example", False)]  # fmt: skip


def made(what: tuple[int, str, int, dict[str, Any]], *, by: User, public: bool = True) -> Session:
    """One session, announced unless it is to stay a draft."""
    days, clock, minutes, words = what
    values = COMMON | words
    day = timezone.localdate() + datetime.timedelta(days=days)
    zone = zoneinfo.ZoneInfo(values["zone"])
    begins = datetime.datetime.combine(day, datetime.time.fromisoformat(clock), zone)
    ends = begins + datetime.timedelta(minutes=minutes)
    networks = Network.objects.filter(slug="gnlc")
    session = meetings.create(
        Session(day=day, starts_at=begins, ends_at=ends, **values), by=by, networks=networks, practices=[], cities=[]
    )
    for office_de, office_en in SPEAKERS:
        Speaker.objects.create(session=session, office_de=office_de, office_en=office_en)
    if public:
        meetings.announce(session, by=by)
    return session


class Command(BaseCommand):
    help = "Makes sessions in every state for the demo. Runs again without harm."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo sessions are made in a demo only (PORTAL=demo), never in a real portal.")
        if not Session.objects.filter(is_demo=True).exists():
            with transaction.atomic(), override("de"):
                self.seed(User.objects.get(email=KEEPER))

    def seed(self, by: User) -> None:
        """A draft; announced without and with registration; cancelled; over with and without a report."""
        made(DRAFT, by=by, public=False)
        for each in (OPEN, UNBRIEFED):
            made(each, by=by)
        meetings.cancel(made(CANCELLED, by=by), by=by, reason="Demo: Die Gastgeberstadt hat umgeplant.")
        told = made(BRIEFED, by=by)
        for number, (title_de, title_en, text_de, text_en) in enumerate(SECTIONS, 1):
            BriefingSection.objects.create(
                session=told, position=number, title_de=title_de, title_en=title_en, text_de=text_de, text_en=text_en
            )
        for number, (kind, label_de, label_en, url) in enumerate(LINKS, 1):
            SessionLink.objects.create(
                session=told, position=number, kind=kind, label_de=label_de, label_en=label_en, url=url, language="de"
            )
        session, now = made(REGISTERED, by=by), timezone.now()
        for name, place, email, has_confirmed in GUESTS:
            Registration.objects.create(
                session=session, name=name, place=place, email=email, language="de", consent_at=now,
                confirmed_at=now if has_confirmed else None,
            )  # fmt: skip
