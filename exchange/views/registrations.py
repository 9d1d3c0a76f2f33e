"""People register for sessions, confirm, withdraw, and find the address of the meeting when it is time."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from exchange.actions import registering
from exchange.forms_public import ConfirmForm
from exchange.forms_sessions import RegistrationForm
from exchange.models import Session
from exchange.views.answering import done, read_and_write, show
from network.models import User
from network.throttle import sender


@never_cache
@login_not_required
@read_and_write
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Name, address and consent; the letter to confirm it gives the place."""
    session = get_object_or_404(Session.objects.with_page(), slug=slug)
    if not session.takes_registrations:
        raise Http404
    user = request.user if isinstance(request.user, User) else None
    known = {"name": user.name, "email": user.email} if user else {}
    form = RegistrationForm(request.POST if request.method == "POST" else None, initial=known)

    def send() -> None:
        values = {name: form.cleaned_data[name] for name in ("name", "place", "email")}
        language = "en" if get_language() == "en" else "de"
        registering.register(session, **values, language=language, sender=sender(request), user=user)

    if done(form, send):
        is_known = user is not None and form.cleaned_data["email"].lower() == user.email
        return render(request, "exchange/registration_sent.html", {"session": session, "is_known": is_known})
    left = None if session.places is None else max(0, session.places - session.registrations.confirmed().count())
    return show(request, "registration_form", form, session=session, left=left)


@never_cache
@login_not_required
@read_and_write
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """Where the letters lead: confirm, find the address of the meeting, withdraw. Opening it changes nothing."""
    found = registering.registration_of(token)
    if found is None:
        return render(request, "exchange/registration_over.html", status=410)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    leaves = "leave" in request.POST
    if done(form, lambda: registering.leave(found) if leaves else registering.confirm(found)):
        sentence = _("You have withdrawn.") if leaves else _("Thank you. You have a place.")
        messages.success(request, sentence)
        return redirect("exchange:sessions") if leaves else redirect("exchange:registration", token)
    session = found.session
    link = session.link if found.confirmed_at and session.shows_link(timezone.now()) else ""
    return show(request, "registration", form, registration=found, session=session, link=link)


@never_cache
@login_not_required
@require_safe
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """The address of an open meeting, shortly before it begins and while it lasts."""
    session = get_object_or_404(Session.objects.with_page(), slug=slug)
    if session.takes_registrations or not session.link:
        raise Http404
    link = session.link if session.shows_link(timezone.now()) else ""
    return render(request, "exchange/session_join.html", {"session": session, "link": link})
