"""Makes practices of the demo cities in every state, so that a coordinator of the demo finds a queue."""

import io
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override
from PIL import Image, ImageDraw, ImageFont

from cities.models import City
from exchange.actions import moderating, papers, proposing
from exchange.actions.acting import note, tell_moderators
from exchange.actions.reporting import sender_key
from exchange.format import whole
from exchange.models import Practice, Proposal, ProposalNote, Report
from network.models import User

type Parts = dict[str, Any]

# Invented, as the two cities are; every title begins with "Demo:". By name: the parts of the common format.
BIKES: Parts = {
    "title_de": "Demo: Leihräder für Schulklassen", "title_en": "Demo: bicycles on loan for school classes",
    "summary_de": "Schulklassen leihen Räder für Ausflüge und lernen dabei, sie zu reparieren.",
    "theme": "mobility", "goals": [4, 11], "stage": "planned",
}  # fmt: skip
BUS: Parts = {
    "title_de": "Demo: Lesebus im Gewerbegebiet", "title_en": "Demo: a reading bus among the factories",
    "summary_de": "Ein Bus mit Büchern hält zum Schichtwechsel vor den Betrieben.",
    "summary_en": "A bus full of books stops in front of the factories when the shifts change.",
    "problem_de": "Wer in Schichten arbeitet, kommt selten in die Bibliothek, solange sie offen ist.",
    "problem_en": "People on shifts rarely get to the library while it is open.",
    "measures_de": "An drei Tagen in der Woche hält der Bus vor vier Betrieben. Ausgeliehen wird ohne Ausweis.",
    "measures_en": "On three days a week the bus stops at four factories. Nobody needs a card to borrow.",
    "setbacks_de": "Die erste Haltestelle lag hinter der Schranke eines Betriebs: Niemand sonst kam heran.",
    "setbacks_en": "The first stop was behind the gate of a factory: nobody else could get there.",
    "theme": "learning", "goals": [4, 8], "stage": "running", "first_year": 2024, "staff": "one", "money": "50k",
    "licence": "CC BY 4.0", "contact_de": "Stadtbibliothek Beispielhausen",
    "contact_email": "library@othercity.example",
    "partners": "wanted", "partners_sought_de": "Städte mit Schichtbetrieben, die Haltestellen vergleichen wollen.",
}  # fmt: skip
CAFE: Parts = {
    "title_en": "Demo: a repair table in the city library",
    "summary_en": "Once a month people mend things together, and write down how.",
    "measures_en": "Volunteers bring tools; the library gives the room, and shelves what was written down.",
    "theme": "climate", "goals": [12], "stage": "running", "first_year": 2023, "licence": "CC BY 4.0",
}  # fmt: skip
CHOIR: Parts = {
    "title_de": "Demo: Chor der Generationen", "title_en": "Demo: a choir of all ages",
    "summary_de": "Kita und Pflegeheim singen einmal in der Woche zusammen.",
    "measures_de": "Geprobt wird im Speisesaal des Pflegeheims, mit Liedern aus allen Ländern der Beteiligten.",
    "theme": "inclusion", "stage": "running", "licence": "CC BY 4.0",
}  # fmt: skip
GARDEN: Parts = {
    "title_de": "Demo: Schulgärten auf Parkdecks", "title_en": "Demo: school gardens on car parks",
    "summary_de": "Auf zwei Parkdecks ziehen Klassen Gemüse.",
    "summary_en": "Classes grow vegetables on two car parks.",
    "measures_de": "Die Stadt hat zwei oberste Decks gesperrt und Hochbeete gebaut.",
    "measures_en": "The city closed two top decks and built raised beds.",
    "evidence_de": "Zwölf Klassen im ersten Jahr.", "evidence_en": "Twelve classes in the first year.",
    "theme": "food", "goals": [2, 4], "stage": "finished", "first_year": 2021, "last_year": 2024,
    "licence": "CC BY 4.0",
}  # fmt: skip
MARKET: Parts = {
    "title_de": "Demo: Lernen auf dem Wochenmarkt", "title_en": "Demo: learning at the weekly market",
    "summary_de": "Am Stand der Volkshochschule kann man zehn Minuten etwas Neues lernen.",
    "measures_de": "Der Stand steht jeden zweiten Samstag zwischen Obst und Käse.",
    "theme": "learning", "stage": "running", "licence": "CC BY 4.0",
}  # fmt: skip
LIGHT: Parts = {
    "title_de": "Demo: Licht für den Weg zur Abendschule",
    "summary_de": "Angeblich leuchtet dort jetzt jede zweite Laterne die ganze Nacht.",
    "theme": "mobility", "source_url": "https://www.city.example/licht",
}  # fmt: skip


def person(email: str) -> User:
    return User.objects.get(email=email)


def _begun(city: City, by: User, values: dict[str, Any]) -> Proposal:
    """A draft by the actions, with all these parts."""
    original = {(True, True): "both", (True, False): "de", (False, True): "en"}[
        "summary_de" in values, "summary_en" in values
    ]
    title = values.get("title_de") or values["title_en"]
    made = proposing.begin(by=by, title=title, original_language=original, city=city)
    now = whole(made.values)
    changed = {name: value for name, value in values.items() if now[name] != value}
    return proposing.save(made, by=by, seen=now, values=changed)


def _drawn(width: int, height: int, words: str) -> Image.Image:
    """A sheet in two colours with a line of words."""
    sheet = Image.new("RGB", (width, height), "#F4F0E6")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, int(height * 0.62), width, height), fill="#2C6E73")
    pen.text((width // 12, height // 4), words, fill="#1B1B1B", font=ImageFont.load_default(size=width // 18))
    return sheet


def a_file(name: str, words: str) -> SimpleUploadedFile:
    """A drawn sheet as a PDF or a PNG, by the end of its name."""
    out = io.BytesIO()
    _drawn(*((1240, 1754) if name.endswith(".pdf") else (1200, 800)), words).save(
        out, "PDF" if name.endswith(".pdf") else "PNG"
    )
    return SimpleUploadedFile(name, out.getvalue())


def draft(city: City, author: User, _checker: User) -> None:
    _begun(city, author, BIKES)


def waiting(city: City, author: User, _checker: User) -> None:
    """Whole in both languages, with a picture and a document."""
    made = _begun(city, author, BUS)
    told = {"credit": "Demo: Stadt Beispielhausen", "licence": "CC BY 4.0"}
    papers.add_picture(
        made, a_file("bus.png", "Demo: Lesebus"), by=author,
        alt_de="Demo: eine Zeichnung anstelle eines Fotos des Busses",
        alt_en="Demo: a drawing in place of a photograph of the bus", **told,
    )  # fmt: skip
    papers.add_document(
        made, a_file("bericht.pdf", "Demo: erfundener Bericht"), by=author, title_de="Demo: Bericht des ersten Jahres",
        title_en="Demo: report of the first year", language="de", **told,
    )  # fmt: skip
    proposing.propose(made, by=author)


def waiting_in_english(city: City, author: User, _checker: User) -> None:
    proposing.propose(_begun(city, author, CAFE), by=author)


def asked_back(city: City, author: User, checker: User) -> None:
    made = proposing.propose(_begun(city, author, CHOIR), by=author)
    reason = "Demo: Seit wann gibt es den Chor, und wie viele singen mit? Bitte nennen Sie beides."
    moderating.send_back(made, by=checker, reason=reason)


def published(city: City, author: User, checker: User) -> None:
    moderating.publish(proposing.propose(_begun(city, author, GARDEN), by=author), by=checker)


def hidden_by_report(city: City, author: User, checker: User) -> None:
    """A demo practice is never public, so nobody could report it by the form; its report is put in place here."""
    practice = moderating.publish(proposing.propose(_begun(city, author, MARKET), by=author), by=checker)
    text = "Demo: Den Stand gibt es seit dem Umbau des Marktes nicht mehr."
    found = Report.objects.create(practice=practice, text=text, sender=sender_key("demo"))
    Practice.objects.filter(pk=practice.pk).update(visibility=Practice.Visibility.REPORTED)
    practice.refresh_from_db()
    words = {"practice": practice, "report": found, "is_hidden": True}
    tell_moderators(practice.programme, "reported", key=f"report:{found.pk}", but=(), **words)


def suggested(city: City, _author: User, _checker: User) -> None:
    """As if a visitor had sent it and confirmed the address: the form offers no demo city."""
    values = whole(LIGHT | {"original_language": "de"})
    made = Proposal.objects.create(
        state=Proposal.State.PROPOSED, title=LIGHT["title_de"], values=values, city=city,
        email="visitor@city.example", proposed_at=timezone.now(),
    )  # fmt: skip
    note(made, ProposalNote.Kind.SUGGESTED, by=None)


type Made = tuple[str, str, str, Callable[[City, User, User], None]]

MADE: list[Made] = [
    (BIKES["title_de"], "musterstadt", "lead@city.example", draft),
    (BUS["title_de"], "beispielhausen", "lead@othercity.example", waiting),
    (CAFE["title_en"], "musterstadt", "editor@city.example", waiting_in_english),
    (CHOIR["title_de"], "beispielhausen", "lead@othercity.example", asked_back),
    (GARDEN["title_de"], "musterstadt", "lead@city.example", published),
    (MARKET["title_de"], "beispielhausen", "lead@othercity.example", hidden_by_report),
    (LIGHT["title_de"], "musterstadt", "lead@city.example", suggested),
]


class Command(BaseCommand):
    help = "Makes practices of the demo cities in every state. Runs again without harm."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo practices are made in a demo only (PORTAL=demo), never in a real portal.")
        there = set(Proposal.objects.filter(city__is_demo=True).values_list("title", flat=True))
        cities = {city.slug: city for city in City.objects.filter(is_demo=True)}
        if not cities:
            raise CommandError("There are no demo cities yet. First: ./run seed_demo")
        for title, city, author, make in MADE:
            if title not in there:
                with transaction.atomic(), override("de"):
                    make(cities[city], person(author), person("coordinator@gnlc.example"))
