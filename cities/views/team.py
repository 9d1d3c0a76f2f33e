"""The team of a city: who is in it, who is invited, and who leads it."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cities import teams
from cities.forms_team import AppointForm, HandOverForm, InvitationForm, PartingForm, ReasonForm, ReplyForm, RoleForm
from cities.models import TeamInvitation, TeamMember
from cities.permissions import teams_seen_by
from cities.team_page import TeamPage
from network.models import User

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def seen_team(request: HttpRequest, slug: str) -> TeamPage:
    """The team as the person may see it; strangers meet 404."""
    city = get_object_or_404(teams_seen_by(request.user).select_related("country"), slug=slug)
    assert isinstance(request.user, User)
    return TeamPage(city, request.user, request.GET.get("page", ""))


def only_if(allowed: bool) -> None:  # noqa: FBT001
    """A page of the team that is not for this reader is not there for them."""
    if not allowed:
        raise Http404


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the act was done. Why not stands in the form, beside the entry it is about."""
    if not form.is_valid():
        return False
    try:
        act()
    except teams.TeamRefusedError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.for_reader)
        return False
    return True


def show(request: HttpRequest, page: str, form: forms.Form, **context: object) -> HttpResponse:
    """A page around a form; 422 where something in it needs attention."""
    return render(request, f"cities/{page}.html", {"form": form} | context, status=422 if form.errors else 200)


@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Members, what waits for an answer, and the history. For members, coordinators in charge and operators."""
    return render(request, "cities/team.html", {"team": seen_team(request, slug)})


# --- invitations


@read_and_write
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """An address and a role. For lead, deputies and operators."""
    seen = seen_team(request, slug)
    only_if(seen.may_manage)
    form = InvitationForm(request.POST) if request.method == "POST" else InvitationForm()
    if done(form, lambda: teams.invite(seen.city, by=seen.reader, **form.cleaned_data)):
        messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
        return redirect("cities:team", slug)
    return show(request, "team_invite", form, team=seen)


def _invitation(seen: TeamPage, pk: int) -> TeamInvitation:
    only_if(seen.may_manage)
    return get_object_or_404(TeamInvitation, city=seen.city, pk=pk, state=TeamInvitation.State.OPEN)


@read_and_write
def send_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Asks first: the earlier letter opens nothing any more."""
    seen = seen_team(request, slug)
    invitation = _invitation(seen, pk)
    form = forms.Form(request.POST) if request.method == "POST" else forms.Form()
    if done(form, lambda: teams.send_again(invitation, by=seen.reader)):
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": invitation.email})
        return redirect("cities:team", slug)
    return show(request, "team_send_again", form, team=seen, invitation=invitation)


@read_and_write
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Asks before the invitation is revoked."""
    seen = seen_team(request, slug)
    invitation = _invitation(seen, pk)
    form = forms.Form(request.POST) if request.method == "POST" else forms.Form()
    if done(form, lambda: teams.revoke_invitation(invitation, by=seen.reader)):
        messages.success(request, _("The invitation is revoked."))
        return redirect("cities:team", slug)
    return show(request, "team_revoke", form, team=seen, invitation=invitation)


# --- members


def _other(seen: TeamPage, pk: int) -> TeamMember:
    found = next((member for member in seen.manageable if member.pk == pk), None)
    if found is None:
        raise Http404
    return found


@read_and_write
def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The role of a member. For lead, deputies and operators."""
    seen = seen_team(request, slug)
    place = _other(seen, pk)
    form = RoleForm(request.POST) if request.method == "POST" else RoleForm(initial={"role": place.role})
    if done(form, lambda: teams.change_role(place, by=seen.reader, **form.cleaned_data)):
        messages.success(request, _("The role of %(person)s is saved.") % {"person": place.user})
        return redirect("cities:team", slug)
    return show(request, "team_member", form, team=seen, member=place)


@read_and_write
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Asks for the reason before somebody is removed."""
    seen = seen_team(request, slug)
    place = _other(seen, pk)
    form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm()
    if done(form, lambda: teams.remove_member(place, by=seen.reader, **form.cleaned_data)):
        messages.success(request, _("%(person)s is no longer in the team.") % {"person": place.user})
        return redirect("cities:team", slug)
    return show(request, "team_remove", form, team=seen, member=place)


@read_and_write
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Members leave by themselves; the lead reads here what has to happen before."""
    seen = seen_team(request, slug)
    only_if(seen.own is not None)
    form = PartingForm(request.POST) if request.method == "POST" else PartingForm()
    if done(form, lambda: teams.leave_team(seen.city, by=seen.reader, **form.cleaned_data)):
        messages.success(request, _("You have left the team of %(city)s.") % {"city": seen.city})
        return redirect("cities:mine")
    return show(request, "team_leave", form, team=seen)


# --- the lead


@read_and_write
def hand_over(request: HttpRequest, slug: str) -> HttpResponse:
    """The lead asks a member to take over, or takes the question back."""
    seen = seen_team(request, slug)
    only_if(seen.leads)
    if seen.hand_over:
        return _take_back(request, seen)
    data = request.POST if request.method == "POST" else None
    form = HandOverForm(data, candidates=seen.candidates)
    if done(form, lambda: teams.propose_lead(seen.city, by=seen.reader, **form.values)):
        messages.success(request, _("%(person)s has been asked to take over the lead.") % {"person": form.values["to"]})
        return redirect("cities:team", slug)
    return show(request, "team_hand_over", form, team=seen)


def _take_back(request: HttpRequest, seen: TeamPage) -> HttpResponse:
    proposal = seen.hand_over
    assert proposal is not None
    form = forms.Form(request.POST) if request.method == "POST" else forms.Form()
    if done(form, lambda: teams.take_back_proposal(proposal, by=seen.reader)):
        messages.success(request, _("The proposal is withdrawn. You go on leading the team."))
        return redirect("cities:team", seen.city.slug)
    return show(request, "team_take_back", form, team=seen)


@read_and_write
def take_over(request: HttpRequest, slug: str) -> HttpResponse:
    """The member who was asked takes the lead over, or declines."""
    seen = seen_team(request, slug)
    proposal = seen.hand_over
    if proposal is None or proposal.taker != seen.reader:
        raise Http404
    form = ReplyForm(request.POST) if request.method == "POST" else ReplyForm()

    def reply() -> None:
        if form.cleaned_data["reply"] == "take":
            teams.take_lead(proposal, by=seen.reader)
        else:
            teams.decline_lead(proposal, by=seen.reader, reason=form.cleaned_data["reason"])

    if done(form, reply):
        messages.success(request, _("Your answer is saved."))
        return redirect("cities:team", slug)
    return show(request, "team_take_over", form, team=seen)


@read_and_write
def appoint(request: HttpRequest, slug: str) -> HttpResponse:
    """A coordinator in charge or an operator gives the lead to a member, with a reason."""
    seen = seen_team(request, slug)
    only_if(seen.may_appoint)
    data = request.POST if request.method == "POST" else None
    form = AppointForm(data, candidates=seen.candidates, has_lead=seen.lead is not None)
    if done(form, lambda: teams.appoint_lead(seen.city, by=seen.reader, **form.values)):
        messages.success(request, _("%(person)s leads the team now.") % {"person": form.values["to"]})
        return redirect("cities:team", slug)
    return show(request, "team_appoint", form, team=seen)
