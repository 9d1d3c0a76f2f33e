"""Texts that exist in German only, marked as such on the English page (built in, no `load` needed).

`{% text news "title" %}` writes the text of the page's language, escaped. Where it is missing, it writes the German
one as `<span lang="de">…</span>` with a visible mark ("German only"), so that screen readers pronounce it and nobody
wonders. `{% text news "text" paragraphs=True %}` makes paragraphs of blank lines, inside `<div lang="de">`,
with the mark before them.
`{% text network "short_name" mark=False %}` leaves the mark out, for names and where one mark serves a whole list.

`{{ news|language_of:"title" }}` is the language a text is really in, "de" or "en", for a `lang` of your own:
`<blockquote lang="{{ news|language_of:"text" }}">`.

In `<title>` and attributes, where there can be no mark, `{{ news.title }}` falls back by itself.
"""

from django import template
from django.conf import settings
from django.db import models
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

register = template.Library()


def _texts(thing: models.Model, name: str) -> tuple[str, str]:
    """The text in the page's language, or the German one; and the language it is in."""
    language = get_language() or settings.LANGUAGE_CODE
    own = getattr(thing, f"{name}_{language}") or ""
    if own or language == settings.LANGUAGE_CODE:
        return own, language
    return getattr(thing, f"{name}_{settings.LANGUAGE_CODE}") or "", settings.LANGUAGE_CODE


@register.filter
def language_of(thing: models.Model, name: str) -> str:
    return _texts(thing, name)[1]


@register.simple_tag
def text(thing: models.Model, name: str, *, paragraphs: bool = False, mark: bool = True) -> SafeString:
    words, language = _texts(thing, name)
    shown = mark_safe(linebreaks(words, autoescape=True)) if paragraphs else format_html("{}", words)  # noqa: S308
    if not words or language == get_language():
        return shown
    sign = format_html('<span class="languages-only">{}</span>', gettext("German only"))
    if paragraphs:
        before = format_html("<p>{}</p>", sign) if mark else ""
        return format_html('{}<div lang="{}">{}</div>', before, language, shown)
    after = format_html(" {}", sign) if mark else ""
    return format_html('<span lang="{}">{}</span>{}', language, shown, after)
