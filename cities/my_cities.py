"""What concerns one person in city teams: own teams, what waits for an answer, and the search for one's city."""

from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.utils import timezone

from cities.models import City, TeamHandOver, TeamInvitation, TeamMember, TeamRequest
from cities.permissions import requests_for, teams_seen_by
from cities.teams import confirmed_addresses
from network.models import User

FOUND = 20  # cities shown; a longer word finds fewer
ANSWERED = 5  # last answered requests shown
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A city found by name, and what the person can do from here."""

    city: City
    is_own: bool
    has_asked: bool
    sees_team: bool


class MyCities:
    """The page of one person. Demo cities are found here, by signed-in people only."""

    def __init__(self, person: User, *, query: str = "", page: str = "") -> None:
        self.person = person
        self.query = query.strip()[:100]
        self._page = page

    @cached_property
    def teams(self) -> list[TeamMember]:
        return list(TeamMember.objects.filter(user=self.person).select_related("city").order_by("city__slug"))

    @cached_property
    def invitations(self) -> list[TeamInvitation]:
        """Those to addresses the person has confirmed, still valid."""
        addresses = confirmed_addresses(self.person)
        waiting = TeamInvitation.objects.filter(state=TeamInvitation.State.OPEN, expires_at__gt=timezone.now())
        return list(waiting.filter(email__in=addresses).select_related("city", "invited_by"))

    @cached_property
    def hand_overs(self) -> list[TeamHandOver]:
        waiting = TeamHandOver.objects.filter(taker=self.person, state=TeamHandOver.State.OPEN)
        return list(waiting.select_related("city", "giver"))

    @cached_property
    def to_answer(self) -> Page:
        """Requests of others, newest first."""
        requests = requests_for(self.person).select_related("city", "user").order_by("-pk")
        return Paginator(requests, PER_PAGE).get_page(self._page)

    @cached_property
    def requests(self) -> list[TeamRequest]:
        """The person's own: all that wait, then those last answered."""
        every = TeamRequest.objects.filter(user=self.person).select_related("city").order_by("-pk")
        waiting = list(every.filter(state=TeamRequest.State.OPEN))
        return waiting + list(every.exclude(state=TeamRequest.State.OPEN)[:ANSWERED])

    @cached_property
    def found(self) -> list[Found]:
        """The cities whose name fits best, or is like the one typed; empty without a search."""
        if not self.query:
            return []
        ranked: dict[int, float] = dict(City.objects.named(self.query))
        if not ranked:
            ranked = {pk: -likeness for pk, likeness in City.objects.named_like(self.query)}
        cities = City.objects.filter(pk__in=ranked).select_related("country", "land")
        best = sorted(cities, key=lambda city: (ranked[city.pk], str(city)))[:FOUND]
        own = {member.city_id for member in self.teams}
        asked = {request.city_id for request in self.requests if request.state == TeamRequest.State.OPEN}
        seen = set(teams_seen_by(self.person).filter(pk__in=[city.pk for city in best]).values_list("pk", flat=True))
        return [Found(city, city.pk in own, city.pk in asked, city.pk in seen) for city in best]
