"""The last step of a city: check everything, submit, keep the receipt; or withdraw."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from applications import letters
from applications.actions.asking import ask_to_submit
from applications.actions.drafting import open_questions
from applications.actions.moving import perform, submit
from applications.case_history import signatures_of
from applications.checking import Check
from applications.course import next_act
from applications.forms.submitting import WithdrawForm
from applications.freezing import file_of
from applications.models import Application
from applications.permissions import may_submit, may_write, moves_of, roles_of
from applications.workflow import Action, Role
from network.actions import RefusedError
from network.models import User


def _own(request: HttpRequest, pk: int) -> tuple[Application, User]:
    """An application of the person's own city; strangers meet 404."""
    application = get_object_or_404(Application.objects.of_cities_of(request.user).for_page(), pk=pk)
    assert isinstance(request.user, User)
    return application, request.user


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """All answers in order, what is missing, and the button. POST submits what was seen, or asks a colleague to."""
    application, person = _own(request, pk)
    if request.method == "POST":
        return _ask(request, application, person) if "ask" in request.POST else _submit(request, application, person)
    if not may_write(person, application):
        return redirect("applications:case", pk=pk)
    context = {
        "application": application,
        "check": Check(file_of(application), open_questions(application)),
        "may_submit": may_submit(person, application),
        "speakers": letters.speakers_of(application),
        "is_in_time": application.is_in_time(),
    }
    return render(request, "applications/application_check.html", context)


def _submit(request: HttpRequest, application: Application, person: User) -> HttpResponse:
    try:
        submission = submit(application, by=person, seen=request.POST.get("seen", ""))
    except RefusedError as refusal:
        messages.error(request, refusal.for_reader)
        return redirect("applications:check", pk=application.pk)
    return redirect("applications:receipt", pk=application.pk, number=submission.number)


def _ask(request: HttpRequest, application: Application, person: User) -> HttpResponse:
    try:
        ask_to_submit(application, by=person)
    except RefusedError as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, _("The letter is on its way. You see on this page once it is submitted."))
    return redirect("applications:check", pk=application.pk)


@never_cache
@require_safe
def receipt(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What was submitted when, with its fingerprints, and what happens next; made to be printed."""
    application = get_object_or_404(Application.objects.visible_to(request.user).for_page(), pk=pk)
    submission = get_object_or_404(application.submissions.select_related("submitted_by"), number=number)
    submission.application = application
    latest = application.submissions.first()
    context = {
        "application": application,
        "submission": submission,
        "later": latest if latest != submission else None,
        "signatures": signatures_of(submission),
        "next_act": next_act(application),
        "is_of_the_city": Role.EDITOR in roles_of(request.user, application),
    }
    return render(request, "applications/submission_receipt.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the reason, then ends the application; it stays readable."""
    application, person = _own(request, pk)
    if Action.WITHDRAW not in {move.action for move in moves_of(person, application)}:
        raise Http404
    form = WithdrawForm(request.POST) if request.method == "POST" else WithdrawForm()
    if form.is_valid():
        try:
            perform(application, Action.WITHDRAW, by=person, note=form.cleaned_data["note"])
        except RefusedError as refusal:
            messages.error(request, refusal.for_reader)
        else:
            messages.success(request, _("The application is withdrawn. It stays readable."))
        return redirect("applications:case", pk=pk)
    context = {"application": application, "form": form}
    return render(request, "applications/application_withdraw.html", context, status=422 if form.errors else 200)
