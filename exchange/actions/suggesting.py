"""Visitors suggest a practice: nothing counts before the address is confirmed, and the letter carries none of it."""

import datetime
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.models import City, Country
from cities.names import fold
from exchange.actions.acting import ExchangeRefusedError, holding, note, tell_moderators
from exchange.models import Proposal, ProposalNote
from network.models import Letter
from network.outbox import post
from network.throttle import too_often

State = Proposal.State
SALT = "exchange.suggestion"
VALID = datetime.timedelta(days=7)
PER_HOUR, PER_ADDRESS_A_DAY, OF_ALL_PER_HOUR = 5, 2, 100


def brake(what: str, *, sender: str, email: str) -> None:
    """Refuses what would make the portal write to strangers without end: by connection, by address, and at all."""
    day = 24 * 3600
    if too_often(what, sender=sender, times=PER_HOUR):
        raise ExchangeRefusedError(_("Too much came from your connection within an hour. Send it again in an hour."))
    if too_often(f"{what}-to", sender=email.lower(), times=PER_ADDRESS_A_DAY, seconds=day):
        raise ExchangeRefusedError(
            _("Letters were sent to this address already today. Look there, or send it again tomorrow."), field="email"
        )
    if too_often(f"{what}-all", sender="", times=OF_ALL_PER_HOUR):
        raise ExchangeRefusedError(_("Very much came in within this hour. Send it again in an hour."))


def suggest(
    *, title: str, summary: str, authority: str, country: Country, source_url: str, email: str, sender: str
) -> Proposal:
    """Keeps a suggestion and writes to the address. Nobody sees it before the address is confirmed; a week later it is
    thrown away. `sender` is the network address. Raises ExchangeRefusedError where too many came."""
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
            state=State.UNCONFIRMED, title=title, values=values, email=email, language=language,
            **_place(authority, country),
        )  # fmt: skip
        context: dict[str, object] = {"token": token_of(made)}
        key = f"suggestion:{made.pk}"
        post("practice_confirm", to=email, context=context, key=key, urgency=Letter.Urgency.ACCOUNT, language=language)
    return made


def _place(authority: str, country: Country) -> dict[str, Any]:
    """The city of the directory that is meant by its whole name, else the words."""
    typed = fold(authority)
    cities = City.objects.filter(country=country, is_demo=False, search_text__contains=f"|{typed}|")[:2]
    return {"city": cities[0]} if len(cities) == 1 else {"authority": authority, "country": country}


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
    Proposal.objects.filter(state=State.UNCONFIRMED, created_at__lt=now - VALID).delete()
    decided = Proposal.objects.filter(state__in=[State.PUBLISHED, State.DECLINED]).exclude(email="")
    decided.filter(changed_at__lt=now - datetime.timedelta(days=30)).update(email="")
