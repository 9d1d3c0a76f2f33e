"""Asks addresses of others: whether one is still there, or for what stands there; never in the portal's own network."""

import http.client
import ipaddress
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

SECONDS = 10
WHOLE = 20  # seconds for all of an answer
GONE = {404, 410}  # other answers below 500 come from somebody who is there, if not for programs
NO_HEAD = {400, 403, 405, 406, 501}  # answers of servers that do not like to be asked without wanting the page
AGENT = "City Networks link check"
WEB = frozenset({"http", "https"})
SAFE = frozenset({"https"})

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type MayAsk = Callable[[Address], bool]


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet."""
    return address.is_global and not address.is_multicast


class NotAllowedError(OSError):
    """The address leads into a network that is not asked."""


class TooLargeError(OSError):
    """The answer is larger than it may be."""


def trouble_of(url: str, *, may_ask: MayAsk = is_public) -> str:
    """Why the address counts as dead, in a few words of English; empty where it answers. Follows redirections, each
    only to an address that may be asked."""
    try:
        return _status(url, "HEAD", may_ask)
    except (OSError, http.client.HTTPException, ValueError) as problem:
        return trouble(problem)


def content_of(url: str, *, most: int, may_ask: MayAsk = is_public, schemes: Collection[str] = SAFE) -> bytes:
    """What stands at an address, at most so many bytes. Raises OSError, HTTPException or ValueError; `trouble` says
    which in words."""
    end = time.monotonic() + WHOLE
    parts: list[bytes] = []
    with _asked(url, "GET", may_ask, schemes) as answer:
        while part := answer.read1(65536):
            parts.append(part)
            if sum(map(len, parts)) > most:
                raise TooLargeError(url)
            if time.monotonic() > end:
                raise TimeoutError(url)
    return b"".join(parts)


def trouble(problem: Exception) -> str:
    """A failed request in a few words of English."""
    if isinstance(problem, urllib.error.HTTPError):
        return f"answer {problem.code}"
    reason = problem.reason if isinstance(problem, urllib.error.URLError) else problem
    if isinstance(reason, NotAllowedError):
        return "not a public address"
    if isinstance(reason, TooLargeError):
        return "too large"
    if isinstance(reason, TimeoutError):
        return "no answer in time"
    return f"no connection ({type(problem).__name__})"


def _status(url: str, method: str, may_ask: MayAsk) -> str:
    try:
        with _asked(url, method, may_ask, WEB):
            return ""
    except urllib.error.HTTPError as answer:
        with answer:
            if method == "HEAD" and answer.code in NO_HEAD:
                return _status(url, "GET", may_ask)
            return f"answer {answer.code}" if answer.code in GONE or answer.code >= 500 else ""


def _asked(url: str, method: str, may_ask: MayAsk, schemes: Collection[str]) -> http.client.HTTPResponse:
    """The answer, after redirections. Every connection goes to the very address that was looked at before."""
    context = ssl.create_default_context()

    class Plain(http.client.HTTPConnection):
        def connect(self) -> None:
            self.sock = _connected(self.host, self.port, may_ask)

    class Secure(http.client.HTTPSConnection):
        def connect(self) -> None:
            self.sock = context.wrap_socket(_connected(self.host, self.port, may_ask), server_hostname=self.host)

    class Web(urllib.request.HTTPHandler):
        def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Plain, request)

    class SafeWeb(urllib.request.HTTPSHandler):
        def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Secure, request)

    class Redirections(urllib.request.HTTPRedirectHandler):
        def redirect_request(  # type: ignore[no-untyped-def]  # as the library has it
            self, req, fp, code, msg, headers, newurl
        ) -> urllib.request.Request | None:
            _refuse_other(newurl, schemes)
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    _refuse_other(url, schemes)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Web, SafeWeb, Redirections)
    request = urllib.request.Request(url, method=method, headers={"User-Agent": AGENT})  # noqa: S310 - looked at above
    answer = opener.open(request, timeout=SECONDS)
    assert isinstance(answer, http.client.HTTPResponse)
    return answer


def _refuse_other(url: str, schemes: Collection[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme not in schemes or not parts.hostname:
        raise NotAllowedError(url)


def _connected(host: str, port: int, may_ask: MayAsk) -> socket.socket:
    """A connection; not where one of the name's addresses may not be asked."""
    rows = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    places = [str(row[4][0]) for row in rows]
    if not all(may_ask(ipaddress.ip_address(place.partition("%")[0])) for place in places):
        raise NotAllowedError(host)
    return socket.create_connection((places[0], port), timeout=SECONDS)
