"""Coordinators keep the sessions of their programmes: write, announce, report, cancel."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from exchange.actions import meetings
from exchange.actions.acting import ExchangeRefusedError
from exchange.forms_sessions import WEEKS, CancelForm, SessionForm, SessionParts
from exchange.models import Session
from exchange.permissions import moderates_any
from exchange.views.answering import done, person, read_and_write, show

PER_PAGE = 50


def _kept(request: HttpRequest, slug: str) -> Session:
    rows = Session.objects.kept_by(request.user).select_related("programme")
    return get_object_or_404(rows, slug=slug)


def _data(request: HttpRequest) -> object:
    return request.POST if request.method == "POST" else None


@require_safe
def kept_sessions(request: HttpRequest) -> HttpResponse:
    """The sessions that the person keeps, drafts too, latest first."""
    if not moderates_any(request.user):
        raise Http404
    rows = Session.objects.kept_by(request.user).for_keepers()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "exchange/sessions_kept.html", {"page": page})


@read_and_write
def session_new(request: HttpRequest) -> HttpResponse:
    """A new session, or a repeating series of them, as drafts."""
    if not moderates_any(request.user):
        raise Http404
    form = SessionForm(_data(request), user=person(request))
    made: list[Session] = []

    def create() -> None:
        values = form.cleaned_data
        related = {
            "networks": values["networks"],
            "practices": values["told_practices"],
            "cities": values["told_cities"],
        }
        weeks = WEEKS.get(values["repeat"], 0)
        times = values["times"] if weeks else 1
        session = form.save(commit=False)
        made.append(meetings.create(session, by=person(request), weeks=weeks, times=times, **related))

    if done(form, create):
        messages.success(request, _("Saved as a draft. Nobody else reads it before you announce it."))
        return redirect("exchange:session_edit", made[0].slug)
    return show(request, "session_form", form, session=None, parts=None)


@read_and_write
def session_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """A session with its speakers, links and report."""
    session = _kept(request, slug)
    form = SessionForm(_data(request), user=person(request), instance=session)
    parts = SessionParts(session, _data(request))

    def write() -> None:
        values = form.cleaned_data
        related = {
            "networks": values["networks"],
            "practices": values["told_practices"],
            "cities": values["told_cities"],
        }
        meetings.change(form.save(commit=False), by=person(request), parts=parts.all, **related)

    if request.method == "POST" and parts.is_valid() and done(form, write):
        messages.success(request, _("Saved."))
        return redirect("exchange:session_edit", slug)
    is_wrong = request.method == "POST"
    context = {"form": form, "session": _kept(request, slug), "parts": parts, "is_wrong": is_wrong}
    return render(request, "exchange/session_form.html", context, status=422 if is_wrong else 200)


@require_POST
def session_act(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    """Announce, or back to a draft; where that is refused, a message says why."""
    acts = {
        "announce": (meetings.announce, _("Announced. Everybody can read it now.")),
        "withdraw": (meetings.withdraw, _("It is a draft again.")),
    }
    if what not in acts:
        raise Http404
    session = _kept(request, slug)
    function, sentence = acts[what]
    try:
        function(session, by=person(request))
    except ExchangeRefusedError as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, sentence)
    return redirect("exchange:session_edit", slug)


@read_and_write
def session_cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks for the reason; everybody who has registered reads it."""
    session = _kept(request, slug)
    form = CancelForm(_data(request))
    if done(form, lambda: meetings.cancel(session, by=person(request), **form.cleaned_data)):
        messages.success(request, _("Cancelled. Everybody who has registered gets a letter."))
        return redirect("exchange:session_edit", slug)
    return show(request, "session_cancel", form, session=session)


@require_safe
def registered(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has registered, for who keeps the session."""
    session = _kept(request, slug)
    rows = session.registrations.order_by("-confirmed_at", "name")[:1000]
    return render(request, "exchange/session_registered.html", {"session": session, "registrations": rows})
