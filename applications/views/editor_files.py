"""A call's pack as a whole: its differences and taking them over, the preview, the file in and out."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from applications.actions import MoveNotAllowedError
from applications.actions.editing import drop_changes, put_pack, take_over
from applications.actions.preparing import NotReadyError
from applications.forms.adding import PackFileForm
from applications.import_page import ImportPage
from applications.pack_files import as_file
from applications.pack_preview import preview_of
from applications.views.coordinator import person_of
from applications.views.editor import prepared_call, read_and_write

LONGEST_VERSION = 8  # digits


@never_cache
@read_and_write
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """What differs from the version of the call, sorted by what it means; posted, it is taken over."""
    state = prepared_call(request, slug)
    context: dict[str, object] = {"state": state, "call": state.call}
    if request.method != "POST":
        return render(request, "applications/editor_changes.html", context)
    try:
        found = take_over(state.call, seen=seen_version(request), by=person_of(request))
    except NotReadyError as refusal:
        messages.error(request, refusal.for_reader)
        return render(request, "applications/editor_changes.html", context, status=422)
    except MoveNotAllowedError as refusal:
        messages.error(request, refusal.for_reader)
        return redirect("editor:changes", slug=slug)
    messages.success(request, _("The changes are taken over.") if found else _("There was nothing to take over."))
    return redirect("editor:call", slug=slug)


def seen_version(request: HttpRequest) -> int:
    """The version of the working copy whose differences the person has read; -1 for what is none."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) <= LONGEST_VERSION else -1


@never_cache
@require_POST
def drop(request: HttpRequest, slug: str) -> HttpResponse:
    """Drops all changes of the working copy."""
    state = prepared_call(request, slug)
    try:
        drop_changes(state.call, seen=seen_version(request), by=person_of(request))
    except MoveNotAllowedError as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, _("The changes are dropped."))
    return redirect("editor:changes", slug=slug)


@never_cache
@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """All questions as a city will read them."""
    state = prepared_call(request, slug)
    context = {"state": state, "call": state.call, "pack": state.pack, "coordinates": True}
    return render(request, "applications/editor_preview.html", context)


@never_cache
@require_safe
def preview_section(request: HttpRequest, slug: str, section: str) -> HttpResponse:
    """A section as a form a city will fill in; nothing of it can be saved."""
    state = prepared_call(request, slug)
    if section not in state.pack.sections:
        raise Http404
    found = state.pack.sections[section]
    fields = preview_of(state.call, state.pack, found)
    context = {
        "state": state,
        "call": state.call,
        "pack": state.pack,
        "section": found,
        "section_path": f"steps/{state.pack.step_of[section].key}/sections/{section}",
        "step": state.pack.step_of[section],
        "fields": fields,
        "application": fields[0].file.application if fields else None,
    }
    return render(request, "applications/editor_preview_section.html", context)


@never_cache
@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The working copy as a file."""
    state = prepared_call(request, slug)
    name = content_disposition_header(as_attachment=True, filename=f"{slug}.pack.json")
    content = as_file(state.pack)
    return HttpResponse(content, content_type="application/json", headers={"Content-Disposition": name})


@never_cache
@read_and_write
def bring_in(request: HttpRequest, slug: str) -> HttpResponse:
    """A pack from a file: its differences to the working copy first; what is confirmed is put into the working copy."""
    page = ImportPage(prepared_call(request, slug))
    if request.method != "POST":
        return render(request, "applications/editor_import.html", page.context(PackFileForm()))
    if "document" not in request.POST:
        form = PackFileForm(request.POST, request.FILES)
        is_read = form.is_valid() and page.compare(form)
        return render(request, "applications/editor_import.html", page.context(form), status=200 if is_read else 422)
    pack, seen = page.confirmed(request.POST)
    if pack is None:
        raise Http404
    try:
        put_pack(page.call, pack, seen=seen, by=person_of(request))
    except MoveNotAllowedError as refusal:
        messages.error(request, refusal.for_reader)
        return redirect("editor:import", slug=slug)
    messages.success(request, _("The file is in the working copy."))
    return redirect("editor:contents", slug=slug)
