"""What visitors may send: suggestions, reports, saved searches; and the links of letters: opening one does nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from cities.directory import directory
from exchange import places
from exchange.actions import alerts, reporting, suggesting, yearly
from exchange.catalogue import catalogue
from exchange.filters import PracticeFilter
from exchange.forms_public import AlertForm, ConfirmForm, ReportForm, SuggestionForm
from exchange.listing import PracticeListing
from exchange.models import Practice, Proposal
from exchange.permissions import moderates_practice
from exchange.views.answering import done, read_and_write, show
from network.throttle import sender


def _language() -> str:
    return "en" if get_language() == "en" else "de"


@never_cache
@login_not_required
@read_and_write
def suggest(request: HttpRequest) -> HttpResponse:
    """A visitor's suggestion; the letter to confirm it carries nothing of the text."""
    form = SuggestionForm(request.POST if request.method == "POST" else None)
    if done(form, lambda: suggesting.suggest(**form.values, sender=sender(request))):
        return render(request, "exchange/suggestion_sent.html", {"email": form.cleaned_data["email"]})
    return show(request, "suggestion_form", form)


@cache_control(private=True, max_age=300)
@login_not_required
@require_safe
def suggested_places(request: HttpRequest) -> JsonResponse:
    """Names of places that begin as `q`, ten at most; for js/places.js."""
    return JsonResponse({"places": places.suggested(request.GET.get("q", ""))})


@never_cache
@login_not_required
@read_and_write
def suggestion(request: HttpRequest, token: str) -> HttpResponse:
    """Where the letter leads: a button confirms. Mail programs open links by themselves, so opening does nothing."""
    found = suggesting.suggestion_of(token)
    if found is None:
        raise Http404
    waits = found.state == Proposal.State.UNCONFIRMED
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if waits and done(form, lambda: suggesting.confirm(found)):
        messages.success(request, _("Thank you. The suggestion is with the coordinators now."))
        return redirect("exchange:suggestion", token)
    return show(request, "suggestion_confirm", form, suggestion=found, waits=waits)


@never_cache
@login_not_required
@read_and_write
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Report a practice; it is hidden until somebody in charge has looked."""
    shown = Practice.objects.published().select_related("city__country", "country", "programme")
    practice = get_object_or_404(shown, slug=slug)
    form = ReportForm(request.POST if request.method == "POST" else None)
    who = f"person {request.user.pk}" if request.user.is_authenticated else sender(request)
    key = reporting.sender_key(who)
    if done(form, lambda: reporting.report(practice, text=form.cleaned_data["text"], sender=key)):
        messages.success(request, _("Thank you. The coordinators look at it."))
        return redirect("exchange:list")
    may_hide = moderates_practice(request.user, practice)
    return show(request, "report_form", form, practice=practice, may_hide=may_hide)


@never_cache
@login_not_required
@read_and_write
def still_correct(request: HttpRequest, token: str) -> HttpResponse:
    """Where the yearly letter leads: one button says that everything is still right."""
    practice = yearly.practice_of(token)
    if practice is None:
        raise Http404
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if done(form, lambda: yearly.confirm(practice)):
        messages.success(request, _("Thank you. The entry is confirmed as of today."))
        return redirect(practice)
    return show(request, "practice_still_correct", form, practice=practice)


# --- saved searches


def _listing(query: str) -> PracticeListing:
    asked = QueryDict(query)
    return PracticeListing(PracticeFilter(asked, catalogue(directory())), asked)


@never_cache
@login_not_required
@read_and_write
def alert_ask(request: HttpRequest) -> HttpResponse:
    """Letters about new practices that fit the search in the address."""
    query = alerts.plain_query(QueryDict(request.POST.get("query", "")) if request.method == "POST" else request.GET)
    form = AlertForm(request.POST if request.method == "POST" else None, initial={"query": query})

    def ask() -> None:
        email = form.cleaned_data["email"]
        alerts.ask_for(query=query, email=email, language=_language(), sender=sender(request))

    if done(form, ask):
        return render(request, "exchange/alert_sent.html", {"email": form.cleaned_data["email"]})
    return show(request, "alert_form", form, chips=_listing(query).chips, query=query)


@never_cache
@login_not_required
@read_and_write
def alert(request: HttpRequest, token: str) -> HttpResponse:
    """Where the letters lead: one button confirms, another one ends the letters."""
    search = alerts.search_of(token)
    if search is None:
        return render(request, "exchange/alert_over.html", status=410)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    ends = "end" in request.POST
    if done(form, lambda: alerts.end(search) if ends else alerts.confirm(search)):
        sentence = _("You get no more letters about this search.") if ends else _("Thank you. The letters begin now.")
        messages.success(request, sentence)
        return redirect("exchange:list") if ends else redirect("exchange:alert", token)
    return show(request, "alert_confirm", form, search=search, chips=_listing(search.query).chips)
