"""What pages of cities and networks show of the exchange, and small words of its own pages: `{% load exchange %}`."""

import datetime
from itertools import islice

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from cities.directory import directory
from cities.models import City
from exchange.catalogue import Catalogue, catalogue
from exchange.drawing import cover
from exchange.entries import PracticeEntry, entries_of
from exchange.languages import LANGUAGES
from exchange.models import Session

register = template.Library()


def _now(context: template.Context) -> Catalogue:
    return catalogue(directory(context["request"].content_version))


@register.simple_tag(takes_context=True)
def practices_of(context: template.Context, city: City, count: int) -> list[PracticeEntry]:
    """The newest of what a city tells, on a public page."""
    now = _now(context)
    return entries_of(islice(now.keys(now.of("place", city.slug)), count), now)


@register.simple_tag(takes_context=True)
def newest_practices(context: template.Context, count: int) -> list[tuple[PracticeEntry, str]]:
    """The practices published last, each from another place, with their covers; on a public page."""
    now, left, latest = _now(context), _now(context).everything, list[int]()
    while left and len(latest) < count:
        number = next(now.numbers(left, "published"))
        latest.append(number)
        left &= ~now.of("place", now.line(number).place)
    entries = entries_of((now.line(number).pk for number in latest), now)
    return [(entry, cover(entry)) for entry in entries]


@register.simple_tag(takes_context=True)
def practices_in_all(context: template.Context) -> int:
    """How many practices there are, on a public page."""
    return _now(context).everything.bit_count()


@register.simple_tag(takes_context=True)
def practice_count(context: template.Context, group: str, value: str) -> int:
    """How many practices have one value of a filter, on a public page: `network` of cities of the network or told in
    it, `place` of a city."""
    return _now(context).of(group, value).bit_count()


@register.simple_tag(takes_context=True)
def city_page(context: template.Context, city: City | None) -> str:
    """The address of a city's page, on a public page; empty where it has none."""
    number = None if city is None else directory(context["request"].content_version).number.get(city.pk)
    return "" if city is None or number is None else city.get_absolute_url()


@register.filter
def mark(entry: PracticeEntry) -> SafeString | str:
    """`German only`, for a practice that is not told in the language of the page; nothing for all others."""
    if entry.is_translated:
        return ""
    words = gettext("German only") if entry.language == "de" else gettext("English only")
    return format_html('<span class="languages-only">{}</span>', words)


@register.filter
def language_name(code: str) -> str:
    """The name of a language; its code where the portal has no name for it."""
    return str(LANGUAGES.get(code, code))


@register.filter
def clock(session: Session, at: datetime.datetime) -> str:
    """A moment of a session as a clock at its place shows it."""
    return date_format(at.astimezone(session.zone_info), "TIME_FORMAT")
