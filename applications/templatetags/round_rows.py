"""Rows of the page that says who reviews what: a cell for each pair of an application and a reviewer, so written in
Python (as applications.templatetags.case_rows). Each is built from escaped parts only."""

from html import escape

from django import template
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Assignment
from applications.review_round import Cell, Round, RoundRow
from applications.scores import Total
from applications.templatetags.case_rows import a_cell, muted
from applications.workflow import State

register = template.Library()


def _second(words: str, *, attention: bool = False) -> str:
    return f'<span class="second{" attention" if attention else ""}">{escape(words)}</span>'


def _quorum(total: Total) -> str:
    """How many reviews stand."""
    numbers = f"<b>{escape(_('%(done)s of %(wanted)s') % {'done': total.done, 'wanted': total.wanted})}</b>"
    if count := total.open_confirmations:
        sentence = ngettext("%(count)s score to be confirmed", "%(count)s scores to be confirmed", count)
        return f"{numbers} {_second(sentence % {'count': count}, attention=True)}"
    return f"{numbers} {_second(_('enough to decide'))}" if total.has_quorum else numbers


def _points(total: Total) -> str:
    """The weighted mean and how far the reviews are apart."""
    if total.points is None:
        return muted(_("none yet"))
    points = f"<b>{number_format(total.points, 1)}</b>"
    if total.spread is None:
        return points
    apart = _("%(spread)s apart") % {"spread": number_format(total.spread, 1)}
    if total.is_to_be_discussed:
        return f"{points} {_second(f'{apart}: {_("discuss")}', attention=True)}"
    return f"{points} {_second(apart)}"


@register.filter
def round_rows(page: Round) -> SafeString:
    """One page of applications × reviewers."""
    names = {person.pk: escape(str(person)) for person, _load in page.people}
    states = {value: f'<span class="cell-{value}">{escape(str(label))}</span>'
              for value, label in Assignment.State.choices}  # fmt: skip
    free = escape(_("free"))
    words = states | {"free": f'<span class="cell-free">{free}</span>', "conflict": escape(_("conflict"))}
    return mark_safe("\n".join(_row(row, names, words) for row in page.rows))  # noqa: S308


def _row(row: RoundRow, names: dict[int, str], words: dict[str, str]) -> str:
    city = row.application.city
    place = escape(f"{city.land or city.country} · {State(row.application.state).label}")
    cells = "".join(a_cell(names[cell.person.pk], _cell(cell, row.application.pk, words)) for cell in row.cells)
    return (
        f'<tr role="row"><th scope="row" role="rowheader">'
        f'<a href="{reverse("reviewing:case", args=[row.application.pk])}">{escape(city.name)}</a>'
        f'<span class="second">{place}</span></th>'
        f"{a_cell(escape(_('Reviews')), f'<span>{_quorum(row.total)}</span>')}"
        f"{a_cell(escape(_('Points')), f'<span>{_points(row.total)}</span>')}{cells}</tr>"
    )


def _cell(cell: Cell, application: int, words: dict[str, str]) -> str:
    if cell.conflicts:
        return f'<a class="cell-conflict" href="#conflict-{application}-{cell.person.pk}">{words["conflict"]}</a>'
    return words[cell.assignment.state] if cell.assignment else words["free"]
