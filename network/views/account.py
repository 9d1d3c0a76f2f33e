"""One's own account: settings, devices signed in, data as a file, the end. Signing in itself: network.urls_account."""

from allauth.account.views import LogoutView
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from network import personal
from network.account_forms import LeaveForm, SettingsForm
from network.accounts import end_account
from network.actions import RefusedError
from network.models import User
from network.permissions import keeps_content
from network.throttle import too_often

GUESSES_PER_HOUR = 10


class SignOut(LogoutView):
    """Only by POST, so that no link or picture elsewhere signs anybody out; harmless where a session has ended."""

    http_method_names = ["post", "options"]


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Name, language, letters; the way to everything else. Who keeps content is advised to set up a second factor."""
    user = _person(request)
    form = SettingsForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("Saved."))
        return redirect("account")
    has_second_factor = is_mfa_enabled(user)
    context = {
        "form": form,
        "heading": gettext("My account"),
        "person": user,
        "has_second_factor": has_second_factor,
        "needs_second_factor": keeps_content(user) and not has_second_factor,
    }
    return render(request, "account/settings.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in. A POST ends one session (`session`), or without it all others."""
    own = UserSession.objects.filter(user=_person(request))
    others = own.exclude(session_key=request.session.session_key)
    if request.method == "POST":
        number = request.POST.get("session", "")
        chosen = [get_object_or_404(others, pk=number)] if number.isdigit() else others
        for session in chosen:
            session.end()
        messages.success(request, gettext("Signed out there."))
        return redirect("account_sessions")
    open_keys = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    context = {
        "heading": gettext("Where I am signed in"),
        "sessions": own.filter(session_key__in=open_keys).order_by("-created_at"),
        "here_key": request.session.session_key,
    }
    return render(request, "account/sessions.html", context)


@never_cache
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Everything the portal stores about the person, as a file (Article 15 and 20 GDPR)."""
    facts = personal.everything(_person(request))
    response = JsonResponse(facts, encoder=DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="my-data-{timezone.localdate()}.json"'
    return response


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Deleting one's own account, with the password; not while a city or a network would be left alone."""
    user = _person(request)
    form = LeaveForm(user, request.POST or None)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and too_often("leave", sender=str(user.pk), times=GUESSES_PER_HOUR):
        form.add_error(None, gettext("There were too many attempts. Wait an hour, then try again."))
        status = 429
    elif request.method == "POST" and form.is_valid():
        try:
            end_account(user)
        except RefusedError as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            logout(request)
            messages.success(request, gettext("Your account is deleted."))
            return redirect("home")
    context = {"form": form, "heading": gettext("Delete my account"), "reasons": personal.what_holds(user)}
    return render(request, "account/delete.html", context, status=status)
