"""Rows and options: drawn hundreds of times a page, so written in Python; Django's template takes ten times as long.

Each is built from escaped parts only. A row depends on nothing but the city and the language and is kept with the
directory, so that another result with the same city need not draw it again.
"""

from collections.abc import Callable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from cities.entries import Entry, EntryMembership
from cities.listing import Facet, Listing, Option
from network.templatetags.portal import number, shape

register = template.Library()


def _option(name: str, option: Option) -> str:
    return (
        f'<label class="option{"" if option.count else " option-none"}"><input type="checkbox" name="{name}" '
        f'value="{escape(option.value)}"{" checked" if option.chosen else ""}><span class="option-word">'
        f"{shape(option.network) + ' ' if option.network else ''}{escape(option.label)}</span>"
        f'<span class="option-count">{option.count}</span></label>'
    )  # fmt: skip


@register.filter
def options(facet: Facet, part: str) -> SafeString:
    """The checkboxes of a facet: its `options` or the folded `more`."""
    chosen = facet.more if part == "more" else facet.options
    return mark_safe("\n".join(_option(facet.name, option) for option in chosen))  # noqa: S308


def _membership(membership: EntryMembership, *, with_year: bool = True) -> str:
    since = str(membership.since or "") if with_year else ""
    small = " ".join(word for word in (since, membership.status_label) if word)
    muted = f' <span class="muted">{escape(small)}</span>' if small else ""
    return f"<li>{shape(membership.network)}<span>{escape(membership.title)}{muted}</span></li>"


def _row(city: Entry) -> str:
    place = f"{city.country.name}, {city.land.name}" if city.land else city.country.name
    unknown = f'<span class="unknown">{escape(pgettext("fact", "not known"))}</span>'
    people = unknown if city.people is None else number(city.people)
    memberships = "".join(_membership(membership) for membership in city.memberships)
    return (
        f'<li class="row" data-city="{city.slug}"><div><h3 class="row-name"><a href="{city.url}">'
        f'{escape(city.name)}</a></h3><p class="row-country">{escape(place)}</p></div>'
        f'<ul class="memberships">{memberships}</ul>'
        f'<dl class="row-figures"><div><dt>{escape(gettext("Population"))}</dt><dd>{people}</dd></div></dl></li>'
    )  # fmt: skip


def _table_row(city: Entry) -> str:
    place = f"{city.country.name}, {city.land.name}" if city.land else city.country.name
    unknown = f'<span class="unknown">{escape(pgettext("fact", "not known"))}</span>'
    people = unknown if city.people is None else number(city.people)
    memberships = "".join(_membership(membership, with_year=False) for membership in city.memberships)
    years = "".join(f'<span class="line">{m.since or unknown}</span>' for m in city.memberships)
    return (
        f'<tr role="row" data-city="{city.slug}"><th scope="row" role="rowheader"><a href="{city.url}">'
        f'{escape(city.name)}</a><span class="second">{escape(place)}</span></th>'
        f'<td role="cell"><ul class="memberships">{memberships}</ul></td>'
        f'<td role="cell" class="num" data-label="{escape(gettext("Member since"))}"><span>{years}</span></td>'
        f'<td role="cell" class="num" data-label="{escape(gettext("Population"))}">{people}</td></tr>'
    )  # fmt: skip


def _kept(listing: Listing, draw: Callable[[Entry], str]) -> SafeString:
    """The rows of one page of results, each drawn once for this directory and language."""
    kept, language = listing.directory.drawn_rows, get_language() or ""
    rows = []
    for city in listing.rows:
        key = (draw.__name__, language, city.pk)
        if key not in kept:
            kept[key] = draw(city)
        rows.append(kept[key])
    return mark_safe("\n".join(rows))  # noqa: S308


@register.filter
def result_rows(listing: Listing) -> SafeString:
    """The list."""
    return _kept(listing, _row)


@register.filter
def table_rows(listing: Listing) -> SafeString:
    """The table."""
    return _kept(listing, _table_row)
