"""Letters about reviewing: to reviewers and the coordination, never kept where the city's team reads."""

from collections.abc import Iterable, Sequence

from django.utils.translation import get_language

from applications.letters import coordinators_of
from applications.models import Application, Assignment, Conflict, ReviewerInvitation, Submission
from network.models import Letter, User
from network.outbox import post


def invite(invitation: ReviewerInvitation, *, code: str, holder: User | None, days: int) -> None:
    """To the address: in the language its holder has chosen, else in that of who invites."""
    post(
        "reviewer_invitation",
        to=invitation.email,
        context={"call": invitation.call, "by": invitation.invited_by, "days": days, "code": code},
        key=f"reviewer:invitation:{invitation.pk}:{invitation.serial}",
        urgency=Letter.Urgency.ACCOUNT,
        language=holder.language if holder else get_language(),
        secret=True,
    )


def tell_of_answer(invitation: ReviewerInvitation, *, by: User) -> None:
    """To whoever has invited: accepted or declined."""
    context: dict[str, object] = {"invitation": invitation, "call": invitation.call, "by": by}
    post("reviewer_answered", to=invitation.invited_by, context=context, key=f"reviewer:answer:{invitation.pk}")


def tell_of_assignments(reviewer: User, assignments: Sequence[Assignment]) -> None:
    """To the reviewer: what is asked of them, in one letter. They have the same call and the same moment."""
    first = assignments[0]
    context: dict[str, object] = {
        "call": first.application.call,
        "assignments": assignments,
        "due_at": first.due_at,
    }
    numbers = "-".join(str(one.pk) for one in assignments)[:80]
    key = f"reviewer:assigned:{numbers}:{first.assigned_at.isoformat()}"
    post("review_assigned", to=reviewer, context=context, key=key, urgency=Letter.Urgency.DEADLINE)


def tell_of_refusal(assignment: Assignment) -> None:
    """To the coordination: a reviewer has declined, or is in conflict. Others must be found."""
    application = assignment.application
    assert assignment.answered_at is not None
    context: dict[str, object] = {"assignment": assignment, "application": application, "call": application.call}
    key = f"reviewer:refused:{assignment.pk}:{assignment.answered_at.isoformat()}"
    _to_all("review_refused", coordinators_of(application), context, key)


def tell_of_taking_back(assignment: Assignment, *, reason: str = "") -> None:
    """To the reviewer: it is asked of them no longer."""
    application = assignment.application
    context: dict[str, object] = {"application": application, "call": application.call, "reason": reason}
    key = f"reviewer:taken_back:{assignment.pk}:{assignment.assigned_at.isoformat()}"
    post("review_taken_back", to=assignment.reviewer, context=context, key=key)


def tell_of_change(submission: Submission, assignments: Iterable[Assignment]) -> None:
    """To the reviewers who had begun: the city has submitted anew."""
    application = submission.application
    for assignment in assignments:
        context: dict[str, object] = {"assignment": assignment, "application": application, "call": application.call}
        key = f"reviewer:changed:{submission.pk}:{assignment.pk}"
        post("review_changed", to=assignment.reviewer, context=context, key=key)


def hand_over(conflict: Conflict, deputies: Iterable[User]) -> None:
    """To the others in the coordination: a colleague is in conflict, the case is theirs."""
    application = conflict.application
    context: dict[str, object] = {"application": application, "call": application.call, "conflict": conflict}
    _to_all("case_handed_over", deputies, context, f"conflict:{conflict.pk}")


def remind(assignment: Assignment, *, days: int) -> None:
    """To the reviewer: so many days until the review is due."""
    application: Application = assignment.application
    context: dict[str, object] = {
        "assignment": assignment,
        "application": application,
        "call": application.call,
        "days": days,
    }
    key = f"reviewer:due:{assignment.pk}:{assignment.due_at.isoformat()}:{days}"
    post("review_due", to=assignment.reviewer, context=context, key=key, urgency=Letter.Urgency.DEADLINE)


def _to_all(kind: str, readers: Iterable[User], context: dict[str, object], key: str) -> None:
    for reader in readers:
        post(kind, to=reader, context=context, key=f"{key}:{reader.pk}")
