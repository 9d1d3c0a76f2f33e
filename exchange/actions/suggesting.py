"""Visitors suggest a practice: nothing counts before the address is confirmed, and the letter carries none of it."""

import datetime
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from exchange.actions.acting import holding, note, tell_moderators
from exchange.actions.braking import brake
from exchange.actions.papers import throw_away
from exchange.models import Proposal, ProposalNote
from network.models import Letter
from network.outbox import post

State = Proposal.State
SALT = "exchange.suggestion"
VALID = datetime.timedelta(days=7)


def suggest(*, title: str, summary: str, place: dict[str, Any], source_url: str, email: str, sender: str) -> Proposal:
    """Keeps a suggestion and writes to the address. Nobody sees it before the address is confirmed; a week later it is
    thrown away. `place` are columns: `city`, or `authority`, `country` and position; `sender` is the network address.
    Raises ExchangeRefusedError where too many came."""
    brake("suggestion", sender=sender, email=email)
    language = "en" if get_language() == "en" else "de"
    values = {
        "original_language": language,
        f"title_{language}": title,
        f"summary_{language}": summary,
        "source_url": source_url,
    }
    with transaction.atomic():
        made = Proposal.objects.create(
            state=State.UNCONFIRMED, title=title, values=values, email=email, language=language, **place
        )  # fmt: skip
        context: dict[str, object] = {"token": token_of(made)}
        key = f"suggestion:{made.pk}"
        post("practice_confirm", to=email, context=context, key=key, urgency=Letter.Urgency.ACCOUNT, language=language)
    return made


def token_of(proposal: Proposal) -> str:
    return signing.dumps(proposal.pk, salt=SALT)


def suggestion_of(token: str) -> Proposal | None:
    """The suggestion that a letter is about; None where the token is none, too old, or the suggestion is gone."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=VALID)
    except signing.BadSignature:
        return None
    return Proposal.objects.filter(pk=pk).exclude(email="").first()


def confirm(proposal: Proposal) -> None:
    """The address is right: the suggestion goes to the moderators. Raises ExchangeRefusedError where it went before."""
    with holding(proposal, State.UNCONFIRMED) as held:
        held.state, held.proposed_at = State.PROPOSED, timezone.now()
        held.save()
        event = note(held, ProposalNote.Kind.SUGGESTED, by=None)
        tell_moderators(held.programme, "proposed", key=f"proposal:{event.pk}:proposed", but=(), proposal=held)


def forget_old(now: datetime.datetime) -> None:
    """Throws away suggestions nobody has confirmed within a week, and addresses a month after the decision."""
    throw_away(Proposal.objects.filter(state=State.UNCONFIRMED, created_at__lt=now - VALID))
    decided = Proposal.objects.filter(state__in=[State.PUBLISHED, State.DECLINED]).exclude(email="")
    decided.filter(changed_at__lt=now - datetime.timedelta(days=30)).update(email="")
