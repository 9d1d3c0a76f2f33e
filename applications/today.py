"""The start page of the coordination: what needs one person today, by deadline."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from applications.course import NextAct, next_act
from applications.models import Application, Call, CheckState
from applications.moments import ATTENTION_DAYS, Countdown, countdown
from applications.reach import WAITING, Reach
from applications.register import YES
from applications.waiting import errands
from applications.workflow import State
from cities.permissions import requests_for
from network.models import User

SHOWN_CASES = 8
SHOWN_ERRANDS = 12
SHOWN_CALLS = 12  # the filter of the list offers all
REVIEW_DAYS = 7  # before and after which a review that is not there is told of


@dataclass(frozen=True)
class Tile:
    """How many of something wait, and the way there."""

    count: int
    label: str
    address: str


@dataclass(frozen=True)
class Errand:
    """Something small that waits: a flag to be seen to, an answer of a city to be read, a review that is due."""

    kind: str  # "flag", "answer", "review"
    pk: int
    city: str
    words: str
    day: datetime.date
    is_late: bool

    @property
    def address(self) -> str:
        place = {"flag": "flags", "answer": "messages", "review": "history"}[self.kind]
        return f"{reverse('coordination:application', args=[self.pk])}#{place}"


@dataclass(frozen=True)
class Round:
    """A call with how far it is. Of drafts it knows their number only."""

    call: Call
    arrived: int
    drafts: int
    left: Countdown | None  # to its next date

    @property
    def is_in_preparation(self) -> bool:
        return self.call.published_at is None or self.call.published_at > timezone.now()

    @property
    def address(self) -> str:
        return f"{reverse('coordination:list')}?{urlencode({'call': self.call.slug})}"


class Today:
    """What waits for one coordinator; an operator sees the same of all networks, to read."""

    def __init__(self, reader: User) -> None:
        self.reader, self.reach, self.now = reader, Reach(reader), timezone.now()

    # --- counts

    @cached_property
    def _counts(self) -> dict[int, Counter[str]]:
        """How many applications stand how, by call."""
        soon, register = self.now + datetime.timedelta(days=ATTENTION_DAYS), self.reach.register
        again = register.of("again", YES)
        found: dict[int, Counter[str]] = defaultdict(Counter)
        for call in self.reach.calls.values():
            cases = self.reach.bits & register.of("call", str(call.pk))
            states = register.counts("state", cases)
            new = cases & register.of("state", State.SUBMITTED)
            found[call.pk].update(states | register.counts("check", new) | {"arrived": cases.bit_count()})
            found[call.pk].update({"back": (new & again).bit_count(), "new": (new & ~again).bit_count()})
            if call.forwards_at and call.forwards_at <= soon:
                found[call.pk]["near"] = sum(states.get(state, 0) for state in WAITING)
        return found

    @cached_property
    def _drafts(self) -> dict[int, int]:
        """How many drafts there are, by call. One query."""
        drafts = Application.objects.filter(call__in=list(self.reach.calls), state=State.DRAFT).order_by()
        return dict(drafts.values_list("call").annotate(Count("pk")))

    @cached_property
    def tiles(self) -> list[Tile]:
        """What there is any of."""
        total: Counter[str] = Counter()
        for row in self._counts.values():
            total.update(row)
        listing, state = reverse("coordination:list"), "state"
        found = [
            Tile(total["new"], _("new, to be checked"), f"{listing}?{urlencode({state: 'submitted', 'again': 'no'})}"),
            Tile(total["back"], _("came back"), f"{listing}?{urlencode({state: 'submitted', 'again': 'yes'})}"),
            Tile(total[CheckState.FAULTY], _("not in order"),
                 f"{listing}?{urlencode({state: 'submitted', 'check': 'faulty'})}"),
            Tile(total[State.RETURNED], _("with the city"), f"{listing}?{urlencode({state: 'returned'})}"),
            Tile(total[State.IN_REVIEW], _("under review"), f"{listing}?{urlencode({state: 'in_review'})}"),
            Tile(total[State.ENDORSED], _("to be forwarded"), f"{listing}?{urlencode({state: 'endorsed'})}"),
            Tile(total["near"], _("due within 14 days"), f"{listing}?{urlencode({'sort': 'deadline'})}"),
            Tile(self.request_count, pgettext("people who ask to speak for a city", "requests of teams"),
                 f"{reverse('cities:mine')}#waiting"),
        ]  # fmt: skip
        return [tile for tile in found if tile.count]

    @cached_property
    def request_count(self) -> int:
        """Requests to speak for a city that the person answers."""
        return requests_for(self.reader).count()

    # --- rows

    @cached_property
    def cases(self) -> list[tuple[Application, NextAct | None]]:
        """Those that wait for the coordination, the next deadline first."""
        return [(one, next_act(one)) for one in self.reach.next_waiting(SHOWN_CASES)]

    @cached_property
    def errands(self) -> list[Errand]:
        """Flags of the person, or of nobody any more; answers of cities after which the coordination has written
        nothing; reviews that are due. The earliest first, in one query."""
        today, in_english = timezone.localdate(), get_language() == "en"
        until = self.now + datetime.timedelta(days=REVIEW_DAYS)
        return [
            Errand(
                kind,
                pk,
                (english if in_english else "") or german,
                words,
                day,
                is_late=day < today and kind != "answer",
            )
            for kind, pk, german, english, words, day in errands(self.reach, until=until, most=SHOWN_ERRANDS)
        ]

    # --- calls

    @cached_property
    def rounds(self) -> Sequence[Round]:
        """The person's calls: those in preparation and under way, the next date first, then the others."""
        return sorted(map(self._round, self.reach.calls.values()), key=_by_date)[:SHOWN_CALLS]

    def _round(self, call: Call) -> Round:
        dates = [call.opens_at, call.closes_at, call.forwards_at, call.decides_at]
        ahead = next((date for date in dates if date and date >= self.now), None)
        left = countdown(ahead, call.zone_info) if ahead else None
        return Round(call, self._counts[call.pk]["arrived"], self._drafts.get(call.pk, 0), left)

    @property
    def coordinated(self) -> Set[int]:
        """The networks whose calls the person may change."""
        return self.reach.networks


def _by_date(one: Round) -> tuple[bool, float]:
    return one.left is None, one.left.end.timestamp() if one.left else -one.call.closes_at.timestamp()
