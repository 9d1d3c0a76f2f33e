"""Acting on several applications at once: who is taken, who is left out and why, before anything happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.case_filter import Filter
from applications.coordination import in_order, with_calls
from applications.models import Application, CheckState
from applications.reach import Reach
from applications.workflow import GONE, State
from cities.models import TeamMember

MOST = 200  # applications at once: each gets its own event and letters


class Act(models.TextChoices):
    """What can be done to several at once. Refusing, or deciding in any way, is not among them."""

    REVIEW = "review", gettext_lazy("Have them reviewed")
    FLAG = "flag", gettext_lazy("Ask somebody to see to something")
    MESSAGE = "message", gettext_lazy("Write to the cities")


@dataclass(frozen=True)
class Taken:
    """An application to which it will happen, and what its reader should know first."""

    application: Application
    hint: str


@dataclass(frozen=True)
class Left:
    """An application to which it will not happen, and why not."""

    application: Application
    reason: str


class Together:
    """One act on the applications that somebody has ticked, or on all that a filter finds."""

    def __init__(self, reach: Reach, act: Act, wanted: Filter, *, ticked: Sequence[str], everything: bool) -> None:
        self.reach, self.act, self.wanted = reach, act, wanted
        self._ticked = [int(pk) for pk in ticked if pk.isdecimal() and len(pk) < 10]
        self._everything = everything

    @cached_property
    def chosen(self) -> list[Application]:
        """At most MOST and one more, in the order of the list; never one that the person does not coordinate."""
        cases = self.reach.cases
        cases = self.wanted.filtered(cases) if self._everything else cases.filter(pk__in=self._ticked)
        team = TeamMember.objects.filter(city=OuterRef("city"), user__is_active=True)
        rows = in_order(cases, self.wanted.order(), slice(MOST + 1)).annotate(has_team=Exists(team))
        return list(with_calls(rows, self.reach.calls))

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
                is_unchecked = self.act is Act.REVIEW and one.check_state != CheckState.PASSED
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


def _not_to_review(application: Application) -> str:
    if application.state != State.SUBMITTED:
        return _("It is “%(state)s”.") % {"state": application.get_state_display()}
    if application.check_state == CheckState.FAULTY:
        return _("Its formal check says that something is not in order.")
    return ""


def _not_to_write_to(application: Application) -> str:
    if application.state in GONE:
        return _("It is “%(state)s”.") % {"state": application.get_state_display()}
    if not application.has_team:  # type: ignore[attr-defined]  # annotated by Together.chosen
        return _("Nobody speaks for the city now: nobody would read it.")
    return ""


WHY_NOT = {Act.REVIEW: _not_to_review, Act.FLAG: lambda _application: "", Act.MESSAGE: _not_to_write_to}
