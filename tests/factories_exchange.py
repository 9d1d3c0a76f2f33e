"""What cities give each other, for tests: each function makes one consistent thing and takes what matters to a test."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from cities.models import City
from exchange.format import title_of, whole
from exchange.models import (
    BriefingSection,
    CalendarImport,
    Practice,
    PracticeDocument,
    PracticePicture,
    Programme,
    Proposal,
    Registration,
    Report,
    Resource,
    SavedSearch,
    Session,
    Speaker,
    TransferStep,
)
from network.models import Network, User


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


def a_proposal(city: City | None = None, *, by: User | None = None, state: str = "draft", **values: object) -> Proposal:
    """A proposal that could be published, with these parts changed (names of exchange.format); without a city it needs
    `authority` and `country`."""
    place = {name: values.pop(name) for name in ("authority", "country", "programme", "email") if name in values}
    parts: dict[str, object] = {
        "original_language": "de",
        "title_de": "Lernen im Park",
        "summary_de": "Im Park wird gelernt.",
        "measures_de": "Bänke wurden zu Klassenzimmern.",
        "theme": "learning",
        "licence": "CC BY 4.0",
    }
    proposal = Proposal(city=city, by=by, state=state, values=whole(parts | values), **place)
    proposal.title = title_of(proposal.values)
    if state not in {"draft", "unconfirmed"}:
        proposal.proposed_at = timezone.now()
    proposal.save()
    return proposal


def a_picture(proposal: Proposal, *, is_public: bool = False) -> PracticePicture:
    """A row whose file is three bytes: nothing measures it."""
    name = default_storage.save("exchange/bild.webp", ContentFile(b"bild"[:3]))
    row = PracticePicture(
        proposal=proposal, image=name, width=60, height=40, alt_de="Eine Bank", credit="E. M.", licence="CC0 1.0",
        is_public=is_public,
    )  # fmt: skip
    return PracticePicture.objects.bulk_create([row])[0]


def a_document(proposal: Proposal, *, is_public: bool = False) -> PracticeDocument:
    """A row whose file is three bytes: nothing looks into it."""
    name = default_storage.save("exchange/documents/blatt", ContentFile(b"pdf"))
    return PracticeDocument.objects.create(
        proposal=proposal, file=name, title_de="Bericht", language="de", credit="Amt", licence="CC0 1.0",
        name="bericht.pdf", kind="pdf", size=3, sha256="0", pages=1, is_public=is_public,
    )  # fmt: skip


def some_writing(practice: Practice, *, by: User, elsewhere: City) -> None:
    """One of each thing of the writing side around a public practice: its proposal with its papers, one that waits, one
    just begun, a visitor's suggestion, a report, a step of another city, a saved search, sessions, material."""
    told = a_proposal(practice.city, by=by, state="draft")
    Proposal.objects.filter(pk=told.pk).update(practice=practice, state="published", proposed_at=timezone.now())
    a_picture(told, is_public=True)
    a_document(told, is_public=True)
    waiting = a_proposal(practice.city, by=by, state="proposed", title_de="Was wartet")
    a_picture(waiting)
    a_document(waiting)
    a_proposal(practice.city, by=by, title_de="Was entsteht")
    country = elsewhere.country
    a_proposal(authority="Pays de Bray", country=country, email="besuch@example.org", state="unconfirmed")
    Report.objects.create(practice=practice, text="Das stimmt nicht.", sender="0")
    TransferStep.objects.create(practice=practice, city=elsewhere, stage="adapted", note="Bei uns auch.", language="de")
    SavedSearch.objects.create(email="besuch@example.org", language="de", query="theme=health")
    begins = timezone.now() + datetime.timedelta(days=9)
    meeting: dict[str, Any] = {"starts_at": begins, "zone": "Europe/Berlin", "link": "https://example.org/raum"}
    a_session("offen", in_days=9, **meeting)
    session = a_session("mit-anmeldung", in_days=9, takes_registrations=True, places=9, speakers=["Amt"], **meeting)
    session.practices.add(practice)
    session.cities.add(elsewhere)
    BriefingSection.objects.create(session=session, title_de="Anfang", text_de="Worte.")
    a_registration(session)
    a_resource()
    a_calendar_import(session.programme or a_programme("kalender"))


def a_registration(session: Session, email: str = "gast@example.org", *, confirmed: bool = True) -> Registration:
    now = timezone.now()
    return Registration.objects.create(
        session=session,
        name="Gast",
        email=email,
        language="de",
        consent_at=now,
        confirmed_at=now if confirmed else None,
    )


def a_calendar_import(programme: Programme, *events: str) -> CalendarImport:
    """A calendar with these events (by default a new one in nine days), read and not confirmed."""
    day = timezone.localdate() + datetime.timedelta(days=9)
    standard = f"BEGIN:VEVENT\nUID:neu\nSUMMARY:Neu im Kalender\nDTSTART:{day:%Y%m%d}T140000Z\nEND:VEVENT"
    content = "\n".join(["BEGIN:VCALENDAR", *(events or [standard]), "END:VCALENDAR"]).encode()
    return CalendarImport.objects.create(
        programme=programme, name="kalender.ics", zone="Europe/Berlin", theme="learning", language="de",
        content=content,
    )  # fmt: skip


def a_resource(title: str = "Ein Modul", **values: object) -> Resource:
    """A public piece of material."""
    texts: dict[str, object] = {
        "title_de": title, "why_de": "Weil es hilft.", "kind": "module", "languages": ["de"], "maker": "Ein Haus",
        "url": "https://example.org/modul", "published_at": timezone.now(),
    }  # fmt: skip
    resource = Resource(**(texts | values))
    resource.save()
    return resource
