"""What the pages of authors and moderators work out beside the proposal itself."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cities.permissions import own_cities
from exchange.format import LANGUAGES, OTHERS, TEXTS, Meter, Values, faults, label_of, of_practice, whole
from exchange.models import Money, Partners, Practice, PracticePicture, Programme, Proposal, Report, Staff, Stage, Theme
from exchange.models.theme import GOALS
from exchange.permissions import is_author, may_move, may_write, moderates
from network.models import Network, User

CLASSES: dict[str, Any] = {
    "original_language": Practice.Original, "theme": Theme, "stage": Stage, "staff": Staff, "money": Money,
    "partners": Partners,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the common format as it is read: its texts by language (empty for words of the portal)."""

    label: str
    lines: list[tuple[str, str]]
    is_changed: bool  # against what is public


class ProposalPage:
    """A proposal as one reader meets it. About ten queries, however much it says."""

    def __init__(self, proposal: Proposal, reader: User) -> None:
        self.proposal = proposal
        self.values = whole(proposal.values)
        self.is_author = is_author(reader, proposal)
        self.checks = not self.is_author and moderates(reader, proposal)
        self.may_write = may_write(reader, proposal)
        self.may_move = may_move(reader, proposal)
        self.pictures: list[PracticePicture] = list(proposal.pictures.order_by("pk"))
        papers = list(proposal.documents.order_by("pk"))
        self.documents = [document for document in papers if document.removed_at is None]
        self.removed = [document for document in papers if document.removed_at is not None]
        self.meter = Meter(self.values, pictures=len(self.pictures), documents=len(self.documents))

    @cached_property
    def faults(self) -> list[tuple[str, str]]:
        """What stands against publishing: the part and a sentence."""
        return faults(self.proposal)

    @property
    def notes(self) -> Any:
        """The history, newest first."""
        return self.proposal.notes.all()[:20]

    @cached_property
    def last_reason(self) -> str:
        """Why it was sent back or declined, as long as that is its state."""
        if self.proposal.state not in {Proposal.State.RETURNED, Proposal.State.DECLINED}:
            return ""
        newest = self.proposal.notes.filter(kind=self.proposal.state).first()
        return newest.text if newest else ""

    @cached_property
    def is_public(self) -> bool:
        """Whether an earlier version is public now."""
        practice = self.proposal.practice
        return practice is not None and Practice.objects.published().filter(pk=practice.pk).exists()

    @property
    def may_propose(self) -> bool:
        return self.is_author and self.proposal.state in {Proposal.State.DRAFT, Proposal.State.RETURNED}

    @property
    def may_withdraw(self) -> bool:
        return self.is_author and self.proposal.state not in {Proposal.State.WITHDRAWN, Proposal.State.DECLINED}

    # --- as it is read

    @cached_property
    def parts(self) -> list[Part]:
        """Everything that is filled in, in the order of the form."""
        public: Values | None = of_practice(self.proposal.practice) if self.proposal.practice else None
        found = []
        for name, label in TEXTS.items():
            keys = [f"{name}_{language}" for language in LANGUAGES]
            lines = [(language, self.values[f"{name}_{language}"]) for language in LANGUAGES]
            changed = public is not None and any(public[key] != self.values[key] for key in keys)
            found.append(Part(str(label), [line for line in lines if line[1]], changed))
        for name in OTHERS:
            changed = public is not None and public[name] != self.values[name]
            found.append(Part(label_of(name), [("", line) for line in self._said(name)], changed))
        return [part for part in found if part.lines or part.is_changed]

    def _said(self, name: str) -> list[str]:
        value = self.values[name]
        if not value:
            return []
        if name in CLASSES:
            return [capfirst(str(CLASSES[name](value).label))]
        if name == "goals":
            return [f"{number} {GOALS[number]}" for number in value]
        if name == "links":
            return [f"{label}: {url}" for label, url in value]
        if name == "programme":
            return [programme.name for programme in Programme.objects.filter(slug=value)]
        if name == "networks":
            return [network.short_name for network in Network.objects.filter(slug__in=value)]
        return [str(value)]


class MyPractices:
    """What somebody writes, last changed first, and the cities it may be for."""

    SHOWN = 100

    def __init__(self, reader: User) -> None:
        found = list(Proposal.objects.of_author(reader).for_list()[: self.SHOWN + 1])
        self.proposals, self.has_more = found[: self.SHOWN], len(found) > self.SHOWN
        told = [proposal.practice_id for proposal in self.proposals if proposal.practice_id]
        own = Practice.objects.published().filter(city__in=own_cities(reader)).exclude(pk__in=told)
        self.others = list(own.select_related("city__country", "country").order_by("slug")[: self.SHOWN])


class Queue:
    """What waits for a moderator, oldest first: proposals, and reports about public practices."""

    SHOWN = 50

    def __init__(self, reader: User) -> None:
        mine = Proposal.objects.moderated_by(reader)
        waiting = mine.filter(state=Proposal.State.PROPOSED).for_list()
        self.waiting = list(waiting.order_by("proposed_at", "pk")[: self.SHOWN])
        self.proposed = waiting.count()
        practices = Practice.objects.moderated_by(reader)
        reports = Report.objects.filter(state=Report.State.OPEN, practice__in=practices.values("pk"))
        found = reports.select_related("practice__city__country", "practice__country").order_by("pk")
        self.reports = list({report.practice_id: report for report in reversed(found[: self.SHOWN])}.values())[::-1]
        self.reported = reports.aggregate(practices=Count("practice", distinct=True))["practices"]
        done = mine.exclude(state=Proposal.State.PROPOSED).for_list()
        self.done = list(done.order_by("-changed_at", "-pk")[:10])
        hidden = practices.filter(visibility=Practice.Visibility.HIDDEN).select_related("city__country", "country")
        self.hidden = list(hidden.order_by("slug")[: self.SHOWN])

    @property
    def summary(self) -> str:
        """How much waits, in one sentence."""
        if not (self.waiting or self.reports):
            return _("Nothing waits for you.")
        return _("Proposals: %(proposals)d. Reported practices: %(reports)d.") % {
            "proposals": self.proposed,
            "reports": self.reported,
        }

    @property
    def has_more(self) -> bool:
        """Whether only the first of them are shown."""
        return self.proposed > len(self.waiting) or self.reported > len(self.reports)
