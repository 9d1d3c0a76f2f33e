"""The addresses without a language: the way into the portal, and a word to robots."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
def root(request: HttpRequest) -> HttpResponse:
    """To the home page in the language the reader's browser asks for, else in German."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
@login_not_required
def favicon(_request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address on pages that name no icon (the desk)."""
    return HttpResponseRedirect(static("img/favicon.svg"))


@require_safe
@login_not_required
def robots(_request: HttpRequest) -> HttpResponse:
    """Everything public may be read; one result of the directory is enough for a robot."""
    lines = [
        "User-agent: *",
        "Disallow: /*?",
        "Disallow: /*/desk/",
        f"Sitemap: {settings.SITE_ADDRESS}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
