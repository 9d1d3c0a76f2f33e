"""Rows of the page of those who decide: hundreds a page, so written in Python (as applications.templatetags.case_rows).
Each is built from escaped parts only."""

from collections.abc import Iterable
from html import escape

from django import template
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Call
from applications.moments import in_words
from applications.ranking import Deciding, Row, Use
from applications.templatetags.case_rows import a_cell, muted, state_of

register = template.Library()
NOTHING = '<span class="muted">–</span>'


def _small(words: str) -> str:
    return f'<span class="small muted">{escape(words)}</span>'


class _Addresses:
    """Of the pages about one application each, made once: two for every row."""

    def __init__(self, call: Call) -> None:
        self.case = reverse("coordination:application", args=[0]).split("0", 1)
        self.prepare = reverse("deciding:prepare", args=[call.slug, 0]).rsplit("0", 1)


def _city(row: Row, at: _Addresses) -> str:
    city = row.application.city
    second = " · ".join(escape(words) for words in (row.field, row.country) if words)
    return (
        f'<th scope="row" role="rowheader"><a href="{at.case[0]}{row.application.pk}{at.case[1]}">{escape(city.name)}'
        f'</a><span class="second">{second}</span></th>'
    )


def _outcome(row: Row, call: Call, at: _Addresses, otherwise: str) -> str:
    """What is prepared for an application, or the way to prepare it."""
    city, outcome = escape(row.application.city.name), row.outcome
    if outcome and outcome.release:
        moment = in_words(outcome.release.at, call.zone_info)
        known = _small(_("becomes known on %(moment)s") % {"moment": moment})
        return f"<b>{escape(outcome.label)}</b> {known}"
    address = f"{at.prepare[0]}{row.application.pk}{at.prepare[1]}"
    link = f'<a href="{address}">{{}}<span class="kern-sr-only"> {city}</span></a>'
    if outcome:
        by = _small(_("prepared by %(name)s") % {"name": outcome.prepared_by})
        return f"<b>{escape(outcome.label)}</b> {by} {link.format(escape(_('Change')))}"
    return link.format(escape(otherwise))


@register.filter
def deciding_rows(rows: Iterable[Row], call: Call) -> SafeString:
    """Applications outside the ranking."""
    at = _Addresses(call)
    return mark_safe("\n".join(_row(row, call, at) for row in rows))  # noqa: S308


def _row(row: Row, call: Call, at: _Addresses) -> str:
    ways = row.ways
    outcome = _outcome(row, call, at, ways) if ways else muted(_("nothing to decide now"))
    return (
        f'<tr role="row">{_city(row, at)}{a_cell(escape(_("State")), f"<span>{state_of(row.application)}</span>")}'
        f"{a_cell(escape(_('Outcome')), f'<span class="outcome-cell">{outcome}</span>')}</tr>"
    )


@register.filter
def ranking_rows(deciding: Deciding) -> SafeString:
    """Those under review, the strongest first."""
    at = _Addresses(deciding.call)
    return mark_safe("\n".join(_ranked(row, deciding, at) for row in deciding.ranked))  # noqa: S308


def _ranked(row: Row, deciding: Deciding, at: _Addresses) -> str:
    cells = [a_cell(escape(_("Rank")), f"<span>{_rank(row)}</span>", ' class="rank"'), _city(row, at)]
    if deciding.criteria:
        points = NOTHING if row.points is None else number_format(row.points, 2)
        cells.append(a_cell(escape(_("Points")), points, ' class="num points"'))
        for criterion, mean in row.means:
            shown = NOTHING if mean is None else number_format(mean, 1)
            cells.append(a_cell(escape(str(criterion.title)), shown, ' class="num criterion"'))
        cells.append(a_cell(escape(_("Reviews")), f"<span>{_reviews(row)}</span>"))
    if deciding.call.pack.quota:
        words, tone = row.verdict or ("", "")
        verdict = f'<span class="status {tone}">{escape(str(words))}</span>' if words else NOTHING
        cells.append(a_cell(escape(_("Quota")), verdict))
    outcome = _outcome(row, deciding.call, at, _("Prepare"))
    cells.append(a_cell(escape(_("Outcome")), f"<span>{outcome}</span>"))
    return f'<tr role="row">{"".join(cells)}</tr>'


def _rank(row: Row) -> str:
    place = row.place
    if place is None or place.rank is None:
        unranked = escape(_("no rank yet"))
        return f'<span aria-hidden="true">–</span><span class="kern-sr-only">{unranked}</span>'
    tied = escape(_("equal"))
    return f'{place.rank}<span class="tie">{tied}</span>' if place.is_tied else str(place.rank)


def _reviews(row: Row) -> str:
    total = row.total
    assert total is not None, "every application under review has a total"
    words = [escape(_("%(done)s of %(wanted)s") % {"done": total.done, "wanted": total.wanted})]
    if not total.has_quorum:
        words.append(_small(_("not enough yet")))
    if row.spread is not None:
        words.append(_small(_("spread %(spread)s") % {"spread": number_format(row.spread, 1)}))
    if count := total.open_confirmations:
        sentence = ngettext("%(count)s score to be confirmed", "%(count)s scores to be confirmed", count)
        words.append(_small(sentence % {"count": count}))
    return " ".join(words)


@register.filter
def quota_rows(uses: Iterable[Use]) -> SafeString:
    """How many places are taken, of each country where it is each country's."""
    return mark_safe("\n".join(_use(use) for use in uses))  # noqa: S308


def _use(use: Use) -> str:
    places = "".join(f"<li{' class="taken"' if place else ''}></li>" for place in use.places)
    whose = escape(use.country or _("Places to endorse"))
    sentence = ngettext("%(taken)s of %(count)s place taken", "%(taken)s of %(count)s places taken", use.count)
    return (
        f'<div class="quota-row"><b>{whose}</b>'
        f'<ul class="quota-places" aria-hidden="true">{places}</ul>'
        f"<span>{escape(sentence % {'taken': use.taken, 'count': use.count})}</span></div>"
    )
