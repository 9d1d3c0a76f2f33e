"""What an answer was: who wrote it when, compared and restored."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from applications.actions import MoveNotAllowedError
from applications.actions.drafting import open_questions, restore_answer
from applications.chronicle import in_words, stretches, with_removed
from applications.freezing import file_of
from applications.models import AnswerVersion
from applications.permissions import may_write
from applications.views.applicant import own_application
from applications.word_differences import differences

STRETCHES_PER_PAGE = 20


@never_cache
@require_safe
def answer_history(request: HttpRequest, pk: int, question: str) -> HttpResponse:
    """All stretches of work on one answer. `?old=3&new=7` compares these two versions; else each stands with what it
    changed."""
    application, person = own_application(request, pk)
    asked = application.pack.questions.get(question)
    if asked is None:
        raise Http404
    file = with_removed(file_of(application))
    versions = list(application.versions.filter(question=question).select_related("by"))
    numbered = {str(one.version): one for one in versions}
    old, new = numbered.get(request.GET.get("old", "")), numbered.get(request.GET.get("new", ""))
    context = {
        "application": application,
        "section": application.pack.section_of[question],
        "question": asked,
        "file": file,
        "page": Paginator(stretches(asked, file, versions), STRETCHES_PER_PAGE).get_page(request.GET.get("page")),
        "old": old,
        "new": new,
        "compared": differences(in_words(asked, file, old), in_words(asked, file, new)) if old and new else [],
        "may_restore": may_write(person, application) and question in open_questions(application),
    }
    return render(request, "applications/answer_history.html", context)


@never_cache
@require_POST
def restore(request: HttpRequest, pk: int, question: str) -> HttpResponse:
    """Makes an earlier version the present one; the history keeps both."""
    application, person = own_application(request, pk)
    section = application.pack.section_of.get(question)
    if section is None:
        raise Http404
    version = request.POST.get("version", "")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    try:
        restore_answer(application, question, version=number, by=person)
    except AnswerVersion.DoesNotExist:
        raise Http404 from None
    except MoveNotAllowedError as refusal:
        messages.error(request, refusal.for_reader)
        return redirect("applications:answer_history", pk=pk, question=question)
    messages.success(request, _("The earlier answer stands again. What was there before is kept in the history."))
    return redirect(f"{reverse('applications:section', args=[pk, section.key])}#question.{question}")
