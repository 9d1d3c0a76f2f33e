"""Legal pages and the report of a barrier. Their texts are templates in each language (templates/network/legal/)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from network.actions import RefusedError, report_barrier
from network.forms import BarrierForm
from network.models import BarrierReport
from network.pages import public_page
from network.throttle import sender

TITLES = {
    "imprint": _("Legal notice"),
    "privacy": _("Privacy"),
    "accessibility": _("Accessibility statement"),
    "easy": _("Easy language"),
    "sign": _("Sign language"),
    "sources": _("Data, sources and licences"),
}
NOT_SET = {
    "name": _("Name of the operator (not set in the demo)"),
    "address": _("Address of the operator (not set in the demo)"),
    "email": _("address-not-set@example.org"),
    "phone": _("Telephone (not set in the demo)"),
    "representative": _("Representative (not set in the demo)"),
    "supervisory": _("Supervisory authority (not set in the demo)"),
}
RECEIPT = "network.views.legal.barrier"


@require_safe
@public_page
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One of TITLES. In a demo, words stand where the operator's particulars are missing."""
    operator = settings.OPERATOR
    if settings.DEMO:
        operator = {key: value or str(NOT_SET[key]) for key, value in operator.items()}
    body = f"network/legal/{name}.{get_language()}.html"
    return render(
        request, "network/legal.html", {"name": name, "title": TITLES[name], "body": body, "operator": operator}
    )


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def barrier(request: HttpRequest) -> HttpResponse:
    """The form; `?page=` names the page it was opened from. Nothing typed is lost when something is wrong."""
    if request.method != "POST":
        form = BarrierForm(initial={"page": _own_path(request.GET.get("page", ""))})
        return render(request, "network/barrier_form.html", {"form": form})
    form = BarrierForm(request.POST)
    status = 422
    if form.is_valid():
        form.instance.language = get_language()
        try:
            report = report_barrier(form.instance, sender=sender(request))
        except RefusedError as refusal:
            form.add_error(None, refusal.for_reader)
            status = 429
        else:
            return redirect("legal:barrier_thanks", signing.dumps(report.pk, salt=RECEIPT))
    return render(request, "network/barrier_form.html", {"form": form}, status=status)


@never_cache
@login_not_required
@require_safe
def barrier_thanks(request: HttpRequest, receipt: str) -> HttpResponse:
    """Number and due day of a report, for whoever has the signed receipt; never its text."""
    try:
        number = signing.loads(receipt, salt=RECEIPT)
    except signing.BadSignature as error:
        raise Http404 from error
    report = get_object_or_404(BarrierReport.objects.only("pk", "due_on", "email"), pk=number)
    context = {"report": report, "is_mailed": bool(settings.OPERATOR["email"]), "can_be_answered": bool(report.email)}
    return render(request, "network/barrier_thanks.html", context)


def _own_path(path: str) -> str:
    """The path if it is one of this portal; anything else is dropped."""
    is_own = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path[:500] if is_own else ""
