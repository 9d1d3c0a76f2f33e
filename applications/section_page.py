"""The page of a section: what it shows, what is said after saving, and where the reader goes then."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.answers import is_empty
from applications.case_history import asked_questions
from applications.forms.question import QuestionField
from applications.forms.reading import seen_version
from applications.forms.section import SectionForm
from applications.models import Answer, Application
from applications.moments import clock
from applications.pack import Question, Section
from applications.progress import at_work_sentence, people_at_work, progress_of, request_for_more
from applications.shown import shown
from network.models import User


def section_page(
    request: HttpRequest,
    form: SectionForm,
    person: User,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page with the form as it stands. With a `refusal` nothing was saved: what was typed is given back."""
    application, section = form.application, form.section
    people = people_at_work(application, but=person)
    progress = progress_of(form.file, form.answers.values(), people=people)
    context = {
        "application": application,
        "call": application.call,
        "section": section,
        "form": form,
        "step": progress.step_of(section),
        "following": progress.after(section),
        "at_work": at_work_sentence(people.get(section.key, [])),
        "request_for_more": request_for_more(application),
        "asked_questions": asked_questions(application),
        "refusal": refusal,
        "not_saved": not_saved(form) if refusal else [],
        "person": person,
        "is_error": status >= 400,
    }
    return render(request, "applications/application_section.html", context, status=status)


def not_saved(form: SectionForm) -> list[tuple[Question, str]]:
    """What somebody has sent that is not stored, as text to be copied."""
    found = []
    for question in form.section.questions:
        mine = form.read.get(question.key)
        if not is_empty(mine) and mine != form.file.answers.get(question.key):
            found.append((question, str(shown(question, mine, form.file))))
    return found


def saved_sentence(form: SectionForm) -> str:
    """When it was saved, and how much is not right yet."""
    sentence = _("Saved at %(time)s: %(section)s.") % {"time": now(), "section": form.section.title}
    if count := len(form.wrong):
        sentence += " " + ngettext(
            "One entry is not right yet. It is saved as you wrote it.",
            "%(count)s entries are not right yet. They are saved as you wrote them.",
            count,
        ) % {"count": count}
    if form.newly_asked:
        sentence += " " + ngettext(
            "Your answer leads to one more question.", "Your answers lead to further questions.", len(form.newly_asked)
        )
    return sentence


def now() -> str:
    """The time of day as the reader's language writes it."""
    return clock(timezone.localtime())


def where_next(form: SectionForm) -> str:
    """The address after a plain save: on to the next section or to the overview, as the button says; back to the
    place in this section where something was asked for, or has to be put right."""
    application, section = form.application, form.section
    here = reverse("applications:section", args=[application.pk, section.key])
    asked_for = form.posted.get("take") or form.posted.get("more")
    goal = form.posted.get("goal")
    if asked_for in {question.key for question in section.questions}:
        return f"{here}#question.{asked_for}"
    if goal == "overview":
        return reverse("applications:detail", args=[application.pk])
    if form.newly_asked:
        return f"{here}#question.{form.newly_asked[0]}"
    if form.wrong:
        return f"{here}#wrong"
    following = progress_of(form.file, form.answers.values()).after(section)
    if goal == "next" and following is not None and not form.has_merged and "remove" not in form.posted:
        return reverse("applications:section", args=[application.pk, following.key])
    if goal == "next" and following is None:
        return reverse("applications:detail", args=[application.pk])
    return here


def report(request: HttpRequest, form: SectionForm) -> dict[str, Any]:
    """What became of a save, for the script of the page: keys are those of questions."""
    fields = {field.key: field for field in form.fields}
    return {
        "saved": _("Saved at %(time)s") % {"time": now()},
        "versions": {key: version for key, version in form.saved.versions.items() if key not in form.overtaken},
        "sentences": {key: fields[key].sentences for key in (*form.read, *_sent_documents(form)) if key in fields},
        "clashes": {key: _clash(request, fields[key], form) for key in form.saved.clashes},
        "overtaken": {key: changed_sentence(answer) for key, answer in form.overtaken.items()},
        "documents": {key: _documents(request, fields[key], form) for key in _sent_documents(form)},
        "refusals": form.refusals,
    }


def _clash(request: HttpRequest, field: QuestionField, form: SectionForm) -> dict[str, Any]:
    assert field.conflict is not None
    context = {"field": field, "form": form, "application": form.application}
    return {
        "html": render_to_string("applications/_clash.html", context, request),
        "version": field.conflict.stored.version,
        "mine": field.conflict.stored.changed_by == request.user,
    }


def _sent_documents(form: SectionForm) -> set[str]:
    sent = {name.removeprefix("q.") for name in form.uploads} | set(form.refusals)
    return {field.key for field in form.fields if field.key in sent}


def _documents(request: HttpRequest, field: QuestionField, form: SectionForm) -> str:
    context = {"field": field, "form": form, "application": form.application}
    return render_to_string("applications/questions/_documents.html", context, request)


def changed_sentence(answer: Answer) -> str:
    """Who has changed an answer, and when."""
    return _("%(person)s changed this answer at %(time)s.") % {
        "person": answer.changed_by,
        "time": clock(timezone.localtime(answer.changed_at)),
    }


def told_of_others(application: Application, section: Section, posted: QueryDict, person: User) -> dict[str, Any]:
    """Who else is at work in a section, and what they have changed since the page was opened, for its script."""
    people = people_at_work(application, but=person).get(section.key, [])
    questions = {question.key: question for question in section.questions}
    answers = application.answers.filter(question__in=questions).exclude(changed_by=person)
    return {
        "people": at_work_sentence(people),
        "changed": {
            answer.question: changed_sentence(answer)
            for answer in answers.select_related("changed_by")
            if answer.version > seen_version(questions[answer.question], posted)
        },
    }
