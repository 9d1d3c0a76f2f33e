"""What every template may use beside its own context."""

from functools import cache
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from network.models import Office
from network.permissions import is_operator, offices_of


@cache
def favicon() -> str:
    """The icon of the portal as an address that carries it, which costs a first visit no request."""
    svg = Path(settings.BASE_DIR, "static", "img", "favicon.svg").read_text()
    return f"data:image/svg+xml,{quote(svg.strip())}"


def site(request: HttpRequest) -> dict[str, object]:
    """The operator's particulars, the portal's own address, and what the person is to it."""
    match = request.resolver_match
    held = SimpleLazyObject(lambda: offices_of(request.user))
    return {
        # where the reader is, for the menu; empty on an error page
        "here": {"space": match.namespace, "page": match.view_name} if match else {"space": "", "page": ""},
        "favicon": favicon(),
        "operator": settings.OPERATOR,
        "is_demo_portal": settings.DEMO,
        "site_address": settings.SITE_ADDRESS,
        "town_hall": settings.OIDC["name"] if settings.OIDC else "",
        "keeps_content": SimpleLazyObject(lambda: is_operator(request.user) or Office.Role.COORDINATOR in held),
        "is_reviewer": SimpleLazyObject(lambda: not is_operator(request.user) and Office.Role.REVIEWER in held),
        "runs_portal": SimpleLazyObject(lambda: is_operator(request.user)),
    }
