"""Calls and applications for the tests: each state is reached by real actions."""

import datetime
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image

from applications.actions.calls import keep_pack
from applications.actions.deciding import Draft, prepare
from applications.actions.documents import add_document
from applications.actions.drafting import save_answers, start
from applications.actions.endorsing import prepare_sheet, record_endorsement
from applications.actions.moving import Sent, perform, submit
from applications.actions.releasing import fingerprint_of, listed_of, release
from applications.freezing import file_of
from applications.models import Application, Call, Endorsement, Outcome, PackVersion, Release
from applications.pack import FORMAT, Kind, Question
from applications.workflow import MOVES, Action, State
from cities.models import City, TeamMember
from network.models import Network, User
from tests.factories import Role, a_city, a_network, a_person


def text(de: str, en: str = "") -> dict[str, str]:
    return {"de": de, "en": en or f"{de} (en)"}


def a_pack_document(**changes: Any) -> dict[str, Any]:
    """A small sound pack for the network `gnlc`: one question of every kind the tests need, one endorsement."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "key": "small",
        "network": "gnlc",
        "title": text("Kleine Ausschreibung", "Small call"),
        "summary": text("Worum es geht.", "What it is about."),
        "decides": text("Eine Jury entscheidet.", "A jury decides."),
        "answer_languages": ["de", "en"],
        "steps": [
            {
                "key": "understand", "title": text("Verstehen", "Understand"), "explanation": text("Lesen.", "Read."),
                "actor": text("Verwaltung", "Administration"),
                "sections": [{"key": "rules", "title": text("Regeln", "Rules"), "questions": [
                    {"key": "rules_read", "kind": "confirm", "label": text("Regeln gelesen", "Rules read"),
                     "statement": text("Wir haben sie gelesen.", "We have read them."), "version": "2027"},
                ]}],
            },
            {
                "key": "commit", "title": text("Bekennen", "Commit"), "explanation": text("Beschließen.", "Decide."),
                "actor": text("Rat", "Council"),
                "sections": [{"key": "council", "title": text("Beschluss", "Resolution"), "questions": [
                    {"key": "council_body", "kind": "short_text", "label": text("Gremium", "Body")},
                    {"key": "council_date", "kind": "date", "label": text("Datum", "Date")},
                ]}],
            },
            {
                "key": "apply", "title": text("Antrag", "Apply"), "explanation": text("Ausfüllen.", "Fill in."),
                "actor": text("Verwaltung", "Administration"),
                "sections": [
                    {"key": "plan", "title": text("Plan", "Plan"), "questions": [
                        {"key": "vision", "kind": "long_text", "label": text("Vision", "Vision"), "words": 20},
                        {"key": "has_plan", "kind": "choice", "label": text("Gibt es einen Plan?", "Is there a plan?"),
                         "choices": [{"key": "yes", "label": text("Ja", "Yes")},
                                     {"key": "no", "label": text("Nein", "No")}]},
                        {"key": "plan_year", "kind": "number", "label": text("Jahr des Plans", "Year of the plan"),
                         "only_if": {"question": "has_plan", "any_of": ["yes"]}},
                        {"key": "plan_file", "kind": "document", "label": text("Der Plan", "The plan"),
                         "required": False, "accepts": ["pdf", "png"], "at_most": 2},
                    ]},
                    {"key": "people", "title": text("Personen", "People"), "questions": [
                        {"key": "mayor", "kind": "contact", "label": text("Stadtspitze", "Mayor")},
                    ]},
                ],
            },
            {
                "key": "submit", "title": text("Einreichen", "Submit"), "explanation": text("Prüfen.", "Check."),
                "actor": text("Verwaltung", "Administration"),
                "sections": [{"key": "consent", "title": text("Einverständnis", "Consent"), "questions": [
                    {"key": "complete", "kind": "confirm", "label": text("Vollständig", "Complete"),
                     "statement": text("Alles stimmt.", "All is right.")},
                ]}],
            },
        ],
        "criteria": [
            {"key": "planning", "title": text("Planung", "Planning"), "explanation": text("Ob.", "Whether."),
             "weight": 100, "questions": ["vision", "plan_year", "has_plan", "plan_file"]},
        ],
        "readiness": [
            {"key": "council", "statement": text("Der Rat hat beschlossen.", "The council has decided."),
             "evidence": text("Beschluss", "Resolution"), "office": text("Ratsbüro", "Council office"), "days": 90,
             "essential": True, "seeds": "council_body"},
            {"key": "plan", "statement": text("Es gibt einen Plan.", "There is a plan."),
             "evidence": text("Plan", "Plan"), "office": text("Bildungsbüro", "Education office"), "days": 30},
        ],
        "endorsements": [
            {"key": "mayor", "role": text("Oberbürgermeister*in", "Mayor"),
             "pledge": text("Unsere Stadt bekennt sich.", "Our city is committed."), "days": 14, "covers": ["plan"]},
            {"key": "commission", "role": text("Nationalkommission", "National Commission"),
             "pledge": text("Wir befürworten.", "We endorse."), "days": 30, "by_city": False},
        ],
        "checklist": [{"key": "signed", "text": text("Unterschrieben?", "Signed?")}],
        "retention": {"admitted": 120, "not_admitted": 24, "draft": 12},
        "quota": {"count": 3, "per_country": True},
    }  # fmt: skip
    return document | changes


def a_network_of(slug: str = "gnlc") -> Network:
    """The network of this slug; made once."""
    return Network.objects.filter(slug=slug).first() or a_network(slug)


def a_pack_version(**changes: Any) -> PackVersion:
    a_network_of(str(changes.get("network", "gnlc")))
    return keep_pack(a_pack_document(**changes), by=None)


def a_call(slug: str = "runde", *, days: float = 30, pack: PackVersion | None = None, **values: Any) -> Call:
    """A published call that has been open for a day and closes after `days`."""
    version = pack or a_pack_version()
    now = timezone.now()
    dates: dict[str, Any] = {
        "published_at": now - datetime.timedelta(days=2),
        "opens_at": now - datetime.timedelta(days=1),
        "closes_at": now + datetime.timedelta(days=days),
    }
    texts = {"title_de": f"Aufruf {slug}", "title_en": f"Call {slug}"}
    return Call.objects.create(network=version.network, pack_version=version, slug=slug, **(dates | texts | values))


def let_time_pass(calls: QuerySet[Call] | None = None, **dates: Any) -> None:
    """Sets dates of calls (all) as if time had passed. The database refuses that for those that are announced."""
    guard = "ALTER TABLE applications_call {} TRIGGER refuse_forbidden_change"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(guard.format("DISABLE"))
        (Call.objects.all() if calls is None else calls).update(**dates)
        cursor.execute(guard.format("ENABLE"))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def a_lead(city: City) -> User:
    """The lead of the city's team; made once."""
    there = TeamMember.objects.filter(city=city, role=TeamMember.Role.LEAD).select_related("user").first()
    return there.user if there else a_person(Role.LEAD, city=city)


def an_editor(city: City, name: str = "") -> User:
    user = User.objects.create_user(
        f"{User.objects.count()}-editor@example.org", "ein-langes-kennwort", name=name or f"Redaktion {city}"
    )
    TeamMember.objects.create(city=city, user=user, role=TeamMember.Role.EDITOR)
    return user


def a_coordinator(network: Network) -> User:
    there = User.objects.filter(offices__network=network, offices__role="coordinator").first()
    return there or a_person(Role.COORDINATOR, network=network)


def a_pdf(name: str = "plan.pdf") -> SimpleUploadedFile:
    """A whole PDF of one empty page."""
    out = io.BytesIO()
    Image.new("RGB", (80, 120), "white").save(out, "PDF")
    return SimpleUploadedFile(name, out.getvalue(), content_type="application/pdf")


def a_right_answer(question: Question) -> Any:
    """An answer that lacks nothing; None for documents, which are uploaded."""
    contact = {"name": "E. Muster", "office": "Leitung", "organisation": "Stadt", "email": "stadt@example.org",
               "phone": "", "function_address": True, "consent": True}  # fmt: skip
    fact = {"value": "330579", "year": 2023, "source": "Statistikamt", "url": "", "confirmed": True}
    answers: dict[Kind, Any] = {
        Kind.SHORT_TEXT: "Rat der Stadt",
        Kind.LONG_TEXT: "Lernen gelingt in jedem Alter.",
        Kind.NUMBER: {"value": "2024", "year": 2024} if question.with_year else {"value": "2024"},
        Kind.DATE: "2026-05-31",
        Kind.CHOICE: question.choices[0].key if question.choices else None,
        Kind.SEVERAL: [choice.key for choice in question.choices[: max(1, question.at_least)]],
        Kind.RATING: {choice.key: 3 for choice in question.choices},
        Kind.SDGS: [4, 11][: question.at_most or 2],
        Kind.CITY_FACT: fact,
        Kind.CONTACT: contact,
        Kind.LINKS: [{"url": "https://www.example.org/", "label": "Plan"}] * max(1, question.at_least),
        Kind.TABLE: [
            {column.key: {"number": "12", "date": "2027-01-31"}.get(column.kind, "Text") for column in question.columns}
        ]
        * max(1, question.at_least),
        Kind.STAKEHOLDERS: [{"name": "Volkshochschule", "sector": "Bildung", "date": "2026-05-01"}]
        * max(1, question.at_least),
        Kind.CONFIRM: {"confirmed": True, "version": question.version},
    }
    return answers.get(question.kind)


def complete(application: Application, *, by: User) -> None:
    """Fills in everything and has the city's endorsements signed; documents where they are required."""
    pack = application.pack
    versions = dict(application.answers.values_list("question", "version"))
    values = {
        question.key: a_right_answer(question)
        for question in pack.questions.values()
        if question.kind is not Kind.DOCUMENT
    }
    for question in pack.questions.values():
        if question.choices_from_fields:
            slugs = list(application.call.network.fields.values_list("slug", flat=True)[:1])
            values[question.key] = slugs[0] if question.kind is Kind.CHOICE else slugs
    save_answers(application, values, seen=versions, by=by)
    for question in pack.questions.values():
        if question.kind is Kind.DOCUMENT and question.required:
            for number in range(question.at_least):
                add_document(application, question.key, a_pdf(f"{question.key}-{number}.pdf"), by=by)
    for link in pack.endorsements:
        if link.by_city:
            sign(application, link.key, by=by)


def sign(
    application: Application, link: str = "mayor", *, by: User, scan: UploadedFile | None = None, **particulars: Any
) -> Endorsement:
    """The sheet of a link, prepared, signed and uploaded, if it has no signature for what it covers now."""
    sheet = prepare_sheet(application, link, by=by)
    if sheet.is_given:
        return sheet
    document = add_document(application, f"endorsement:{link}", scan or a_pdf("signed.pdf"), by=by)
    today = timezone.localdate(timezone=application.call.zone_info)
    values: dict[str, Any] = {"signed_on": today, "signatory": "E. Muster", "office": "OB"} | particulars
    return record_endorsement(sheet, document, by=by, **values)


def an_application(
    state: str = State.DRAFT, *, call: Call | None = None, city: City | None = None, **_nothing: Any
) -> Application:
    """An application of a city's lead, brought to its state by the people who may do so."""
    city = city or City.objects.filter(slug="musterstadt").first() or a_city("musterstadt")
    call = call or Call.objects.first() or a_call()
    lead, coordinator = a_lead(city), a_coordinator(call.network)
    application = start(call, city, by=lead, language="de")
    for action in PATHS[State(state)]:
        if action == Action.SUBMIT:
            complete(application, by=lead)
            submit(application, by=lead, seen=file_of(Application.objects.for_page().get(pk=application.pk)).sha256)
        elif action == Action.RETURN:
            due = timezone.now() + datetime.timedelta(days=14)
            perform(application, action, by=coordinator, note="Bitte ergänzen.", until=due, parts=["vision"])
        elif action == Action.FORWARD:
            perform(application, action, by=coordinator, sent=Sent(timezone.localdate(), "email"))
        elif action in {move.action for move in MOVES if move.by_release}:
            decide(application, action)
        else:
            by = lead if action == Action.WITHDRAW else None if action == Action.LAPSE else coordinator
            perform(application, action, by=by, note="Begründung.")
    return Application.objects.for_page().get(pk=application.pk)


def a_second_coordinator(network: Network) -> User:
    """A colleague of `a_coordinator`; made once."""
    first = a_coordinator(network)
    there = User.objects.filter(offices__network=network, offices__role="coordinator").exclude(pk=first.pk)
    return there.first() or a_person(Role.COORDINATOR, network=network, name="Zweite Person")


def a_draft(action: str, **values: Any) -> Draft:
    """An outcome that lacks nothing."""
    whole: dict[str, Any] = {
        "action": action, "reason_de": "Begründung.", "reason_en": "The reason.", "without_quorum": "Eilt.",
        "decided_on": timezone.localdate(), "source_label": "Liste der Jury",
    }  # fmt: skip
    return Draft(**(whole | values))


def prepared(application: Application, action: str, **values: Any) -> Outcome:
    """An outcome on the list of its call."""
    return prepare(application, a_draft(action, **values), by=a_coordinator(application.call.network))


def released(call: Call, *, at: datetime.datetime | None = None, by: User | None = None) -> Release:
    """The whole list of the call, checked by a second person."""
    by = by or a_second_coordinator(call.network)
    return release(call, at=at, seen=fingerprint_of(listed_of(call)), by=by)


def decide(application: Application, action: str, **values: Any) -> None:
    """Prepared by one person, released at once by another."""
    prepared(application, action, **values)
    released(application.call)


_ENDORSED = [Action.SUBMIT, Action.REVIEW, Action.ENDORSE]
PATHS: dict[State, list[Action]] = {
    State.DRAFT: [],
    State.SUBMITTED: [Action.SUBMIT],
    State.RETURNED: [Action.SUBMIT, Action.RETURN],
    State.IN_REVIEW: [Action.SUBMIT, Action.REVIEW],
    State.ENDORSED: _ENDORSED,
    State.NOT_ENDORSED: [Action.SUBMIT, Action.REVIEW, Action.REFUSE],
    State.FORWARDED: [*_ENDORSED, Action.FORWARD],
    State.ADMITTED: [*_ENDORSED, Action.FORWARD, Action.ADMIT],
    State.NOT_ADMITTED: [*_ENDORSED, Action.FORWARD, Action.NOT_ADMIT],
    State.WITHDRAWN: [Action.WITHDRAW],
    State.LAPSED: [Action.LAPSE],
}
