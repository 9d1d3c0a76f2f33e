"""Reviewers' pages: what is asked of them, the invitation, their statement, and the review."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.actions import assigning, inviting
from applications.actions.reviewing import ReviewIncompleteError, ReviewRefusedError, finish, reopen, save_review
from applications.forms.reviewing import AcceptForm, DeclineForm, RecuseForm, ReviewForm, StatementForm
from applications.models import Assignment, ReviewerInvitation
from applications.review_file import ReviewFile, ReviewList, review_file
from cities.teams.invitations import confirmed_addresses
from network.actions import RefusedError
from network.models import User

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def person_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the act was done. Why not stands in the form, and what was typed stays in it."""
    if not form.is_valid():
        return False
    try:
        act()
    except RefusedError as refusal:
        form.add_error(None, refusal.for_reader)
        return False
    return True


def show(request: HttpRequest, page: str, form: forms.Form, **context: object) -> HttpResponse:
    """A page around a form; 422 where something in it needs attention."""
    where = f"applications/review_{page}.html"
    return render(request, where, {"form": form} | context, status=422 if form.errors else 200)


@never_cache
@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    """What is asked of the person, by the day it is due. For reviewers, and who is invited to be one."""
    reviews = ReviewList(person_of(request))
    if not (reviews.is_reviewer or reviews.invitations):
        raise Http404
    return render(request, "applications/review_list.html", {"reviews": reviews})


@never_cache
@read_and_write
def statement(request: HttpRequest) -> HttpResponse:
    """Where the person comes from and for which cities they work. For reviewers."""
    reviews = ReviewList(person_of(request))
    if not reviews.is_reviewer:
        raise Http404
    form = StatementForm(request.POST if request.method == "POST" else None, statement=reviews.statement)
    if done(form, lambda: inviting.state_origin(by=reviews.reader, **form.values)):
        messages.success(request, _("Your statement is saved. The coordination sees it when it assigns reviews."))
        return redirect("reviewing:list")
    return show(request, "statement", form, statement=reviews.statement)


@login_not_required
@never_cache
@read_and_write
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Where the letter leads. Opening it changes nothing, as mail programs open links by themselves."""
    found = inviting.invitation_of(code)
    if found is None:
        raise Http404
    if found.is_over:
        return render(request, "applications/review_invitation_over.html", {"invitation": found}, status=410)
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    return _reply(request, found)


@never_cache
@read_and_write
def own_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """The same without the letter, for who has confirmed the invited address."""
    found = next((one for one in ReviewList(person_of(request)).invitations if one.pk == pk), None)
    if found is None:
        raise Http404
    return _reply(request, found)


def _reply(request: HttpRequest, found: ReviewerInvitation) -> HttpResponse:
    person = request.user if isinstance(request.user, User) else None
    form, accepts = forms.Form(request.POST or None), request.POST.get("reply") == "accept"

    def reply() -> None:
        assert person is not None
        (inviting.accept if accepts else inviting.decline)(found, by=person)

    if request.method == "POST" and done(form, reply):
        if not accepts:
            messages.success(request, _("The invitation is declined."))
            return redirect("desk:home")
        messages.success(request, _("Thank you. Say now where you come from and for which cities you work."))
        return redirect("reviewing:statement")
    is_for_reader = person is not None and found.email in confirmed_addresses(person)
    return show(request, "invitation", form, invitation=found, is_for_reader=is_for_reader)


def _own(request: HttpRequest, pk: int) -> ReviewFile:
    """An assignment of the person's; whoever is in conflict with its application meets 404, like strangers."""
    found = review_file(person_of(request), pk)
    if found is None:
        raise Http404
    return found


@never_cache
@read_and_write
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One application beside its criteria; before it is taken on, the question whether the person can review it."""
    file = _own(request, pk)
    if not file.assignment.is_accepted:
        return _answer(request, file)
    if not file.is_open:
        return render(request, "applications/review_finished.html", {"file": file})
    form = _form(request, file)
    if request.method == "POST" and done(form, lambda: _save(request, file, form)):
        return redirect("reviewing:review", pk)
    return show(request, "page", form, file=file)


def _form(request: HttpRequest, file: ReviewFile) -> ReviewForm:
    touched = {block.criterion.key for block in file.blocks if block.is_touched}
    data = request.POST if request.method == "POST" else None
    return ReviewForm(data, pack=file.file.pack, review=file.review, scores=file.scores, touched=touched)


def _save(request: HttpRequest, file: ReviewFile, form: ReviewForm) -> None:
    """Saves, and finishes where that was asked."""
    by, given = person_of(request), form.cleaned_data
    words = {"general": given["general"], "private_note": given["private_note"]}
    try:
        saved = save_review(file.assignment, form.entries, by=by, seen=form.seen_at, **words)
    except ReviewRefusedError:
        if file.review:
            form.renew(file.review.changed_at)
        raise
    if "finish" not in request.POST:
        messages.success(request, _("Saved. You can go on at any time."))
        return
    try:
        finish(file.assignment, by=by)
    except ReviewIncompleteError as incomplete:
        form.tell(incomplete.missing, saved_at=saved.changed_at)
        raise
    messages.success(request, _("Your review is finished. You can now read the other finished ones."))


def _answer(request: HttpRequest, file: ReviewFile) -> HttpResponse:
    declines = "decline" in request.POST
    data = request.POST if request.method == "POST" else None
    accept_form = AcceptForm(None if declines else data)
    decline_form = DeclineForm(data if declines else None)
    form, by = decline_form if declines else accept_form, person_of(request)

    def reply() -> Assignment:
        if declines:
            return assigning.decline(file.assignment, reason=decline_form.cleaned_data["reason"], by=by)
        return assigning.accept(file.assignment, by=by)

    if done(form, reply):
        if declines:
            messages.success(request, _("The review is declined. The coordination asks somebody else."))
            return redirect("reviewing:list")
        return redirect("reviewing:review", file.assignment.pk)
    return show(request, "answer", form, file=file, accept_form=accept_form, decline_form=decline_form)


@never_cache
@read_and_write
def recuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The person is in conflict with the application, and steps back from it for good."""
    file = _own(request, pk)
    form = RecuseForm(request.POST if request.method == "POST" else None)
    by = person_of(request)
    if done(form, lambda: assigning.recuse(file.assignment, reason=form.cleaned_data["reason"], by=by)):
        messages.success(request, _("You have stepped back from this review. The coordination gets a letter."))
        return redirect("reviewing:list")
    return show(request, "recuse", form, file=file)


@never_cache
@require_POST
def reopen_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The person goes on writing."""
    file = _own(request, pk)
    try:
        reopen(file.assignment, by=person_of(request))
    except RefusedError as refusal:
        messages.error(request, refusal.for_reader)
    return redirect("reviewing:review", pk)
