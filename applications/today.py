"""The start page of the coordination: what needs one person today, by deadline."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from applications.coordination import WAITING, by_deadline, in_order, with_calls
from applications.course import NextAct, next_act
from applications.models import Application, Assignment, Call, CheckState, Comment, Flag, Submission
from applications.moments import ATTENTION_DAYS, Countdown, countdown
from applications.reach import Reach
from applications.workflow import State
from cities.permissions import requests_for
from network.models import Office, User

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
        """How many applications stand how, by call. One query."""
        soon = self.now + datetime.timedelta(days=ATTENTION_DAYS)
        later = Submission.objects.filter(application=OuterRef("pk"), number__gt=1)
        kinds = self.reach.cases.annotate(again=Exists(later)).order_by()
        found: dict[int, Counter[str]] = defaultdict(Counter)
        rows = kinds.values_list("call", "state", "check_state", "again").annotate(Count("pk"))
        for pk, state, check, again, count in rows:
            until, counts = self.reach.calls[pk].forwards_at, found[pk]
            counts.update({"arrived": count, state: count})
            if state == State.SUBMITTED:
                counts.update({"back" if again else "new": count, check: count})
            if state in WAITING and until and until <= soon:
                counts["near"] += count
        return found

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
        waiting = in_order(self.reach.cases.filter(state__in=WAITING), by_deadline(), slice(SHOWN_CASES))
        return [(one, next_act(one)) for one in with_calls(waiting, self.reach.calls)]

    @cached_property
    def errands(self) -> list[Errand]:
        """Flags of the person, or of nobody any more; answers of cities after which the coordination has written
        nothing; reviews that are due. The earliest first, in one query."""
        mine = self.reach.cases.order_by().values("pk")
        offices = Office.objects.filter(
            user=OuterRef("owner"), network=OuterRef("application__call__network"), role=Office.Role.COORDINATOR,
            user__is_active=True,
        )  # fmt: skip
        flags = Flag.objects.filter(Q(owner=self.reader) | ~Exists(offices), application__in=mine, resolved_at=None)
        later = Comment.objects.filter(application=OuterRef("application"), pk__gt=OuterRef("pk"))
        answers = Comment.objects.filter(~Exists(later), kind=Comment.Kind.FROM_CITY, application__in=mine)
        waited = Assignment.objects.filter(
            application__in=mine, state__in=[Assignment.State.INVITED, Assignment.State.ACCEPTED],
            due_at__lte=self.now + datetime.timedelta(days=REVIEW_DAYS),
        )  # fmt: skip
        person = Coalesce(NullIf("reviewer__name", Value("")), "reviewer__email", output_field=TextField())
        rows = [
            of.order_by()
            .annotate(row_kind=Value(kind), row_words=words, row_day=day)
            .values_list(
                "row_kind", "application", "application__city__name_de", "application__city__name_en", "row_words",
                "row_day",
            )
            for kind, of, words, day in (
                ("flag", flags, F("text"), F("due_on")),
                ("answer", answers, F("text"), Cast("at", DateField())),
                ("review", waited, person, Cast("due_at", DateField())),
            )
        ]  # fmt: skip
        today, in_english = timezone.localdate(), get_language() == "en"
        found = rows[0].union(*rows[1:], all=True).order_by("row_day")[:SHOWN_ERRANDS]
        return [
            Errand(
                kind,
                pk,
                (english if in_english else "") or german,
                words,
                day,
                is_late=day < today and kind != "answer",
            )
            for kind, pk, german, english, words, day in found
        ]

    # --- calls

    @cached_property
    def rounds(self) -> Sequence[Round]:
        """The person's calls: those in preparation and under way, the next date first, then the others. One query."""
        calls = self.reach.calls
        drafts = Application.objects.filter(call__in=calls, state=State.DRAFT).order_by().values_list("call")
        counts = dict(drafts.annotate(Count("pk")))
        found = [self._round(call, counts.get(pk, 0)) for pk, call in calls.items()]
        return sorted(found, key=_by_date)[:SHOWN_CALLS]

    def _round(self, call: Call, drafts: int) -> Round:
        dates = [call.opens_at, call.closes_at, call.forwards_at, call.decides_at]
        ahead = next((date for date in dates if date and date >= self.now), None)
        left = countdown(ahead, call.zone_info) if ahead else None
        return Round(call, self._counts[call.pk]["arrived"], drafts, left)

    @property
    def coordinated(self) -> set[int]:
        """The networks whose calls the person may change."""
        return self.reach.networks


def _by_date(one: Round) -> tuple[bool, float]:
    return one.left is None, one.left.end.timestamp() if one.left else -one.call.closes_at.timestamp()
