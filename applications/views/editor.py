"""A network's coordinators prepare its calls: the list, making one, its own page, its dates, publishing it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.actions import MoveNotAllowedError
from applications.actions import preparing as actions
from applications.call_sources import Sources
from applications.forms.adding import PackFileForm
from applications.forms.preparing import DatesForm, MakeForm, PublishForm
from applications.models import Call
from applications.preparation import Preparation, standing_of
from applications.views.coordinator import done, person_of
from network.permissions import coordinates_any

PER_PAGE = 25
read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def prepared_call(request: HttpRequest, slug: str) -> Preparation:
    """A call the person prepares; everybody else meets 404."""
    calls = Call.objects.prepared_by(request.user).for_list().select_related("dates_confirmed_by", "made_from")
    return Preparation(get_object_or_404(calls, slug=slug))


def _only_coordinators(request: HttpRequest) -> None:
    if not coordinates_any(request.user):
        raise Http404


@never_cache
@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """All calls of the person's networks, with where each stands; the latest first. Those in which a city of theirs
    applies can only be read."""
    _only_coordinators(request)
    calls = Call.objects.coordinated_by(request.user).for_list().order_by("-closes_at", "pk")
    page = Paginator(calls, PER_PAGE).get_page(request.GET.get("page"))
    own = set(Call.objects.prepared_by(request.user).filter(pk__in=[one.pk for one in page]))
    context = {"page": page, "calls": [(one, standing_of(one), one in own) for one in page]}
    return render(request, "applications/editor_list.html", context)


@never_cache
@read_and_write
def make(request: HttpRequest) -> HttpResponse:
    """Makes a call from an earlier round or a pack that ships."""
    _only_coordinators(request)
    sources = Sources(person_of(request))
    options = [(source.value, source.title) for source in sources.all]
    form = MakeForm(request.POST if request.method == "POST" else None, sources=options)
    made: list[Call] = []

    def act() -> None:
        source = sources.named(form.cleaned_data["source"])
        if source.call:
            made.append(actions.make_from_call(source.call, by=sources.person))
        elif source.pack:
            made.append(actions.make_from_pack(source.pack, by=sources.person))

    if done(form, act):
        messages.success(request, _("The call is made. Nobody else sees it yet. Confirm its dates first."))
        return redirect("editor:dates", slug=made[0].slug)
    context = {"form": form, "sources": sources, "file_form": PackFileForm()}
    return render(request, "applications/editor_new.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def make_from_file(request: HttpRequest) -> HttpResponse:
    """Makes a call from a pack in a file."""
    _only_coordinators(request)
    sources, form = Sources(person_of(request)), PackFileForm(request.POST, request.FILES)
    made: list[Call] = []
    if done(form, lambda: made.append(actions.make_from_pack(form.pack, by=sources.person))):
        messages.success(request, _("The call is made. Nobody else sees it yet. Confirm its dates first."))
        return redirect("editor:dates", slug=made[0].slug)
    options = [(source.value, source.title) for source in sources.all]
    context = {"form": MakeForm(sources=options), "sources": sources, "file_form": form}
    return render(request, "applications/editor_new.html", context, status=422)


@never_cache
@require_safe
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """The call's own page: where it stands, its dates, what hinders publishing, and the way to everything else."""
    state = prepared_call(request, slug)
    return render(request, "applications/editor_call.html", {"state": state, "call": state.call})


@never_cache
@read_and_write
def dates(request: HttpRequest, slug: str) -> HttpResponse:
    """Title, zone and dates of a call that is not published."""
    state = prepared_call(request, slug)
    if state.call.published_at is not None and request.method != "POST":
        messages.error(request, _("The dates of a call that is published stay as they are."))
        return redirect("editor:call", slug=slug)
    form = DatesForm(request.POST if request.method == "POST" else None, call=state.call)

    def act() -> None:
        values = form.cleaned_data
        actions.set_dates(state.call, values, confirmed=values["confirmed"], by=person_of(request))

    if done(form, act):
        messages.success(request, _("Title and dates are saved."))
        return redirect("editor:call", slug=slug)
    context = {"form": form, "state": state, "call": state.call}
    return render(request, "applications/editor_dates.html", context, status=422 if form.errors else 200)


@never_cache
@read_and_write
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publishes a call now or from a moment, or says place by place what hinders it."""
    state = prepared_call(request, slug)
    if state.call.published_at is not None and request.method != "POST":
        return redirect("editor:call", slug=slug)
    form = PublishForm(request.POST if request.method == "POST" else None, call=state.call)
    if done(form, lambda: actions.publish(state.call, at=form.cleaned_data["at"], by=person_of(request))):
        later = form.cleaned_data["at"]
        messages.success(request, _("The call will be published then.") if later else _("The call is published."))
        return redirect("editor:call", slug=slug)
    context = {"form": form, "state": state, "call": state.call}
    return render(request, "applications/editor_publish.html", context, status=422 if form.errors else 200)


@never_cache
@read_and_write
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Deletes a call in preparation, after a page that says what goes with it."""
    state = prepared_call(request, slug)
    if request.method != "POST":
        if state.may_be_deleted:
            return render(request, "applications/editor_delete.html", {"state": state, "call": state.call})
        messages.error(request, _("This call cannot be deleted: it is published, or something was started from it."))
        return redirect("editor:call", slug=slug)
    try:
        actions.delete(state.call, by=person_of(request))
    except MoveNotAllowedError as refusal:
        messages.error(request, refusal.for_reader)
        return redirect("editor:call", slug=slug)
    messages.success(request, _("The call is deleted."))
    return redirect("editor:list")


@never_cache
@require_POST
def take_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes publishing back, as long as the call has not opened."""
    state = prepared_call(request, slug)
    try:
        actions.unpublish(state.call, by=person_of(request))
    except MoveNotAllowedError as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, _("The call is in preparation again. Nobody else sees it."))
    return redirect("editor:call", slug=slug)
