"""Parts of the coordination's pages that repeat, written in Python: Django's template takes many times as long. Each is
built from escaped parts only."""

import zoneinfo
from collections.abc import Iterable
from html import escape

from django import template
from django.forms.boundfield import BoundField, BoundWidget
from django.template.defaultfilters import capfirst
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.care import Line
from applications.case_file import CaseFile, Row
from applications.case_history import Entry
from applications.case_together import Left, Taken
from applications.forms.caring import CheckForm, CheckRow
from applications.freezing import File
from applications.moments import in_words
from applications.templatetags.answers import answer
from network.templatetags.portal import number

register = template.Library()


@register.filter
def taken_rows(taken: Iterable[Taken]) -> SafeString:
    """Those to which an act will happen, each with what to know first."""
    rows = [
        f"<li><span><b>{escape(one.case.line.name)}</b> · {escape(one.case.line.receipt)} · "
        f"{escape(one.case.state_label)}</span>"
        f"{f'<span class="small attention">{escape(one.hint)}</span>' if one.hint else ''}</li>"
        for one in taken
    ]
    return mark_safe("\n".join(rows))  # noqa: S308


@register.filter
def left_rows(left: Iterable[Left]) -> SafeString:
    """Those to which it will not happen, and why not."""
    rows = [
        f"<li><span><b>{escape(one.case.line.name)}</b> · {escape(one.case.line.receipt)}</span>"
        f'<span class="small muted">{escape(one.reason)}</span></li>'
        for one in left
    ]
    return mark_safe("\n".join(rows))  # noqa: S308


@register.filter
def ticked(taken: Iterable[Taken]) -> SafeString:
    """The same to be sent along with the form that confirms the act."""
    return mark_safe("".join(f'<input type="hidden" name="case" value="{one.case.line.pk}">' for one in taken))  # noqa: S308


@register.simple_tag
def case_answers(case: CaseFile) -> SafeString:
    """What was submitted last, by section, with what a reader wants to know of each answer."""
    sections = [
        f'<section class="case-part" aria-labelledby="section-{part.section.key}">'
        f'<h3 id="section-{part.section.key}">{escape(str(part.section.title))}</h3>'
        f"{''.join(_answered(row, case.file) for row in part.rows)}</section>"
        for part in case.parts
    ]
    return mark_safe("\n".join(sections))  # noqa: S308


def _answered(row: Row, file: File) -> str:
    question, notes = row.question, "".join(f"<li>{note}</li>" for note in _notes(row))
    return (
        f'<div class="case-answer" id="question-{question.key}"><h4>{escape(str(question.label))}</h4>'
        f"{answer(question, file)}{f'<ul class="case-notes small muted">{notes}</ul>' if notes else ''}</div>"
    )


def _notes(row: Row) -> Iterable[str]:
    if row.has_changed:
        changed = escape(_("changed since the submission before"))
        yield f'<a href="#submissions">{changed}</a>'
    if row.words is not None and row.question.words:
        counted = {"words": number(row.words), "most": number(row.question.words)}
        yield escape(_("%(words)s of %(most)s words") % counted)
    elif row.words is not None:
        yield escape(ngettext("%(words)s word", "%(words)s words", row.words) % {"words": row.words})
    if row.criteria:
        titles, counts = ", ".join(escape(str(one.title)) for one in row.criteria), escape(_("counts for:"))
        yield f"{counts} {titles}"
    if row.question.public:
        yield escape(_("public after admission"))


@register.simple_tag
def case_entries(entries: Iterable[Entry], zone: zoneinfo.ZoneInfo) -> SafeString:
    """What happened, latest first; moments in the zone of the call."""
    return mark_safe(f'<ol class="case-entries">{"".join(_entry(one, zone) for one in entries)}</ol>')  # noqa: S308


def _entry(entry: Entry, zone: zoneinfo.ZoneInfo) -> str:
    role = f" ({escape(entry.role)})" if entry.role else ""
    return (
        f"<li{' class="case-move"' if entry.is_move else ''}>"
        f'<p class="case-what"><strong>{escape(capfirst(entry.what))}</strong>'
        f"{f' <span>{escape(entry.more)}</span>' if entry.more else ''}</p>"
        f'<p class="small muted">{escape(in_words(entry.at, zone))} · {escape(entry.who)}{role}</p>'
        f"{f'<blockquote class="as-typed">{escape(entry.note)}</blockquote>' if entry.note else ''}</li>"
    )


@register.simple_tag
def check_rows(form: CheckForm, zone: zoneinfo.ZoneInfo) -> SafeString:
    """The lines of the formal check to be filled in; moments in the zone of the call."""
    return mark_safe("".join(_check_row(row, zone) for row in form.rows))  # noqa: S308


def _check_row(row: CheckRow, zone: zoneinfo.ZoneInfo) -> str:
    key, words = row.line.check.key, escape(str(row.line.check.text))
    return (
        f'<fieldset class="check-line{" kern-fieldset--error" if row.verdict.errors else ""}" id="check-{key}">'
        f"<legend>{words}</legend>{_errors(row.verdict)}{_marked(row.line, zone)}"
        f'<div class="check-verdicts">{"".join(_option(one) for one in row.verdict.subwidgets)}</div>'
        f'<div class="check-note"><div class="kern-form-input">'
        f'<label class="kern-label" for="{row.note.id_for_label}">{escape(_("Note"))}</label>'
        f"{_errors(row.note)} {row.note}</div> {row.seen} "
        f'<button class="kern-btn kern-btn--tertiary" type="submit" name="only" value="{key}"><span class="kern-label">'
        f'{escape(_("Save"))}<span class="kern-sr-only">: {words}</span></span></button></div></fieldset>'
    )


def _marked(line: Line, zone: zoneinfo.ZoneInfo) -> str:
    """How it is marked, and how it was in a submission before."""
    mark, earlier, found = line.mark, line.earlier, ""
    if mark:
        saved = _("Saved as “%(verdict)s” by %(person)s, %(moment)s")
        told = saved % {"verdict": mark.label, "person": mark.who, "moment": in_words(mark.at, zone)}
        found = f'<p class="small muted">{escape(told)}</p>'
    if earlier:
        told = _("In submission %(number)s: %(verdict)s") % {"number": earlier.submission, "verdict": earlier.label}
        note = f" ({escape(earlier.note)})" if earlier.note else ""
        found += f'<p class="small check-earlier">{escape(told)}{note}</p>'
    return found


def _option(option: BoundWidget) -> str:
    label = f'<label class="kern-label" for="{option.id_for_label}">{escape(str(option.choice_label))}</label>'
    return f'<div class="kern-form-check">{option.tag()} {label}</div>'


def _errors(field: BoundField) -> str:
    return render_to_string("django/forms/errors.html", {"field": field}) if field.errors else ""
