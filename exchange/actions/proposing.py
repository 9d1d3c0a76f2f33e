"""Authors at work: begin a practice, write it, change its place, propose it, take it back, withdraw it."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import City, Country
from cities.permissions import speaks_for
from exchange.actions.acting import ExchangeRefusedError, authors, holding, note, refuse_unless, tell_moderators
from exchange.format import faults, of_practice, title_of, whole
from exchange.models import Practice, Programme, Proposal, ProposalNote
from exchange.permissions import MOVABLE, WRITABLE, is_author, may_move, moderates
from network.models import User
from network.outbox import post
from network.throttle import too_often

State, Kind, Visibility = Proposal.State, ProposalNote.Kind, Practice.Visibility
BEGUN_PER_DAY = MOVED_PER_DAY = 20


class ProposalChangedError(ExchangeRefusedError):
    """Somebody else has changed what was to be written; `now` is what the proposal says."""

    def __init__(self, now: dict[str, Any]) -> None:
        super().__init__(_("Somebody else saved at the same moment. Look at the practice and save once more."))
        self.now = now


def begin(
    *, by: User, title: str, original_language: str, city: City | None = None, authority: str = "",
    country: Country | None = None, latitude: float | None = None, longitude: float | None = None,
) -> Proposal:  # fmt: skip
    """A new draft with title and place. Everybody who is signed in may, at most twenty a day. Who is not in the team of
    the city writes as a guest: the team takes part, and whoever checks it is told. Never for a demo city of others."""
    is_guest = _is_guest(by, city)
    if too_often("practice", sender=str(by.pk), times=BEGUN_PER_DAY, seconds=24 * 3600):
        raise ExchangeRefusedError(_("You have begun twenty practices within a day. Go on tomorrow."))
    values = {"original_language": original_language}
    for language in ("de", "en") if original_language == Practice.Original.BOTH else (original_language,):
        values[f"title_{language}"] = title
    with transaction.atomic():
        proposal = Proposal.objects.create(
            title=title, values=values, city=city, is_guest=is_guest, authority=authority, country=country,
            latitude=latitude, longitude=longitude, by=by, language=by.language,
        )  # fmt: skip
        note(proposal, Kind.BEGUN, by=by)
    return proposal


def _is_guest(by: User, city: City | None) -> bool:
    """Whether the person would write for a city without being in its team. Nobody does for a demo city of others."""
    is_guest = city is not None and not speaks_for(by, city)
    refuse_unless(city is None or not (is_guest and city.is_demo))
    return is_guest


def move(
    proposal: Proposal, *, by: User, city: City | None = None, authority: str = "", country: Country | None = None,
    latitude: float | None = None, longitude: float | None = None,
) -> Proposal:  # fmt: skip
    """Another place for what was never public, under the rule of `begin`. By the person who began it, who goes on
    writing it there, at most twenty times a day. The team of the new city takes part; that of the old one no longer
    does, and gets a letter."""
    if too_often("practice-place", sender=str(by.pk), times=MOVED_PER_DAY, seconds=24 * 3600):
        raise ExchangeRefusedError(_("You have changed places twenty times within a day. Go on tomorrow."))
    place = {"city": city, "authority": authority, "country": country, "latitude": latitude, "longitude": longitude}
    with holding(proposal, *MOVABLE) as held:
        refuse_unless(may_move(by, held))
        if all(getattr(held, name) == value for name, value in place.items()):
            return held
        left, was = held.city, held.place
        for name, value in place.items():
            setattr(held, name, value)
        held.is_guest = _is_guest(by, city)
        held.save()
        event = note(held, Kind.MOVED, by=by, text=f"{was} → {held.place}")
        if left is not None:
            _tell_left(event, left)
    return held


def _tell_left(event: ProposalNote, city: City) -> None:
    """One letter to everybody of the team who can no longer open the proposal."""
    gone = User.objects.filter(teams__city=city, is_active=True).exclude(
        pk__in=[one.pk for one in authors(event.proposal)]
    )
    words: dict[str, object] = {"proposal": event.proposal, "city": city, "person": event.by}
    for reader in gone.order_by("pk"):
        post("practice_moved", to=reader, context=words, key=f"proposal:{event.pk}:moved:{reader.pk}")


def change_published(practice: Practice, *, by: User) -> Proposal:
    """The proposal in which a published practice of the person's own city is changed; made where there is none yet. The
    practice stays public as it is until the changes are checked."""
    refuse_unless(practice.city is not None and speaks_for(by, practice.city))
    with transaction.atomic():
        held = Practice.objects.select_for_update(of=["self"]).get(pk=practice.pk)
        proposal = Proposal.objects.filter(practice=held).first()
        if proposal is None:
            values = of_practice(held)
            proposal = Proposal.objects.create(
                practice=held, state=State.PUBLISHED, title=title_of(values), values=values, city=held.city,
                programme=held.programme, by=by, proposed_at=held.published_at, language=by.language,
            )  # fmt: skip
            note(proposal, Kind.BEGUN, by=by)
    return proposal


def save(proposal: Proposal, *, by: User, seen: dict[str, Any], values: dict[str, Any]) -> Proposal:
    """Writes the parts of `values` (names of exchange.format). By authors while it is not with the moderators, and by
    moderators while it is. What is published becomes a draft of changes; the practice itself stays as it is.

    `seen` is what the person has decided upon. Raises ProposalChangedError, and writes nothing, where a part that is to
    be written has become another since.
    """
    with holding(proposal, *WRITABLE, State.PROPOSED) as held:
        checks = held.state == State.PROPOSED
        refuse_unless(moderates(by, held) if checks else is_author(by, held))
        now = whole(held.values)
        if any(seen[name] != now[name] for name in values):
            raise ProposalChangedError(now)
        held.values = now | values
        held.title = title_of(held.values) or held.title
        held.programme = Programme.objects.filter(slug=held.values["programme"]).first()
        if held.state in {State.PUBLISHED, State.WITHDRAWN}:
            held.state = State.DRAFT
        held.save()
        if checks:
            note(held, Kind.EDITED, by=by)
    return held


def propose(proposal: Proposal, *, by: User) -> Proposal:
    """Hands it to the moderators, who get a letter. Raises ExchangeRefusedError where something stands against it."""
    with holding(proposal, State.DRAFT, State.RETURNED) as held:
        refuse_unless(is_author(by, held))
        if found := faults(held):
            raise ExchangeRefusedError(" ".join(sentence for _name, sentence in found))
        held.state, held.proposed_at = State.PROPOSED, timezone.now()
        held.save()
        event = note(held, Kind.PROPOSED, by=by)
        key = f"proposal:{event.pk}:proposed"
        tell_moderators(held.programme, "proposed", key=key, but=authors(held), proposal=held)
    return held


def take_back(proposal: Proposal, *, by: User) -> Proposal:
    """Back from the moderators, to go on writing."""
    with holding(proposal, State.PROPOSED) as held:
        refuse_unless(is_author(by, held))
        held.state = State.DRAFT
        held.save()
        note(held, Kind.TAKEN_BACK, by=by)
    return held


def withdraw(proposal: Proposal, *, by: User) -> Proposal:
    """Its authors take it off the portal: nothing of it is public any more. They may propose it again."""
    with holding(proposal, State.DRAFT, State.PROPOSED, State.RETURNED, State.PUBLISHED) as held:
        refuse_unless(is_author(by, held))
        held.state = State.WITHDRAWN
        held.save()
        if held.practice and held.practice.visibility == Visibility.PUBLIC:
            held.practice.visibility = Visibility.WITHDRAWN
            held.practice.save(update_fields=["visibility"])
        note(held, Kind.WITHDRAWN, by=by)
    return held
