"""The few tags every page needs."""

import json

from django import template
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext

from network.dates import readable

register = template.Library()
UNGROUPED_BELOW: dict[str, int] = {"de": 10_000, "en": 1_000}


@register.simple_tag(takes_context=True)
def same_page(context: template.Context, language: str) -> str:
    """The address of this page, with its query, in the other language: paths differ in their first part only."""
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return f"/{language}/"
    _empty, _own, rest = request.get_full_path().split("/", 2)
    return f"/{language}/{rest}"


@register.filter
def number(value: float, decimals: int = 0) -> str:
    """A number as the reader's language writes it: 143 345 (narrow no-break space) or 143,345; 1005 stays in German."""
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
    return f"{number_format(abs(value), 2, use_l10n=True)}° {positive if value >= 0 else negative}"
