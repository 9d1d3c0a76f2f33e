"""Where a request comes from, and whether too many came from there: a brake for what everybody may send."""

import ipaddress
import time

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

UNKNOWN = "0.0.0.0"  # noqa: S104 - no address to listen at


def sender(request: HttpRequest) -> str:
    """The network address, as the nearest proxy saw it; without a proxy, the connection's own."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", 1)[-1].strip()
    for address in (forwarded, str(request.META.get("REMOTE_ADDR", ""))):
        try:
            return str(ipaddress.ip_address(address))
        except ValueError:
            continue
    return UNKNOWN


def too_often(what: str, *, sender: str, times: int, seconds: int = 3600) -> bool:
    """Whether `sender` has done this `times` within the last `seconds` already; if not, counts this time."""
    key, now = f"{what}:{sender}", time.time()
    lately = [moment for moment in cache.get(key, []) if moment > now - seconds]
    if len(lately) >= times:
        return True
    cache.set(key, [*lately, now], seconds)
    return False


def cache_key(key: str, prefix: str, version: int) -> str:
    """The name of an entry in the shared cache: a keyed hash, so that no address of a person stands in the database."""
    return salted_hmac("network.throttle", f"{prefix}:{version}:{key}", algorithm="sha256").hexdigest()
