"""Authors write practices: begin, fill in, propose, take back, withdraw, pictures."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cities.forms import PictureForm
from exchange.actions import proposing
from exchange.actions.acting import ExchangeRefusedError
from exchange.format import label_of, whole
from exchange.forms import PlaceForm, ProposalForm
from exchange.models import Practice, PracticePicture, Proposal
from exchange.permissions import may_write, proposals_seen_by, speaks_for_practice
from exchange.views.answering import done, person, read_and_write, show
from exchange.workplace import MyPractices, ProposalPage


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
    form = PlaceForm(person(request), request.POST if request.method == "POST" else None)
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
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """The way from a public practice to its proposal, for the team of its city; everybody else meets 404."""
    practice = get_object_or_404(Practice.objects.select_related("city", "programme", "proposal"), slug=slug)
    if not speaks_for_practice(request.user, practice):
        raise Http404
    if request.method == "POST":
        return redirect(proposing.change_published(practice, by=person(request)))
    return render(request, "exchange/practice_change.html", {"practice": practice})


# --- pictures


@read_and_write
def picture_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture with what it shows, credit and licence."""
    found = seen(request, pk)
    if not may_write(request.user, found):
        raise Http404
    form = PictureForm(request.POST, request.FILES) if request.method == "POST" else PictureForm()

    def add() -> None:
        values = dict(form.cleaned_data)
        proposing.add_picture(found, values.pop("image").file, by=person(request), **values)

    if done(form, add, beside="image"):
        messages.success(request, _("The picture is added."))
        return redirect(found)
    return show(request, "proposal_picture", form, proposal=found)


@read_and_write
def picture_remove(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Asks before the picture is removed."""
    found = seen(request, pk)
    picture = get_object_or_404(found.pictures.select_related("proposal"), pk=number)
    if not may_write(request.user, found):
        raise Http404
    if request.method != "POST":
        return render(request, "exchange/proposal_picture_remove.html", {"proposal": found, "picture": picture})
    proposing.remove_picture(picture, by=person(request))
    messages.success(request, _("The picture is removed."))
    return redirect(found)


@login_not_required
@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The file of a picture: to everybody once it is public with its practice, else to authors and moderators."""
    found = get_object_or_404(PracticePicture.objects.select_related("proposal"), pk=pk)
    is_public = found.is_public and Practice.objects.published().filter(proposal=found.proposal).exists()
    if not is_public and not proposals_seen_by(request.user).filter(pk=found.proposal_id).exists():
        raise Http404
    cached = "public, max-age=300" if is_public else "private, no-store"
    return FileResponse(found.image.open("rb"), content_type="image/webp", headers={"Cache-Control": cached})
