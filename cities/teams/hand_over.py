"""The lead passes on: proposed by the lead and taken by a member, or given by a coordinator when somebody has left."""

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import City, TeamEvent, TeamHandOver, TeamMember
from cities.permissions import may_appoint_lead
from cities.teams.acting import TeamRefusedError, holding, lead, member, note, refuse_unless, tell
from network.models import User

Role, State, Kind = TeamMember.Role, TeamHandOver.State, TeamEvent.Kind


def propose_lead(city: City, *, by: User, to: User, stays: bool) -> TeamHandOver:
    """The lead asks another member to take over; nothing changes before that person agrees. `stays`: the former lead
    becomes deputy, and leaves otherwise."""
    with holding(city) as held:
        head = lead(held)
        refuse_unless(head is not None and head.user == by)
        if TeamHandOver.objects.filter(city=held, state=State.OPEN).exists():
            raise TeamRefusedError(_("You have proposed a hand-over already. Withdraw it first."))
        place = member(held, to)
        if place is None or to == by or not to.is_active:
            raise TeamRefusedError(_("Choose somebody else of the team."), field="to")
        made = TeamHandOver.objects.create(city=held, giver=by, taker=to, stays=stays)
        event = note(held, Kind.PROPOSED, by=by, person=to, old=place.role, new=Role.LEAD)
        tell(event, [to], "hand_over", stays=stays)
    return made


def _still_open(hand_over: TeamHandOver) -> TeamHandOver:
    now = TeamHandOver.objects.select_related("giver", "taker").get(pk=hand_over.pk)
    if now.state != State.OPEN:
        raise TeamRefusedError(_("This proposal is no longer open: %(state)s.") % {"state": now.get_state_display()})
    return now


def _close(hand_over: TeamHandOver, state: TeamHandOver.State) -> None:
    hand_over.state, hand_over.closed_at = state, timezone.now()
    hand_over.save(update_fields=["state", "closed_at"])


def take_lead(hand_over: TeamHandOver, *, by: User) -> None:
    """The proposed member agrees, and both roles change at once."""
    with holding(hand_over.city) as city:
        now = _still_open(hand_over)
        refuse_unless(now.taker == by)
        _close(now, State.ACCEPTED)
        place = member(city, by)
        assert place is not None, "a proposal ends when its taker leaves the team"
        event = _pass_on(city, place, by=by, stays=now.stays)
        tell(event, [now.giver], "handed_over", stays=now.stays)


def decline_lead(hand_over: TeamHandOver, *, by: User, reason: str = "") -> None:
    """The proposed member does not want to; everything stays as it is."""
    with holding(hand_over.city) as city:
        now = _still_open(hand_over)
        refuse_unless(now.taker == by)
        _close(now, State.DECLINED)
        event = note(city, Kind.NOT_TAKEN, by=by, person=by, reason=reason)
        tell(event, [now.giver], "not_taken")


def take_back_proposal(hand_over: TeamHandOver, *, by: User) -> None:
    """The lead does not want to hand over any more."""
    with holding(hand_over.city) as city:
        now = _still_open(hand_over)
        refuse_unless(now.giver == by)
        _close(now, State.WITHDRAWN)
        note(city, Kind.TAKEN_BACK, by=by, person=now.taker)


def drop_proposals(city: City, *, by: User, taker: User | None = None) -> None:
    """Ends the open proposal (with `taker`: only one made to this person); the city must be held."""
    waiting = TeamHandOver.objects.select_related("taker").filter(city=city, state=State.OPEN)
    for proposal in waiting.filter(taker=taker) if taker else waiting:
        _close(proposal, State.WITHDRAWN)
        note(city, Kind.TAKEN_BACK, by=by, person=proposal.taker)


def appoint_lead(city: City, *, by: User, to: User, stays: bool, reason: str) -> None:
    """A coordinator in charge or an operator gives the lead to a member, never to themselves, with a reason that all
    concerned read. `stays`: a former lead becomes deputy, and leaves otherwise."""
    if not reason.strip():
        raise TeamRefusedError(_("Give the reason. The team reads it."), field="reason")
    with holding(city) as held:
        refuse_unless(may_appoint_lead(by, held))
        refuse_unless(to != by, _("Nobody makes themselves the lead. Somebody else has to do it."))
        place = member(held, to)
        if place is None or place.role == Role.LEAD or not to.is_active:
            raise TeamRefusedError(_("Choose somebody of the team who does not lead it yet."), field="to")
        former = lead(held)
        drop_proposals(held, by=by)
        event = _pass_on(held, place, by=by, stays=stays, reason=reason)
        tell(event, [to], "appointed")
        tell(event, [former.user] if former else [], "replaced", stays=stays)


def _pass_on(city: City, place: TeamMember, *, by: User, stays: bool, reason: str = "") -> TeamEvent:
    """The former lead steps back first: the database knows of one lead at every moment."""
    former = lead(city)
    if former:
        if stays:
            former.role = Role.DEPUTY
            former.save(update_fields=["role"])
        else:
            former.delete()
        after = Role.DEPUTY if stays else ""
        note(city, Kind.WAS_LEAD, by=by, person=former.user, old=Role.LEAD, new=after, reason=reason)
    before, place.role = place.role, Role.LEAD
    place.save(update_fields=["role"])
    return note(city, Kind.BECAME_LEAD, by=by, person=place.user, old=before, new=Role.LEAD, reason=reason)
