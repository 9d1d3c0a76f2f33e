"""Gives back what somebody sent after the session or the form's token had expired."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from network.unsent import by_script, forget, from_here, held, on_its_way, show


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def held_page(request: HttpRequest) -> HttpResponse:
    """After signing in: what waited, and the button that sends it. A POST here throws it away."""
    form = held(request)
    if request.method == "POST" or form is None:
        if request.method == "POST":
            forget(request)
        return redirect("home")
    return show(request, form, heading=gettext("You were signed out while sending"))


@login_not_required
def token_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's view for a failed CSRF check. A form of our own pages comes back with its fields and a new token; what
    came from elsewhere gets the plain refusal and sees nothing of what it sent."""
    if from_here(request):
        if by_script(request):
            return JsonResponse({"csrf": True}, status=403)
        if form := on_its_way(request):
            return show(request, form, heading=gettext("The form was open for too long"), status=403)
    return csrf_failure(request, reason=reason)
