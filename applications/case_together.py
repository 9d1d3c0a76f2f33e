"""Acting on several applications at once: who is taken, who is left out and why, before anything happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.case_list import Cases
from applications.models import Application, CheckState
from applications.register import Line
from applications.workflow import GONE, State
from cities.models import TeamMember

MOST = 200  # applications at once: each gets its own event and letters


class Act(models.TextChoices):
    """What can be done to several at once. Refusing, or deciding in any way, is not among them."""

    REVIEW = "review", gettext_lazy("Have them reviewed")
    FLAG = "flag", gettext_lazy("Ask somebody to see to something")
    MESSAGE = "message", gettext_lazy("Write to the cities")


class Chosen(NamedTuple):
    """One of the applications, with what the preview says of it."""

    line: Line
    has_team: bool  # whether anybody would read a message; asked for messages only

    @property
    def application(self) -> Application:
        """To act on it: actions read it anew."""
        return Application(pk=self.line.pk)

    @property
    def state_label(self) -> str:
        return str(State(self.line.state).label)


@dataclass(frozen=True)
class Taken:
    """An application to which it will happen, and what its reader should know first."""

    case: Chosen
    hint: str


@dataclass(frozen=True)
class Left:
    """An application to which it will not happen, and why not."""

    case: Chosen
    reason: str


class Together:
    """One act on the applications that somebody has ticked, or on all that a filter finds."""

    def __init__(self, cases: Cases, act: Act, *, ticked: Sequence[str], everything: bool) -> None:
        self.cases, self.reach, self.act = cases, cases.reach, act
        self._ticked = [int(pk) for pk in ticked if pk.isdecimal() and len(pk) < 10]
        self._everything = everything

    @cached_property
    def chosen(self) -> list[Chosen]:
        """At most MOST and one more, in the order of the list; never one that the person does not coordinate."""
        register, order = self.reach.register, self.cases.wanted.order(self.reach)
        ticked = self.reach.bits & register.bits_of(self._ticked)
        lines = register.part(self.cases.found if self._everything else ticked, *order, slice(MOST + 1))
        if self.act is not Act.MESSAGE:
            return [Chosen(line, has_team=True) for line in lines]
        teams = TeamMember.objects.filter(city__in=[line.city for line in lines], user__is_active=True).order_by()
        cities = set(teams.values_list("city", flat=True))
        return [Chosen(line, line.city in cities) for line in lines]

    @property
    def are_too_many(self) -> bool:
        return len(self.chosen) > MOST

    @property
    def most(self) -> int:
        return MOST

    @cached_property
    def _sorted(self) -> tuple[list[Taken], list[Left]]:
        taken, left = [], []
        for one in self.chosen:
            reason = WHY_NOT[self.act](one)
            if reason:
                left.append(Left(one, reason))
            else:
                is_unchecked = self.act is Act.REVIEW and one.line.check != CheckState.PASSED
                taken.append(Taken(one, _("The formal check is not finished.") if is_unchecked else ""))
        return taken, left

    @property
    def taken(self) -> list[Taken]:
        return self._sorted[0]

    @property
    def left(self) -> list[Left]:
        return self._sorted[1]

    @property
    def consequence(self) -> str:
        """What will happen, as a sentence that counts."""
        count = len(self.taken)
        sentences = {
            Act.REVIEW: ngettext(
                "%(count)s application will be “%(state)s”. Its city’s team gets a letter.",
                "%(count)s applications will be “%(state)s”. The team of each city gets a letter.",
                count,
            ),
            Act.FLAG: ngettext(
                "A flag is raised on %(count)s application. The cities do not learn of it.",
                "A flag is raised on %(count)s applications. The cities do not learn of it.",
                count,
            ),
            Act.MESSAGE: ngettext(
                "The team of %(count)s city gets your words in a letter, and may answer.",
                "The teams of %(count)s cities get your words in a letter each, and may answer.",
                count,
            ),
        }
        return sentences[self.act] % {"count": count, "state": State.IN_REVIEW.label}


def _not_to_review(case: Chosen) -> str:
    if case.line.state != State.SUBMITTED:
        return _("It is “%(state)s”.") % {"state": case.state_label}
    if case.line.check == CheckState.FAULTY:
        return _("Its formal check says that something is not in order.")
    return ""


def _not_to_write_to(case: Chosen) -> str:
    if case.line.state in GONE:
        return _("It is “%(state)s”.") % {"state": case.state_label}
    return "" if case.has_team else _("Nobody speaks for the city now: nobody would read it.")


WHY_NOT = {Act.REVIEW: _not_to_review, Act.FLAG: lambda _case: "", Act.MESSAGE: _not_to_write_to}
