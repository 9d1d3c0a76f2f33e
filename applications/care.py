"""What the coordination notes on a case, as its page reads it: comments, flags, and the marks of the formal check."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from applications.case_facts import Facts, Row, called
from applications.models import CheckMark, Comment
from applications.pack import Check


@dataclass(frozen=True)
class Said:
    """A comment: a note among the coordination, a message to the city, or its answer."""

    kind: Comment.Kind
    text: str
    at: datetime.datetime
    who: str


@dataclass(frozen=True)
class Raised:
    """A flag; `settled_at` is None while it is open."""

    pk: int
    text: str
    owner: str
    owner_id: int
    due_on: datetime.date
    raised_by: str
    raised_at: datetime.datetime
    resolution: str
    settled_by: str
    settled_at: datetime.datetime | None
    is_late: bool  # its day is over, by the clock of the call


def said_in(facts: Facts) -> list[Said]:
    """The comments, the earliest first."""
    return [
        Said(Comment.Kind(one["kind"]), one["text"], _moment(one["at"]), called(one["by"])) for one in facts.comments
    ]


def raised_in(facts: Facts) -> list[Raised]:
    """The flags, open ones first and by their day."""
    today = timezone.localdate(timezone=facts.application.call.zone_info)
    return [_raised(row, today) for row in facts.flags]


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def _raised(row: Row, today: datetime.date) -> Raised:
    due_on, settled = datetime.date.fromisoformat(row["due_on"]), row["resolved_at"]
    return Raised(
        pk=row["id"],
        text=row["text"],
        owner=called(row["owner"]),
        owner_id=row["owner_id"],
        due_on=due_on,
        raised_by=called(row["raised_by"]),
        raised_at=_moment(row["raised_at"]),
        resolution=row["resolution"],
        settled_by=called(row["resolved_by"]),
        settled_at=_moment(settled) if settled else None,
        is_late=settled is None and due_on < today,
    )


# --- the formal check


@dataclass(frozen=True)
class Mark:
    """How one line of the formal check was marked, in which submission, and when and by whom."""

    verdict: CheckMark.Verdict
    note: str
    version: int
    at: datetime.datetime
    who: str
    submission: int

    @property
    def label(self) -> str:
        return str(self.verdict.label)

    @property
    def is_faulty(self) -> bool:
        return self.verdict == CheckMark.Verdict.FAULTY


@dataclass(frozen=True)
class Line:
    """One line of the formal check of the latest submission: its mark, and the one it had before the city submitted
    anew."""

    check: Check
    mark: Mark | None
    earlier: Mark | None


def lines_of(checklist: Iterable[Check], facts: Facts) -> list[Line]:
    """The formal check of the latest submission, as far as somebody has looked at it."""
    latest, *before = [_marks(one.number, facts.marks[one.number]) for one in facts.submissions]
    return [
        Line(check, latest.get(check.key), next((one[check.key] for one in before if check.key in one), None))
        for check in checklist
    ]


def _marks(submission: int, rows: Iterable[Row]) -> dict[str, Mark]:
    return {
        row["key"]: Mark(
            CheckMark.Verdict(row["verdict"]), row["note"], row["version"], _moment(row["at"]), called(row["by"]),
            submission,
        )
        for row in rows
    }  # fmt: skip
