"""Who writes a practice, who checks it, who keeps sessions and material. Private by default: a stranger meets 404."""

from django.contrib.auth.models import AnonymousUser

from cities.models.city import CityQuerySet
from cities.permissions import own_cities
from exchange.models import Practice, Proposal
from exchange.models.proposal import ProposalQuerySet
from network.models import User
from network.permissions import keeps_content

State = Proposal.State
WRITABLE = (State.DRAFT, State.RETURNED, State.PUBLISHED, State.WITHDRAWN)  # by its authors
MOVABLE = (State.DRAFT, State.RETURNED, State.WITHDRAWN)  # by who began it, unless it was ever public


def is_author(user: User | AnonymousUser, proposal: Proposal) -> bool:
    """Whether the person writes for the place of this proposal."""
    return Proposal.objects.of_author(user).filter(pk=proposal.pk).exists()


def moderates(user: User | AnonymousUser, proposal: Proposal) -> bool:
    """Whether the proposal is in the person's charge; never one's own."""
    return Proposal.objects.moderated_by(user).filter(pk=proposal.pk).exists()


def may_write(user: User | AnonymousUser, proposal: Proposal) -> bool:
    """Whether the person may change texts and pictures now: authors, and while it waits for a check, who checks it."""
    if proposal.is_waiting:
        return moderates(user, proposal)
    return proposal.state in WRITABLE and is_author(user, proposal)


def may_move(user: User | AnonymousUser, proposal: Proposal) -> bool:
    """Whether the person may say that it comes from another place: who began it, and never once it was public, for
    then it is known and linked under its place."""
    begun = user.pk is not None and proposal.by_id == user.pk and proposal.practice_id is None
    return begun and proposal.state in MOVABLE and is_author(user, proposal)


def proposals_seen_by(user: User | AnonymousUser) -> ProposalQuerySet:
    """Those the person writes or checks."""
    own, checked = Proposal.objects.of_author(user), Proposal.objects.moderated_by(user)
    seen: ProposalQuerySet = Proposal.objects.filter(pk__in=own.values("pk")) | Proposal.objects.filter(
        pk__in=checked.values("pk")
    )
    return seen


def moderates_any(user: User | AnonymousUser) -> bool:
    """Whether the person has a queue at all: coordinators of any network, and operators."""
    return keeps_content(user)


def moderates_practice(user: User | AnonymousUser, practice: Practice) -> bool:
    """Whether a published practice is in the person's charge, also one without a proposal; never of one's own city."""
    return Practice.objects.moderated_by(user).filter(pk=practice.pk).exists()


def cities_for_transfer(user: User | AnonymousUser, practice: Practice) -> CityQuerySet:
    """The person's cities that may tell what they do with a practice: all but the one it is from."""
    cities = own_cities(user)
    return cities.exclude(pk=practice.city_id) if practice.city_id else cities


def speaks_for_practice(user: User | AnonymousUser, practice: Practice) -> bool:
    """Whether the person writes for the city of this practice."""
    return practice.city_id is not None and own_cities(user).filter(pk=practice.city_id).exists()
