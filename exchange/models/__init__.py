"""What cities give each other: programmes, practices, proposals, sessions."""

from exchange.models.calendar import CalendarImport
from exchange.models.change import PracticeChange
from exchange.models.document import PracticeDocument
from exchange.models.practice import Money, Partners, Practice, PracticeLink, Staff, Stage
from exchange.models.programme import Programme, ProgrammeFigure, ProgrammePassage
from exchange.models.proposal import PracticePicture, Proposal, ProposalNote
from exchange.models.registration import Registration
from exchange.models.report import Report
from exchange.models.resource import Resource
from exchange.models.search import PracticeWords, SavedSearch, SearchWord
from exchange.models.session import BriefingSection, Session, SessionLink, Speaker
from exchange.models.theme import Theme
from exchange.models.transfer import TransferStep
from exchange.models.unasked import Unasked

__all__ = [
    "BriefingSection",
    "CalendarImport",
    "Money",
    "Partners",
    "Practice",
    "PracticeChange",
    "PracticeDocument",
    "PracticeLink",
    "PracticePicture",
    "PracticeWords",
    "Programme",
    "ProgrammeFigure",
    "ProgrammePassage",
    "Proposal",
    "ProposalNote",
    "Registration",
    "Report",
    "Resource",
    "SavedSearch",
    "SearchWord",
    "Session",
    "SessionLink",
    "Speaker",
    "Staff",
    "Stage",
    "Theme",
    "TransferStep",
    "Unasked",
]
