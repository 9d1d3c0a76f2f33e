"""The coordination's lists: what needs somebody today, applications by filter, files of them, acts on several."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applications.actions import caring
from applications.actions.moving import perform
from applications.case_export import WRITERS
from applications.case_filter import Filter
from applications.case_list import Cases
from applications.case_together import Act, Together
from applications.forms.together import form_for
from applications.models import Application
from applications.today import Today
from applications.views.coordinator import person_of, read_and_write
from applications.workflow import Action
from network.actions import RefusedError


def own_list(request: HttpRequest) -> Cases:
    """The list as the address asks for it; whoever neither coordinates a network nor runs the portal meets 404."""
    cases = Cases(person_of(request), Filter(request.GET))
    if cases.reach.is_empty:
        raise Http404
    return cases


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person as coordination. For coordinators of any network, and operators."""
    today = Today(person_of(request))
    if today.reach.is_empty:
        raise Http404
    return render(request, "applications/coordination_home.html", {"today": today})


@never_cache
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Applications by filter. For coordinators of any network, and operators."""
    return render(request, "applications/coordination_list.html", {"cases": own_list(request), "acts": Act})


@never_cache
@require_safe
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """All applications that the filter finds, in the columns of the list."""
    cases = own_list(request)
    if form not in WRITERS:
        raise Http404
    return WRITERS[form](cases)


@never_cache
@read_and_write
def together(request: HttpRequest) -> HttpResponse:
    """Says what an act on several applications would do, and does it once that was confirmed."""
    cases, act = own_list(request), request.GET.get("act", "")
    back = f"{reverse('coordination:list')}?{cases.wanted.address}"
    sent = request.POST if request.method == "POST" else None
    source = request.GET if sent is None else sent
    everything = sent is None and request.GET.get("all") == "1"
    if act not in Act.values or not (source.getlist("case") or everything):
        messages.error(request, _("Tick at least one application, and choose what is to be done."))
        return redirect(back)
    plan = Together(cases, Act(act), ticked=source.getlist("case"), everything=everything)
    if not plan.taken or plan.are_too_many:
        return render(request, "applications/coordination_together.html", {"plan": plan, "back": back, "form": None})
    form = form_for(plan.act, sent, call=plan.reach.calls[plan.taken[0].case.line.call], reader=cases.reader)
    if sent is not None and form.is_valid():
        _report(request, plan, form.cleaned_data)
        return redirect(back)
    context = {"plan": plan, "back": back, "form": form}
    return render(request, "applications/coordination_together.html", context, status=422 if form.errors else 200)


def _report(request: HttpRequest, plan: Together, values: Mapping[str, Any]) -> None:
    """Does it to one after the other, each all or nothing, and says for which it was done and for which not."""
    by = plan.reach.reader
    acts: dict[Act, Callable[[Application], object]] = {
        Act.REVIEW: lambda one: perform(one, Action.REVIEW, by=by, note=values["note"]),
        Act.FLAG: lambda one: caring.raise_flag(one, **values, by=by),
        Act.MESSAGE: lambda one: caring.write_to_city(one, values["text"], by=by),
    }
    done = 0
    refusals = [_("%(city)s: %(reason)s") % {"city": one.case.line.name, "reason": one.reason} for one in plan.left]
    for taken in plan.taken:
        try:
            acts[plan.act](taken.case.application)
            done += 1
        except RefusedError as refusal:
            refusals.append(_("%(city)s: %(reason)s") % {"city": taken.case.line.name, "reason": refusal.for_reader})
    told = ngettext("Done for %(count)s application.", "Done for %(count)s applications.", done) % {"count": done}
    messages.success(request, told)
    if refusals:
        messages.warning(request, _("Not done for %(cities)s") % {"cities": " · ".join(refusals)})
