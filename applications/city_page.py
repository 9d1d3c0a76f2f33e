"""What a city reads of its application, beside its own work on it: where it stands, what was asked, said, sent."""

from applications import case_history
from applications.care import Said, said_in
from applications.case_facts import Facts, facts_of
from applications.course import next_act
from applications.letters import team_of
from applications.models import Application, Comment


def messages_in(facts: Facts) -> list[Said]:
    """What the coordination has written to the city and what it has answered, the earliest first. Never what is
    internal."""
    return [one for one in said_in(facts) if one.kind != Comment.Kind.INTERNAL]


def city_page(application: Application) -> dict[str, object]:
    """The page of the case as the city's team reads it, for the coordination to look at: nothing to be done on it, no
    document that was not submitted, no letter that went to others."""
    facts, team = facts_of(application), [person.pk for person in team_of(application)]
    letters = [one for one in facts.letters if one.to_id in team and one.kind not in INSIDE_LETTERS]
    return {
        "application": application,
        "next_act": next_act(application),
        "asks": case_history.asks(facts),
        "asked_questions": case_history.asked_questions(application),
        "entries": case_history.told(facts, inside=False),
        "letters": case_history.gathered(letters, team[0]) if team else [],
        "submissions": case_history.submissions_in(facts),
        "documents": case_history.submitted_of(facts),
        "said": messages_in(facts),
        "answer_form": None,
        "is_of_the_city": False,
        "sees_inside": False,
        "may_write": False,
        "may_withdraw": False,
    }


# Reminders and requests among colleagues: the city's own affair.
INSIDE_LETTERS = {"application_deadline", "application_lapsing", "application_ready"}
