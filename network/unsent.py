"""Nothing typed is lost: what somebody sends after the session or the form's token has expired is kept for them.

Without a session the fields are held in the new anonymous one until the person has signed in. With a token that is
too old, and so on the way in already, nothing is held: the page that says so carries the fields itself.
"""

import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from network.throttle import sender, too_often

MOST_BYTES = 1024 * 1024
HELD_FOR = 3600  # seconds
HELD_PER_HOUR = 20  # from one network address
IN_SESSION = "unsent"
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
SECRET = re.compile(r"passw|credential|^code$", re.I)
TECHNICAL = re.compile(r"[a-z0-9_.:/-]*|\S{40,}")  # a choice, a number, a date, a signature: not what somebody wrote


@dataclass(frozen=True)
class Unsent:
    """A form on its way: address, fields in their order, names of files (which no browser gives a second time)."""

    path: str
    fields: dict[str, list[str]]
    files: list[str]
    has_secrets: bool
    at: float

    @property
    def texts(self) -> list[str]:
        """What somebody wrote, each text once, without what only the form itself understands."""
        found = [text for texts in self.fields.values() for text in texts if not TECHNICAL.fullmatch(text.strip())]
        return list(dict.fromkeys(found))

    @property
    def size(self) -> int:
        return sum(len(name) + len(text.encode()) for name, texts in self.fields.items() for text in texts)


def on_its_way(request: HttpRequest) -> Unsent | None:
    """The form that the request sends, without passwords, codes and files; None where it is no form of a page here."""
    path = request.get_full_path()
    if (
        request.method != "POST"
        or request.content_type not in FORMS
        or not url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    ):
        return None
    fields = {str(name): [str(text) for text in texts] for name, texts in request.POST.lists()}
    fields.pop("csrfmiddlewaretoken", None)
    secrets = {name for name in fields if SECRET.search(name.rpartition("-")[2])}
    files = [str(file.name) for _name, several in request.FILES.lists() for file in several]
    kept = {name: texts for name, texts in fields.items() if name not in secrets}
    return Unsent(path, kept, files, bool(secrets), time.time()) if fields or files else None


def hold(request: HttpRequest, form: Unsent) -> bool:
    """Keeps the form in the session for an hour; False where it is too large, or too many came from one address."""
    if form.size > MOST_BYTES or too_often("unsent", sender=sender(request), times=HELD_PER_HOUR):
        return False
    request.session[IN_SESSION] = asdict(form)
    request.session.set_expiry(HELD_FOR)  # until somebody signs in
    return True


def held(request: HttpRequest) -> Unsent | None:
    """What this session holds, not longer than an hour."""
    stored = request.session.get(IN_SESSION)
    form = Unsent(**stored) if stored else None
    return form if form and time.time() - form.at < HELD_FOR else None


def forget(request: HttpRequest) -> None:
    request.session.pop(IN_SESSION, None)


def from_here(request: HttpRequest) -> bool:
    """Whether a page of this portal sent the request. Only browsers write these headers; without one: no."""
    origin = request.headers.get("Origin")
    if origin is None:
        referer = urlsplit(request.headers.get("Referer", ""))
        origin = f"{referer.scheme}://{referer.netloc}"
    return origin == f"{request.scheme}://{request.get_host()}"


def by_script(request: HttpRequest) -> bool:
    """Whether a script of ours asks: it keeps what was typed itself, and wants JSON."""
    return request.headers.get("X-Requested-With") == "fetch"


class SignedInOnly(LoginRequiredMiddleware):
    """Every page needs a session unless its view says otherwise; a form sent without one waits for the person."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[object, ...],
        view_kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        answer: HttpResponseBase | None = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is None and request.method == "POST" and request.user.is_authenticated:
            waiting = held(request)
            if waiting is None or waiting.path == request.get_full_path():
                forget(request)
        return answer

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]) -> Any:
        if by_script(request):
            return JsonResponse({"signed_out": True, "sign_in": resolve_url("account_login")}, status=401)
        form = on_its_way(request)
        if form is None:
            return super().handle_no_permission(request, view_func)
        if hold(request, form):
            return redirect_to_login(reverse("unsent"))
        return show(request, form, heading=gettext("You are signed out"), status=403, sign_in_first=True)


def show(
    request: HttpRequest, form: Unsent, *, heading: str, status: int = 200, sign_in_first: bool = False
) -> HttpResponse:
    """The page that gives back what was written, with the button that sends it again."""
    context = {"unsent": form, "heading": heading, "sign_in_first": sign_in_first, "is_held": status == 200}
    return render(request, "account/unsent.html", context, status=status)
