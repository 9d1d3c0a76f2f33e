"""What every template may use beside its own context."""

from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from network.permissions import is_operator


@cache
def favicon() -> str:
    """The icon of the portal as an address that carries it, which costs a first visit no request."""
    svg = Path(settings.BASE_DIR, "static", "img", "favicon.svg").read_text()
    return f"data:image/svg+xml,{quote(svg.strip())}"


class Here(NamedTuple):
    """Where the reader is, for the menu; empty on an error page."""

    space: str = ""
    page: str = ""


def site(request: HttpRequest) -> dict[str, object]:
    """The operator's particulars, the portal's own address, and whether the person runs it."""
    match = request.resolver_match
    return {
        "here": Here(match.namespace, match.view_name) if match else Here(),
        "favicon": favicon(),
        "operator": settings.OPERATOR,
        "is_demo_portal": settings.DEMO,
        "site_address": settings.SITE_ADDRESS,
        "town_hall": settings.OIDC["name"] if settings.OIDC else "",
        "runs_portal": SimpleLazyObject(lambda: is_operator(request.user)),
    }
