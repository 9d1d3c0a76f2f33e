"""What the exchange knows about a person, and what becomes of it when the account ends."""

import datetime
from typing import Any

from django.db.models import F, Q

from exchange.actions.papers import throw_away
from exchange.models import Proposal, ProposalNote, Registration, SavedSearch, TransferStep, Unasked
from network.models import User
from network.personal import Part


def _plain(row: dict[str, Any]) -> dict[str, object]:
    return {key: value.isoformat() if isinstance(value, datetime.date) else value for key, value in row.items()}


def about(user: User) -> dict[str, object]:
    """Practices the person began, acts on them, steps recorded for a city, and what the address has asked for."""
    rows: dict[str, Any] = {
        "practices": Proposal.objects.filter(by=user).values("title", "state", "created_at", "values"),
        "acts_on_practices": ProposalNote.objects.filter(by=user).values("kind", "at", "text"),
        "transfer_steps": TransferStep.objects.filter(by=user).values("stage", "note", "at"),
        "registrations_for_sessions": Registration.objects.filter(email=user.email.lower()).values(
            "name", "place", "consent_at", "confirmed_at", of_session=F("session__slug")
        ),
        "saved_searches": SavedSearch.objects.filter(email=user.email.lower()).values("query", "asked_at", "language"),
        "wants_no_yearly_question": Unasked.objects.filter(email=user.email.lower()).values("email", "since"),
    }
    return {name: [_plain(row) for row in found.order_by("pk")] for name, found in rows.items()}


def ends(user: User) -> None:
    """What was never proposed and belongs to no city goes, and so do saved searches and registrations; what a city has
    told stays its own, without the person's name."""
    throw_away(Proposal.objects.filter(by=user, city=None, practice=None, proposed_at=None))
    Proposal.objects.filter(by=user).update(by=None)
    SavedSearch.objects.filter(email=user.email.lower()).delete()
    Registration.objects.filter(Q(email=user.email.lower()) | Q(user=user)).delete()


PART = Part("exchange", about, ends=ends)
