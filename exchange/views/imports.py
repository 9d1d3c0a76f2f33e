"""The import of practices.csv by operators: upload, read what would change, confirm exactly that."""

import hashlib
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cities.imports.parcel import fetch, keep, throw_away
from exchange.forms import PracticesFileForm
from exchange.imports import FILE, BadFiles, Difference, import_file, lines, look_at
from exchange.views.answering import read_and_write, show
from network.permissions import is_operator

PARCEL = "practices import"  # in the session: the one file this person has sent and not confirmed
SHOWN = 500  # findings and changes on one page


def _only_operators(request: HttpRequest) -> None:
    """What an import brings is public at once, so it is for operators; everybody else meets 404."""
    if not is_operator(request.user):
        raise Http404


def _seen(difference: Difference) -> str:
    """What a person has read of a difference, in a few letters."""
    return hashlib.sha256("\n".join(lines(difference, most=None)).encode()).hexdigest()[:32]


@read_and_write
def start(request: HttpRequest) -> HttpResponse:
    """The form; an upload is kept and its difference shown, nothing is imported yet."""
    _only_operators(request)
    form = PracticesFileForm(*([request.POST, request.FILES] if request.method == "POST" else []))
    if form.is_valid():
        if before := request.session.get(PARCEL):
            throw_away(UUID(before))
        key = keep({FILE: form.cleaned_data["file"].read()})
        request.session[PARCEL] = str(key)
        return redirect("exchange:import_check", key=key)
    return show(request, "import", form)


@read_and_write
def check(request: HttpRequest, key: UUID) -> HttpResponse:
    """What would change; POST imports it, if it is still what was shown."""
    _only_operators(request)
    files = fetch(key) if request.session.get(PARCEL) == str(key) else None
    if files is None:
        messages.info(request, _("This file is no longer kept here. Choose it again to see what is left to import."))
        return redirect("exchange:import")
    try:
        difference = look_at(files[FILE])
        if request.method == "POST" and request.POST.get("seen") == _seen(difference):
            import_file(files[FILE])
            throw_away(key)
            messages.success(request, _("Imported."))
            return redirect("exchange:import")
    except BadFiles as refusal:
        context = {"problems": refusal.problems[:SHOWN], "refusal": refusal}
        return render(request, "exchange/import_check.html", context, status=422)
    told = list(lines(difference))
    context = {"told": told[:SHOWN], "more": len(told[SHOWN:]), "seen": _seen(difference), "difference": difference}
    return render(request, "exchange/import_check.html", context, status=409 if request.method == "POST" else 200)
