"""Somebody asks to speak for a city, and is answered."""

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import City, TeamEvent, TeamMember, TeamRequest
from cities.permissions import deciders, may_decide
from cities.teams.acting import (
    TeamRefusedError,
    holding,
    lead,
    member,
    note,
    refuse_more_than,
    refuse_unless,
    role_name,
    tell,
)
from network.models import User

State, Kind = TeamRequest.State, TeamEvent.Kind
OPEN_REQUESTS, REQUESTS_A_DAY = 5, 10  # of one person, over all cities


def ask_to_join(
    city: City, *, by: User, office: str, proof: str, email: str = "", phone: str = "", message: str = ""
) -> TeamRequest:
    """Anybody who is signed in and not in the team may ask, once at a time for each city, with an official e-mail
    address or telephone number. Told to all who may answer."""
    if not (email or phone):
        raise TeamRefusedError(_("Give an official e-mail address or telephone number."), field="email")
    with holding(city) as held:
        if member(held, by):
            raise TeamRefusedError(_("You are in the team of this city already."))
        waiting = TeamRequest.objects.filter(user=by, state=State.OPEN)
        if waiting.filter(city=held).exists():
            raise TeamRefusedError(_("You have asked already. Your request waits for an answer."))
        if waiting.count() >= OPEN_REQUESTS:
            sentence = _("%(count)d of your requests wait for an answer. Withdraw one of them before you ask again.")
            raise TeamRefusedError(sentence % {"count": OPEN_REQUESTS})
        refuse_more_than(REQUESTS_A_DAY, by=by, kind=Kind.ASKED)
        request = TeamRequest.objects.create(
            city=held, user=by, office=office, proof=proof, email=email, phone=phone, message=message
        )
        event = note(held, Kind.ASKED, by=by, person=by)
        tell(event, [person for person in deciders(held) if person != by], "request", request=request)
    return request


def _still_open(request: TeamRequest) -> TeamRequest:
    """The request as it is now, with the city held."""
    now = TeamRequest.objects.select_related("user").get(pk=request.pk)
    if now.state != State.OPEN:
        sentence = _("This request has been answered or withdrawn meanwhile: %(state)s.")
        raise TeamRefusedError(sentence % {"state": now.get_state_display()})
    return now


def _for_decision(request: TeamRequest, by: User) -> TeamRequest:
    now = _still_open(request)
    refuse_unless(now.user != by, _("Nobody answers their own request. Somebody else has to do it."))
    refuse_unless(may_decide(by, now.city))
    return now


def _close(request: TeamRequest, state: TeamRequest.State, by: User, *, reason: str = "", role: str = "") -> None:
    request.state, request.reason, request.role = state, reason, role
    request.decided_at, request.decided_by = timezone.now(), by
    request.save(update_fields=["state", "reason", "role", "decided_at", "decided_by"])


def confirm_request(request: TeamRequest, *, by: User, role: str) -> TeamMember:
    """Takes the person into the team in this role; as the lead only where there is none. Never one's own request."""
    with holding(request.city) as city:
        now = _for_decision(request, by)
        if not now.user.is_active:
            raise TeamRefusedError(_("The account of this person is closed. Decline the request."))
        if member(city, now.user):
            raise TeamRefusedError(_("This person is in the team already. Decline the request."))
        if role == TeamMember.Role.LEAD and lead(city):
            raise TeamRefusedError(_("The team has a lead already. Choose another role."), field="answer")
        made = TeamMember.objects.create(city=city, user=now.user, role=TeamMember.Role(role))
        _close(now, State.CONFIRMED, by, role=made.role)
        event = note(city, Kind.CONFIRMED, by=by, person=now.user, new=made.role)
        tell(event, [now.user], "confirmed", role=role_name(made.role))
    return made


def decline_request(request: TeamRequest, *, by: User, reason: str) -> None:
    """The reason is needed; the person reads it. Never one's own request."""
    if not reason.strip():
        raise TeamRefusedError(_("Give the reason. The person reads it."), field="reason")
    with holding(request.city) as city:
        now = _for_decision(request, by)
        _close(now, State.DECLINED, by, reason=reason)
        event = note(city, Kind.DECLINED, by=by, person=now.user, reason=reason)
        tell(event, [now.user], "declined")


def withdraw_request(request: TeamRequest, *, by: User, reason: str = "") -> None:
    """By the person who has asked."""
    with holding(request.city) as city:
        now = _still_open(request)
        refuse_unless(now.user == by)
        _close(now, State.WITHDRAWN, by, reason=reason)
        note(city, Kind.WITHDRAWN, by=by, person=by, reason=reason)


def withdraw_for_member(city: City, user: User, reason: str) -> None:
    """Somebody who has come into the team another way no longer asks; the city must be held."""
    for request in TeamRequest.objects.filter(city=city, user=user, state=State.OPEN):
        _close(request, State.WITHDRAWN, user, reason=reason)
        note(city, Kind.WITHDRAWN, by=user, person=user, reason=reason)
