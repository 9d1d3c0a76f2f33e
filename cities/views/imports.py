"""The import of lists by coordinators and operators: upload, read the difference, confirm."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cities.forms import ConfirmForm, UploadForm
from cities.imports import BadFiles, Difference, PortalChanged, import_files, look_at
from cities.imports.parcel import fetch, keep, throw_away
from cities.imports.report import report
from network.models import Network, Office, User
from network.permissions import is_operator

SHOWN = 500  # findings on one page
OWN = "own"  # the value of ?rows= that leaves out the rows of other networks
PARCEL = "import"  # in the session: the one parcel this person has sent and not confirmed


def _reach(request: HttpRequest) -> frozenset[str] | None:
    """The networks this person may import for; None for all. Strangers meet 404."""
    user = request.user
    if is_operator(user):
        return None
    networks = frozenset[str]()
    if isinstance(user, User) and user.is_active:
        own = user.offices.filter(role=Office.Role.COORDINATOR)
        networks = frozenset(own.values_list("network__slug", flat=True))
    if not networks:
        raise Http404
    return networks


def _parcel(request: HttpRequest, key: UUID) -> dict[str, bytes] | None:
    return fetch(key) if request.session.get(PARCEL) == str(key) else None


def _gone(request: HttpRequest) -> HttpResponse:
    """Confirmed twice, or from a window that was left open."""
    messages.info(
        request,
        _(
            "These files are no longer kept here: they have been imported, or you have chosen others since, or a day "
            "has passed. Choose them again to see what is left to import."
        ),
    )
    return redirect("cities:import")


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The form; an upload is kept and its difference shown, nothing is imported yet."""
    networks = _reach(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        if before := request.session.get(PARCEL):
            throw_away(UUID(before))
        key = keep(form.cleaned_data["lists"])
        request.session[PARCEL] = str(key)
        return redirect("cities:import_check", key=key)
    own = None if networks is None else [n.short_name for n in Network.objects.filter(slug__in=networks)]
    context = {"form": form, "networks": own}
    return render(request, "cities/import.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, key: UUID) -> HttpResponse:
    """The difference between the kept files and the portal; POST imports exactly what was shown."""
    networks, files = _reach(request), _parcel(request, key)
    if files is None:
        return _gone(request)
    only_own = request.GET.get("rows") == OWN
    try:
        difference = look_at(files, networks=networks, only_own=only_own)
        if request.method != "POST":
            return _difference(request, difference)
        form = ConfirmForm(request.POST, difference=difference)
        if request.POST.get("seen") != difference.fingerprint():
            return _changed(request, PortalChanged(difference))
        if not form.is_valid():
            return _difference(request, difference, form, status=422)
        _import(request, form, files, networks=networks, only_own=only_own)
    except BadFiles as refusal:
        return _problems(request, refusal)
    except PortalChanged as refusal:
        return _changed(request, refusal)
    throw_away(key)
    return redirect("cities:import")


def _import(
    request: HttpRequest,
    form: ConfirmForm,
    files: dict[str, bytes],
    *,
    networks: frozenset[str] | None,
    only_own: bool,
) -> None:
    assert isinstance(request.user, User)
    seen = form.cleaned_data["seen"]
    import_files(files, choices=form.choices, by=request.user, networks=networks, only_own=only_own, seen=seen)
    del request.session[PARCEL]
    messages.success(request, _("The files are imported. The directory shows the new state."))


def _problems(request: HttpRequest, refusal: BadFiles) -> HttpResponse:
    context = {
        "problems": refusal.problems[:SHOWN],
        "more": len(refusal.problems[SHOWN:]),
        "refusal": refusal,
        "own": OWN,
    }
    return render(request, "cities/import_problems.html", context, status=422)


def _changed(request: HttpRequest, refusal: PortalChanged) -> HttpResponse:
    if not refusal.difference.changes_nothing:  # else a second click has met what the first one imported
        messages.error(request, refusal.for_reader)
    return _difference(request, refusal.difference, status=409)


def _difference(
    request: HttpRequest, difference: Difference, form: ConfirmForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "difference": difference,
        "report": report(difference),
        "form": form or ConfirmForm(difference=difference),
    }
    return render(request, "cities/import_check.html", context, status=status)
