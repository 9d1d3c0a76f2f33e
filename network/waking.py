"""What a worker does first: puts right what a worker that died, or was away, has left.

An app adds its part in `AppConfig.ready`: `waking.register(heal)`. Each must be safe at any time, beside any number of
workers; what one raises does not keep the others from their turn.
"""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)

type Act = Callable[[], None]

_acts: list[Act] = []


def register(act: Act) -> None:
    """Have every worker do this when it starts."""
    if act not in _acts:
        _acts.append(act)


def wake() -> None:
    """Do all of it, in the order of registering."""
    for act in _acts:
        try:
            act()
        except Exception:
            log.exception("Starting a worker: %s failed.", act.__qualname__)
