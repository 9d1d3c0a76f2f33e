"""The few tags every page needs."""

import json
from collections.abc import Hashable
from functools import cache, lru_cache

from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from network.dates import readable
from network.models import Network

register = template.Library()
UNGROUPED_BELOW: dict[str, int] = {"de": 10_000, "en": 1_000}


@register.simple_tag(takes_context=True)
def same_page(context: template.Context, language: str) -> str:
    """The address of this page, with its query, in the other language: paths differ in their first part only.

    From an error page it leads to the home page.
    """
    request: HttpRequest = context["request"]
    if not context["here"].page:
        return f"/{language}/"
    _start, _slash, rest = request.get_full_path().removeprefix("/").partition("/")
    return f"/{language}/{rest}"


@register.simple_tag(takes_context=True)
def current(context: template.Context, entry: str) -> str:
    """Marks the entry of the menu that the reader is on (`page`) or below (`true`); an entry is a space or a page."""
    here = context["here"]
    if here.page in {entry, f"{entry}:list"}:
        return mark_safe(' aria-current="page"')
    if here.space == entry and here.page != "cities:germany":
        return mark_safe(' aria-current="true"')
    return ""


@register.simple_tag(takes_context=True)
def drawn(context: template.Context, name: str) -> SafeString:
    """A part of the page that stands in it more than once, drawn once: `{% drawn "parts/_person.html" as menu %}`."""
    assert context.template is not None
    return context.template.engine.get_template(name).render(context)


@register.simple_tag
def steady(name: str, **facts: Hashable) -> SafeString:
    """A part of every page that is made of these facts and the language alone, so that a process draws it once for
    each of them: `{% steady "parts/_nav.html" here=here %}`. It knows nothing else, neither person nor request."""
    return _steady(name, get_language(), tuple(facts.items()))


@lru_cache(maxsize=512)
def _steady(name: str, _language: str | None, facts: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return render_to_string(name, dict(facts))


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A small drawing beside words that say the same."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("img/icons.svg"), name)


@register.simple_tag
def shape(network: Network) -> SafeString:
    """The mark of a network beside its name."""
    return _shape(network.shape, network.accent)


@cache
def _shape(name: str, accent: str) -> SafeString:
    """Asked for some fifty times a page."""
    picture = '<svg class="shape accent-{}" aria-hidden="true"><use href="{}#{}"/></svg>'
    return format_html(picture, accent, static("img/icons.svg"), name)


@register.simple_tag
@cache
def symbol(name: str) -> SafeString:
    """A disc in a legend: `shape-many` or `shape-other`."""
    picture = '<svg class="shape {}" aria-hidden="true"><use href="{}#circle"/></svg>'
    return format_html(picture, name, static("img/icons.svg"))


@register.simple_tag
def external(url: str, words: object, lang: str = "") -> SafeString:
    """A link that leaves the portal, and says so; `lang` where the words are not in the page's language."""
    return format_html(
        '<a class="external" href="{}" rel="external">{}{}<span class="kern-sr-only"> ({})</span></a>',
        url,
        format_html('<span lang="{}">{}</span>', lang, words) if lang else words,
        icon("external"),
        gettext("external website"),
    )


@register.filter
def number(value: float, decimals: int = 0) -> str:
    """A number as the reader's language writes it: 143 345 (narrow no-break space) or 143,345; 1005 stays in German."""
    if isinstance(value, int) and 0 <= value < 1_000 and not decimals:  # nearly all of some hundred a page
        return str(value)
    grouped = abs(value) >= UNGROUPED_BELOW.get(get_language() or "de", 10_000)
    return number_format(value, decimals, use_l10n=True, force_grouping=grouped)


@register.filter
def partial_date(value: str) -> str:
    """A date known to the day, month or year (2025-12-04, 2025-12, 2025) in the reader's language."""
    return readable(value)


@register.filter
def json_ld(data: dict[str, object]) -> SafeString:
    """Facts for search engines (schema.org): a block of data, which browsers never run."""
    text = json.dumps(data, ensure_ascii=False).translate(
        {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
    )
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 (escaped above)


@register.filter
def coordinate(value: float, axis: str) -> str:
    """A latitude or longitude with its direction: 49.41° N."""
    positive, negative = {"lat": (pgettext("direction", "N"), pgettext("direction", "S")),
                          "lon": (pgettext("direction", "E"), pgettext("direction", "W"))}[axis]  # fmt: skip
    return f"{number_format(round(abs(value), 2), 2, use_l10n=True)}° {positive if value >= 0 else negative}"
