"""Rows of the coordination's lists: drawn hundreds of times a page, so written in Python; Django's template takes ten
times as long. Each is built from escaped parts only."""

import datetime
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from html import escape

from django import template
from django.utils.formats import date_format, localize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.case_filter import Column
from applications.case_list import Cases, Option, Row
from applications.models import Application, CheckState
from applications.moments import countdown
from applications.workflow import State
from network.templatetags.portal import icon, number, shape

register = template.Library()
TONES = {"success": ("status-done", "check"), "warning": ("status-attention", "warning"),
         "danger": ("status-error", "warning")}  # fmt: skip


def state_of(application: Application) -> str:
    """The state as a word on its tint, as in applications/_state.html."""
    return _state(application.state, application.standing.tone, get_language())


@lru_cache(128)
def _state(state: str, tone: str, language: str | None) -> str:  # noqa: ARG001 - of what is kept
    tone, sign = TONES.get(tone, ("", "begun"))
    words = escape(str(State(state).label))
    return f'<span class="status{" " + tone if tone else ""}">{icon(sign)} {words}</span>'


def muted(words: str) -> str:
    return f'<span class="muted">{escape(words)}</span>'


def a_cell(label: str, content: str, kind: str = "") -> str:
    """A cell of a table that becomes a list where it is narrow; label and content are escaped."""
    return f'<td role="cell"{kind} data-label="{label}">{content}</td>'


def _day(moment: datetime.datetime, zone: zoneinfo.ZoneInfo) -> str:
    return _written(moment.astimezone(zone).date(), get_language())


@lru_cache(1024)
def _written(day: datetime.date, language: str | None) -> str:  # noqa: ARG001 - of what is kept
    """Kept: rows share few days."""
    return date_format(day, "DATE_FORMAT")


def _until(row: Row) -> str:
    if row.act is None:
        return muted(_("nothing more"))
    if row.act.until is None:
        return muted(_("no date set"))
    zone = row.application.call.zone_info
    left = countdown(row.act.until, zone)
    return (
        f'<span><b class="{left.tone}">{escape(left.sentence)}</b> <time class="second" '
        f'datetime="{row.act.until.isoformat()}">{_day(row.act.until, zone)}</time></span>'
    )


def _check(row: Row) -> str:
    return _checked(row.application.check_state, get_language())


@lru_cache(16)
def _checked(state: str, language: str | None) -> str:  # noqa: ARG001 - of what is kept
    sign = {"faulty": icon("warning"), "passed": icon("check")}.get(state, "")
    return f'<span class="check-{state}">{sign} {escape(str(CheckState(state).label))}</span>'


def _flags(row: Row) -> str:
    return f'<a href="{row.address}#flags">{row.open_flags}</a>' if row.open_flags else muted(_("none"))


def _submitted(row: Row) -> str:
    moment = row.application.submitted_at
    assert moment is not None, "drafts are in no list"
    return f'<time datetime="{moment.isoformat()}">{_day(moment, row.application.call.zone_info)}</time>'


def _points(row: Row) -> str:
    return muted(_("none yet")) if row.points is None else f"<span>{localize(row.points)}</span>"


CELLS: Mapping[Column, Callable[[Row], str]] = {
    Column.CALL: lambda row: f"<span>{shape(row.application.call.network)} {escape(row.application.call.title)}</span>",
    Column.STATE: lambda row: f"<span>{state_of(row.application)}</span>",
    Column.NEXT: lambda row: f"<span>{escape(row.act.sentence)}</span>" if row.act else muted(_("nothing more")),
    Column.UNTIL: _until,
    Column.CHECK: _check,
    Column.FLAGS: _flags,
    Column.FIELD: lambda row: f"<span>{escape(row.field)}</span>" if row.field else muted(_("none")),
    Column.COUNTRY: lambda row: f"<span>{escape(row.country)}</span>",
    Column.LAND: lambda row: f"<span>{escape(row.land or '–')}</span>",
    Column.SUBMITTED: _submitted,
    Column.ROUND: lambda row: f"<span>{row.round}</span>",
    Column.LATE: lambda row: f"<span>{_('yes') if row.application.late_until else _('no')}</span>",
    Column.REVIEWS: lambda row: f"<span>{escape(row.reviews)}</span>",
    Column.POINTS: _points,
}


@register.filter
def options(found: Iterable[Option]) -> SafeString:
    """What a list offers to choose from, each with how many it would show."""
    return mark_safe("\n".join(_option(one, f" ({number(one.count)})") for one in found))  # noqa: S308


@register.filter
def plain_options(found: Iterable[Option]) -> SafeString:
    """The same without numbers."""
    return mark_safe("\n".join(_option(one, "") for one in found))  # noqa: S308


def _option(one: Option, count: str) -> str:
    chosen = " selected" if one.is_chosen else ""
    return f'<option value="{escape(one.value)}"{chosen}>{escape(one.label)}{count}</option>'


@register.filter
def case_rows(cases: Cases) -> SafeString:
    """The rows of one page of the list, each with a box to tick."""
    columns = [(escape(str(column.label)), CELLS[column]) for column in cases.wanted.columns]
    ticked = " checked" if cases.wanted.ticks_all else ""
    return mark_safe("\n".join(_case_row(row, columns, ticked) for row in cases.rows))  # noqa: S308


def _case_row(row: Row, columns: list[tuple[str, Callable[[Row], str]]], ticked: str) -> str:
    city = row.application.city.name
    cells = "".join(a_cell(label, draw(row)) for label, draw in columns)
    tick = escape(_("Tick %(city)s") % {"city": city})
    return (
        f'<tr role="row"><td role="cell" class="cases-tick"><input class="kern-form-check__checkbox" type="checkbox" '
        f'name="case" value="{row.application.pk}" aria-label="{tick}"{ticked}></td>'
        f'<th scope="row" role="rowheader"><a href="{row.address}">{escape(city)}</a>'
        f'<span class="second">{escape(row.receipt)}</span></th>{cells}</tr>'
    )
