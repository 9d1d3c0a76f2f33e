"""Sessions: the list with its archive, one session, and calendar files."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from exchange.archive import SessionArchive
from exchange.events import calendar_file, json_ld
from exchange.models import Practice, Programme, Session
from network.pages import PublicRequest, public_page

PER_PAGE, IN_FEED = 20, 200


def _calendar(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


@require_safe
@public_page
def session_list(request: PublicRequest) -> HttpResponse:
    """Sessions to come, next first, and those before, latest first, by words, theme and programme."""
    asked = SessionArchive(request.GET)
    page = Paginator(asked.sessions, PER_PAGE).get_page(request.GET.get("page"))
    context = {"upcoming": Session.objects.upcoming(), "archive": page, "asked": asked}
    return render(request, "exchange/session_list.html", context)


@require_safe
@public_page
def session_detail(request: PublicRequest, slug: str) -> HttpResponse:
    """One session: when, who, what was said, and what is kept of it."""
    session = get_object_or_404(Session.objects.for_page(), slug=slug)
    told = Practice.objects.published().filter(sessions=session).order_by("slug")
    context = {"session": session, "practices": told, "json_ld": json_ld(session)}
    return render(request, "exchange/session_detail.html", context)


@require_safe
@public_page
def session_calendar(_request: PublicRequest, slug: str) -> HttpResponse:
    """One session for a calendar."""
    session = get_object_or_404(Session.objects.with_page(), slug=slug)
    return _calendar(calendar_file([session], settings.SITE_ADDRESS), session.slug)


@require_safe
@public_page
def programme_calendar(_request: PublicRequest, slug: str) -> HttpResponse:
    """All sessions of a programme for a calendar that is subscribed to; the latest two hundred."""
    programme = get_object_or_404(Programme.objects.for_list(), slug=slug)
    sessions = Session.objects.for_list().filter(programme=programme).order_by("-day", "slug")[:IN_FEED]
    return _calendar(calendar_file(sessions, settings.SITE_ADDRESS, name=programme.name), programme.slug)
