"""What every template may use beside its own context."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from network.permissions import keeps_content


def site(request: HttpRequest) -> dict[str, object]:
    """The operator's particulars, the portal's own address, and whether the person may keep content."""
    match = request.resolver_match
    return {
        # where the reader is, for the menu; empty on an error page
        "here": {"space": match.namespace, "page": match.view_name} if match else {"space": "", "page": ""},
        "operator": settings.OPERATOR,
        "is_demo_portal": settings.DEMO,
        "site_address": settings.SITE_ADDRESS,
        "keeps_content": SimpleLazyObject(lambda: keeps_content(request.user)),
    }
