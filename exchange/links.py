"""Asks an address whether it is still there: one short request, never into the portal's own network."""

import http.client
import ipaddress
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

SECONDS = 10
GONE = {404, 410}  # other answers below 500 come from somebody who is there, if not for programs
NO_HEAD = {400, 403, 405, 406, 501}  # answers of servers that do not like to be asked without wanting the page
AGENT = "City Networks link check"

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet."""
    return address.is_global and not address.is_multicast


class NotAllowedError(OSError):
    """The address leads into a network that is not asked."""


def trouble_of(url: str, *, may_ask: Callable[[Address], bool] = is_public) -> str:
    """Why the address counts as dead, in a few words of English; empty where it answers. Follows redirections, each
    only to an address that may be asked."""
    try:
        return _status(url, "HEAD", may_ask)
    except NotAllowedError:
        return "not a public address"
    except TimeoutError:
        return "no answer in time"
    except (OSError, http.client.HTTPException, ValueError) as problem:
        return f"no connection ({type(problem).__name__})"


def _status(url: str, method: str, may_ask: Callable[[Address], bool]) -> str:
    _refuse_inner(url, may_ask)

    class Redirections(urllib.request.HTTPRedirectHandler):
        def redirect_request(  # type: ignore[no-untyped-def]  # as the library has it
            self, req, fp, code, msg, headers, newurl
        ) -> urllib.request.Request | None:
            _refuse_inner(newurl, may_ask)
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Redirections)
    request = urllib.request.Request(url, method=method, headers={"User-Agent": AGENT})  # noqa: S310 - http only, above
    try:
        with opener.open(request, timeout=SECONDS):
            return ""
    except urllib.error.HTTPError as answer:
        with answer:
            if method == "HEAD" and answer.code in NO_HEAD:
                return _status(url, "GET", may_ask)
            return f"answer {answer.code}" if answer.code in GONE or answer.code >= 500 else ""


def _refuse_inner(url: str, may_ask: Callable[[Address], bool]) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise NotAllowedError(url)
    for row in socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM):
        if not may_ask(ipaddress.ip_address(str(row[4][0]).partition("%")[0])):
            raise NotAllowedError(url)
