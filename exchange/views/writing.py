"""Authors write practices: begin, fill in, propose, take back, withdraw."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cities.directory import directory
from exchange.actions import proposing
from exchange.actions.acting import ExchangeRefusedError
from exchange.catalogue import catalogue
from exchange.format import label_of, whole
from exchange.forms import ProposalForm
from exchange.forms_places import BeginForm, MoveForm
from exchange.models import Practice, Proposal
from exchange.permissions import may_write, proposals_seen_by, speaks_for_practice
from exchange.preview import PreviewPage
from exchange.views.answering import done, person, read_and_write, show
from exchange.workplace import MyPractices, ProposalPage
from network.models.version import content_version
from network.pages import PublicRequest


def seen(request: HttpRequest, pk: int) -> Proposal:
    """The proposal as the person may open it; strangers meet 404."""
    rows = proposals_seen_by(request.user).select_related(
        "city__country", "country", "programme", "practice__programme"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the person writes. For everybody who is signed in."""
    return render(request, "exchange/my_practices.html", {"mine": MyPractices(person(request))})


@read_and_write
def start(request: HttpRequest) -> HttpResponse:
    """Title and place: enough to begin. For everybody who is signed in."""
    form = BeginForm(person(request), request.POST if request.method == "POST" else None)
    made: list[Proposal] = []

    def begin() -> None:
        values = {name: form.cleaned_data[name] for name in ("title", "original_language")}
        made.append(proposing.begin(by=person(request), **values, **form.place))

    if done(form, begin):
        return redirect(made[0])
    return show(request, "practice_start", form)


@read_and_write
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole format as a form, where the person may write; else as it stands. What can be saved is saved, even where
    another entry needs attention."""
    found = seen(request, pk)
    if not may_write(request.user, found):
        return render(request, "exchange/proposal_read.html", {"page": ProposalPage(found, person(request))})
    now = whole(found.values)
    form = ProposalForm(request.POST, now=now) if request.method == "POST" else ProposalForm(now=now)
    if request.method == "POST":
        form.is_valid()
        try:
            found = proposing.save(found, by=person(request), seen=now, values=form.values)
        except proposing.ProposalChangedError as refusal:
            form = ProposalForm(request.POST, now=refusal.now)
            form.add_error(None, refusal.for_reader)
        if not form.errors:
            _tell(request, form)
            return redirect(found)
    status = 200 if not form.errors else 409 if form.questions or form.non_field_errors() else 422
    context = {"page": ProposalPage(found, person(request)), "form": form}
    return render(request, "exchange/proposal_form.html", context, status=status)


def _tell(request: HttpRequest, form: ProposalForm) -> None:
    messages.success(request, _("Saved.") if form.values else _("Nothing was changed."))
    if form.kept:
        names = ", ".join(label_of(name) for name in form.kept)
        messages.info(
            request, _("Somebody else had changed this meanwhile, and it stays: %(names)s.") % {"names": names}
        )


@require_safe
def preview(request: PublicRequest, pk: int) -> HttpResponse:
    """A proposal as readers will see it, for who writes or checks it; as it stands where it cannot be published yet."""
    found = seen(request, pk)
    as_it_stands = ProposalPage(found, person(request))
    if as_it_stands.faults:
        return render(request, "exchange/proposal_read.html", {"page": as_it_stands})
    request.content_version = content_version()  # the template of public pages asks for it
    page = PreviewPage(catalogue(directory(request.content_version)), found)
    context = {"practice": page.practice, "page": page, "entry": page.entry}
    return render(request, "exchange/practice_detail.html", context)


@require_POST
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Propose, take back, or withdraw; where that is refused, the page says why."""
    acts = {
        "propose": (proposing.propose, _("Proposed. The coordinators check it and write to you.")),
        "take-back": (proposing.take_back, _("You can go on writing.")),
        "withdraw": (proposing.withdraw, _("Withdrawn. Nothing of it is public any more.")),
    }
    found = seen(request, pk)
    if what not in acts:
        raise Http404
    function, sentence = acts[what]
    try:
        function(found, by=person(request))
    except ExchangeRefusedError as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, sentence)
    return redirect(found)


@read_and_write
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks before a practice is withdrawn."""
    page = ProposalPage(seen(request, pk), person(request))
    if not page.may_withdraw:
        raise Http404
    return render(request, "exchange/proposal_withdraw.html", {"page": page})


@read_and_write
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Another place for a practice that was never public, for who began it; everybody else meets 404."""
    page = ProposalPage(seen(request, pk), person(request))
    if not page.may_move:
        raise Http404
    form = MoveForm(person(request), request.POST if request.method == "POST" else None, proposal=page.proposal)
    if done(form, lambda: proposing.move(page.proposal, by=person(request), **form.place)):
        messages.success(request, _("Saved."))
        return redirect(page.proposal)
    return show(request, "proposal_place", form, page=page)


@read_and_write
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """The way from a public practice to its proposal, for the team of its city; everybody else meets 404."""
    practice = get_object_or_404(Practice.objects.select_related("city", "programme", "proposal"), slug=slug)
    if not speaks_for_practice(request.user, practice):
        raise Http404
    if request.method == "POST":
        return redirect(proposing.change_published(practice, by=person(request)))
    return render(request, "exchange/practice_change.html", {"practice": practice})
