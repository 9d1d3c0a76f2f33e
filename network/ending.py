"""Letters that their readers can end: each carries a signed address that mail programs call with one click (RFC 8058).

An app says in `AppConfig.ready` what its letters are about and how they end: `ending.register("alert", ENDING)`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core import signing
from django.urls import reverse
from django.utils.translation import override

SALT = "network.ending"


@dataclass(frozen=True)
class Ending:
    """`about(pk)` says in the reader's language which letters end, None where they have ended; `end(pk)` ends them."""

    about: Callable[[int], str | None]
    end: Callable[[int], object]


_endings: dict[str, Ending] = {}


def register(name: str, ending: Ending) -> None:
    if name in _endings:
        raise ValueError(f"there are letters called {name!r} already")
    _endings[name] = ending


def path_of(name: str, pk: int, language: str) -> str:
    """Where the letters called `name` about the row `pk` end; the token is of use for nothing else and stays valid."""
    if name not in _endings:
        raise ValueError(f"no letters are called {name!r}; there are {', '.join(sorted(_endings))}")
    with override(language):
        return reverse("letters:end", args=[signing.dumps([name, pk], salt=SALT)])


def ending_of(token: str) -> tuple[Ending, int] | None:
    """What a signed address ends; None where it is none of ours."""
    try:
        name, pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return (_endings[name], pk) if name in _endings else None
