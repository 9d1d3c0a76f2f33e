"""An address is invited into a city's team; whoever holds it, confirmed, may accept."""

import datetime

from allauth.account.models import EmailAddress
from django.core import signing
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.models import City, TeamEvent, TeamInvitation, TeamMember
from cities.permissions import may_manage_team
from cities.teams.acting import (
    TeamRefusedError,
    holding,
    member,
    note,
    refuse_more_than,
    refuse_unless,
    role_name,
    tell,
)
from cities.teams.requests import withdraw_for_member
from network.models import Letter, User
from network.outbox import post

State, Kind = TeamInvitation.State, TeamEvent.Kind
SALT = "cities.teams.invitation"
VALID_FOR = datetime.timedelta(days=14)
OPEN_INVITATIONS = 20  # of one city
LETTERS = 5  # of one invitation, the first included
LETTERS_A_DAY = 40  # of one city


def code_of(invitation: TeamInvitation) -> str:
    """What the letter carries. Only the last letter's code opens the invitation."""
    return signing.dumps([invitation.pk, invitation.serial], salt=SALT)


def invitation_of(code: str) -> TeamInvitation | None:
    """The invitation that a letter is about, whatever has become of it; None where the code is none of ours."""
    try:
        pk, serial = signing.loads(code, salt=SALT)
    except signing.BadSignature:
        return None
    found = TeamInvitation.objects.select_related("city", "city__country", "invited_by").filter(pk=pk).first()
    if found:
        found.newer_letter = found.serial != serial
    return found


def confirmed_addresses(user: User) -> set[str]:
    """The addresses that the person has proved to hold, in small letters."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return {address.lower() for address in addresses}


def invite(city: City, *, by: User, email: str, role: str) -> TeamInvitation:
    """Lead, deputy or operator invite an address as deputy or editor. The letter is secret and holds for 14 days."""
    if role not in {TeamMember.Role.DEPUTY, TeamMember.Role.EDITOR}:
        raise ValueError(f"{role}: one is invited as deputy or editor")
    email = email.lower()
    with holding(city) as held:
        refuse_unless(may_manage_team(by, held))
        waiting = TeamInvitation.objects.filter(city=held, state=State.OPEN)
        if waiting.filter(email=email).exists():
            sentence = _("This address has been invited already. Send the invitation again, or revoke it first.")
            raise TeamRefusedError(sentence, field="email")
        holders = EmailAddress.objects.filter(email__iexact=email, verified=True).values("user_id")
        if TeamMember.objects.filter(city=held, user_id__in=holders).exists():
            raise TeamRefusedError(_("The person with this address is in the team already."), field="email")
        if waiting.count() >= OPEN_INVITATIONS:
            sentence = _(
                "%(count)d invitations wait for an answer. Revoke some of them before you invite further people."
            )
            raise TeamRefusedError(sentence % {"count": OPEN_INVITATIONS})
        refuse_more_than(LETTERS_A_DAY, city=held, kind__in=[Kind.INVITED, Kind.INVITED_AGAIN])
        now = timezone.now()
        invitation = TeamInvitation.objects.create(
            city=held, email=email, role=role, invited_by=by, sent_at=now, expires_at=now + VALID_FOR
        )
        note(held, Kind.INVITED, by=by, invitation=invitation, new=role)
        _write(invitation, by)
    return invitation


def _write(invitation: TeamInvitation, by: User) -> None:
    """In the language its reader has chosen, where the portal knows the address; else in that of who invites."""
    holder = EmailAddress.objects.filter(email__iexact=invitation.email, verified=True).select_related("user").first()
    words = {
        "city": invitation.city,
        "by": by,
        "role": role_name(invitation.role),
        "days": VALID_FOR.days,
        "code": code_of(invitation),
    }
    post(
        "team_invitation",
        to=invitation.email,
        context=words,
        key=f"team:invitation:{invitation.pk}:{invitation.serial}",
        urgency=Letter.Urgency.ACCOUNT,
        language=holder.user.language if holder else get_language(),
        secret=True,
    )


def _still_open(invitation: TeamInvitation) -> TeamInvitation:
    """The invitation as it is now, with the city held."""
    now = TeamInvitation.objects.select_related("city", "invited_by").get(pk=invitation.pk)
    if now.state != State.OPEN:
        sentence = _("This invitation is no longer open: %(state)s.")
        raise TeamRefusedError(sentence % {"state": now.get_state_display()})
    return now


def _close(invitation: TeamInvitation, state: TeamInvitation.State) -> None:
    invitation.state, invitation.closed_at = state, timezone.now()
    invitation.save(update_fields=["state", "closed_at"])


def send_again(invitation: TeamInvitation, *, by: User) -> None:
    """A new letter with a new code for another 14 days; the earlier letter opens nothing any more."""
    with holding(invitation.city) as city:
        refuse_unless(may_manage_team(by, city))
        now = _still_open(invitation)
        if now.serial >= LETTERS:
            sentence = _("This invitation has been sent %(count)d times. Revoke it and ask for another address.")
            raise TeamRefusedError(sentence % {"count": LETTERS})
        refuse_more_than(LETTERS_A_DAY, city=city, kind__in=[Kind.INVITED, Kind.INVITED_AGAIN])
        now.serial += 1
        now.sent_at = timezone.now()
        now.expires_at = now.sent_at + VALID_FOR
        now.save(update_fields=["serial", "sent_at", "expires_at"])
        note(city, Kind.INVITED_AGAIN, by=by, invitation=now, new=now.role)
        _write(now, by)


def revoke_invitation(invitation: TeamInvitation, *, by: User) -> None:
    """Its letter opens nothing any more."""
    with holding(invitation.city) as city:
        refuse_unless(may_manage_team(by, city))
        now = _still_open(invitation)
        _close(now, State.REVOKED)
        note(city, Kind.REVOKED, by=by, invitation=now, new=now.role)


def revoke_those_of(city: City, user: User, *, by: User) -> None:
    """What somebody who was removed has sent out opens nothing any more; the city must be held."""
    for invitation in TeamInvitation.objects.filter(city=city, invited_by=user, state=State.OPEN):
        _close(invitation, State.REVOKED)
        note(city, Kind.REVOKED, by=by, invitation=invitation, new=invitation.role)


def turn_down_those_to(user: User) -> None:
    """For somebody whose account ends."""
    for invitation in TeamInvitation.objects.filter(email=user.email.lower(), state=State.OPEN).select_related("city"):
        with holding(invitation.city) as city:
            _close(invitation, State.DECLINED)
            note(city, Kind.TURNED_DOWN, by=user, person=user, invitation=invitation, new=invitation.role)


def _for_answer(invitation: TeamInvitation, by: User) -> TeamInvitation:
    now = _still_open(invitation)
    if now.has_expired:
        raise TeamRefusedError(_("This invitation has expired. Ask the team of the city to send it again."))
    if now.email not in confirmed_addresses(by):
        sentence = _(
            "The invitation is for another address. Sign in with that one, or make it the address of your account."
        )
        raise TeamRefusedError(sentence)
    return now


def accept_invitation(invitation: TeamInvitation, *, by: User) -> TeamMember:
    """By whoever has confirmed the invited address, once. An own open request for the city is withdrawn thereby."""
    with holding(invitation.city) as city:
        now = _for_answer(invitation, by)
        if member(city, by):
            raise TeamRefusedError(_("You are in the team of this city already."))
        made = TeamMember.objects.create(city=city, user=by, role=now.role)
        _close(now, State.ACCEPTED)
        withdraw_for_member(city, by, _("Came into the team by an invitation."))
        event = note(city, Kind.ACCEPTED, by=by, person=by, invitation=now, new=made.role)
        tell(event, [now.invited_by] if now.invited_by else [], "joined", role=role_name(made.role))
    return made


def turn_down_invitation(invitation: TeamInvitation, *, by: User) -> None:
    """By whoever has confirmed the invited address."""
    with holding(invitation.city) as city:
        now = _for_answer(invitation, by)
        _close(now, State.DECLINED)
        note(city, Kind.TURNED_DOWN, by=by, person=by, invitation=now, new=now.role)
