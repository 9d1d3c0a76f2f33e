"""Calls with their packs, applications with their answers and documents, endorsements, submissions, and the log."""

from applications.models.application import Answer, AnswerVersion, Application, Presence
from applications.models.call import Call, Extension, PackVersion
from applications.models.document import Document
from applications.models.endorsement import Endorsement
from applications.models.event import Event, EventNote
from applications.models.readiness import ReadinessResult
from applications.models.submission import Submission

__all__ = [
    "Answer",
    "AnswerVersion",
    "Application",
    "Call",
    "Document",
    "Endorsement",
    "Event",
    "EventNote",
    "Extension",
    "PackVersion",
    "Presence",
    "ReadinessResult",
    "Submission",
]
