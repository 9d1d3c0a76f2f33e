"""What a city reads of its application, beside its own work on it: where it stands, what was asked, said, sent."""

from applications import case_history
from applications.course import next_act
from applications.letters import team_of
from applications.models import Application, Comment


def messages_of(application: Application) -> list[Comment]:
    """What the coordination has written to the city and what it has answered, the earliest first. Never what is
    internal."""
    shown = application.comments.exclude(kind=Comment.Kind.INTERNAL)
    return list(shown.select_related("by").order_by("at", "pk"))


def city_page(application: Application) -> dict[str, object]:
    """The page of the case as the city's team reads it, for the coordination to look at: nothing to be done on it, no
    document that was not submitted, no letter that went to others."""
    documents = list(application.documents.select_related("uploaded_by", "removed_by").order_by("-uploaded_at", "-pk"))
    team = team_of(application)
    letters = case_history.letters_of_case(application).filter(to__in=team)
    submissions = list(application.submissions.select_related("submitted_by"))
    for one in submissions:
        one.application = application
    return {
        "application": application,
        "next_act": next_act(application),
        "asks": case_history.asks(application),
        "asked_questions": case_history.asked_questions(application),
        "entries": case_history.told(application, documents, inside=False),
        "letters": case_history.gathered(letters.exclude(kind__in=INSIDE_LETTERS), team[0]) if team else [],
        "submissions": case_history.compared(submissions, documents),
        "documents": case_history.submitted_of(application, documents, submissions),
        "said": messages_of(application),
        "answer_form": None,
        "is_of_the_city": False,
        "sees_inside": False,
        "may_write": False,
        "may_withdraw": False,
    }


# Reminders and requests among colleagues: the city's own affair.
INSIDE_LETTERS = {"application_deadline", "application_lapsing", "application_ready"}
