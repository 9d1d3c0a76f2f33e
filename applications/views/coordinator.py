"""The coordination's pages: applications that were submitted, one of them, and what moves them or their dates."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from applications.actions import calls as actions
from applications.actions.moving import allow_late as let_submit_late
from applications.actions.moving import perform
from applications.case_file import CaseFile, move_of
from applications.city_page import city_page
from applications.coordination import LateDrafts, moved_along
from applications.forms.caring import CheckForm
from applications.forms.coordinating import ExtendForm, LateForm, MoveForm, ReturnForm
from applications.models import Application, Call
from applications.permissions import impartial_coordinators, own_applicants
from applications.workflow import STANDINGS, Action
from network.actions import RefusedError
from network.models import User
from network.permissions import coordinates

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def person_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def seen_case(request: HttpRequest, pk: int) -> CaseFile:
    """An application as the person's coordination reads it; strangers, and people of its city, meet 404."""
    application = get_object_or_404(Application.objects.cases_for(request.user).for_page(), pk=pk)
    return CaseFile(application, person_of(request))


def read_case(request: HttpRequest, pk: int) -> CaseFile:
    """The same to be read only, with what its pages show and nothing else."""
    application = get_object_or_404(Application.objects.cases_for(request.user).for_case(), pk=pk)
    return CaseFile(application, person_of(request))


def coordinated_call(request: HttpRequest, slug: str) -> Call:
    """A call whose dates the person may move; everybody else meets 404."""
    call = get_object_or_404(Call.objects.cases_for(request.user).for_list(), slug=slug)
    if not coordinates(request.user, call.network):
        raise Http404
    return call


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the act was done. Why not stands in the form, and what was typed stays in it."""
    if not form.is_valid():
        return False
    try:
        act()
    except RefusedError as refusal:
        form.add_error(None, refusal.for_reader)
        return False
    return True


def show(request: HttpRequest, page: str, form: forms.Form, **context: object) -> HttpResponse:
    """A page around a form; 422 where something in it needs attention."""
    where = f"applications/coordination_{page}.html"
    return render(request, where, {"form": form} | context, status=422 if form.errors else 200)


@never_cache
@require_safe
def case_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: what was submitted, what happened, and what can be done now."""
    case = read_case(request, pk)
    form = CheckForm(lines=case.check_lines) if case.may_check else None
    return render(request, "applications/coordination_application.html", {"case": case, "form": form})


@never_cache
@require_safe
def as_city(request: HttpRequest, pk: int) -> HttpResponse:
    """The city's own page of its application, to be read: without buttons, and without its unsubmitted work."""
    case = read_case(request, pk)
    return render(request, "applications/application_case.html", city_page(case.application) | {"case": case})


def _only_now(request: HttpRequest, case: CaseFile, action: str) -> HttpResponse | None:
    """Where the page of a move is opened that is not possible any more, back to the case. What is posted goes to the
    action itself, which says so beside what was typed."""
    if not case.coordinates:
        raise Http404
    if request.method == "POST" or case.move(action):
        return None
    state = case.application.get_state_display()
    messages.error(request, _("This is not possible now: the application is “%(state)s”.") % {"state": state})
    return redirect("coordination:application", pk=case.application.pk)


@never_cache
@read_and_write
def ask_for_more(request: HttpRequest, pk: int) -> HttpResponse:
    """The city changes some parts until a moment, for a reason."""
    case = seen_case(request, pk)
    if back := _only_now(request, case, Action.RETURN):
        return back
    application, data = case.application, request.POST if request.method == "POST" else None
    form = ReturnForm(data, pack=application.pack, zone=application.call.zone_info, note=case.words_of_faults)

    def act() -> None:
        values = form.cleaned_data
        perform(
            application, Action.RETURN, by=case.reader, note=values["note"], until=form.moment, parts=values["parts"]
        )

    if done(form, act):
        messages.success(request, _("The city is asked for more. Its team gets a letter."))
        return redirect("coordination:application", pk=pk)
    return show(request, "return", form, case=case)


@never_cache
@read_and_write
def move(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Any other move, after a page that says what follows."""
    case, step = seen_case(request, pk), move_of(action)
    if step is None or step.action == Action.RETURN:
        raise Http404
    if back := _only_now(request, case, action):
        return back
    form = MoveForm(request.POST if request.method == "POST" else None, move=step)
    if done(form, lambda: perform(case.application, action, by=case.reader, note=form.cleaned_data["note"])):
        state = {"state": step.target.label}
        messages.success(request, _("The application is now “%(state)s”. The city’s team gets a letter.") % state)
        return redirect("coordination:application", pk=pk)
    return show(request, "move", form, case=case, move=step, standing=STANDINGS[step.target])


@never_cache
@read_and_write
def allow_late(request: HttpRequest, slug: str) -> HttpResponse:
    """Lets one city submit after the deadline. Of drafts the page knows the city and the day they began."""
    call = coordinated_call(request, slug)
    late, data = LateDrafts(call, person_of(request)), request.POST if request.method == "POST" else None
    form = LateForm(data, drafts=late.applications, zone=call.zone_info)

    def act() -> None:
        let_submit_late(form.chosen, until=form.moment, note=form.cleaned_data["note"], by=person_of(request))

    if done(form, act):
        messages.success(request, _("%(city)s may submit late. Its team gets a letter.") % {"city": form.chosen.city})
        return redirect("coordination:late", slug=slug)
    return show(request, "late", form, call=call, late=late)


@never_cache
@read_and_write
def extend(request: HttpRequest, slug: str) -> HttpResponse:
    """Moves a date of a call for everybody, for a reason that everybody reads."""
    call = coordinated_call(request, slug)
    reader = person_of(request)
    form = ExtendForm(request.POST if request.method == "POST" else None, call=call)

    def act() -> None:
        values = form.cleaned_data
        reasons = {"reason_de": values["reason_de"], "reason_en": values["reason_en"]}
        actions.extend(call, values["deadline"], new=form.moment, by=reader, **reasons)

    if done(form, act):
        messages.success(request, _("The date has moved. The teams of all applications under way get a letter."))
        return redirect(call)
    drafts, others = moved_along(call, reader)
    barred = own_applicants(reader, call)
    colleagues = impartial_coordinators(call) if barred else []
    context = {"drafts": drafts, "others": others, "barred": barred, "colleagues": colleagues}
    return show(request, "extend", form, call=call, **context)
