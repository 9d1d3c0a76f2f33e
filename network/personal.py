"""What the apps know about a person. Each tells its part here, so that the ground needs to know none of them.

An app registers its part in `AppConfig.ready`. The download of one's own data, and the end of an account, ask them all.
"""

from collections.abc import Callable
from dataclasses import dataclass

from network.models import User


def _nothing_holds(_user: User) -> list[str]:
    return []


def _nothing_ends(_user: User) -> None:
    pass


@dataclass(frozen=True)
class Part:
    """What one app knows about a person. `about` gives only what JSON can carry, under keys a reader understands.

    `holds` gives sentences in the reader's language that say what must happen before the account may end; none where
    nothing stands against it. `ends` runs inside the transaction that ends the account: it takes away rights and
    whatever is not evidence, and leaves rows that a log refers to.
    """

    name: str
    about: Callable[[User], object]
    holds: Callable[[User], list[str]] = _nothing_holds
    ends: Callable[[User], None] = _nothing_ends


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    """Called once by each app. A name that is taken by another part is a programmer's mistake."""
    if _parts.setdefault(part.name, part) != part:
        raise ValueError(f"two parts of personal data are called {part.name!r}")


def everything(user: User) -> dict[str, object]:
    """All that is stored about the person, part by part."""
    return {part.name: part.about(user) for part in _parts.values()}


def what_holds(user: User) -> list[str]:
    """Why the account cannot end yet, in sentences for its owner; empty where it can."""
    return [sentence for part in _parts.values() for sentence in part.holds(user)]


def end(user: User) -> None:
    """Every part takes away what ends with the account. Inside the caller's transaction."""
    for part in _parts.values():
        part.ends(user)
