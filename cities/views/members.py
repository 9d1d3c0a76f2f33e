"""The members of a network, kept by its coordination: list, file, one membership and what may be done to it."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cities.forms_members import FieldsForm, MembershipActForm
from cities.member_list import MemberList, MemberPage, seen_by, with_contact
from cities.membership_actions import MembershipRefusedError, change_fields, set_status
from cities.models import Membership
from network.models import User
from network.permissions import keeps_content

read_and_write = require_http_methods(["GET", "HEAD", "POST"])
NAMES = {"fields": "fields_now"}  # what the action calls it, and what the form


def _person(request: HttpRequest) -> User:
    """Coordinators and operators; nobody else meets these pages."""
    if not isinstance(request.user, User) or not keeps_content(request.user):
        raise Http404
    return request.user


def _asked(request: HttpRequest) -> MemberList:
    asked = {name: request.GET.get(name, "") for name in ("network", "status", "q", "page")}
    return MemberList(_person(request), **asked)


def _page(request: HttpRequest, pk: int) -> MemberPage:
    person = _person(request)
    return MemberPage(get_object_or_404(with_contact(seen_by(person)), pk=pk), person)


def _done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the act was done. Why not stands in the form, beside the entry it is about."""
    if not form.is_valid():
        return False
    try:
        act()
    except MembershipRefusedError as refusal:
        name = NAMES.get(refusal.field, refusal.field)
        form.add_error(name if name in form.fields else None, refusal.for_reader)
        return False
    return True


@never_cache
@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """All members of the person's networks, by name, with filters."""
    return render(request, "cities/member_list.html", {"members": _asked(request)})


@never_cache
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """What the filter shows, all of it, as CSV."""
    lines = _asked(request).csv_lines()
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="members.csv"'
    return answer


@never_cache
@require_safe
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One membership with its history."""
    return render(request, "cities/member_detail.html", {"member": _page(request, pk)})


@never_cache
@read_and_write
def status(request: HttpRequest, pk: int, status: str) -> HttpResponse:
    """Sets a membership dormant, ends it or reinstates it."""
    page = _page(request, pk)
    if not page.may_change or status not in Membership.Status.values:
        raise Http404
    wanted = Membership.Status(status)
    form = MembershipActForm(request.POST) if request.method == "POST" else MembershipActForm()
    if _done(form, lambda: set_status(page.membership, wanted, by=page.reader, **form.cleaned_data)):
        messages.success(request, _("It is recorded, and stands on the city’s public page."))
        return redirect("members:detail", pk)
    context = {"member": page, "form": form, "wanted": wanted}
    return render(request, "cities/member_status.html", context, status=422 if form.errors else 200)


@never_cache
@read_and_write
def fields(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives a membership other fields; the earlier ones stay in its history."""
    page = _page(request, pk)
    if not page.may_change:
        raise Http404
    form = FieldsForm(request.POST if request.method == "POST" else None, membership=page.membership)

    def act() -> None:
        values = form.cleaned_data
        chosen = values.pop("fields_now")
        change_fields(page.membership, chosen, by=page.reader, **values)

    if _done(form, act):
        messages.success(request, _("It is recorded, and stands on the city’s public page."))
        return redirect("members:detail", pk)
    return render(
        request, "cities/member_fields.html", {"member": page, "form": form}, status=422 if form.errors else 200
    )
