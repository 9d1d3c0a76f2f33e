"""Calls with their packs, applications with their answers and documents, endorsements, submissions, and the log."""

from applications.models.application import Answer, AnswerVersion, Application, CheckState, Presence
from applications.models.call import Call, Extension, PackVersion
from applications.models.caring import CheckMark, Comment, Flag
from applications.models.deciding import Outcome, OutcomeText, Release
from applications.models.document import Document
from applications.models.endorsement import Endorsement
from applications.models.event import Event, EventNote
from applications.models.preparing import CallEvent, PackDraft
from applications.models.readiness import ReadinessResult
from applications.models.reviewing import (
    Assignment,
    Conflict,
    Review,
    ReviewerInvitation,
    ReviewerStatement,
    Score,
)
from applications.models.submission import Submission

__all__ = [
    "Answer",
    "AnswerVersion",
    "Application",
    "Assignment",
    "Call",
    "CallEvent",
    "CheckMark",
    "CheckState",
    "Comment",
    "Conflict",
    "Document",
    "Endorsement",
    "Event",
    "EventNote",
    "Extension",
    "Flag",
    "Outcome",
    "OutcomeText",
    "PackDraft",
    "PackVersion",
    "Presence",
    "ReadinessResult",
    "Release",
    "Review",
    "ReviewerInvitation",
    "ReviewerStatement",
    "Score",
    "Submission",
]
