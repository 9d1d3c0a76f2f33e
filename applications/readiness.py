"""The readiness check: what a city says of each statement, and what follows. Nothing is stored here.

The same answers to the same version of a pack give the same result; "do not know" never counts as met.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.models import Call
from applications.pack import Pack, Readiness


class Said(models.TextChoices):
    """What a city says of a statement."""

    MET = "met", _("met")
    PARTLY = "partly", _("partly")
    NOT_YET = "not_yet", _("not yet")
    UNKNOWN = "unknown", _("do not know")


class Shade(models.TextChoices):
    """What the answers come to."""

    NOW = "now", _("Apply in this round")
    EXPLAIN = "explain", _("Apply, and explain what is open")
    LATER = "later", _("Better prepare for the next round")


EXPLANATIONS: dict[Shade, Promise] = {
    Shade.NOW: _("What is essential is met, and so is nearly everything else."),
    Shade.EXPLAIN: _(
        "What is essential is met or can be met in time. What is open should be explained in the application."
    ),
    Shade.LATER: _("Something essential is missing, and the time until the deadline is shorter than it usually takes."),
}
ENOUGH = 0.8  # share of the statements that are met from which a city need not explain
READ_BY_ANSWER = set(Said.values)


@dataclass(frozen=True)
class Task:
    """Something to be done: what, by which office, to begin by which day, and what will show it."""

    statement: Readiness
    said: Said
    begin_by: datetime.date
    is_late: bool


@dataclass(frozen=True)
class Result:
    """What the answers of a city to a call come to today."""

    pack: Pack
    said: Mapping[str, Said]
    deadline: datetime.date
    today: datetime.date

    @cached_property
    def counts(self) -> list[tuple[Said, int]]:
        values = list(self.said.values())
        return [(one, values.count(one)) for one in Said]

    @cached_property
    def tasks(self) -> list[Task]:
        """All that is not met, by the day on which it must begin."""
        open_ones = [one for one in self.pack.readiness if self.said[one.key] != Said.MET]
        tasks = [self._task(one) for one in open_ones]
        return sorted(tasks, key=lambda task: (task.begin_by, task.statement.key))

    @property
    def offices(self) -> list[tuple[str, list[Task]]]:
        """The tasks by office, the office that must begin first at the top."""
        first: dict[str, int] = {}
        for task in self.tasks:
            first.setdefault(str(task.statement.office), len(first))
        ordered = sorted(self.tasks, key=lambda task: (first[str(task.statement.office)], task.begin_by))
        return [
            (office, list(tasks)) for office, tasks in groupby(ordered, key=lambda task: str(task.statement.office))
        ]

    @cached_property
    def shade(self) -> Shade:
        """Later, where something essential is neither met nor partly met and its time is over; now, where everything
        essential and four fifths of all statements are met; else the city applies and explains."""
        essential = [one for one in self.pack.readiness if one.essential]
        hopeless = [
            one for one in essential
            if self.said[one.key] in {Said.NOT_YET, Said.UNKNOWN} and self._task(one).is_late
        ]  # fmt: skip
        if hopeless or self.deadline < self.today:
            return Shade.LATER
        met = sum(1 for said in self.said.values() if said == Said.MET)
        all_essential = all(self.said[one.key] == Said.MET for one in essential)
        return Shade.NOW if all_essential and met >= ENOUGH * len(self.said) else Shade.EXPLAIN

    @property
    def explanation(self) -> Promise:
        return EXPLANATIONS[self.shade]

    def _task(self, one: Readiness) -> Task:
        begin_by = self.deadline - datetime.timedelta(days=one.days)
        return Task(one, self.said[one.key], begin_by, is_late=begin_by < self.today)


def result_of(call: Call, answers: Mapping[str, str]) -> Result:
    """The result today. Answers to unknown statements are passed over; a statement without a known answer is not
    known to be met."""
    said = {
        one.key: Said(answers[one.key]) if answers.get(one.key) in READ_BY_ANSWER else Said.UNKNOWN
        for one in call.pack.readiness
    }
    deadline = call.closes_at.astimezone(call.zone_info).date()
    return Result(call.pack, said, deadline, timezone.localdate(timezone=call.zone_info))
