"""Pictures and documents of practices: added, described, removed by who writes; given out to who may read them."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from exchange.actions import papers
from exchange.forms_papers import DocumentForm, NewDocumentForm, NewPictureForm, PaperForm, PictureForm
from exchange.models import Practice, PracticeDocument, PracticePicture, Proposal
from exchange.permissions import may_write, proposals_seen_by
from exchange.views.answering import done, person, read_and_write, show
from exchange.views.writing import seen
from network.actions import RefusedError
from network.documents.giving import PRIVATE, attachment

PUBLIC = "public, max-age=300"


def _writable(request: HttpRequest, pk: int) -> Proposal:
    found = seen(request, pk)
    if not may_write(request.user, found):
        raise Http404
    return found


def _add(
    request: HttpRequest, proposal: Proposal, kind: str, forms: tuple[type[PaperForm], type[PaperForm]],
    keep: Callable[..., papers.Paper], said: str,
) -> HttpResponse:  # fmt: skip
    """A file with what is said about it, by the first of the forms. A file that can be kept is kept, whatever else is
    wrong: the second form then asks for the words only."""
    form = forms[0](proposal, *_sent(request))
    kept = _kept(form, lambda: keep(proposal, form.cleaned_data["file"], by=person(request), **form.words))
    if kept and not form.errors:
        messages.success(request, said)
        return redirect(proposal)
    if kept:
        form = forms[1](proposal, request.POST, paper=kept)
        form.is_valid()
    return show(request, f"proposal_{kind}", form, proposal=proposal, is_kept=bool(kept), **{kind: kept})


def _kept(form: PaperForm, keep: Callable[[], papers.Paper]) -> papers.Paper | None:
    """The file that came with the form, if one did; what is wrong with the file itself stands beside it."""
    form.is_valid()
    if not (form.is_bound and form.has_file):
        return None
    try:
        return keep()
    except RefusedError as refusal:
        form.add_error("file", refusal.for_reader)
        return None


def _sent(request: HttpRequest) -> tuple[object, object]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@read_and_write
def picture_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture with what it shows, credit and licence."""
    forms = (NewPictureForm, PictureForm)
    return _add(request, _writable(request, pk), "picture", forms, papers.add_picture, _("The picture is added."))


@read_and_write
def picture_edit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What is said about a picture that is not public yet."""
    found = _writable(request, pk)
    picture = get_object_or_404(found.pictures.select_related("proposal"), pk=number, is_public=False)
    form = PictureForm(found, _sent(request)[0], paper=picture)
    if done(form, lambda: papers.describe(picture, by=person(request), **form.words)):
        messages.success(request, _("Saved."))
        return redirect(found)
    return show(request, "proposal_picture", form, proposal=found, picture=picture, is_kept=False)


@read_and_write
def picture_remove(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Asks before the picture is removed."""
    found = _writable(request, pk)
    picture = get_object_or_404(found.pictures.select_related("proposal"), pk=number)
    if request.method != "POST":
        return render(request, "exchange/proposal_picture_remove.html", {"proposal": found, "picture": picture})
    papers.remove_picture(picture, by=person(request))
    messages.success(request, _("The picture is removed."))
    return redirect(found)


@read_and_write
def document_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A document with what it is, who made it and its licence."""
    forms = (NewDocumentForm, DocumentForm)
    return _add(request, _writable(request, pk), "document", forms, papers.add_document, _("The document is added."))


@read_and_write
def document_edit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What is said about a document that is not public yet."""
    found = _writable(request, pk)
    rows = found.documents.present().select_related("proposal")
    document = get_object_or_404(rows, pk=number, is_public=False)
    form = DocumentForm(found, _sent(request)[0], paper=document)
    if done(form, lambda: papers.describe(document, by=person(request), **form.words)):
        messages.success(request, _("Saved."))
        return redirect(found)
    return show(request, "proposal_document", form, proposal=found, document=document, is_kept=False)


@read_and_write
def document_remove(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Asks before the document is removed."""
    found = _writable(request, pk)
    document = get_object_or_404(found.documents.present().select_related("proposal"), pk=number)
    if request.method != "POST":
        return render(request, "exchange/proposal_document_remove.html", {"proposal": found, "document": document})
    papers.remove_document(document, by=person(request))
    messages.success(request, _("The document is removed. You can read it here for ninety days more."))
    return redirect(found)


# --- giving out


def _cached(request: HttpRequest, paper: papers.Paper) -> str:
    """For whom a cache may keep the file: everybody once it is public with its practice. Raises Http404 for who is
    neither author nor moderator before."""
    if paper.is_public and Practice.objects.published().filter(proposal=paper.proposal_id).exists():
        return PUBLIC
    if not proposals_seen_by(request.user).filter(pk=paper.proposal_id).exists():
        raise Http404
    return PRIVATE


@login_not_required
@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The file of a picture: to everybody once it is public with its practice, else to authors and moderators."""
    found = get_object_or_404(PracticePicture, pk=pk)
    headers = {"Cache-Control": _cached(request, found)}
    return FileResponse(found.image.open("rb"), content_type="image/webp", headers=headers)


@login_not_required
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of a document as it came, to be saved: to everybody once it is public with its practice, else to authors
    and moderators."""
    found = get_object_or_404(PracticeDocument, pk=pk)
    return attachment(found.file, name=found.name, kind=found.kind, cached=_cached(request, found))
