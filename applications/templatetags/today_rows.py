"""Rows of the desk's start pages, written in Python as those of the lists; each is built from escaped parts only."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from applications.course import NextAct
from applications.moments import countdown, in_words
from applications.templatetags.case_rows import state_of
from applications.today import Errand
from applications.workflow import State
from network.templatetags.portal import shape

register = template.Library()
MOST_WORDS = 120  # characters of an errand


@register.filter
def waiting_rows(cases: Iterable[tuple[Any, NextAct | None]]) -> SafeString:
    """Applications that wait for the coordination, as in Reach.next_waiting, each with what is next."""
    return mark_safe("\n".join(_waiting(case, act) for case, act in cases))  # noqa: S308


def _waiting(case: Any, act: NextAct | None) -> str:
    again = _("came back") if case.state == State.SUBMITTED and case.round > 1 else ""
    came_back = f' <b class="small">{escape(again)}</b>' if again else ""
    return (
        f'<li class="desk-row"><div><h3>{shape(case.call.network)} '
        f'<a href="{reverse("coordination:application", args=[case.pk])}">{escape(case.city.name)}</a></h3>'
        f'<p class="small muted">{escape(case.call.title)} · {escape(case.receipt)}</p>'
        f'<p class="desk-state">{state_of(case)}{came_back} <span>{escape(act.sentence) if act else ""}</span></p>'
        f'</div><div class="desk-when">{_until(case, act)}</div></li>'
    )


def _until(case: Any, act: NextAct | None) -> str:
    if act is None or act.until is None:
        return ""
    zone = case.call.zone_info
    left, local = countdown(act.until, zone), timezone.localtime(act.until)
    return (
        f'<p class="days {left.tone}">{escape(left.sentence)}</p><p class="small muted">'
        f'<time datetime="{local.isoformat()}">{escape(in_words(act.until, zone))}</time></p>'
    )


@register.filter
def errand_rows(errands: Iterable[Errand]) -> SafeString:
    """What the coordination sees to, the earliest first."""
    return mark_safe("\n".join(map(_errand, errands)))  # noqa: S308


def _errand(errand: Errand) -> str:
    title = {"flag": _("Flag: %(city)s"), "answer": _("Answer of %(city)s"), "review": _("Review of %(city)s")}
    day = date_format(errand.day, "DATE_FORMAT")
    if errand.kind != "answer":
        day = (_("was due on %(day)s") if errand.is_late else _("due on %(day)s")) % {"day": day}
    return (
        f'<li><a href="{errand.address}">{escape(title[errand.kind] % {"city": errand.city})}</a> '
        f'<span class="small">{escape(truncatechars(errand.words, MOST_WORDS))}</span> '
        f'<span class="small {"urgent" if errand.is_late else "muted"}">{escape(day)}</span></li>'
    )
