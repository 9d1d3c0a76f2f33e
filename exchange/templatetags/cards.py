"""Cards and rows of practices: drawn a dozen times a page, so written in Python; Django's template takes ten times as
long. Each is built from escaped parts only."""

from collections.abc import Iterable
from html import escape

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import ngettext

from exchange.entries import PracticeEntry
from exchange.templatetags.exchange import mark

register = template.Library()


@register.filter
def practice_cards(found: Iterable[tuple[PracticeEntry, str]]) -> SafeString:
    """Practices with their covers, as exchange.drawing.cover() gives them."""
    land = static("img/land.svg")
    return mark_safe("\n".join(_card(entry, _cover(land, cover)) for entry, cover in found))  # noqa: S308


@register.filter
def practice_rows(entries: Iterable[PracticeEntry]) -> SafeString:
    """Practices as rows of a list."""
    return mark_safe("\n".join(map(_row, entries)))  # noqa: S308


def _row(entry: PracticeEntry) -> str:
    figures = ", ".join(word for word in (capfirst(entry.theme_label), entry.years) if word)
    return (
        f'<li class="row practice-row" data-city="{escape(entry.place.key)}"><div>'
        f'<h3 class="row-name">{_title(entry)} {mark(entry)}</h3>'
        f'<p class="row-country">{escape(entry.place.label)}</p></div><p class="row-figures">{escape(figures)}</p></li>'
    )


def _card(entry: PracticeEntry, cover: str) -> str:
    year = f'<span class="num">{entry.years}</span>' if entry.years else ""
    place = ", ".join(word for word in (entry.place.label, entry.stage_label) if word)
    marks = "\n".join(_marks(entry))
    return (
        f'<li class="card">{cover}<div class="card-text">'
        f'<p class="card-kind">{escape(capfirst(entry.theme_label))}{year}</p>'
        f'<h3 class="row-name">{_title(entry)}</h3><p class="card-place">{escape(place)}</p>'
        f'<p class="card-summary"{_language(entry)}>{escape(entry.summary)}</p>'
        f"{f'<p class="card-marks">{marks}</p>' if marks else ''}"
        f"{'' if entry.is_translated else f'<p>{mark(entry)}</p>'}</div></li>"
    )


def _cover(land: str, view: str) -> str:
    """The land around the place, from the file of the whole world; nothing where the position is not known."""
    if not view:
        return '<div class="cover cover-none"></div>'
    return (
        f'<div class="cover"><img src="{land}#svgView(viewBox({view}))" width="70" height="28" alt="" loading="lazy" '
        f'decoding="async"></div>'
    )


def _language(entry: PracticeEntry) -> str:
    return "" if entry.is_translated else f' lang="{entry.language}"'


def _title(entry: PracticeEntry) -> str:
    return f'<a href="{entry.url}"{_language(entry)}>{escape(entry.title)}</a>'


def _marks(entry: PracticeEntry) -> Iterable[str]:
    """What other cities make of it, and whether it looks for partners."""
    if count := entry.adopted:
        words = ngettext("adapted by %(count)s city", "adapted by %(count)s cities", count) % {"count": count}
        yield f'<span class="status status-done">{escape(words)}</span>'
    if count := entry.trying:
        words = ngettext("%(count)s city looks at it", "%(count)s cities look at it", count) % {"count": count}
        yield f'<span class="status">{escape(words)}</span>'
    if entry.partners_label:
        yield f'<span class="status">{escape(capfirst(entry.partners_label))}</span>'
