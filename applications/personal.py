"""What applications know about a person, and what becomes of it when the account ends."""

import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import ngettext

from applications.actions.assigning import give_back_all
from applications.models import (
    AnswerVersion,
    Application,
    Assignment,
    CallEvent,
    CheckMark,
    Comment,
    Conflict,
    Document,
    Endorsement,
    Event,
    Extension,
    Flag,
    Presence,
    ReadinessResult,
    Review,
    ReviewerInvitation,
    ReviewerStatement,
    Score,
    Submission,
)
from network.models import User
from network.personal import Part

CITY, CALL = F("application__city__slug"), F("application__call__slug")


def _plain(row: dict[str, Any]) -> dict[str, object]:
    return {key: value.isoformat() if isinstance(value, datetime.date) else value for key, value in row.items()}


def about(user: User) -> dict[str, object]:
    """What the person wrote in applications and about them: answers, documents, comments, flags, marks, acts with their
    words, reviews; and what they did with calls. Texts of others are not among it."""
    place = {"for_city": CITY, "in_call": CALL}
    of_call = {"for_city": F("city__slug"), "in_call": F("call__slug")}
    of_mark = {
        "for_city": F("submission__application__city__slug"),
        "in_call": F("submission__application__call__slug"),
    }
    reviewed = {
        "for_city": F("assignment__application__city__slug"),
        "in_call": F("assignment__application__call__slug"),
    }
    scored = {
        "for_city": F("review__assignment__application__city__slug"),
        "in_call": F("review__assignment__application__call__slug"),
    }
    rows: dict[str, Any] = {
        "applications_started": Application.objects.filter(started_by=user).values("state", "started_at", **of_call),
        "submissions": Submission.objects.filter(submitted_by=user).values("receipt", "submitted_at", **place),
        "answers": AnswerVersion.objects.filter(by=user).values("question", "version", "value", "at", **place),
        "documents": Document.objects.filter(uploaded_by=user).values("name", "question", "uploaded_at", **place),
        "signed_pages_recorded": Endorsement.objects.filter(recorded_by=user).values(
            "link", "signatory", "office", "signed_on", "recorded_at", **place
        ),
        "readiness_checks": ReadinessResult.objects.filter(saved_by=user).values("answers", "saved_at", **of_call),
        "acts": Event.objects.filter(actor=user).values("kind", "role", "at", words=F("note__text"), **place),
        "acts_on_calls": CallEvent.objects.filter(by=user).values("kind", "at", "moment", in_call=F("call__slug")),
        "dates_moved": Extension.objects.filter(by=user).values(
            "deadline", "old", "new", "reason_de", "reason_en", "at", in_call=F("call__slug")
        ),
        "comments": Comment.objects.filter(by=user).values("kind", "text", "at", **place),
        "flags_raised": Flag.objects.filter(raised_by=user).values("text", "due_on", "raised_at", **place),
        "flags_to_see_to": Flag.objects.filter(owner=user).values("text", "due_on", "resolved_at", **place),
        "flags_settled": Flag.objects.filter(resolved_by=user).values("resolution", "resolved_at", **place),
        "marks_of_formal_checks": CheckMark.objects.filter(by=user).values(
            "check_key", "verdict", "note", "at", **of_mark
        ),
        "statement_as_reviewer": ReviewerStatement.objects.filter(user=user).values(
            "country", "land", "words", "confirmed_at"
        ),
        "asked_to_review": Assignment.objects.filter(reviewer=user).values(
            "state", "due_at", "assigned_at", "answered_at", "reason", **place
        ),
        "reviews": Review.objects.filter(assignment__reviewer=user).values(
            "general", "private_note", "changed_at", "done_at", **reviewed
        ),
        "scores": Score.objects.filter(review__assignment__reviewer=user).values(
            "criterion", "value", "abstained", "reason", **scored
        ),
        "conflicts_of_interest": Conflict.objects.filter(person=user).values("reason", "at", **place),
    }
    return {name: [_plain(row) for row in found.order_by("pk")] for name, found in rows.items()}


def holds(user: User) -> list[str]:
    """Whoever sees to open flags settles them or hands them over first."""
    count = Flag.objects.filter(owner=user, resolved_at=None).count()
    sentence = ngettext(
        "You see to %(count)s open flag on an application. Settle it or hand it over first.",
        "You see to %(count)s open flags on applications. Settle them or hand them over first.",
        count,
    )
    return [sentence % {"count": count}] if count else []


def ends(user: User) -> None:
    """What is evidence stays, without the person's name: answers, submissions, acts, comments, marks, reviews. Where
    they were at work, what they said of themselves as a reviewer, and their address in invitations go. Reviews they
    have not finished go back to the coordination."""
    give_back_all(user)
    Presence.objects.filter(user=user).delete()
    ReviewerStatement.objects.filter(user=user).delete()
    ReviewerInvitation.objects.filter(person=user).update(email="")


PART = Part("applications", about, holds, ends)
