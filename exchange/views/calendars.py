"""Coordinators take sessions over from calendars of others: choose, read what would change, confirm exactly that."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exchange.actions import calendars
from exchange.forms_calendars import CalendarForm, TakeOverForm
from exchange.models import CalendarImport
from exchange.permissions import moderates_any
from exchange.views.answering import done, person, read_and_write, show

SHOWN = 20  # earlier imports


@read_and_write
def start(request: HttpRequest) -> HttpResponse:
    """The form, what waits for a look, and what was taken over before; a calendar is kept, no session changes yet."""
    if not moderates_any(request.user):
        raise Http404
    given = [request.POST, request.FILES] if request.method == "POST" else []
    form = CalendarForm(*given, user=person(request))
    made: list[CalendarImport] = []

    def take_in() -> None:
        file = form.cleaned_data["file"]
        made.append(calendars.take_in(form.source, by=person(request), content=file.read() if file else None))

    if done(form, take_in):
        return redirect("exchange:calendar_check", made[0].pk)
    own = CalendarImport.objects.kept_by(request.user).select_related("programme", "by", "done_by").defer("content")
    context = {
        "waiting": own.waiting()[:SHOWN],
        "earlier": own.filter(done_at__isnull=False).order_by("-done_at")[:SHOWN],
    }
    return show(request, "calendar_import", form, **context)


@read_and_write
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What would change, or what was changed; POST does it, if it is still what was shown."""
    rows = CalendarImport.objects.kept_by(request.user).select_related("programme", "done_by")
    source = get_object_or_404(rows, pk=pk)
    if source.done_at:
        return show(request, "calendar_done", TakeOverForm(), source=source)
    reading, difference = calendars.look_at(source)
    form = TakeOverForm(request.POST if request.method == "POST" else None)

    def take_over() -> None:
        values = form.cleaned_data
        calendars.take_over(source, by=person(request), chosen=request.POST.getlist("chosen"), **values)

    if done(form, take_over):
        messages.success(request, _("Taken over."))
        return redirect("exchange:calendar_check", pk)
    context = {"source": source, "reading": reading, "difference": difference, "seen": calendars.seen(difference)}
    return show(request, "calendar_check", form, **context)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgets an import nobody has confirmed; of one that is done, ends reading its address every day."""
    source = get_object_or_404(CalendarImport.objects.kept_by(request.user).select_related("programme"), pk=pk)
    if source.done_at:
        calendars.stop_daily(source.programme, by=person(request))
        messages.success(request, _("The address is no longer read every day."))
    else:
        calendars.forget(source, by=person(request))
        messages.success(request, _("Forgotten. No session was changed."))
    return redirect("exchange:calendar_import")
