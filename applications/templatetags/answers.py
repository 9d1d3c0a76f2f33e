"""Answers in templates, read only, and when they were changed: `{% answer question file %}`, or with a value of its own
`{% answer question file value %}` (a version of the history, an answer of an earlier application)."""

import datetime
from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from applications.answers import Value
from applications.forms.question import QuestionField
from applications.freezing import File
from applications.models import Application, Document
from applications.moments import clock
from applications.pack import Question
from applications.progress import Condition
from applications.shown import Shown, shown
from applications.templatetags.packs import FILE_NAMES
from applications.word_differences import Piece, differences, own_words
from network.documents.kinds import FileKind
from network.templatetags.portal import external, icon

register = template.Library()
AS_STORED = object()


@register.filter
def when(moment: datetime.datetime) -> str:
    """For example "today, 10:42", "yesterday, 16:20" or "4 November 2026, 16:20"."""
    local = timezone.localtime(moment)
    days = (timezone.localdate() - local.date()).days
    if days > 1 or days < 0:
        return _("%(day)s, %(time)s") % {"day": date_format(local, "DATE_FORMAT"), "time": clock(local)}
    day = _("yesterday") if days else _("today")
    return _("%(day)s, %(time)s") % {"day": day, "time": clock(local)}


@register.simple_tag
def answer(question: Question, file: File, value: Any = AS_STORED, *, linked: bool = True) -> SafeString:
    """One answer in the reader's language; the city's own words carry the language they are written in. Documents are
    links to their download unless `linked` is False. Built from escaped parts: a page has some eighty."""
    given: Value = file.answers.get(question.key) if value is AS_STORED else value
    words = shown(question, given, file)
    foreign = words.in_own_words and file.application.language != get_language()
    return mark_safe(_drawn(words, file.application.language if foreign else "", linked=linked))  # noqa: S308


def _drawn(shown: Shown, lang: str, *, linked: bool) -> str:
    if shown.is_empty:
        return f'<p class="answer unknown">{escape(_("No answer"))}</p>'
    in_lang = f' lang="{escape(lang)}"' if lang else ""
    if shown.text:
        return f'<div class="answer answer-text"{in_lang}>{linebreaks(shown.text, autoescape=True)}</div>'
    if shown.items:
        return _dashes(escape(item) for item in shown.items)
    if shown.facts:
        rows = (f"<div><dt>{escape(label)}</dt><dd>{escape(words)}</dd></div>" for label, words in shown.facts)
        return f'<dl class="answer facts">{"".join(rows)}</dl>'
    if shown.links:
        return _dashes(external(one.url, one.text, lang) if one.url else escape(one.text) for one in shown.links)
    return _table(shown, in_lang) if shown.rows else _dashes(_document(one, linked=linked) for one in shown.documents)


def _dashes(items: Iterable[str]) -> str:
    return f'<ul class="answer dashes">{"".join(f"<li>{item}</li>" for item in items)}</ul>'


def _table(shown: Shown, in_lang: str) -> str:
    """A table that becomes a list where it is narrow."""
    columns = [escape(column) for column in shown.columns]
    head = "".join(f'<th scope="col" role="columnheader">{column}</th>' for column in columns)
    rows = [
        "".join(
            f'<td role="cell" data-label="{column}">{escape(cell)}</td>'
            for column, cell in zip(columns, cells, strict=True)
        )
        for cells in shown.rows
    ]
    body = "".join(f'<tr role="row">{row}</tr>' for row in rows)
    return (
        f'<table class="answer table table-list" role="table"><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup"{in_lang}>{body}</tbody></table>'
    )


def _document(document: Document, *, linked: bool) -> str:
    name = escape(document.name)
    if linked:
        name = f'<a href="{reverse("applications:document", args=[document.application_id, document.pk])}">{name}</a>'
    return f'{name} <span class="small muted">({escape(document_facts(document))})</span>'


@register.simple_tag
def condition_word(condition: Condition) -> SafeString:
    """The state of a section or signature as a word with its icon, on its tint."""
    return format_html('<span class="status {}">{} {}</span>', condition.tone, icon(condition.icon), condition.label)


@register.simple_tag
def question_of(application: Application, key: str) -> Question | None:
    """The question of this key; None where the questions of the call no longer have it."""
    return application.pack.questions.get(key)


@register.simple_tag
def document_facts(document: Document) -> str:
    """Kind, size and pages of a document: "PDF, 1.2 MB, 3 pages"."""
    kind = dict(FILE_NAMES).get(FileKind(document.kind), document.kind)
    facts = [kind, filesizeformat(document.size)]
    if document.pages:
        facts.append(ngettext("%(count)s page", "%(count)s pages", document.pages) % {"count": document.pages})
    return ", ".join(facts)


@register.simple_tag
def both_sides(field: QuestionField, file: File) -> dict[str, list[Piece]]:
    """Two versions of an answer, each with what only it says: `mine` and `theirs`."""
    assert field.conflict is not None
    theirs, mine = (
        str(shown(field.question, value, file)) for value in (field.conflict.stored.value, field.conflict.mine)
    )
    pieces = differences(theirs, mine)
    return {"mine": own_words(pieces, "new"), "theirs": own_words(pieces, "gone")}
