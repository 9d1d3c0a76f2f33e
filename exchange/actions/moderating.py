"""Moderators at work: publish, send back, decline; hide and show again; take a transfer step off."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cities.names import fold
from exchange.actions.acting import ExchangeRefusedError, holding, note, refuse_unless, tell_authors
from exchange.format import LANGUAGES, TEXTS, faults, title_of, whole
from exchange.models import Practice, PracticeLink, Proposal, ProposalNote, TransferStep
from exchange.permissions import moderates, moderates_practice
from network.models import Network, User

State, Kind, Visibility = Proposal.State, ProposalNote.Kind, Practice.Visibility
TITLE_IN_SLUG = 90  # characters
PLACE = ("city", "authority", "country", "latitude", "longitude")
PLAIN = ("original_language", "theme", "goals", "first_year", "last_year", "stage", "staff", "money", "contact_email",
         "partners", "licence", "source_url")  # fmt: skip


def publish(proposal: Proposal, *, by: User) -> Practice:
    """Makes what was proposed the public practice, with its pictures. Told to the authors. Raises ExchangeRefusedError
    where something stands against it, also what only fills a place."""
    with holding(proposal, State.PROPOSED) as held:
        refuse_unless(moderates(by, held))
        if found := faults(held):
            raise ExchangeRefusedError(" ".join(sentence for _name, sentence in found))
        practice = _written(held)
        held.practice, held.state = practice, State.PUBLISHED
        held.save()
        held.pictures.update(is_public=True)
        held.documents.present().update(is_public=True)
        tell_authors(note(held, Kind.PUBLISHED, by=by), "published")
    return practice


def filled(proposal: Proposal, now: datetime.datetime) -> Practice:
    """The practice with the parts of the proposal, not saved."""
    values = whole(proposal.values)
    practice = proposal.practice or Practice(slug=_free_slug(proposal, values), published_at=now)
    for name in PLACE:
        setattr(practice, name, getattr(proposal, name))
    practice.programme, practice.is_demo = proposal.programme, proposal.is_demo
    for name in PLAIN:
        setattr(practice, name, values[name])
    for name in (f"{text}_{language}" for text in TEXTS for language in LANGUAGES):
        setattr(practice, name, values[name])
    practice.visibility, practice.confirmed_on = Visibility.PUBLIC, timezone.localdate(now)
    practice.as_of = practice.confirmed_on.isoformat()
    return practice


def _written(proposal: Proposal) -> Practice:
    """That practice, saved, with its networks and links."""
    values, practice = whole(proposal.values), filled(proposal, timezone.now())
    practice.save()
    practice.networks.set(Network.objects.filter(slug__in=values["networks"]))
    practice.links.all().delete()
    PracticeLink.objects.bulk_create(
        PracticeLink(practice=practice, position=number, label=label, url=url)
        for number, (label, url) in enumerate(values["links"], start=1)
    )
    return practice


def _free_slug(proposal: Proposal, values: dict[str, Any]) -> str:
    """The short address, made of title and place; a number makes it another one where it is taken."""
    place = proposal.city.slug if proposal.city else slugify(fold(proposal.authority))
    title = slugify(fold(values["title_en"] or title_of(values)))[:TITLE_IN_SLUG].strip("-") or "practice"
    begin = f"{title}-{place}"[:190].strip("-")
    taken = set(Practice.objects.filter(slug__startswith=begin).values_list("slug", flat=True))
    return next(slug for number in range(1, len(taken) + 2) if (slug := _numbered(begin, number)) not in taken)


def _numbered(begin: str, number: int) -> str:
    return begin if number == 1 else f"{begin}-{number}"


def send_back(proposal: Proposal, *, by: User, reason: str) -> Proposal:
    """Back to the authors with what is to be done; they read the reason. A visitor's suggestion has no author who could
    write: it is published or declined."""
    with holding(proposal, State.PROPOSED) as held:
        refuse_unless(moderates(by, held))
        if held.email:
            raise ExchangeRefusedError(_("A visitor cannot go on writing here. Edit the suggestion, or decline it."))
        held.state = State.RETURNED
        held.save()
        tell_authors(note(held, Kind.RETURNED, by=by, text=reason), "returned")
    return held


def decline(proposal: Proposal, *, by: User, reason: str) -> Proposal:
    """Not published, for good; the authors read the reason. What was public before stays."""
    with holding(proposal, State.PROPOSED) as held:
        refuse_unless(moderates(by, held))
        held.state = State.DECLINED
        held.save()
        tell_authors(note(held, Kind.DECLINED, by=by, text=reason), "declined")
    return held


def set_visibility(practice: Practice, visibility: Practice.Visibility, *, by: User, reason: str = "") -> None:
    """Hides a practice, or shows it again; the authors are told where there are any, with the reason. For who checks
    it."""
    refuse_unless(moderates_practice(by, practice))
    with transaction.atomic():
        Practice.objects.filter(pk=practice.pk).update(visibility=visibility)
        if proposal := Proposal.objects.select_related("practice").filter(practice=practice).first():
            shown = visibility == Visibility.PUBLIC
            event = note(proposal, Kind.SHOWN if shown else Kind.HIDDEN, by=by, text=reason)
            tell_authors(event, "shown" if shown else "hidden")


def remove_step(step: TransferStep, *, by: User) -> None:
    """Takes what a city has told about a practice off the public page, where it does not belong there."""
    refuse_unless(moderates_practice(by, step.practice))
    TransferStep.objects.filter(pk=step.pk).update(is_removed=True)
