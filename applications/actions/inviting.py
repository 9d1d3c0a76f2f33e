"""Inviting reviewers to a call: by letter to an address; whoever holds it, confirmed, may accept."""

import datetime
from collections.abc import Collection

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import reviewing_letters
from applications.models import Call, ReviewerInvitation, ReviewerStatement
from cities.models import City, Country, Land
from cities.teams.invitations import confirmed_addresses
from network.actions import RefusedError
from network.models import Office, User
from network.permissions import coordinates

State = ReviewerInvitation.State
SALT = "applications.actions.inviting"
VALID_FOR = datetime.timedelta(days=14)
LETTERS = 5  # of one invitation, the first included
LETTERS_A_DAY = 100  # of one call


class InvitationRefusedError(RefusedError):
    """Inviting, or answering an invitation, is not possible; a sentence for the reader."""


def code_of(invitation: ReviewerInvitation) -> str:
    """What the letter carries. Only the last letter's code opens the invitation."""
    return signing.dumps([invitation.pk, invitation.serial], salt=SALT)


def invitation_of(code: str) -> ReviewerInvitation | None:
    """The invitation that a letter is about, whatever has become of it; None where the code is none of ours."""
    try:
        pk, serial = signing.loads(code, salt=SALT)
    except signing.BadSignature:
        return None
    found = ReviewerInvitation.objects.select_related("call__network", "call__pack_version", "invited_by")
    invitation = found.defer("call__pack_version__document").filter(pk=pk).first()
    if invitation:
        invitation.newer_letter = invitation.serial != serial
    return invitation


def holder_of(email: str) -> User | None:
    """Who has confirmed this address in the portal."""
    holder = EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True)
    found = holder.select_related("user").first()
    return found.user if found else None


def invite(call: Call, email: str, *, by: User) -> ReviewerInvitation:
    """Invites an address to review for a call. Who may: the network's coordination. The letter is secret and holds for
    14 days. Raises InvitationRefusedError where a call has nothing to judge, the address is invited already or reviews
    already, or belongs to somebody who coordinates the network."""
    email = email.lower()
    with transaction.atomic():
        _held(call, by)
        invitations = ReviewerInvitation.objects.filter(call=call, email=email)
        if invitations.filter(state=State.OPEN).exists():
            raise InvitationRefusedError(
                _("This address has been invited already. Send the invitation again, or revoke it first.")
            )
        if invitations.filter(state=State.ACCEPTED).exists():
            raise InvitationRefusedError(_("The person with this address has accepted an invitation already."))
        holder = holder_of(email)
        if holder and coordinates(holder, call.network):
            raise InvitationRefusedError(_("This person coordinates the network. Who decides does not review."))
        _refuse_too_many(call)
        now = timezone.now()
        invitation = ReviewerInvitation.objects.create(
            call=call, email=email, invited_by=by, sent_at=now, expires_at=now + VALID_FOR
        )
        reviewing_letters.invite(invitation, code=code_of(invitation), holder=holder, days=VALID_FOR.days)
    return invitation


def send_again(invitation: ReviewerInvitation, *, by: User) -> None:
    """A new letter with a new code for another 14 days; the earlier letter opens nothing any more."""
    with transaction.atomic():
        now = _still_open(invitation, by)
        if now.serial >= LETTERS:
            sentence = _("This invitation has been sent %(count)d times. Revoke it and ask for another address.")
            raise InvitationRefusedError(sentence % {"count": LETTERS})
        _refuse_too_many(now.call)
        now.serial += 1
        now.sent_at = timezone.now()
        now.expires_at = now.sent_at + VALID_FOR
        now.save(update_fields=["serial", "sent_at", "expires_at"])
        reviewing_letters.invite(now, code=code_of(now), holder=holder_of(now.email), days=VALID_FOR.days)


def revoke(invitation: ReviewerInvitation, *, by: User) -> None:
    """Its letter opens nothing any more."""
    with transaction.atomic():
        _close(_still_open(invitation, by), State.REVOKED)


def accept(invitation: ReviewerInvitation, *, by: User) -> None:
    """By whoever has confirmed the invited address, once: they review for the network from now on."""
    with transaction.atomic():
        now = _for_answer(invitation, by)
        if coordinates(by, now.call.network):
            raise InvitationRefusedError(_("You coordinate this network. Who decides does not review."))
        now.person = by
        _close(now, State.ACCEPTED)
        Office.objects.get_or_create(user=by, network=now.call.network, role=Office.Role.REVIEWER)
        reviewing_letters.tell_of_answer(now, by=by)


def decline(invitation: ReviewerInvitation, *, by: User) -> None:
    """By whoever has confirmed the invited address."""
    with transaction.atomic():
        now = _for_answer(invitation, by)
        _close(now, State.DECLINED)
        reviewing_letters.tell_of_answer(now, by=by)


def state_origin(
    *, by: User, country: Country, land: Land | None, cities: Collection[City], words: str = ""
) -> ReviewerStatement:
    """Writes where a person comes from and for which cities they work or have worked, confirmed now. `words` are the
    cities as they typed them, one in a line, also those the portal does not know."""
    with transaction.atomic():
        values = {"country": country, "land": land, "words": words, "confirmed_at": timezone.now()}
        statement, _is_new = ReviewerStatement.objects.update_or_create(user=by, defaults=values)
        statement.cities.set(cities)
    return statement


def _held(call: Call, by: User) -> None:
    """Locks the call's row against a second invitation at the same moment."""
    Call.objects.select_for_update().get(pk=call.pk)
    if not coordinates(by, call.network):
        raise InvitationRefusedError(_("Only the coordination of the network may do this."))
    if not call.pack.criteria:
        raise InvitationRefusedError(_("This call has no criteria, so there is nothing to review."))


def _still_open(invitation: ReviewerInvitation, by: User) -> ReviewerInvitation:
    now = _locked(invitation)
    if not coordinates(by, now.call.network):
        raise InvitationRefusedError(_("Only the coordination of the network may do this."))
    return now


def _locked(invitation: ReviewerInvitation) -> ReviewerInvitation:
    found = ReviewerInvitation.objects.select_for_update(of=("self",)).select_related("call__network", "invited_by")
    now = found.get(pk=invitation.pk)
    if now.state != State.OPEN:
        sentence = _("This invitation is no longer open: %(state)s.")
        raise InvitationRefusedError(sentence % {"state": now.get_state_display()})
    return now


def _for_answer(invitation: ReviewerInvitation, by: User) -> ReviewerInvitation:
    now = _locked(invitation)
    if now.has_expired:
        raise InvitationRefusedError(_("This invitation has expired. Ask the coordination to send it again."))
    if now.email not in confirmed_addresses(by):
        raise InvitationRefusedError(
            _("The invitation is for another address. Sign in with that one, or make it the address of your account.")
        )
    return now


def _close(invitation: ReviewerInvitation, state: ReviewerInvitation.State) -> None:
    invitation.state, invitation.answered_at = state, timezone.now()
    invitation.save(update_fields=["state", "answered_at", "person"])


def _refuse_too_many(call: Call) -> None:
    """A brake against letters without end."""
    yesterday = timezone.now() - datetime.timedelta(days=1)
    if ReviewerInvitation.objects.filter(call=call, sent_at__gt=yesterday).count() >= LETTERS_A_DAY:
        sentence = _("%(count)d invitations were sent within a day. Try it again tomorrow.")
        raise InvitationRefusedError(sentence % {"count": LETTERS_A_DAY})
