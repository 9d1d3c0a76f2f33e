"""The editor of a call's pack: its table of contents, and one page for each part, for adding, moving and removing."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from applications.actions import MoveNotAllowedError
from applications.actions import editing as actions
from applications.actions.editing import ClashError
from applications.forms.adding import AddForm, ConditionForm
from applications.part_page import PartPage, where_is
from applications.views.coordinator import person_of
from applications.views.editor import prepared_call, read_and_write


def page_of(request: HttpRequest, slug: str, path: str) -> PartPage:
    """The page of a part or list of a pack; what is not there is 404."""
    state = prepared_call(request, slug)
    try:
        return PartPage(state, tuple(path.split("/")) if path else ())
    except KeyError:
        raise Http404 from None


@never_cache
@require_safe
def contents(request: HttpRequest, slug: str) -> HttpResponse:
    """All parts of the pack in order, with what is wrong in each."""
    page = page_of(request, slug, "")
    return render(request, "applications/editor_contents.html", page.context())


@never_cache
@read_and_write
def part(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """One part: its properties, and the lists in it. Two coordinators who change the same part see both versions."""
    page = page_of(request, slug, path)
    if page.is_list:
        raise Http404
    form = page.form(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _part(request, page, 422 if form.errors else 200)
    try:
        actions.set_part(page.call, page.path, form.item, seen=form.cleaned_data["seen"], by=person_of(request))
    except ClashError as clash:
        page.clash = clash
        return _part(request, page, 409)
    except MoveNotAllowedError as refusal:
        form.add_error(None, refusal.for_reader)
        return _part(request, page, 409)
    messages.success(request, _("Saved."))
    return redirect(where_is(page.call, page.path))


def _part(request: HttpRequest, page: PartPage, status: int) -> HttpResponse:
    return render(request, "applications/editor_part.html", page.context(), status=status)


@never_cache
@read_and_write
def listed(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """A list of the pack, to be ordered; what is posted adds a part to it."""
    page = page_of(request, slug, path)
    if not page.is_list or page.path == ("steps",):
        raise Http404
    form = AddForm(request.POST if request.method == "POST" else None, path=page.path, pack=page.pack)
    if form.is_valid():
        try:
            new = actions.add_part(page.call, page.path, form.item, by=person_of(request))
        except MoveNotAllowedError as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, _("Added. Fill in what is still missing."))
            return redirect(where_is(page.call, new))
    page.adding = form
    return render(request, "applications/editor_items.html", page.context(), status=422 if form.errors else 200)


@never_cache
@read_and_write
def condition(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """On which answers of an earlier question a question is asked."""
    page = page_of(request, slug, f"{path}/only_if")
    form = ConditionForm(request.POST if request.method == "POST" else None, part=page.part, pack=page.pack,
                         fields=page.fields)  # fmt: skip
    if form.is_valid():
        try:
            actions.set_part(page.call, page.path, form.item, seen=form.cleaned_data["seen"], by=person_of(request))
        except MoveNotAllowedError as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, _("Saved."))
            return redirect(where_is(page.call, page.path[:-1]))
    context = page.context() | {"form": form}
    return render(request, "applications/editor_condition.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def move(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """Moves a part up or down in its list."""
    page = page_of(request, slug, path)
    step = {"up": -1, "down": 1}.get(request.POST.get("step", ""))
    if not page.path or page.is_list or step is None:
        raise Http404
    try:
        actions.move_part(page.call, page.path, step, by=person_of(request))
    except MoveNotAllowedError as refusal:
        messages.error(request, refusal.for_reader)
    return redirect(f"{where_is(page.call, page.path[:-1])}#{page.path[-1]}")


@never_cache
@read_and_write
def remove(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """Removes a part, after a page that says what goes with it."""
    page = page_of(request, slug, path)
    if not page.may_be_removed:
        raise Http404
    if request.method == "POST":
        try:
            actions.remove_part(page.call, page.path, seen=request.POST.get("seen", ""), by=person_of(request))
        except MoveNotAllowedError as refusal:
            messages.error(request, refusal.for_reader)
            return redirect(where_is(page.call, page.path))
        messages.success(request, _("“%(title)s” is removed.") % {"title": page.title})
        return redirect(where_is(page.call, page.path[:-1]))
    return render(request, "applications/editor_remove.html", page.context())
