"""The pages of those who decide: the ranking of a call, outcomes prepared quietly, and their release."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.actions import deciding as actions
from applications.actions import releasing
from applications.forms.deciding import ForwardForm, LetterForm, OutcomeForm, ReleaseForm
from applications.letters import draft_of_outcome, letters_of_outcome, words_of_outcome
from applications.models import Application, Call, Outcome, Release
from applications.permissions import fits_call, may_decide
from applications.ranking import Deciding, row_of
from applications.reach import Reach
from applications.released import Released
from applications.workflow import decisions_for
from network.actions import RefusedError
from network.models import User

read_and_write = require_http_methods(["GET", "HEAD", "POST"])


def person_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def decided_call(request: HttpRequest, slug: str) -> Call:
    """A call in which the person decides; everybody else meets 404, as if there were nothing to decide."""
    call = get_object_or_404(Call.objects.cases_for(request.user).for_list(), slug=slug)
    if not may_decide(request.user, call):
        raise Http404
    return call


def deciding(request: HttpRequest, slug: str) -> Deciding:
    """The page about it, which only reads, for the same people."""
    reach = Reach(person_of(request), only_own=True)
    call = reach.call(slug)
    if not reach.may_decide(call):
        raise Http404
    return Deciding(call, reach, request.GET.get("page", ""))


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the act was done. Why not stands in the form, beside the entry it is about."""
    if not form.is_valid():
        return False
    try:
        act()
    except RefusedError as refusal:
        named = getattr(refusal, "field", "")
        name = getattr(form, "NAMES", {}).get(named, named)
        form.add_error(name if name in form.fields else None, refusal.for_reader)
        return False
    return True


def show(request: HttpRequest, page: str, form: forms.Form, **context: object) -> HttpResponse:
    """A page around a form; 422 where something in it needs attention."""
    where = f"applications/deciding_{page}.html"
    return render(request, where, {"form": form} | context, status=422 if form.errors else 200)


def tried(request: HttpRequest, act: Callable[[], object], success: str) -> None:
    """An act without a form of its own: a message says what came of it."""
    try:
        act()
    except RefusedError as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, success)


@never_cache
@require_safe
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """Ranking, quota, and what is prepared."""
    page = deciding(request, slug)
    return render(request, "applications/deciding_call.html", {"deciding": page, "call": page.call})


@never_cache
@require_safe
def released(request: HttpRequest, slug: str) -> HttpResponse:
    """What was released, the latest first."""
    call = decided_call(request, slug)
    context = {"released": Released(call, request.GET.get("page", "")), "call": call}
    return render(request, "applications/deciding_released.html", context)


@never_cache
@read_and_write
def prepare(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The outcome of one application; nobody else learns of it before the release."""
    call = decided_call(request, slug)
    application = get_object_or_404(Application.objects.cases_for(request.user).for_page(), pk=pk, call=call)
    moves = [move for move in decisions_for(application.state) if fits_call(move, call)]
    if not moves:
        messages.error(request, _("Nothing can be decided about this application now."))
        return redirect("deciding:call", slug)
    outcome = application.outcomes.prepared().select_related("release", "prepared_by").first()
    lacks = actions.lacks_quorum(application)
    data = request.POST if request.method == "POST" else None
    form = OutcomeForm(data, application=application, moves=moves, outcome=outcome, lacks=lacks)
    if done(form, lambda: actions.prepare(application, form.draft, by=person_of(request))):
        messages.success(request, _("The outcome is prepared. Nobody else learns of it before the release."))
        return redirect("deciding:call", slug)
    row = row_of(application, outcome)
    return show(request, "prepare", form, call=call, application=application, outcome=outcome, row=row)


def _outcome(call: Call, pk: int) -> Outcome:
    """A prepared outcome of the call with all that its letter needs."""
    return get_object_or_404(releasing.with_all(Outcome.objects.prepared()), application__call=call, pk=pk)


@require_POST
def drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Takes a prepared outcome off the list."""
    outcome = _outcome(decided_call(request, slug), pk)
    said = _("The outcome for %(city)s is off the list.") % {"city": outcome.application.city}
    tried(request, lambda: actions.drop(outcome, by=person_of(request)), said)
    return redirect("deciding:call", slug)


@never_cache
@read_and_write
def letter(request: HttpRequest, slug: str, pk: int, language: str) -> HttpResponse:
    """The letter of a prepared outcome in one language, to be read and changed before it goes."""
    call = decided_call(request, slug)
    outcome = _outcome(call, pk)
    subject, text = words_of_outcome(outcome, language)
    data = request.POST if request.method == "POST" else None
    form = LetterForm(data, initial={"subject": subject, "text": text})
    person = person_of(request)
    if done(form, lambda: actions.change_words(outcome, language, by=person, **form.cleaned_data)):
        messages.success(request, _("The letter is changed. The second person reads it before it goes."))
        return redirect("deciding:release", slug)
    draft = draft_of_outcome(outcome, language)
    return show(request, "letter", form, call=call, outcome=outcome, language=language, draft=draft)


@never_cache
@read_and_write
def release(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole list with its letters, to be read by a second person, and released."""
    call, person = decided_call(request, slug), person_of(request)
    outcomes = releasing.listed_of(call)
    data = request.POST if request.method == "POST" else None
    form = ReleaseForm(data, call=call, initial={"seen": releasing.fingerprint_of(outcomes)})
    if done(form, lambda: releasing.release(call, at=form.at, seen=form.cleaned_data["seen"], by=person)):
        said = _("The moment is set. Nothing is known before.") if form.at else _("The decisions are released.")
        messages.success(request, said)
        return redirect("deciding:call", slug)
    rows = [(one, letters_of_outcome(one)) for one in outcomes]
    own = [str(one.application.city) for one in releasing.own_part(outcomes, person)]
    return show(request, "release", form, call=call, rows=rows, own=own)


@require_POST
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Before its moment a release can be taken back."""
    found = get_object_or_404(Release, call=decided_call(request, slug), pk=pk)
    said = _("The release is taken back. Its outcomes are on the list again.")
    tried(request, lambda: releasing.take_back(found, by=person_of(request)), said)
    return redirect("deciding:call", slug)


@require_POST
def carry_out(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Where the moment has come and nobody has carried it out: now."""
    found = get_object_or_404(Release, call=decided_call(request, slug), pk=pk)
    releasing.carry_out.call(found.pk)
    return redirect("deciding:call", slug)


@never_cache
@read_and_write
def forward(request: HttpRequest, slug: str) -> HttpResponse:
    """Records that endorsed applications went to the network."""
    page, person = deciding(request, slug), person_of(request)
    form = ForwardForm(request.POST if request.method == "POST" else None, waiting=page.to_forward)

    def act() -> None:
        values = form.cleaned_data
        actions.forward(values["applications"], sent=form.sent, note=values["note"], by=person)

    if done(form, act):
        count = len(form.cleaned_data["applications"])
        said = ngettext("%(count)d application is forwarded.", "%(count)d applications are forwarded.", count)
        messages.success(request, said % {"count": count})
        return redirect("deciding:call", slug)
    return show(request, "forward", form, call=page.call, deciding=page)
