"""Fills in an application for a demo: invented answers, marked as such, given by the same actions as real ones."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from applications.actions.documents import add_document
from applications.actions.drafting import save_answers
from applications.actions.endorsing import prepare_sheet, record_endorsement
from applications.actions.moving import submit
from applications.freezing import file_of
from applications.models import Application, Submission
from applications.models.document import SHEETS
from applications.pack import ColumnKind, Kind, Question
from network.documents.kinds import FileKind
from network.models import User

DAY = "2026-05-04"
SENTENCES = {
    "de": [
        "Demo: {city} gibt es nicht; diese Antwort ist für die Vorführung erfunden.",
        "Volkshochschule, Bibliothek und Schulen planen seit zwei Jahren gemeinsam.",
        "Der Rat hat den Plan beschlossen und eine Stelle in der Verwaltung benannt.",
        "In jedem Stadtteil gibt es einen Ort, an dem Menschen kostenlos lernen können.",
        "Wir messen jedes Jahr, wie viele Erwachsene teilnehmen und wen wir nicht erreichen.",
        "Die Mittel stehen für drei Jahre im Haushalt, Stiftungen geben ein Viertel dazu.",
        "Am wenigsten erreichen wir Menschen in Schichtarbeit; dafür proben wir neue Zeiten.",
    ],
    "en": [
        "Demo: there is no {city}; this answer is invented for the demonstration.",
        "The adult education centre, the library and the schools have planned together for two years.",
        "The council has adopted the plan and named an office in the administration.",
        "Every district has a place where people can learn free of charge.",
        "Each year we measure how many adults take part, and whom we do not reach.",
        "The budget holds the funds for three years; foundations add a quarter.",
        "We reach people in shift work least of all, and are trying out other hours for them.",
    ],
}


def hand_in(application: Application, *, by: User, variant: int) -> Submission:
    """Everything filled in, signed and submitted by the city's lead. `variant` (0, 1, …) makes applications differ."""
    values = {
        question.key: _answer(question, application, variant)
        for question in application.pack.questions.values()
        if question.kind is not Kind.DOCUMENT
    }
    versions = dict(application.answers.values_list("question", "version"))
    save_answers(application, values, seen=versions, by=by)
    for question in application.pack.questions.values():
        if question.kind is Kind.DOCUMENT and question.required:
            for number in range(question.at_least):
                add_document(application, question.key, _document(question, number), by=by)
    for link in application.pack.endorsements:
        if link.by_city:
            _sign(application, link.key, by)
    return submit(application, by=by, seen=file_of(Application.objects.for_page().get(pk=application.pk)).sha256)


def _sign(application: Application, link: str, by: User) -> None:
    sheet = prepare_sheet(application, link, by=by)
    scan = add_document(application, f"{SHEETS}{link}", _page("Demo: signed", FileKind.PDF, 0), by=by)
    day = timezone.localdate(timezone=application.call.zone_info)
    record_endorsement(sheet, scan, signed_on=day, signatory="Demo: E. Muster", office="Demo", by=by)


def _answer(question: Question, application: Application, variant: int) -> Any:
    """What fits the kind of the question and its limits."""
    limit = question.words or question.characters
    sentences = _sentences(application, variant)
    rows = max(1, question.at_least)
    choices = [choice.key for choice in question.choices]
    if question.choices_from_fields:
        choices = list(application.call.network.fields.order_by("pk").values_list("slug", flat=True))
    turned = choices[variant % len(choices) :] + choices[: variant % len(choices)] if choices else []
    cells = {ColumnKind.TEXT: "Demo", ColumnKind.NUMBER: str(10 + variant), ColumnKind.DATE: DAY}
    answers: dict[Kind, Any] = {
        Kind.SHORT_TEXT: f"Demo: {application.city}"[:limit],
        Kind.LONG_TEXT: _at_most(sentences, question.words),
        Kind.NUMBER: {"value": _number(question, variant)} | ({"year": 2025} if question.with_year else {}),
        Kind.DATE: DAY,
        Kind.CHOICE: choices[0] if choices and not question.choices_from_fields else next(iter(turned), None),
        Kind.SEVERAL: turned[:rows],
        Kind.RATING: {key: 1 + (variant + number) % 5 for number, key in enumerate(choices)},
        Kind.SDGS: [4, 11, 10][: question.at_most or 3],
        Kind.CITY_FACT: {
            "value": str(52000 + 1700 * variant), "year": 2025, "source": "Demo", "url": "", "confirmed": True,
        },
        Kind.CONTACT: {
            "name": "Demo: E. Muster", "office": "Demo", "organisation": str(application.city),
            "email": f"office@{application.city.slug}.example", "phone": "", "function_address": True, "consent": True,
        },
        Kind.LINKS: [{"url": f"https://{application.city.slug}.example/{n}", "label": "Demo"} for n in range(rows)],
        Kind.TABLE: [{column.key: cells[column.kind] for column in question.columns}] * rows,
        Kind.STAKEHOLDERS: [{"name": f"Demo {n + 1}", "sector": "Demo", "date": DAY} for n in range(rows)],
        Kind.CONFIRM: {"confirmed": True, "version": question.version},
    }  # fmt: skip
    return answers[question.kind]


def _number(question: Question, variant: int) -> str:
    """A whole number within the limits."""
    low, high = question.minimum or 0, question.maximum if question.maximum is not None else 10**6
    return str(int(min(max(low, 12 + variant), high)))


def _sentences(application: Application, variant: int) -> list[str]:
    """The first always says that it is invented; the others come in another order for each variant."""
    first, *others = SENTENCES.get(application.language, SENTENCES["en"])
    start = variant % len(others)
    return [first.format(city=application.city), *others[start:], *others[:start]]


def _at_most(sentences: list[str], words: int | None) -> str:
    """As many whole sentences as the limit allows, one at least."""
    text = sentences[0]
    for sentence in sentences[1:]:
        if words is not None and len(f"{text} {sentence}".split()) > words:
            break
        text = f"{text} {sentence}"
    return text


def _document(question: Question, number: int) -> SimpleUploadedFile:
    kind = FileKind.PDF if FileKind.PDF in question.accepts else question.accepts[0]
    return _page(f"Demo: {question.key} {number + 1}", kind, question.min_pixels or 0)


def _page(text: str, kind: FileKind, pixels: int) -> SimpleUploadedFile:
    """One page that says what it stands for."""
    side = max(600, pixels)
    page = Image.new("RGB", (side, side), "white")
    ImageDraw.Draw(page).text((40, 40), text, fill="black", font_size=28)
    out = io.BytesIO()
    page.save(out, kind.value.upper())
    return SimpleUploadedFile(f"{text.removeprefix('Demo: ').replace(' ', '-')}.{kind.value}", out.getvalue())
