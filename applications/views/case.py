"""The history of one application, for everybody who may see it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applications import case_history
from applications.course import next_act
from applications.models import Application
from applications.permissions import may_read_inside, may_write, moves_of, roles_of
from applications.workflow import Action, Role
from network.models import User


@never_cache
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it stands, who acts next and by when, what was asked, what happened, letters, submissions, documents."""
    application = get_object_or_404(Application.objects.visible_to(request.user).for_page(), pk=pk)
    person = request.user
    assert isinstance(person, User)
    context = {
        "application": application,
        "next_act": next_act(application),
        "asks": case_history.asks(application),
        "asked_questions": case_history.asked_questions(application),
        "entries": case_history.entries(application, person),
        "letters": case_history.letters_of(application, person),
        "submissions": case_history.submissions_of(application),
        "documents": case_history.documents_of(application, person),
        "is_of_the_city": Role.EDITOR in roles_of(person, application),
        "sees_inside": may_read_inside(person, application),
        "may_write": may_write(person, application),
        "may_withdraw": Action.WITHDRAW in {move.action for move in moves_of(person, application)},
    }
    return render(request, "applications/application_case.html", context)
