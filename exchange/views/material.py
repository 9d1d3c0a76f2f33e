"""Material: the public list, and the pages of who keeps it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from exchange.actions import keeping
from exchange.forms_material import ResourceForm
from exchange.material import MaterialList
from exchange.models import Resource
from exchange.permissions import moderates_any
from exchange.views.answering import done, person, read_and_write, show
from network.pages import PublicRequest, public_page

PER_PAGE, SHOWN = 20, 300


@require_safe
@public_page
def resource_list(request: PublicRequest) -> HttpResponse:
    """Public material that fits the query."""
    asked = MaterialList(request.GET)
    page = Paginator(asked.resources, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "exchange/resource_list.html", {"asked": asked, "page": page})


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """What the person keeps, with addresses that no longer answer first."""
    if not moderates_any(request.user):
        raise Http404
    rows = Resource.objects.kept_by(request.user).order_by("dead_since", "title_de", "pk")[:SHOWN]
    return render(request, "exchange/resources_kept.html", {"resources": rows})


@read_and_write
def new(request: HttpRequest) -> HttpResponse:
    """A new piece, not public yet."""
    if not moderates_any(request.user):
        raise Http404
    return _written(request, None)


@read_and_write
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A piece that the person keeps."""
    return _written(request, get_object_or_404(Resource.objects.kept_by(request.user), pk=pk))


def _written(request: HttpRequest, resource: Resource | None) -> HttpResponse:
    form = ResourceForm(request.POST if request.method == "POST" else None, user=person(request), instance=resource)

    def keep() -> None:
        keeping.keep(form.save(commit=False), by=person(request), networks=form.cleaned_data["networks"])

    if done(form, keep):
        messages.success(request, _("Saved."))
        return redirect("exchange:resource_edit", form.instance.pk)
    return show(request, "resource_form", form, resource=resource)


@require_POST
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Shows it to everybody, or takes it back to a draft."""
    if what not in {"publish", "withdraw"}:
        raise Http404
    resource = get_object_or_404(Resource.objects.kept_by(request.user), pk=pk)
    keeping.set_public(resource, by=person(request), public=what == "publish")
    messages.success(request, _("Published.") if what == "publish" else _("It is a draft again."))
    return redirect("exchange:resource_edit", pk)
