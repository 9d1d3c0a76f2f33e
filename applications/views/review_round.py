"""The coordination's pages about reviewing: reviewers of a call, who reviews what, the reviews of one application."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applications.actions import assigning, inviting
from applications.actions.reviewing import release_words
from applications.conflicts import conflicts_of, of_call
from applications.forms.review_round import ConflictForm, InviteForm, PairsForm, PeopleForm, TakeBackForm
from applications.models import Application, Assignment, Call, ReviewerInvitation
from applications.models.reviewing import STANDING
from applications.permissions import roles_of
from applications.reach import Reach
from applications.review_round import Candidates, CaseReviews, Preview, Reviewers, Round
from applications.round_cases import Load, cases_of
from applications.views.reviewing import done, person_of, read_and_write, show
from applications.workflow import Role
from network.actions import RefusedError
from network.permissions import coordinates, is_operator


def seen_call(request: HttpRequest, slug: str) -> Call:
    """A call whose reviewing the person may read; strangers meet 404."""
    return get_object_or_404(Call.objects.cases_for(request.user).for_list(), slug=slug)


def leads(request: HttpRequest, call: Call) -> bool:
    """Whether the person may act in a call they may read: whoever does not run the portal coordinates it."""
    return not is_operator(request.user) or coordinates(request.user, call.network)


def led_call(request: HttpRequest, slug: str) -> Call:
    """A call the person coordinates."""
    call = seen_call(request, slug)
    if not leads(request, call):
        raise Http404
    return call


def led_case(request: HttpRequest, pk: int) -> Application:
    """An application the person coordinates, without any conflict."""
    cases = Application.objects.cases_for(request.user).for_page().select_related("city__country", "city__land")
    application = get_object_or_404(cases, pk=pk)
    if Role.COORDINATOR not in roles_of(request.user, application):
        raise Http404
    return application


@never_cache
@require_safe
def reviewers(request: HttpRequest, slug: str) -> HttpResponse:
    """Who reviews for the call, with what they have to do; and invitations that wait. Operators read it too."""
    reach = Reach(person_of(request))
    call = reach.call(slug)
    context = {
        "call": call,
        "reviewers": Reviewers(call, reach),
        "leads": leads(request, call),
    }
    return render(request, "applications/review_reviewers.html", context)


@never_cache
@read_and_write
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invites an address, after showing which conflicts the portal knows of."""
    call = led_call(request, slug)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if "sure" not in request.POST:
        known = inviting.holder_of(form.cleaned_data["email"]) if form.is_valid() else None
        cases = of_call(call, cases_of(call, Reach(person_of(request)))) if known else []
        found = conflicts_of([known], cases) if known else {}
        conflicts = [(one, found[known.pk, one.pk]) for one in cases if known and (known.pk, one.pk) in found]
        checked = {"known": known, "conflicts": conflicts, "count": len(cases)} if form.is_valid() else None
        return show(request, "invite", form, call=call, checked=checked)
    if done(form, lambda: inviting.invite(call, form.cleaned_data["email"], by=person_of(request))):
        messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
        return redirect("reviewing:reviewers", slug)
    return show(request, "invite", form, call=call, checked=None)


@never_cache
@read_and_write
def invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An invitation that waits: send it again, or revoke it."""
    call = led_call(request, slug)
    found = get_object_or_404(ReviewerInvitation.objects.filter(call=call, state=inviting.State.OPEN), pk=pk)
    if request.method == "POST":
        again = "again" in request.POST
        try:
            (inviting.send_again if again else inviting.revoke)(found, by=person_of(request))
        except RefusedError as refusal:
            messages.error(request, refusal.for_reader)
        else:
            messages.success(request, _("The invitation is sent again.") if again else _("The invitation is revoked."))
        return redirect("reviewing:reviewers", slug)
    return render(request, "applications/review_invited.html", {"call": call, "invitation": found})


@never_cache
@require_safe
def assignments(request: HttpRequest, slug: str) -> HttpResponse:
    """Applications × reviewers: who reviews what, who must not and why, and how far it is. Operators read it too."""
    reach = Reach(person_of(request))
    call = reach.call(slug)
    context = {
        "round": Round(call, reach, page=request.GET.get("page", "")),
        "leads": leads(request, call),
    }
    return render(request, "applications/review_round.html", context)


def _about(load: Load) -> str:
    return ngettext("%(count)d review", "%(count)d reviews", load.standing) % {"count": load.standing}


@never_cache
@read_and_write
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """Who takes part; then the proposal, which assigns nothing until it is confirmed."""
    call, reach = led_call(request, slug), Reach(person_of(request))
    if "pairs" in request.POST:
        return _confirm(request, call)
    found = Reviewers(call, reach)
    people = [person for person in found.people if hasattr(person, "reviewer_statement")]
    offered = [(person, _about(found.load(person))) for person in people]
    data = request.POST if request.method == "POST" else None
    form = PeopleForm(data, call=call, offered=offered, initial={"people": [person.pk for person in people]})
    preview = None
    if form.is_valid():
        chosen = set(form.cleaned_data["people"])
        preview = Preview(call, reach, [person for person in people if person.pk in chosen])
    return show(request, "propose", form, call=call, preview=preview, people=people)


def _confirm(request: HttpRequest, call: Call) -> HttpResponse:
    form, made = PairsForm(request.POST, call=call), list[Assignment]()

    def act() -> None:
        made.extend(assigning.assign(form.cleaned_data["pairs"], due_at=form.moment, by=person_of(request)))

    if done(form, act):
        sentence = ngettext("%(count)d review is assigned.", "%(count)d reviews are assigned.", len(made))
        messages.success(request, sentence % {"count": len(made)})
    else:
        refusal = " ".join(str(sentence) for sentence in form.non_field_errors())
        messages.error(request, refusal or _("The proposal has come in pieces. Make a new one."))
    return redirect("reviewing:assignments", call.slug)


@never_cache
@read_and_write
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Chooses reviewers for one application by hand, from those who may; the others with the reason."""
    application = led_case(request, pk)
    candidates = Candidates(application, person_of(request))
    offered = [(person, _about(load)) for person, load in candidates.free]
    form = PeopleForm(request.POST if request.method == "POST" else None, call=application.call, offered=offered)

    def act() -> None:
        pairs = {(pk, person) for person in form.cleaned_data["people"]}
        assigning.assign(pairs, due_at=form.moment, by=person_of(request))

    if done(form, act):
        messages.success(request, _("The reviewers get a letter."))
        return redirect("reviewing:case", pk)
    return show(request, "assign", form, application=application, candidates=candidates)


@never_cache
@read_and_write
def take_back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Asks, then takes a review back from somebody."""
    application = led_case(request, pk)
    standing = application.assignments.filter(state__in=STANDING).select_related("reviewer")
    assignment = get_object_or_404(standing, pk=number)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    by = person_of(request)
    if done(form, lambda: assigning.take_back(assignment, reason=form.cleaned_data["reason"], by=by)):
        messages.success(request, _("The review is taken back. The person gets a letter."))
        return redirect("reviewing:case", pk)
    return show(request, "take_back", form, application=application, assignment=assignment)


@never_cache
@read_and_write
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The finished reviews of one application, and which of their words the city may read. Operators only read."""
    application = get_object_or_404(Application.objects.cases_for(request.user).for_case(), pk=pk)
    reviews = CaseReviews(application, person_of(request))
    if request.method == "POST":
        if not reviews.coordinates:
            raise Http404
        chosen = {
            name: [int(one) for one in request.POST.getlist(name) if one.isdecimal()] for name in ("score", "words")
        }
        release_words(application, scores=chosen["score"], reviews=chosen["words"], by=person_of(request))
        messages.success(request, _("Saved. The city reads released words with the decision, not before."))
        return redirect("reviewing:case", pk)
    return render(request, "applications/review_case.html", {"reviews": reviews})


@never_cache
@read_and_write
def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """A conflict of interest is declared: one's own, after which a colleague has the case, or a reviewer's."""
    application, by = led_case(request, pk), person_of(request)
    people = assigning.reviewers_of(application.call.network_id)
    data = request.POST if request.method == "POST" else None
    form = ConflictForm(data, reader=by, reviewers=people)

    def act() -> None:
        chosen, reason = form.cleaned_data["person"], form.cleaned_data["reason"]
        if chosen == by.pk:
            assigning.declare_own_conflict(application, reason=reason, by=by)
        else:
            person = next(one for one in people if one.pk == chosen)
            assigning.record_conflict(application, person, reason=reason, by=by)

    if not done(form, act):
        deputies = assigning.deputies_of(application, besides=by)
        return show(request, "conflict", form, application=application, deputies=deputies)
    if form.cleaned_data["person"] == by.pk:
        messages.success(request, _("Your conflict is declared. Your colleagues get a letter; you see it no longer."))
        return redirect("coordination:list")
    messages.success(request, _("The conflict is recorded."))
    return redirect("reviewing:case", pk)
