"""The readiness check: open to everybody, nothing stored unless a signed-in person keeps it for their city."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from applications.actions.readiness import keep_readiness
from applications.forms.readiness import ReadinessForm
from applications.models import Call, ReadinessResult
from applications.readiness import result_of
from cities.permissions import own_cities
from network.models import User


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def readiness(request: HttpRequest, slug: str) -> HttpResponse:
    """The statements, and after a POST their result beside them. The answers stay in the page, nowhere else."""
    call = get_object_or_404(Call.objects.visible_to(request.user).for_list(), slug=slug)
    kept = ReadinessResult.objects.filter(call=call, city__in=own_cities(request.user)).select_related("city").first()
    if request.method == "POST":
        form = ReadinessForm(call.pack, request.POST)
    else:
        form = ReadinessForm(call.pack, initial=kept.answers if kept else {})
    answers = form.cleaned_data if form.is_bound and form.is_valid() else None
    context = {
        "call": call,
        "form": form,
        "kept": kept,
        "answers": answers,
        "result": result_of(call, answers) if answers is not None else None,
        "own_cities": own_cities(request.user),
    }
    status = 422 if form.is_bound and answers is None else 200
    return render(request, "applications/readiness.html", context, status=status)


@require_POST
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Keeps the answers for one of the person's cities, to begin an application from."""
    assert isinstance(request.user, User)
    call = get_object_or_404(Call.objects.visible_to(request.user).for_list(), slug=slug)
    city = get_object_or_404(own_cities(request.user), slug=request.POST.get("city"))
    keep_readiness(call, city, request.POST.dict(), by=request.user)
    messages.success(request, _("The result is kept for %(city)s.") % {"city": city})
    return redirect("calls:readiness", slug=slug)
