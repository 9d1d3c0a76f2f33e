"""What waits for one person: own applications, calls to apply to, questions to answer, cases to check, letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.course import NextAct, next_act
from applications.freezing import File, files_of
from applications.models import Application, Call
from applications.permissions import SPEAKERS
from applications.progress import Progress, progress_of
from applications.reach import Reach
from applications.workflow import ENDED, State
from cities.models import City, Membership, TeamRequest
from cities.my_cities import MyCities
from network.models import Letter, User

LATEST_LETTERS = 5
LATEST_ENDED = 5
SHOWN_CASES = 10
FIRST = {State.RETURNED: 0, State.DRAFT: 1}  # then whatever waits for others
LAST = 3  # what has missed its deadline


@dataclass(frozen=True)
class Task:
    """The next thing to do: a sentence, and the words and address of the way there."""

    sentence: str
    label: str
    address: str


@dataclass(frozen=True)
class Entry:
    """An application of one of the person's cities. `task` is what the city does next, `act` who acts next and when."""

    application: Application
    act: NextAct | None
    task: Task | None


@dataclass(frozen=True)
class Chance:
    """An open call, and the person's cities that could apply to it."""

    call: Call
    cities: Sequence[City]


class MyDesk:
    """The first page after signing in. `page` is that of the requests to be answered."""

    def __init__(self, person: User, *, page: str = "") -> None:
        self.person = person
        self.mine = MyCities(person, page=page)

    # --- for the cities

    @cached_property
    def _applications(self) -> list[Application]:
        return list(Application.objects.of_cities_of(self.person).for_page())

    @cached_property
    def entries(self) -> list[Entry]:
        """What is under way: the returned ones, drafts, what waits for others, what has missed its deadline; each by
        its date."""
        open_ones = [one for one in self._applications if not one.has_ended]
        writable = [one for one in open_ones if one.is_writable]
        prefetch_related_objects(writable, "call__network__fields")
        tasks = {file.application.pk: self._task(file) for file in files_of(writable)} if writable else {}
        found = [Entry(one, next_act(one), tasks.get(one.pk)) for one in open_ones]
        return sorted(found, key=_order)

    @cached_property
    def ended(self) -> list[Application]:
        """Those that have come to an end, the latest first."""
        return [one for one in self._applications if one.state in ENDED][:LATEST_ENDED]

    def _task(self, file: File) -> Task:
        application = file.application
        if not application.is_in_time():
            return Task(
                _("The deadline has passed. Only the coordination can still accept the application: ask it."),
                _("To the application"),
                reverse("applications:detail", args=[application.pk]),
            )
        if application.state == State.RETURNED:
            return _to_change(application)
        speaks = any(one.city_id == application.city_id and one.role in SPEAKERS for one in self.mine.teams)
        return _to_complete(progress_of(file, []), speaks=speaks)

    @cached_property
    def chances(self) -> list[Chance]:
        """Open calls of networks in which a city of the person is not, and to which it has not applied, by deadline."""
        cities = [member.city for member in self.mine.teams]
        if not cities:
            return []
        current = Membership.objects.exclude(status=Membership.Status.ENDED).filter(city__in=cities)
        members = set(current.values_list("city_id", "network_id"))
        applied = {(one.city_id, one.call_id) for one in self._applications}
        calls = [call for call in Call.objects.published().for_list() if call.is_open()]
        found = [
            Chance(call, [
                city for city in cities
                if (city.pk, call.network_id) not in members and (city.pk, call.pk) not in applied
                and (call.is_demo or not city.is_demo)
            ])
            for call in calls
        ]  # fmt: skip
        return [chance for chance in found if chance.cities]

    @cached_property
    def asked(self) -> list[TeamRequest]:
        """The person's own requests to speak for a city that wait for an answer."""
        waiting = TeamRequest.objects.filter(user=self.person, state=TeamRequest.State.OPEN)
        return list(waiting.select_related("city").order_by("asked_at"))

    # --- for the coordination

    @cached_property
    def _reach(self) -> Reach:
        return Reach(self.person, only_own=True)

    @cached_property
    def to_check_count(self) -> int:
        return self._reach.waiting.bit_count()

    @cached_property
    def to_check(self) -> list[tuple[Application, NextAct | None]]:
        """The next ones by deadline."""
        return [(one, next_act(one)) for one in self._reach.next_waiting(SHOWN_CASES)]

    # --- letters

    @cached_property
    def letters(self) -> list[Letter]:
        return list(Letter.objects.visible_to(self.person).for_list()[:LATEST_LETTERS])


def _order(entry: Entry) -> tuple[int, bool, float]:
    until = entry.act.until if entry.act else None
    missed = entry.application.is_writable and not entry.application.is_in_time()
    rank = LAST if missed else FIRST.get(State(entry.application.state), LAST - 1)
    return rank, until is None, until.timestamp() if until else 0.0


def _to_change(application: Application) -> Task:
    labels = [str(question.label) for key, question in application.pack.questions.items()
              if key in application.returned_parts]  # fmt: skip
    return Task(
        _("The coordination asks for changes: %(parts)s") % {"parts": " · ".join(labels)},
        _("Read what is asked"),
        reverse("applications:detail", args=[application.pk]),
    )


def _to_complete(progress: Progress, *, speaks: bool) -> Task:
    pk = progress.file.application.pk
    detail, check = (reverse(f"applications:{name}", args=[pk]) for name in ("detail", "check"))
    if section := progress.next_section:
        count = len(progress.gaps)
        sentence = ngettext(
            "%(count)s thing is missing. Next: %(section)s.", "%(count)s things are missing. Next: %(section)s.", count
        )
        address = reverse("applications:section", args=[pk, section.section.key])
        return Task(sentence % {"count": count, "section": section.section.title}, _("Go on writing"), address)
    if progress.general_gaps:
        return Task(progress.general_gaps[0].sentence, _("To the application"), detail)
    if link := progress.next_link:
        address = reverse("applications:sheet", args=[pk, link.link.key])
        return Task(_("All answers are there. What is missing is the signature."), _("To the signing page"), address)
    if speaks:
        return Task(_("Nothing is missing."), _("Check and submit"), check)
    return Task(_("Nothing is missing. Lead or deputy can submit now."), _("Check the answers"), check)
