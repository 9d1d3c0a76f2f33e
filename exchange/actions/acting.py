"""What every act on a proposal does alike: hold it, note the act, tell people."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from exchange.models import Practice, Programme, Proposal, ProposalNote
from network.actions import RefusedError
from network.models import Office, User
from network.outbox import post

OPERATORS_LANGUAGE = "de"


class ExchangeRefusedError(RefusedError):
    """`field` is the name of the entry that the sentence belongs beside, empty where it belongs to none."""

    def __init__(self, for_reader: str, *, field: str = "") -> None:
        super().__init__(for_reader)
        self.field = field


@contextmanager
def holding(proposal: Proposal, *states: Proposal.State) -> Iterator[Proposal]:
    """One transaction with the proposal locked. Raises ExchangeRefusedError where it is in none of the states."""
    with transaction.atomic():
        held = Proposal.objects.select_for_update(of=["self"]).select_related("practice").get(pk=proposal.pk)
        if held.state not in states:
            sentence = _("Nothing was changed. The state of this practice by now: %(state)s.")
            raise ExchangeRefusedError(sentence % {"state": held.get_state_display()})
        yield held


def refuse_unless(allowed: bool) -> None:  # noqa: FBT001
    """Refuses somebody whose office has ended since the page was opened."""
    if not allowed:
        raise ExchangeRefusedError(_("You may no longer do this here."))


def note(proposal: Proposal, kind: ProposalNote.Kind, *, by: User | None, text: str = "") -> ProposalNote:
    """One line of the history."""
    return ProposalNote.objects.create(proposal=proposal, kind=kind, by=by, text=text)


def authors(proposal: Proposal) -> list[User]:
    """Who is told what becomes of it: the team of the city, and who began it."""
    told = Q(pk=proposal.by_id)
    if proposal.city_id:
        told |= Q(teams__city=proposal.city_id)
    return list(User.objects.filter(told, is_active=True).distinct().order_by("pk"))


def tell_authors(event: ProposalNote, letter: str, **context: object) -> None:
    """One letter to each author; to the confirmed address of a visitor, where one has suggested it."""
    proposal = event.proposal
    words = {"proposal": proposal, "practice": proposal.practice, "reason": event.text} | context
    key = f"proposal:{event.pk}:{letter}"
    for person in authors(proposal):
        if person.pk != event.by_id:
            post(f"practice_{letter}", to=person, context=words | {"is_visitor": False}, key=f"{key}:{person.pk}")
    if proposal.email:
        visitor = words | {"is_visitor": True}
        post(f"practice_{letter}", to=proposal.email, context=visitor, key=key, language=proposal.language)


def moderators(programme: Programme | None) -> list[User]:
    """Who checks entries: coordinators of the programme's networks; all coordinators where there is none; operators
    where there is no coordinator."""
    offices = Office.objects.filter(role=Office.Role.COORDINATOR)
    networks = [] if programme is None else list(programme.networks.values_list("pk", flat=True))
    if networks:
        offices = offices.filter(network__in=networks)
    people = list(User.objects.filter(is_active=True, pk__in=offices.values("user_id")).order_by("pk"))
    return people or list(User.objects.filter(is_active=True, is_superuser=True).order_by("pk"))


def tell_moderators(
    programme: Programme | None, letter: str, *, key: str, but: Iterable[User], **words: object
) -> None:
    """One letter to each; where there is nobody at all, to the operator's address."""
    left_out = {person.pk for person in but}
    people = moderators(programme)
    for person in people:
        if person.pk not in left_out:
            post(f"practice_{letter}", to=person, context=words, key=f"{key}:{person.pk}")
    if not people:
        operator = settings.OPERATOR["email"]
        post(f"practice_{letter}", to=operator, context=words, key=key, language=OPERATORS_LANGUAGE)


def place_of(practice: Practice) -> str:
    """`Cork, Ireland`."""
    country = practice.city.country if practice.city else practice.country
    return f"{practice.city or practice.authority}, {country}"
