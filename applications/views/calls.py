"""Calls for everybody: which are open, what a call asks, all its questions to print, its dates for a calendar."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from applications.milestones import calendar_file, milestones
from applications.models import Application, Call
from applications.pack import Kind
from applications.permissions import cities_to_apply_for
from network.permissions import coordinates


@require_safe
@login_not_required
def call_list(request: HttpRequest) -> HttpResponse:
    """Open calls by deadline, then those to come, then those that are over, the latest first."""
    calls = list(Call.objects.visible_to(request.user).for_list())
    groups = {
        "open": [call for call in calls if call.is_open()],
        "coming": sorted((call for call in calls if not call.has_opened()), key=lambda call: call.opens_at),
        "over": [call for call in reversed(calls) if call.is_over()],
    }
    return render(request, "applications/call_list.html", groups)


@require_safe
@login_not_required
def call_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One call; what a pack leaves to be verified is shown to coordinators of its network only."""
    call = get_object_or_404(Call.objects.visible_to(request.user).for_list(), slug=slug)
    own = Application.objects.of_cities_of(request.user).filter(call=call).select_related("city")
    context = {
        "call": call,
        "pack": call.pack,
        "milestones": milestones(call),
        "extensions": call.extensions.all(),
        "documents": [one for one in call.pack.questions.values() if one.kind is Kind.DOCUMENT],
        "own_applications": own,
        "own_cities": cities_to_apply_for(request.user, call) if call.is_open() else [],
        "coordinates": coordinates(request.user, call.network),
    }
    return render(request, "applications/call_detail.html", context)


@require_safe
@login_not_required
def call_questions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every question of the call in order, made to be printed and handed round before anything starts."""
    call = get_object_or_404(Call.objects.visible_to(request.user).for_list(), slug=slug)
    context = {"call": call, "pack": call.pack, "coordinates": coordinates(request.user, call.network)}
    return render(request, "applications/call_questions.html", context)


@require_safe
@login_not_required
def call_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The call's dates as an iCalendar file."""
    call = get_object_or_404(Call.objects.visible_to(request.user).for_list(), slug=slug)
    content = calendar_file(call, f"{settings.SITE_ADDRESS}{call.get_absolute_url()}")
    name = content_disposition_header(as_attachment=True, filename=f"{call.slug}.ics")
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": name})
