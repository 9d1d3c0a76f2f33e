"""Texts of letters in templates: `{{ letter.text|letter_html }}`."""

from django import template
from django.utils.safestring import SafeString

from network.letter_mail import as_html

register = template.Library()


@register.filter
def letter_html(text: str) -> SafeString:
    """The plain text of a letter with paragraphs, lists and links."""
    return as_html(text)
