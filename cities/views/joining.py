"""How somebody comes into a city's team: by asking, or by an invitation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cities import teams
from cities.forms_team import DECLINE, AnswerForm, InvitationReplyForm, PartingForm, TeamRequestForm
from cities.models import City, TeamInvitation, TeamRequest
from cities.my_cities import MyCities
from cities.permissions import requests_for
from cities.team_page import TeamPage
from cities.views.team import done, read_and_write, show
from network.models import User


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Own teams, what waits for an answer, and the search for one's city. For everybody who is signed in."""
    mine = MyCities(_person(request), query=request.GET.get("q", ""), page=request.GET.get("page", ""))
    return render(request, "cities/my_cities.html", {"mine": mine})


# --- requests


@read_and_write
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to speak for a city; who is in its team, or has asked, is led to where that stands."""
    city, person = get_object_or_404(City.objects.select_related("country"), slug=slug), _person(request)
    if person.teams.filter(city=city).exists():
        return redirect("cities:team", slug)
    if person.team_requests.filter(city=city, state=TeamRequest.State.OPEN).exists():
        return redirect("cities:mine")
    form = TeamRequestForm(request.POST) if request.method == "POST" else TeamRequestForm()
    if done(form, lambda: teams.ask_to_join(city, by=person, **form.cleaned_data)):
        messages.success(request, _("Your request is sent. You get a letter with the answer."))
        return redirect("cities:mine")
    return show(request, "team_ask", form, city=city)


@read_and_write
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Asks before an own request is withdrawn."""
    person = _person(request)
    own = person.team_requests.filter(state=TeamRequest.State.OPEN).select_related("city")
    asked = get_object_or_404(own, pk=pk, city__slug=slug)
    form = PartingForm(request.POST) if request.method == "POST" else PartingForm()
    if done(form, lambda: teams.withdraw_request(asked, by=person, **form.cleaned_data)):
        messages.success(request, _("Your request is withdrawn."))
        return redirect("cities:mine")
    return show(request, "team_withdraw", form, city=asked.city, asked=asked)


@read_and_write
def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What somebody has asked, and the answer to it. For who may decide, never for one's own request."""
    person = _person(request)
    asked = get_object_or_404(requests_for(person).select_related("city", "user"), pk=pk, city__slug=slug)
    team = TeamPage(asked.city, person)
    form = AnswerForm(request.POST if request.method == "POST" else None, has_lead=team.lead is not None)

    def reply() -> None:
        if form.cleaned_data["answer"] == DECLINE:
            teams.decline_request(asked, by=person, reason=form.cleaned_data["reason"])
        else:
            teams.confirm_request(asked, by=person, role=form.cleaned_data["answer"])

    if done(form, reply):
        messages.success(request, _("Your answer is saved. The person gets a letter."))
        return redirect("cities:team", slug)
    return show(request, "team_answer", form, team=team, asked=asked)


# --- invitations


@login_not_required
@never_cache
@read_and_write
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Where the letter leads. Opening it changes nothing, as mail programs open links by themselves."""
    found = teams.invitation_of(code)
    if found is None:
        raise Http404
    if found.is_over:
        return render(request, "cities/team_invitation_over.html", {"invitation": found}, status=410)
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    return _reply(request, found)


@read_and_write
def own_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """The same without the letter, for who has confirmed the invited address."""
    mine = MyCities(_person(request)).invitations
    found = next((invitation for invitation in mine if invitation.pk == pk), None)
    if found is None:
        raise Http404
    return _reply(request, found)


def _reply(request: HttpRequest, found: TeamInvitation) -> HttpResponse:
    person = request.user if isinstance(request.user, User) else None
    form = InvitationReplyForm(request.POST if request.method == "POST" else None)

    def reply() -> None:
        assert person is not None
        act = teams.accept_invitation if form.accepts else teams.turn_down_invitation
        act(found, by=person)

    if done(form, reply):
        if form.accepts:
            messages.success(request, _("You are in the team of %(city)s now.") % {"city": found.city})
            return redirect("cities:team", found.city.slug)
        messages.success(request, _("The invitation is declined."))
        return redirect("cities:mine")
    is_for_reader = person is not None and found.email in teams.confirmed_addresses(person)
    return show(request, "team_invitation", form, invitation=found, is_for_reader=is_for_reader)
