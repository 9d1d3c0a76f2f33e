"""Programmes: all of them, and the page of one."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cities.directory import directory
from exchange.catalogue import catalogue
from exchange.models import Programme, Session
from exchange.programmes import ProgrammePage, programme_rows
from network.pages import PublicRequest, public_page


@require_safe
@public_page
def programme_list(request: PublicRequest) -> HttpResponse:
    """All programmes with what the portal holds of each."""
    now = catalogue(directory(request.content_version))
    return render(request, "exchange/programme_list.html", {"rows": programme_rows(now)})


@require_safe
@public_page
def programme_detail(request: PublicRequest, slug: str) -> HttpResponse:
    """One programme: purpose, parts, who may take part, quoted figures, its practices and sessions."""
    now = catalogue(directory(request.content_version))
    programme = get_object_or_404(Programme.objects.for_page(), slug=slug)
    sessions = list(Session.objects.for_list().filter(programme=programme).order_by("-day", "-starts_at", "slug"))
    page = ProgrammePage(now, programme, len(sessions))
    context = {"programme": programme, "page": page, "sessions": sessions}
    return render(request, "exchange/programme_detail.html", context)
