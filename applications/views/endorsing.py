"""The signing pages of an application: prepared, printed, signed outside, uploaded."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from applications.actions.documents import add_document
from applications.actions.endorsing import prepare_sheet, record_endorsement
from applications.forms.submitting import SheetForm
from applications.freezing import file_of
from applications.models import Application
from applications.models.document import SHEETS
from applications.permissions import may_write
from applications.sheets import Sheet, Signing, labels, signing
from network.actions import RefusedError
from network.models import User


def _signing(request: HttpRequest, pk: int, link: str) -> Signing:
    """The link of the chain of an application of the person's own city; strangers meet 404."""
    application = get_object_or_404(Application.objects.of_cities_of(request.user).for_page(), pk=pk)
    found = next((one for one in application.pack.endorsements if one.key == link), None)
    if found is None:
        raise Http404
    return signing(file_of(application), found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, pk: int, link: str) -> HttpResponse:
    """One link of the chain: where it stands. POST prepares the page (`prepare`), or takes in the signed one."""
    now = _signing(request, pk, link)
    is_open = now.link.by_city and may_write(request.user, now.file.application)
    if "prepare" in request.POST:
        return _prepare(request, now)
    form = _form(request, now) if is_open else None
    if form is not None and request.method == "POST" and _recorded(request, form, now):
        return redirect("applications:sheet", pk=pk, link=link)
    context = {"application": now.file.application, "signing": now, "form": form, "is_open": is_open}
    has_failed = form is not None and form.errors
    return render(request, "applications/endorsement_sheet.html", context, status=422 if has_failed else 200)


def _form(request: HttpRequest, now: Signing) -> SheetForm | None:
    """The form of the upload, where a page was prepared, or a valid one could be replaced by a better scan."""
    sheets = [*now.prepared, *([now.given] if now.given and now.is_current else [])]
    if not sheets:
        return None
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    return SheetForm(*posted, sheets=sheets, given=now.given)


def _prepare(request: HttpRequest, now: Signing) -> HttpResponse:
    assert isinstance(request.user, User)
    application = now.file.application
    if not now.link.by_city:
        raise Http404
    try:
        prepare_sheet(application, now.link.key, by=request.user)
    except RefusedError as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, _("The page is prepared. Print it and have it signed."))
    return redirect("applications:sheet", pk=application.pk, link=now.link.key)


def _recorded(request: HttpRequest, form: SheetForm, now: Signing) -> bool:
    """Whether the signed page is recorded. The scan is stored first, so that a wrong date does not lose it."""
    assert isinstance(request.user, User)
    form.full_clean()
    try:
        if form.upload is not None:
            place = f"{SHEETS}{now.link.key}"
            form.keep(add_document(now.file.application, place, form.upload, by=request.user))
        elif document := form.cleaned_data.get("kept"):
            form.keep(document)
    except RefusedError as refusal:
        form.add_error("scan", refusal.for_reader)
    if form.errors:
        return False
    signed_on, signatory, office = form.particulars
    document = form.cleaned_data["kept"]
    try:
        record_endorsement(
            form.chosen, document, signed_on=signed_on, signatory=signatory, office=office, by=request.user
        )
    except RefusedError as refusal:
        form.add_error(None, refusal.for_reader)
        return False
    messages.success(request, _("The signed page is recorded."))
    return True


@never_cache
@require_safe
def sheet_print(request: HttpRequest, pk: int, link: str, number: int) -> HttpResponse:
    """A prepared page as it is printed on A4, in both languages; with `answers=1` all answers follow it."""
    now = _signing(request, pk, link)
    endorsement = get_object_or_404(now.file.application.endorsements, pk=number, link=link)
    context = {
        "application": now.file.application,
        "signing": now,
        "sheet": Sheet(endorsement, now.file),
        "labels": labels(),
        "with_answers": request.GET.get("answers") == "1",
    }
    return render(request, "applications/endorsement_print.html", context)
