"""The city's own pages: beginning an application, its task list, and one section of questions."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.actions import MoveNotAllowedError
from applications.actions.drafting import note_presence
from applications.actions.drafting import start as begin
from applications.case_history import asked_questions
from applications.earlier import earlier_of
from applications.forms import SectionForm, StartForm
from applications.freezing import file_of
from applications.models import Application, Call
from applications.permissions import cities_to_apply_for, may_submit, may_write
from applications.progress import is_unchanged, people_at_work, progress_of, request_for_more
from applications.section_page import report, saved_sentence, section_page, told_of_others, where_next
from network.models import User
from network.unsent import by_script


def own_application(request: HttpRequest, pk: int) -> tuple[Application, User]:
    """An application of a city in whose team the person is; strangers meet 404."""
    application = get_object_or_404(Application.objects.of_cities_of(request.user).for_page(), pk=pk)
    assert isinstance(request.user, User)
    return application, request.user


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begins an application to a call, empty or from an earlier one of the same city; says what it needs first."""
    call = get_object_or_404(Call.objects.visible_to(request.user).for_list(), slug=slug)
    assert isinstance(request.user, User)
    cities = cities_to_apply_for(request.user, call) if call.is_open() else []
    form = StartForm(call, cities, request.POST if request.method == "POST" else None) if cities else None
    if form is not None and form.is_valid():
        try:
            made = begin(call, form.city, by=request.user, language=form.language, earlier=form.earlier)
        except MoveNotAllowedError as refusal:
            form.add_error(None, refusal.for_reader)
        else:
            messages.success(request, _("The application has begun. Whatever you write is kept."))
            return redirect("applications:detail", pk=made.pk)
    own = Application.objects.of_cities_of(request.user).filter(call=call).select_related("city")
    context = {"call": call, "form": form, "own_applications": own}
    status = 422 if form is not None and form.errors else 200
    return render(request, "applications/application_start.html", context, status=status)


@never_cache
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The task list: the four steps, how far each section is, what is open and whose turn it is."""
    application, person = own_application(request, pk)
    answers = list(application.answers.select_related("changed_by"))
    people, file = people_at_work(application, but=person), file_of(application)
    context = {
        "application": application,
        "call": application.call,
        "progress": progress_of(file, answers, people=people),
        "people": sorted({one for several in people.values() for one in several}, key=str),
        "latest": sorted(answers, key=lambda answer: answer.changed_at, reverse=True)[:3],
        "request_for_more": request_for_more(application),
        "asked_questions": asked_questions(application),
        "is_unchanged": is_unchanged(file),
        "earlier": earlier_of(application),
        "may_write": may_write(person, application),
        "may_submit": may_submit(person, application),
    }
    return render(request, "applications/application_detail.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """One section: to be read, or written where it is open. Saving never needs anything to be complete.

    A script that sends `X-Requested-With: fetch` gets the outcome as JSON.
    """
    application, person = own_application(request, pk)
    if section not in application.pack.sections:
        raise Http404
    is_writable = may_write(person, application)
    form = SectionForm(application, application.pack.sections[section], is_writable=is_writable, posted=request.POST,
                       uploads=request.FILES)  # fmt: skip
    if request.method != "POST":
        return section_page(request, form, person)
    try:
        form.save(by=person)
    except MoveNotAllowedError as refusal:
        if by_script(request):
            return JsonResponse({"refusal": refusal.for_reader})
        return section_page(request, form, person, refusal=refusal.for_reader, status=409)
    if by_script(request):
        return JsonResponse(report(request, form))
    if form.saved.clashes or form.refusals:
        return section_page(request, form, person, status=409 if form.saved.clashes else 422)
    messages.success(request, saved_sentence(form))
    return redirect(where_next(form))


@never_cache
@require_POST
def presence(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes that the person has a section open, and tells who else has, and what they have changed since."""
    application, person = own_application(request, pk)
    section = application.pack.sections.get(request.POST.get("section", ""))
    if section is None:
        raise Http404
    note_presence(application, section.key, by=person)
    return JsonResponse(told_of_others(application, section, request.POST, person))
