"""The operator's page: the outbox, the daily job, and what is set up. Nobody else meets it."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network import service
from network.actions import Decision, RefusedError, decide, decisions_for
from network.letter_mail import as_html
from network.models import DailyRun, Letter, User
from network.permissions import is_operator

PER_PAGE = 50


def _operator(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not is_operator(request.user):
        raise Http404
    return request.user


@require_safe
def letter_list(request: HttpRequest) -> HttpResponse:
    """What needs the operator first, then all letters or, with `?state=`, those in one state."""
    _operator(request)
    chosen = request.GET.get("state", "")
    if chosen and chosen not in Letter.State.values:
        raise Http404
    page = Paginator(Letter.objects.for_outbox(chosen), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(letter, decisions_for(letter)) for letter in page],
        "states": Letter.objects.by_state(),
        "chosen": chosen,
        "signs": service.signs(),
        "runs": DailyRun.objects.last_of_each(),
    }
    return render(request, "network/outbox.html", context)


@require_safe
def letter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter with all that happened to it; the text of a secret one is not shown."""
    _operator(request)
    letter = get_object_or_404(Letter.objects.select_related("settled_by"), pk=pk)
    context = {"letter": letter, "decisions": decisions_for(letter), "text": as_html(letter.text)}
    return render(request, "network/outbox_letter.html", context)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The operator decides about a letter, and goes on where the button was."""
    operator = _operator(request)
    letter = get_object_or_404(Letter, pk=pk)
    if request.POST.get("decision") not in Decision.values:
        raise BadRequest("not one of the decisions")
    try:
        letter = decide(letter, Decision(request.POST["decision"]), by=operator)
    except RefusedError as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, _("The letter “%(subject)s” is now: %(state)s.") % {
            "subject": letter.subject, "state": letter.get_state_display()})  # fmt: skip
    back = request.POST.get("next", "")
    is_own = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=not settings.DEMO)
    return redirect(back if is_own else "outbox:list")
