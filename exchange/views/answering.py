"""What the views of the writing side do alike: who asks, whether the act was done, and the page around a form."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from network.actions import RefusedError
from network.models import User

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def done(form: forms.BaseForm, act: Callable[[], object], *, beside: str = "") -> bool:
    """Whether the act was done. Why not stands in the form: beside the entry it is about, else beside `beside`."""
    if not form.is_valid():
        return False
    try:
        act()
    except RefusedError as refusal:
        field = getattr(refusal, "field", "") or beside
        form.add_error(field if field in form.fields else None, refusal.for_reader)
        return False
    return True


def show(request: HttpRequest, template: str, form: forms.BaseForm, **context: object) -> HttpResponse:
    """A page around a form; 422 where something in it needs attention."""
    return render(request, f"exchange/{template}.html", {"form": form} | context, status=422 if form.errors else 200)
