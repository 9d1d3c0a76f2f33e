"""Moderators check what came in, answer reports, and hide what must not stand."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from exchange.actions import moderating, reporting
from exchange.actions.acting import ExchangeRefusedError
from exchange.forms import ReasonForm
from exchange.models import Practice, Proposal, Report, TransferStep
from exchange.permissions import moderates_any
from exchange.views.answering import done, person, read_and_write, show
from exchange.workplace import ProposalPage, Queue


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits: for coordinators and operators; everybody else meets 404."""
    if not moderates_any(request.user):
        raise Http404
    return render(request, "exchange/moderation.html", {"queue": Queue(person(request))})


def _checked(request: HttpRequest, pk: int) -> ProposalPage:
    rows = Proposal.objects.moderated_by(request.user)
    found = rows.select_related("city__country", "country", "programme", "practice__programme")
    return ProposalPage(get_object_or_404(found, pk=pk), person(request))


@read_and_write
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal as it stands. POST publishes it, where nothing stands against that."""
    page = _checked(request, pk)
    if request.method == "POST":
        try:
            moderating.publish(page.proposal, by=person(request))
        except ExchangeRefusedError as refusal:
            messages.error(request, refusal.for_reader)
        else:
            messages.success(request, _("Published. Those who wrote it get a letter."))
        return redirect("exchange:check", pk)
    return render(request, "exchange/moderation_check.html", {"page": page})


@read_and_write
def refuse(request: HttpRequest, pk: int, how: str) -> HttpResponse:
    """Sends it back or declines it, with a reason that its authors read."""
    page = _checked(request, pk)
    acts = {"send-back": moderating.send_back, "decline": moderating.decline}
    if how not in acts or not page.proposal.is_waiting:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if done(form, lambda: acts[how](page.proposal, by=person(request), **form.cleaned_data)):
        messages.success(request, _("Done. Those who wrote it get a letter with the reason."))
        return redirect("exchange:moderation")
    return show(request, "moderation_refuse", form, page=page, how=how)


@read_and_write
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A report about a practice: it stays, or is hidden with a reason."""
    practices = Practice.objects.moderated_by(request.user)
    rows = Report.objects.filter(practice__in=practices.values("pk"))
    found = get_object_or_404(rows.select_related("practice__city__country", "practice__country"), pk=pk)
    stays = request.POST.get("answer") == "stays"
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].required = not stays
    if done(form, lambda: reporting.answer(found, by=person(request), stays=stays, **form.cleaned_data)):
        messages.success(request, _("The practice stays.") if stays else _("The practice is hidden."))
        return redirect("exchange:moderation")
    return show(request, "moderation_report", form, report=found, practice=found.practice)


@read_and_write
def hide(request: HttpRequest, slug: str) -> HttpResponse:
    """Hides a public practice with a reason, or shows a hidden one again."""
    shown = Practice.objects.moderated_by(request.user).filter(visibility__in=["public", "hidden"])
    practice = get_object_or_404(shown.select_related("city__country", "country"), slug=slug)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    to = Practice.Visibility.HIDDEN if practice.visibility == Practice.Visibility.PUBLIC else Practice.Visibility.PUBLIC
    form.fields["reason"].required = to == Practice.Visibility.HIDDEN
    if done(form, lambda: moderating.set_visibility(practice, to, by=person(request), **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect("exchange:moderation")
    steps = TransferStep.objects.public().filter(practice=practice).select_related("city").order_by("-pk")
    hides = to == Practice.Visibility.HIDDEN
    return show(request, "moderation_hide", form, practice=practice, hides=hides, steps=steps)


@require_POST
def remove_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a transfer step off the public page."""
    practices = Practice.objects.moderated_by(request.user)
    rows = TransferStep.objects.filter(practice__in=practices.values("pk")).select_related("practice")
    step = get_object_or_404(rows, pk=pk)
    moderating.remove_step(step, by=person(request))
    messages.success(request, _("Removed."))
    return redirect("exchange:hide", step.practice.slug)
