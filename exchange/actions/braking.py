"""Brakes for what everybody may send and what makes the portal write to an address."""

import ipaddress

from django.utils.translation import gettext as _

from exchange.actions.acting import ExchangeRefusedError
from exchange.models import Proposal, Registration, SavedSearch
from network.throttle import too_often

PER_HOUR, OF_NETWORK_PER_HOUR, OF_ALL_PER_HOUR = 5, 20, 100
UNASKED_A_DAY, ASKED_A_DAY = 1, 5  # letters to one mailbox: before anybody has confirmed from there, and after
DAY = 24 * 3600


def brake(what: str, *, sender: str, email: str) -> None:
    """Refuses what would make the portal write to strangers without end. `sender` is a network address, `email` where
    the letter would go: whoever has not asked for anything gets one letter a day from all forms together."""
    connection, network = _networks(sender)
    if too_often(what, sender=connection, times=PER_HOUR) or too_often(
        f"{what}-network", sender=network, times=OF_NETWORK_PER_HOUR
    ):
        raise ExchangeRefusedError(_("Too much came from your connection within an hour. Send it again in an hour."))
    times = ASKED_A_DAY if has_asked(email) else UNASKED_A_DAY
    if too_often("letter-to", sender=mailbox(email), times=times, seconds=DAY):
        raise ExchangeRefusedError(
            _("A letter was sent to this address today already. Look there, or send it again tomorrow."), field="email"
        )
    if too_often(f"{what}-all", sender="", times=OF_ALL_PER_HOUR):
        raise ExchangeRefusedError(_("Very much came in within this hour. Send it again in an hour."))


def _networks(sender: str) -> tuple[str, str]:
    """Whom one line belongs to, and the network around it. A household has 2^64 addresses of version 6."""
    address = ipaddress.ip_address(sender)
    lengths = (32, 24) if address.version == 4 else (64, 48)
    line, network = (ipaddress.ip_network((address, length), strict=False) for length in lengths)
    return str(line), str(network)


def mailbox(email: str) -> str:
    """Where letters to an address arrive: without what stands behind a plus sign, in lower case."""
    name, _at, host = email.lower().rpartition("@")
    return f"{name.partition('+')[0]}@{host}"


def has_asked(email: str) -> bool:
    """Whether somebody has confirmed from this address that letters may come, and it was not forgotten since."""
    address = email.lower()
    return (
        SavedSearch.objects.confirmed().filter(email=address).exists()
        or Registration.objects.filter(email=address, confirmed_at__isnull=False).exists()
        or Proposal.objects.filter(email__iexact=address).exclude(state=Proposal.State.UNCONFIRMED).exists()
    )
