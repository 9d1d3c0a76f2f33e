"""What a question is called and asks for, in words: `{{ key|label_in:pack }}`, `{{ question|limits }}`."""

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.pack import Kind, Pack, Question
from network.documents.kinds import FileKind, megabytes

register = template.Library()

FILE_NAMES = {
    FileKind.PDF: "PDF",
    FileKind.JPEG: "JPEG",
    FileKind.PNG: "PNG",
    FileKind.DOCX: "Word (.docx)",
    FileKind.ODT: "OpenDocument (.odt)",
}


@register.filter
def limits(question: Question) -> str:
    """The limits of a question in one line: words, how many, kinds and size of files; empty where it has none."""
    parts = []
    if question.kind is Kind.LONG_TEXT and question.words:
        parts.append(
            ngettext("at most %(count)s word", "at most %(count)s words", question.words) % {"count": question.words}
        )
    if question.kind is Kind.DOCUMENT:
        parts.append(", ".join(FILE_NAMES[kind] for kind in question.accepts))
        parts.append(_("at most %(size)s MB each") % {"size": megabytes(question.max_bytes)})
        if question.max_pages:
            parts.append(
                ngettext("at most %(count)s page", "at most %(count)s pages", question.max_pages)
                % {"count": question.max_pages}
            )
        if question.min_pixels:
            parts.append(_("at least %(count)s pixels wide and high") % {"count": number_format(question.min_pixels)})
    if question.kind in COUNTED and question.at_most:
        if question.at_most == question.at_least and question.required:
            parts.append(_("exactly %(count)s") % {"count": question.at_most})
        elif question.at_most > 1:
            parts.append(_("up to %(count)s") % {"count": question.at_most})
    return " · ".join(parts)


COUNTED = {Kind.SEVERAL, Kind.SDGS, Kind.LINKS, Kind.TABLE, Kind.STAKEHOLDERS, Kind.DOCUMENT}


@register.filter
def label_in(key: str, pack: Pack) -> str:
    """What a question is called; empty where a later version of the pack has it no more."""
    question = pack.questions.get(key)
    return str(question.label) if question else ""


@register.simple_tag
def condition(pack: Pack, question: Question) -> str:
    """When a question is asked, in words; empty where it always is, and where a working copy names a question that is
    gone."""
    if question.only_if is None or question.only_if.question not in pack.questions:
        return ""
    other = pack.questions[question.only_if.question]
    labels = {choice.key: str(choice.label) for choice in other.choices}
    if other.kind is Kind.CONFIRM:
        labels = {"yes": _("confirmed")}
    answers = [_("“%(answer)s”") % {"answer": labels.get(key, key)} for key in question.only_if.any_of]
    return _("Only if “%(label)s” is answered with %(answers)s.") % {
        "label": other.label,
        "answers": _(" or ").join(answers),
    }
