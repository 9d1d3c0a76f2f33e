"""What the coordination notes on a case, as its page reads it: comments, flags, and the marks of the formal check."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, CheckMark, Comment, Flag, Submission
from applications.pack import Check

type Row = Mapping[str, Any]  # of the database, as JSON


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


def care_of(application: Application) -> tuple[list[Said], list[Raised]]:
    """Comments, the earliest first, and flags, open ones first and by their day. One query."""
    this = {"application": OuterRef("pk")}
    said = JSONObject(kind="kind", text="text", at="at", **_person("by"))
    raised = JSONObject(
        pk="pk", text="text", owner_id="owner", due_on="due_on", raised_at="raised_at", resolution="resolution",
        resolved_at="resolved_at", **_person("owner"), **_person("raised_by"), **_person("resolved_by"),
    )  # fmt: skip
    comments, flags = Application.objects.values_list(
        ArraySubquery(Comment.objects.filter(**this).order_by("at", "pk").values(row=said)),
        ArraySubquery(
            Flag.objects.filter(**this)
            .order_by(F("resolved_at").desc(nulls_first=True), "due_on", "pk")
            .values(row=raised)
        ),
    ).get(pk=application.pk)
    today = timezone.localdate(timezone=application.call.zone_info)
    return [_said(row) for row in comments], [_raised(row, today) for row in flags]


def _person(name: str) -> dict[str, str]:
    return {f"{name}_name": f"{name}__name", f"{name}_email": f"{name}__email", f"{name}_gone": f"{name}__deleted_at"}


def _called(row: Row, name: str) -> str:
    """As models.User calls itself."""
    if row[f"{name}_gone"]:
        return _("deleted person")
    return row[f"{name}_name"] or row[f"{name}_email"] or ""


def _moment(text: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None


def _said(row: Row) -> Said:
    at = _moment(row["at"])
    assert at is not None
    return Said(Comment.Kind(row["kind"]), row["text"], at, _called(row, "by"))


def _raised(row: Row, today: datetime.date) -> Raised:
    at, due_on, settled_at = (
        _moment(row["raised_at"]),
        datetime.date.fromisoformat(row["due_on"]),
        _moment(row["resolved_at"]),
    )
    assert at is not None
    return Raised(
        pk=row["pk"],
        text=row["text"],
        owner=_called(row, "owner"),
        owner_id=row["owner_id"],
        due_on=due_on,
        raised_by=_called(row, "raised_by"),
        raised_at=at,
        resolution=row["resolution"],
        settled_by=_called(row, "resolved_by"),
        settled_at=settled_at,
        is_late=settled_at is None and due_on < today,
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


def with_marks(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Submissions with `known_marks`, the marks of their formal check, in the same query."""
    row = JSONObject(key="check_key", verdict="verdict", note="note", version="version", at="at", **_person("by"))
    marks = CheckMark.objects.filter(submission=OuterRef("pk")).order_by("check_key")
    return submissions.annotate(known_marks=ArraySubquery(marks.values(row=row)))


def lines_of(checklist: Iterable[Check], submissions: Iterable[Submission]) -> list[Line]:
    """The formal check, where the submissions (the latest first) were loaded by `with_marks`."""
    latest, *before = [_marks(one) for one in submissions]
    return [
        Line(check, latest.get(check.key), next((one[check.key] for one in before if check.key in one), None))
        for check in checklist
    ]


def _marks(submission: Submission) -> dict[str, Mark]:
    rows: list[Row] = submission.known_marks  # type: ignore[attr-defined]  # annotated by with_marks
    found = {}
    for row in rows:
        at = _moment(row["at"])
        assert at is not None
        verdict = CheckMark.Verdict(row["verdict"])
        found[row["key"]] = Mark(verdict, row["note"], row["version"], at, _called(row, "by"), submission.number)
    return found
