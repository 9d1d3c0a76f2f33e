"""Roles change, people are removed, people leave."""

from django.utils.translation import gettext as _

from cities.models import City, TeamEvent, TeamMember
from cities.permissions import deciders, may_manage_team
from cities.teams.acting import TeamRefusedError, holding, lead, member, note, refuse_unless, role_name, tell
from cities.teams.hand_over import drop_proposals
from cities.teams.invitations import revoke_those_of
from network.models import User

Role, Kind = TeamMember.Role, TeamEvent.Kind


def _still_there(place: TeamMember) -> TeamMember:
    now = TeamMember.objects.select_related("user").filter(pk=place.pk).first()
    if now is None:
        raise TeamRefusedError(_("This person is no longer in the team."))
    return now


def change_role(place: TeamMember, *, by: User, role: str) -> TeamMember:
    """Lead, deputy or operator make an editor a deputy or the other way round. The lead is only ever handed over."""
    if role not in {Role.DEPUTY, Role.EDITOR}:
        raise ValueError(f"{role}: a role changes to deputy or editor")
    with holding(place.city) as city:
        refuse_unless(may_manage_team(by, city))
        now = _still_there(place)
        if now.role == Role.LEAD:
            raise TeamRefusedError(_("The lead is handed over, not changed."), field="role")
        if now.role == role:
            return now
        before, now.role = now.role, role
        now.save(update_fields=["role"])
        event = note(city, Kind.ROLE, by=by, person=now.user, old=before, new=role)
        tell(event, [now.user] if now.user != by else [], "role", role=role_name(role))
    return now


def remove_member(place: TeamMember, *, by: User, reason: str) -> None:
    """Lead, deputy or operator remove somebody else, not the lead, with a reason the person reads. Invitations that the
    person has sent are revoked."""
    if not reason.strip():
        raise TeamRefusedError(_("Give the reason. The person reads it."), field="reason")
    with holding(place.city) as city:
        refuse_unless(may_manage_team(by, city))
        now = _still_there(place)
        refuse_unless(now.user != by, _("You cannot remove yourself. You can leave the team."))
        refuse_unless(now.role != Role.LEAD, _("The lead cannot be removed. The lead is handed over first."))
        drop_proposals(city, by=by, taker=now.user)
        revoke_those_of(city, now.user, by=by)
        now.delete()
        event = note(city, Kind.REMOVED, by=by, person=now.user, old=now.role, reason=reason)
        tell(event, [now.user], "removed")


def leave_team(city: City, *, by: User, reason: str = "") -> None:
    """Everybody but the lead may leave. Told to the lead; where there is none, to whoever may answer requests."""
    with holding(city) as held:
        now = member(held, by)
        if now is None:
            raise TeamRefusedError(_("You are not in the team of this city."))
        if now.role == Role.LEAD:
            raise TeamRefusedError(_("A team is not left without a lead. Hand the lead over first."))
        depart(held, now, reason=reason)


def depart(city: City, place: TeamMember, *, reason: str = "") -> None:
    """Somebody goes of their own will, so that no city is left alone unnoticed; the city must be held."""
    drop_proposals(city, by=place.user, taker=None if place.role == Role.LEAD else place.user)
    place.delete()
    event = note(city, Kind.LEFT, by=place.user, person=place.user, old=place.role, reason=reason)
    head = lead(city)
    tell(event, [head.user] if head else [person for person in deciders(city) if person != place.user], "left")
