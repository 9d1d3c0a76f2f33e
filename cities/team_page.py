"""What one person sees of a city's team, and what they may do there."""

from functools import cached_property

from django.core.paginator import Page

from cities import permissions
from cities.chronicle import Line, chronicle
from cities.models import City, TeamHandOver, TeamInvitation, TeamMember, TeamRequest
from network.models import User

Role = TeamMember.Role
ORDER = list(Role)


class TeamPage:
    """The team of a city as `reader` may see it, who has been let in already (permissions.teams_seen_by)."""

    def __init__(self, city: City, reader: User, page: str = "") -> None:
        self.city = city
        self.reader = reader
        self._page = page

    # --- who may what

    @cached_property
    def own(self) -> TeamMember | None:
        """The reader's own place in the team."""
        return next((member for member in self.members if member.user_id == self.reader.pk), None)

    @property
    def leads(self) -> bool:
        return self.own is not None and self.own.role == Role.LEAD

    @cached_property
    def may_manage(self) -> bool:
        return permissions.may_manage_team(self.reader, self.city)

    @cached_property
    def may_appoint(self) -> bool:
        """Whether there is somebody whom the reader may make the lead."""
        return bool(self.candidates) and permissions.may_appoint_lead(self.reader, self.city)

    @cached_property
    def may_decide(self) -> bool:
        return self.may_manage or permissions.may_decide(self.reader, self.city)

    # --- who is there

    @cached_property
    def members(self) -> list[TeamMember]:
        """Lead first, then deputies, then editors."""
        members = TeamMember.objects.filter(city=self.city).select_related("user")
        return sorted(members, key=lambda member: (ORDER.index(Role(member.role)), str(member.user)))

    @property
    def lead(self) -> TeamMember | None:
        return next((member for member in self.members if member.role == Role.LEAD), None)

    @property
    def candidates(self) -> list[TeamMember]:
        """Who could become the lead by the reader's hand."""
        return [m for m in self.members if m.role != Role.LEAD and m.user.is_active and m.user_id != self.reader.pk]

    @property
    def manageable(self) -> list[TeamMember]:
        """Whose role the reader may change, and whom they may remove: not the lead, not themselves."""
        return [m for m in self.members if self.may_manage and m.role != Role.LEAD and m.user_id != self.reader.pk]

    @cached_property
    def in_charge(self) -> list[User]:
        """The coordinators to turn to where there is no lead."""
        return list(permissions.coordinators_in_charge(self.city))

    # --- what waits, and what was

    @cached_property
    def requests(self) -> list[TeamRequest]:
        waiting = TeamRequest.objects.filter(city=self.city, state=TeamRequest.State.OPEN)
        return list(waiting.select_related("user"))

    @cached_property
    def invitations(self) -> list[TeamInvitation]:
        return list(TeamInvitation.objects.filter(city=self.city, state=TeamInvitation.State.OPEN))

    @cached_property
    def hand_over(self) -> TeamHandOver | None:
        """The open proposal."""
        waiting = TeamHandOver.objects.filter(city=self.city, state=TeamHandOver.State.OPEN)
        return waiting.select_related("giver", "taker").first()

    @cached_property
    def _history(self) -> tuple[Page, list[Line]]:
        return chronicle(self.city, self._page)

    @property
    def page(self) -> Page:
        """Which page of the history is shown."""
        return self._history[0]

    @property
    def history(self) -> list[Line]:
        return self._history[1]
