"""The history of one application, for everybody who may see it, and the city's answers to the coordination."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from applications import case_history
from applications.actions import caring
from applications.case_facts import facts_of
from applications.city_page import messages_in
from applications.course import next_act
from applications.forms.caring import AnswerForm
from applications.models import Application, Comment
from applications.permissions import may_read_inside, may_write, moves_of, roles_of
from applications.workflow import Action, Role
from network.actions import RefusedError
from network.models import User


@never_cache
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it stands, who acts next and by when, what was asked, what happened, letters, submissions, documents."""
    application = get_object_or_404(Application.objects.visible_to(request.user).for_page(), pk=pk)
    return _page(request, application, AnswerForm())


@never_cache
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The city's team answers the coordination."""
    application = get_object_or_404(Application.objects.of_cities_of(request.user).for_page(), pk=pk)
    assert isinstance(request.user, User)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            caring.answer(application, form.cleaned_data["text"], by=request.user)
        except RefusedError as refusal:
            form.add_error(None, refusal.for_reader)
    if form.errors:
        return _page(request, application, form)
    messages.success(request, _("Your answer is sent. The coordination gets a letter."))
    return redirect("applications:case", pk=pk)


def _page(request: HttpRequest, application: Application, form: AnswerForm) -> HttpResponse:
    person = request.user
    assert isinstance(person, User)
    facts = facts_of(application)
    is_of_the_city, said = Role.EDITOR in roles_of(person, application), messages_in(facts)
    context = {
        "application": application,
        "next_act": next_act(application),
        "asks": case_history.asks(facts),
        "asked_questions": case_history.asked_questions(application),
        "entries": case_history.entries(facts, person),
        "letters": case_history.letters_of(facts, person),
        "submissions": case_history.submissions_in(facts),
        "documents": case_history.documents_of(facts, person),
        "said": said,
        "answer_form": form if is_of_the_city and any(one.kind == Comment.Kind.TO_CITY for one in said) else None,
        "is_of_the_city": is_of_the_city,
        "sees_inside": may_read_inside(person, application),
        "may_write": may_write(person, application),
        "may_withdraw": Action.WITHDRAW in {move.action for move in moves_of(person, application)},
        "case": None,
    }
    return render(request, "applications/application_case.html", context, status=422 if form.errors else 200)
