"""The coordination's work on one case: notes and messages, flags, the formal check, endorsements from outside."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from applications.actions import caring
from applications.actions.outside_endorsing import record_outside
from applications.case_file import CaseFile
from applications.forms.caring import CheckForm, FlagForm, HandForm, MessageForm, NoteForm, OutsideForm, SettleForm
from applications.letters import coordinators_of
from applications.models import Flag
from applications.pack import Check
from applications.views.coordinator import done, read_and_write, seen_case, show


def own_case(request: HttpRequest, pk: int) -> CaseFile:
    """A case the person coordinates; everybody else meets 404, also operators."""
    case = seen_case(request, pk)
    if not case.coordinates:
        raise Http404
    return case


def sent(request: HttpRequest) -> Mapping[str, object] | None:
    return request.POST if request.method == "POST" else None


def _written(request: HttpRequest, pk: int, page: str, form: type[NoteForm] | type[MessageForm],
             act: Callable[..., object], told: str) -> HttpResponse:  # fmt: skip
    case, filled = own_case(request, pk), form(sent(request))
    if done(filled, lambda: act(case.application, filled.cleaned_data["text"], by=case.reader)):
        messages.success(request, told)
        return redirect(f"{case.address}#{page}s")
    return show(request, page, filled, case=case)


@never_cache
@read_and_write
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Words among the coordination."""
    return _written(request, pk, "note", NoteForm, caring.note, _("The note is kept. Only the coordination reads it."))


@never_cache
@read_and_write
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Words to the city."""
    told = _("The message is sent. The city’s team gets a letter.")
    return _written(request, pk, "message", MessageForm, caring.write_to_city, told)


@never_cache
@read_and_write
def flag(request: HttpRequest, pk: int) -> HttpResponse:
    """Something that somebody of the coordination sees to."""
    case = own_case(request, pk)
    owners = coordinators_of(case.application)
    form = FlagForm(sent(request), call=case.application.call, owners=owners, reader=case.reader)
    if done(form, lambda: caring.raise_flag(case.application, **form.cleaned_data, by=case.reader)):
        messages.success(request, _("The flag is raised."))
        return redirect(f"{case.address}#flags")
    return show(request, "flag", form, case=case)


@never_cache
@read_and_write
def flag_settle(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Settles a flag, or hands it to a colleague."""
    case = own_case(request, pk)
    raised = get_object_or_404(Flag.objects.select_related("owner", "raised_by"), application=pk, pk=number)
    data, hands = sent(request), "hand" in request.POST
    form = SettleForm(None if hands else data)
    hand = HandForm(data if hands else None, owners=coordinators_of(case.application))
    if hands and done(hand, lambda: caring.hand_flag(raised, to=hand.cleaned_data["owner"], by=case.reader)):
        messages.success(request, _("%(person)s sees to it now.") % {"person": hand.cleaned_data["owner"]})
        return redirect(f"{case.address}#flags")
    if not hands and done(form, lambda: caring.settle_flag(raised, form.cleaned_data["resolution"], by=case.reader)):
        messages.success(request, _("The flag is settled."))
        return redirect(f"{case.address}#flags")
    return show(request, "flag_settle", hand if hands else form, case=case, flag=raised, settle=form, hand=hand)


@never_cache
@read_and_write
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Saves the formal check, all of it or the one line whose button was used (`only`)."""
    case = own_case(request, pk)
    form = CheckForm(sent(request), lines=case.check_lines)
    clashes: list[Check] = []

    def act() -> None:
        clashes.extend(caring.mark(case.latest.submission, form.marked(request.POST.get("only", "")), by=case.reader))

    if done(form, act):
        if not clashes:
            messages.success(request, _("The formal check is saved."))
            return redirect(f"{case.address}#check")
        form = _anew(request, pk, clashes)
    return show(request, "check", form, case=case)


def _anew(request: HttpRequest, pk: int, clashes: list[Check]) -> CheckForm:
    """What was filled in, beside what a colleague has saved meanwhile; saved once more it replaces that."""
    lines = seen_case(request, pk).check_lines
    data = request.POST.copy()
    for line in lines:
        data[f"seen.{line.check.key}"] = str(line.mark.version if line.mark else 0)
    form = CheckForm(data, lines=lines)
    sentence = ngettext(
        "A colleague has marked this line meanwhile; both are shown. Save once more to replace theirs.",
        "A colleague has marked these lines meanwhile; both are shown. Save once more to replace theirs.",
        len(clashes),
    )
    for one in clashes:
        form.add_error(f"verdict.{one.key}", sentence)
    return form


@never_cache
@read_and_write
def outside(request: HttpRequest, pk: int, link: str) -> HttpResponse:
    """Records the endorsement of an office outside the city."""
    case = own_case(request, pk)
    signature = next((one for one in case.signatures if one.link.key == link and not one.link.by_city), None)
    if signature is None:
        raise Http404
    data = sent(request)
    form = OutsideForm(data, request.FILES if data else None, application=case.application)

    def act() -> None:
        values = form.cleaned_data
        record_outside(
            case.application, link, signed_on=values["signed_on"], signatory=values["signatory"],
            office=values["office"], upload=form.upload, by=case.reader,
        )  # fmt: skip

    if done(form, act):
        messages.success(request, _("The endorsement is recorded."))
        return redirect(f"{case.address}#signatures")
    return show(request, "outside", form, case=case, signature=signature)
