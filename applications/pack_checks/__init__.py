"""What a sound pack must fulfil beyond its shape: every finding with its place, in German and in English.

`problems` finds, `applications.pack.read` has ensured the shape before. A pack with findings is never used for a call.
"""

import datetime

from django.utils.translation import gettext_noop as _

from applications.pack import Pack
from applications.pack_checks.judging import judging_problems
from applications.pack_checks.keys import key_problems
from applications.pack_checks.questions import question_problems
from applications.pack_checks.words import text_problems
from applications.problems import Problem

__all__ = ["Problem", "date_problems", "problems"]


def problems(pack: Pack) -> list[Problem]:
    """Everything that is wrong with a pack, in the order: texts, keys and steps, questions, what follows from them."""
    return [*text_problems(pack), *key_problems(pack), *question_problems(pack), *judging_problems(pack)]


def date_problems(
    opens_at: datetime.datetime,
    closes_at: datetime.datetime,
    forwards_at: datetime.datetime | None = None,
    decides_at: datetime.datetime | None = None,
) -> list[Problem]:
    """Dates of a call in the wrong order; the place is the name of the date. All are moments with a time zone."""
    found = []
    if _moment(closes_at) <= _moment(opens_at):
        found.append(Problem("closes_at", _("The deadline must lie after the opening.")))
    if forwards_at and _moment(forwards_at) < _moment(closes_at):
        found.append(Problem("forwards_at", _("The National Commission cannot forward before the cities' deadline.")))
    if decides_at and _moment(decides_at) < max(_moment(closes_at), _moment(forwards_at or closes_at)):
        found.append(Problem("decides_at", _("The decision cannot come before the deadlines.")))
    return found


def _moment(at: datetime.datetime) -> datetime.datetime:
    """In UTC: Python compares two moments of the same zone by their clocks, wrong in the hour that comes twice."""
    assert at.tzinfo is not None, "a moment without time zone"
    return at.astimezone(datetime.UTC)
