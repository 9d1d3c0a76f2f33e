"""Sessions: the list, one session, and its calendar file."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from exchange.events import calendar_file, json_ld
from exchange.models import Session
from network.pages import PublicRequest, public_page

PER_PAGE = 20


@require_safe
@public_page
def session_list(request: PublicRequest) -> HttpResponse:
    """Sessions to come, next first, and those before, latest first."""
    archive = Paginator(Session.objects.archive(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"upcoming": Session.objects.upcoming(), "archive": archive}
    return render(request, "exchange/session_list.html", context)


@require_safe
@public_page
def session_detail(request: PublicRequest, slug: str) -> HttpResponse:
    """One session: when, who, what was said, and what is kept of it."""
    session = get_object_or_404(Session.objects.for_page(), slug=slug)
    return render(request, "exchange/session_detail.html", {"session": session, "json_ld": json_ld(session)})


@require_safe
@public_page
def session_calendar(_request: PublicRequest, slug: str) -> HttpResponse:
    """One session for a calendar."""
    session = get_object_or_404(Session.objects.for_list(), slug=slug)
    body = calendar_file(session, settings.SITE_ADDRESS + session.get_absolute_url())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{session.slug}.ics"'
    return response
