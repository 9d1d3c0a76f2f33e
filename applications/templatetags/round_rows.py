"""Rows of the pages that say who reviews what and who reviews at all: a cell for each pair of an application and a
reviewer, so written in Python (as applications.templatetags.case_rows). Each is built from escaped parts only."""

import datetime
from html import escape

from django import template
from django.template.defaultfilters import floatformat, linebreaksbr
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Assignment
from applications.review_round import Cell, Reviewer, Reviewers, Round, RoundRow
from applications.round_cases import Load
from applications.scores import Total
from applications.templatetags.case_rows import a_cell, muted
from applications.workflow import State

register = template.Library()


def _second(words: str, *, attention: bool = False) -> str:
    return f'<span class="second{" attention" if attention else ""}">{escape(words)}</span>'


@register.filter
def quorum(total: Total) -> SafeString:
    """How many reviews stand."""
    return mark_safe(_quorum(total))  # noqa: S308


def _quorum(total: Total) -> str:
    numbers = f"<b>{escape(_('%(done)s of %(wanted)s') % {'done': total.done, 'wanted': total.wanted})}</b>"
    if count := total.open_confirmations:
        sentence = ngettext("%(count)s score to be confirmed", "%(count)s scores to be confirmed", count)
        return f"{numbers} {_second(sentence % {'count': count}, attention=True)}"
    enough = _("enough to decide")
    return f"{numbers} {_second(enough)}" if total.has_quorum else numbers


@register.filter
def points(total: Total) -> SafeString:
    """The weighted mean and how far the reviews are apart."""
    return mark_safe(_points(total))  # noqa: S308


def _points(total: Total) -> str:
    if total.points is None:
        return muted(_("none yet"))
    mean = f"<b>{floatformat(total.points, 1)}</b>"
    if total.spread is None:
        return mean
    apart = _("%(spread)s apart") % {"spread": floatformat(total.spread, 1)}
    if total.is_to_be_discussed:
        discuss = _("discuss")
        return f"{mean} {_second(f'{apart}: {discuss}', attention=True)}"
    return f"{mean} {_second(apart)}"


@register.filter
def round_heads(page: Round) -> SafeString:
    """The heads of the columns: each reviewer with how many reviews they have."""
    heads = [
        f'<th scope="col" role="columnheader">{escape(str(person))} {_second(_reviews(load.standing))}</th>'
        for person, load in page.people
    ]
    return mark_safe("\n".join(heads))  # noqa: S308


def _reviews(count: int) -> str:
    return ngettext("%(count)s review", "%(count)s reviews", count) % {"count": count}


@register.filter
def round_rows(page: Round) -> SafeString:
    """One page of applications × reviewers."""
    names = [escape(str(person)) for person, _load in page.people]
    states = {value: f'<span class="cell-{value}">{escape(str(label))}</span>'
              for value, label in Assignment.State.choices}  # fmt: skip
    free = escape(_("free"))
    words = states | {"": f'<span class="cell-free">{free}</span>', "conflict": escape(_("conflict"))}
    return mark_safe("\n".join(_row(row, names, words) for row in page.rows))  # noqa: S308


def _row(row: RoundRow, names: list[str], words: dict[str, str]) -> str:
    city, key = row.application.city, row.application.pk
    place = escape(f"{city.land or city.country} · {State(row.application.state).label}")
    cells = "".join(a_cell(name, _cell(cell, key, words)) for name, cell in zip(names, row.cells, strict=True))
    return (
        f'<tr role="row"><th scope="row" role="rowheader">'
        f'<a href="{reverse("reviewing:case", args=[key])}">{escape(city.name)}</a>'
        f'<span class="second">{place}</span></th>'
        f"{a_cell(escape(_('Reviews')), f'<span>{_quorum(row.total)}</span>')}"
        f"{a_cell(escape(_('Points')), f'<span>{_points(row.total)}</span>')}{cells}</tr>"
    )


def _cell(cell: Cell, application: int, words: dict[str, str]) -> str:
    if cell.conflicts:
        return f'<a class="cell-conflict" href="#conflict-{application}-{cell.person.pk}">{words["conflict"]}</a>'
    return words[cell.state]


@register.filter
def round_conflicts(page: Round) -> SafeString:
    """Each pair that is in conflict, with the reasons: where the cells of the table lead to."""
    found = [
        f'<li id="conflict-{row.application.pk}-{cell.person.pk}" tabindex="-1">'
        f"<b>{escape(row.application.city.name)}: {escape(str(cell.person))}</b> "
        f"{' '.join(f'<span>{escape(one.reason)}</span>' for one in cell.conflicts)}</li>"
        for row in page.rows
        for cell in row.in_conflict
    ]
    return mark_safe("\n".join(found))  # noqa: S308


@register.filter
def reviewer_rows(page: Reviewers) -> SafeString:
    """Who reviews for the network: where they come from, for which cities they work, and what they have to do."""
    labels = [
        escape(label)
        for label in (
            _("Comes from"),
            _("Works or has worked for"),
            _("Reviews in this call"),
            _("Conflicts of interest"),
        )
    ]
    where, words = reverse("reviewing:assignments", args=[page.call.slug]), escape(_("in “Who reviews what”"))
    table = f'<a href="{where}">{words}</a>'
    return mark_safe("\n".join(_reviewer(row, labels, table) for row in page.rows))  # noqa: S308


def _reviewer(row: Reviewer, labels: list[str], table: str) -> str:
    accepted = ""
    if row.invitation:
        accepted = " " + _second(_("accepted on %(day)s") % {"day": _day(row.invitation.answered_at)})
    conflicts = table if row.conflicts is None else _conflicts(row.conflicts)
    cells = (*_statement(row), _load(row.load), conflicts)
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{escape(str(row.person))} {_second(row.person.email)}'
        f"{accepted}</th>{''.join(a_cell(label, cell) for label, cell in zip(labels, cells, strict=True))}</tr>"
    )


def _statement(row: Reviewer) -> tuple[str, str]:
    """Where somebody comes from, and for which cities they work."""
    if not row.has_stated:
        missing = escape(_("not stated yet: cannot be assigned anything"))
        return f'<span class="attention">{missing}</span>', muted(_("not stated yet"))
    statement = row.person.reviewer_statement
    stated = _second(_("stated on %(day)s") % {"day": _day(statement.confirmed_at)})
    cities = f"<span>{linebreaksbr(statement.words)}</span>" if statement.words else muted(_("no city"))
    return f"<span>{escape((statement.land or statement.country).name)} {stated}</span>", cities


def _load(load: Load) -> str:
    parts = [
        (load.asked, _("%(count)s not answered")),
        (load.writing, _("%(count)s in progress")),
        (load.done, _("%(count)s finished")),
        (load.refused, _("%(count)s given back")),
    ]
    notes = " ".join(f"<span>{escape(words % {'count': count})}</span>" for count, words in parts if count)
    more = f' <span class="second"><span class="case-notes">{notes}</span></span>' if notes else ""
    return f"<span><b>{load.standing}</b>{more}</span>"


def _conflicts(count: int) -> str:
    if not count:
        return muted(_("none found"))
    words = ngettext("with %(count)s application", "with %(count)s applications", count) % {"count": count}
    return f"<span>{escape(words)}</span>"


def _day(moment: datetime.datetime | None) -> str:
    return date_format(localtime(moment)) if moment else ""
