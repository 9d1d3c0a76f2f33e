"""Rows of the page of those who decide: hundreds a page, so written in Python (as applications.templatetags.case_rows).
Each is built from escaped parts only."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from functools import lru_cache
from html import escape

from django import template
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from applications.models import Call
from applications.moments import in_words
from applications.quota import Verdict
from applications.ranking import VERDICTS, Deciding, Row, Use
from applications.templatetags.case_rows import a_cell, muted, state_of

register = template.Library()
NOTHING = '<span class="muted">–</span>'


def _small(words: str) -> str:
    return f'<span class="small muted">{escape(words)}</span>'


@lru_cache(2048)
def _number(value: Decimal | None, places: int, language: str | None) -> str:  # noqa: ARG001 - of what is kept
    """As readers of the language write it; the same few come again and again."""
    return NOTHING if value is None else number_format(value, places)


class _Addresses:
    """Of the pages about one application each, made once: two for every row."""

    def __init__(self, call: Call) -> None:
        self.case = reverse("coordination:application", args=[0]).split("0", 1)
        self.prepare = reverse("deciding:prepare", args=[call.slug, 0]).rsplit("0", 1)


class _Heads:
    """What the columns of the ranking are called, as each cell says it where the table is a list, and words that come
    again in its cells: made once."""

    def __init__(self, deciding: Deciding) -> None:
        self.rank, self.points, self.reviews = escape(_("Rank")), escape(_("Points")), escape(_("Reviews"))
        self.quota, self.outcome = escape(_("Quota")), escape(_("Outcome"))
        self.criteria = [escape(str(criterion.title)) for criterion in deciding.criteria]
        self.prepare = _("Prepare")
        self.verdicts: dict[Verdict | None, str] = {None: NOTHING} | {
            verdict: f'<span class="status {tone}">{escape(str(words))}</span>'
            for verdict, (words, tone) in VERDICTS.items()
        }


def _city(row: Row, city: str, at: _Addresses) -> str:
    second = " · ".join(escape(words) for words in (row.field, row.country) if words)
    return (
        f'<th scope="row" role="rowheader"><a href="{at.case[0]}{row.application.pk}{at.case[1]}">{city}</a>'
        f'<span class="second">{second}</span></th>'
    )


def _outcome(row: Row, city: str, call: Call, at: _Addresses, otherwise: str) -> str:
    """What is prepared for an application, or the way to prepare it."""
    outcome = row.outcome
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
    city, ways = escape(row.application.city.name), row.ways
    outcome = _outcome(row, city, call, at, ways) if ways else muted(_("nothing to decide now"))
    state = f"<span>{state_of(row.application)}</span>"
    return (
        f'<tr role="row">{_city(row, city, at)}{a_cell(escape(_("State")), state)}'
        f"{a_cell(escape(_('Outcome')), f'<span class="outcome-cell">{outcome}</span>')}</tr>"
    )


@register.filter
def ranking_rows(deciding: Deciding) -> SafeString:
    """Those under review, the strongest first."""
    at, heads = _Addresses(deciding.call), _Heads(deciding)
    return mark_safe("\n".join(_ranked(row, deciding, at, heads) for row in deciding.ranked))  # noqa: S308


def _ranked(row: Row, deciding: Deciding, at: _Addresses, heads: _Heads) -> str:
    city, language = escape(row.application.city.name), get_language()
    cells = [a_cell(heads.rank, f"<span>{_rank(row)}</span>", ' class="rank"'), _city(row, city, at)]
    if deciding.criteria:
        cells.append(a_cell(heads.points, _number(row.points, 2, language), ' class="num points"'))
        for head, (_criterion, mean) in zip(heads.criteria, row.means, strict=True):
            cells.append(a_cell(head, _number(mean, 1, language), ' class="num criterion"'))
        total = row.total
        assert total is not None, "every application under review has a total"
        reviews = _reviews(total.done, total.wanted, row.spread, total.open_confirmations, language)
        cells.append(a_cell(heads.reviews, f"<span>{reviews}</span>"))
    if deciding.call.pack.quota:
        cells.append(a_cell(heads.quota, heads.verdicts[row.place.verdict if row.place else None]))
    outcome = _outcome(row, city, deciding.call, at, heads.prepare)
    cells.append(a_cell(heads.outcome, f"<span>{outcome}</span>"))
    return f'<tr role="row">{"".join(cells)}</tr>'


def _rank(row: Row) -> str:
    place = row.place
    if place is None or place.rank is None:
        unranked = escape(_("no rank yet"))
        return f'<span aria-hidden="true">–</span><span class="kern-sr-only">{unranked}</span>'
    tied = escape(_("equal"))
    return f'{place.rank}<span class="tie">{tied}</span>' if place.is_tied else str(place.rank)


@lru_cache(2048)
def _reviews(done: int, wanted: int, spread: Decimal | None, touched: int, language: str | None) -> str:
    """How many stand of how many that are wanted, how far they are from each other, and what is to be confirmed."""
    words = [escape(_("%(done)s of %(wanted)s") % {"done": done, "wanted": wanted})]
    if done < wanted:
        words.append(_small(_("not enough yet")))
    if spread is not None:
        words.append(_small(_("spread %(spread)s") % {"spread": _number(spread, 1, language)}))
    if touched:
        sentence = ngettext("%(count)s score to be confirmed", "%(count)s scores to be confirmed", touched)
        words.append(_small(sentence % {"count": touched}))
    return " ".join(words)


@register.filter
def quota_rows(uses: Collection[Use]) -> SafeString:
    """How many places are taken, of each country where it is each country's."""
    alike = {(use.taken, use.count): use for use in uses}  # most countries
    taken = {numbers: _taken(use) for numbers, use in alike.items()}
    return mark_safe("\n".join(_use(use, taken[use.taken, use.count]) for use in uses))  # noqa: S308


def _taken(use: Use) -> str:
    """Place by place, and in words."""
    places = "".join(f"<li{' class="taken"' if place else ''}></li>" for place in use.places)
    sentence = ngettext("%(taken)s of %(count)s place taken", "%(taken)s of %(count)s places taken", use.count)
    words = escape(sentence % {"taken": use.taken, "count": use.count})
    return f'<ul class="quota-places" aria-hidden="true">{places}</ul><span>{words}</span>'


def _use(use: Use, taken: str) -> str:
    whose = use.country or _("Places to endorse")
    return f'<div class="quota-row"><b>{escape(whose)}</b>{taken}</div>'
