"""What cities give each other: programmes, practices, sessions."""

from exchange.models.practice import Money, Practice, PracticeLink, Staff, Stage
from exchange.models.programme import Programme, ProgrammeFigure, ProgrammePassage
from exchange.models.session import Session, SessionLink, Speaker
from exchange.models.theme import Theme

__all__ = [
    "Money",
    "Practice",
    "PracticeLink",
    "Programme",
    "ProgrammeFigure",
    "ProgrammePassage",
    "Session",
    "SessionLink",
    "Speaker",
    "Staff",
    "Stage",
    "Theme",
]
