"""What has happened in a city's team, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from cities.models import City, TeamEvent, TeamMember
from network.models import User

Kind = TeamEvent.Kind
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history."""

    at: datetime
    words: str
    reason: str


def _pattern(event: TeamEvent) -> str:
    """The sentence with its gaps."""
    if event.kind == Kind.BECAME_LEAD:
        by_others = event.by_id != event.person_id
        return _("%(by)s gave the lead to %(person)s.") if by_others else _("%(person)s took over the lead.")
    if event.kind == Kind.WAS_LEAD:
        stayed = _("%(person)s no longer leads the team. Role from then on: %(new)s.")
        return stayed if event.new_role else _("%(person)s no longer leads the team and has left it.")
    return {
        Kind.ASKED: _("%(person)s asked to speak for the city."),
        Kind.CONFIRMED: _("%(by)s confirmed the request of %(person)s. Role: %(new)s."),
        Kind.DECLINED: _("%(by)s declined the request of %(person)s."),
        Kind.WITHDRAWN: _("%(person)s withdrew the request."),
        Kind.INVITED: _("%(by)s invited %(address)s. Role: %(new)s."),
        Kind.INVITED_AGAIN: _("%(by)s sent the invitation to %(address)s again."),
        Kind.REVOKED: _("%(by)s revoked the invitation to %(address)s."),
        Kind.ACCEPTED: _("%(person)s accepted the invitation to %(address)s. Role: %(new)s."),
        Kind.TURNED_DOWN: _("%(person)s declined the invitation to %(address)s."),
        Kind.ROLE: _("%(by)s changed the role of %(person)s. Before: %(old)s, from then on: %(new)s."),
        Kind.REMOVED: _("%(by)s removed %(person)s from the team. Role until then: %(old)s."),
        Kind.LEFT: _("%(person)s left the team. Role until then: %(old)s."),
        Kind.PROPOSED: _("%(by)s asked %(person)s to take over the lead."),
        Kind.NOT_TAKEN: _("%(person)s declined to take over the lead."),
        Kind.TAKEN_BACK: _("%(by)s withdrew the proposal that %(person)s take over the lead."),
    }[Kind(event.kind)]


def _name(person: User | None) -> str:
    return str(person) if person else _("deleted person")


def _role(role: str) -> str:
    return str(TeamMember.Role(role).label) if role else ""


def in_words(event: TeamEvent) -> str:
    """One sentence, in the reader's language; it needs `by`, `person` and `invitation` at hand."""
    return _pattern(event) % {
        "by": _name(event.by),
        "person": _name(event.person),
        "address": (event.invitation and event.invitation.email) or _("a deleted address"),
        "old": _role(event.old_role),
        "new": _role(event.new_role),
    }


def chronicle(city: City, page: str) -> tuple[Page, list[Line]]:
    """One page of the history, newest first: the page itself and its lines. Two queries."""
    events = TeamEvent.objects.filter(city=city).select_related("by", "person", "invitation")
    shown = Paginator(events, PER_PAGE).get_page(page)
    return shown, [Line(event.at, in_words(event), event.reason) for event in shown]
