"""What only the pages of sign-in and account need: `{% load sign_in %}`."""

import json
import re

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext

register = template.Library()

# The first that is found counts: each names the ones after it too.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
            "Chrome": "Chrome", "Safari": "Safari"}  # fmt: skip
SYSTEMS = {"Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Mac OS X": "macOS",
           "CrOS": "ChromeOS", "Linux": "Linux"}  # fmt: skip


@register.filter
def as_json(value: object) -> str:
    """JSON for a `data-` attribute; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def browser(user_agent: str) -> str:
    """What a person calls the program and the device behind a User-Agent line: Firefox, Windows."""
    program = next((name for sign, name in BROWSERS.items() if re.search(rf"\b{sign}", user_agent)), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return ", ".join(filter(None, [program, system])) or gettext("unknown device")
