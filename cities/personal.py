"""What the directory knows about a person, and what becomes of it when the account ends."""

import datetime
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from cities.models import ProfileEdit, TeamEvent, TeamInvitation, TeamMember, TeamRequest
from cities.teams.acting import holding
from cities.teams.invitations import turn_down_those_to
from cities.teams.members import depart
from cities.teams.requests import withdraw_for_member
from network.models import User
from network.personal import Part

Kind = TeamEvent.Kind
CITY = F("city__slug")


def _plain(row: dict[str, Any]) -> dict[str, object]:
    return {key: value.isoformat() if isinstance(value, datetime.date) else value for key, value in row.items()}


def about(user: User) -> dict[str, object]:
    """Teams, requests, invitations to the person's address, and what they did or what was done to them."""
    edits = ProfileEdit.objects.filter(by=user).order_by("pk")
    events = TeamEvent.objects.filter(Q(by=user) | Q(person=user)).order_by("pk")
    invitations = TeamInvitation.objects.filter(email=user.email.lower())
    requests = TeamRequest.objects.filter(user=user)
    asked = ("office", "proof", "email", "phone", "message", "state", "role", "reason", "asked_at", "decided_at")
    rows: dict[str, Any] = {
        "teams": TeamMember.objects.filter(user=user).values("role", "since", in_city=CITY),
        "requests_to_speak_for_a_city": requests.values(*asked, for_city=CITY),
        "invitations": invitations.values("role", "state", "sent_at", into_city=CITY),
        "history_of_teams": events.values("kind", "at", "old_role", "new_role", "reason", in_city=CITY),
        "changes_of_profiles": edits.values("field", "old", "new", "at", of_city=CITY),
    }
    return {name: [_plain(row) for row in found] for name, found in rows.items()}


def holds(user: User) -> list[str]:
    """Who leads a team with further members hands the lead over first."""
    led = TeamMember.objects.filter(user=user, role=TeamMember.Role.LEAD).select_related("city")
    others = TeamMember.objects.filter(user__is_active=True).exclude(user=user)
    sentence = _("You lead the team of %(city)s. Hand the lead over to another member first.")
    return [sentence % {"city": place.city} for place in led if others.filter(city=place.city).exists()]


def ends(user: User) -> None:
    """The person leaves all teams, and somebody is told. Requests go, with what they say of the person, and addresses
    in invitations; the history stays."""
    for place in TeamMember.objects.filter(user=user).select_related("city", "user").order_by("city_id"):
        with holding(place.city) as city:
            depart(city, place)
    for request in TeamRequest.objects.filter(user=user, state=TeamRequest.State.OPEN).select_related("city"):
        with holding(request.city) as city:
            withdraw_for_member(city, user, "")
    TeamRequest.objects.filter(user=user).delete()
    answered = TeamEvent.objects.filter(person=user, kind__in=[Kind.ACCEPTED, Kind.TURNED_DOWN]).values("invitation")
    turn_down_those_to(user)
    TeamInvitation.objects.filter(Q(email=user.email.lower()) | Q(pk__in=answered)).update(email="")


PART = Part("cities", about, holds, ends)
