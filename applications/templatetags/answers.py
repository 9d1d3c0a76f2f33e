"""Answers in templates, read only, and when they were changed: `{% answer question file %}`, or with a value of its own
`{% answer question file value %}` (a version of the history, an answer of an earlier application)."""

import datetime
from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from applications.answers import Value
from applications.forms.question import QuestionField
from applications.freezing import File
from applications.models import Application, Document
from applications.moments import clock
from applications.pack import Question
from applications.progress import Condition
from applications.shown import shown
from applications.templatetags.packs import FILE_NAMES
from applications.word_differences import Piece, differences, own_words
from network.documents.kinds import FileKind
from network.templatetags.portal import icon

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


@register.inclusion_tag("applications/_answer.html")
def answer(question: Question, file: File, value: Any = AS_STORED, *, linked: bool = True) -> dict[str, object]:
    """One answer in the reader's language; the city's own words carry the language they are written in. Documents are
    links to their download unless `linked` is False."""
    given: Value = file.answers.get(question.key) if value is AS_STORED else value
    words = shown(question, given, file)
    foreign = words.in_own_words and file.application.language != get_language()
    return {
        "shown": words,
        "lang": file.application.language if foreign else "",
        "rows": [list(zip(words.columns, cells, strict=True)) for cells in words.rows],
        "documents": [
            (one, reverse("applications:document", args=[one.application_id, one.pk]) if linked else "")
            for one in words.documents
        ],
    }


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
