"""What may be done: only these functions write a state, an answer, a document or an endorsement."""

from network.actions import RefusedError


class MoveNotAllowedError(RefusedError):
    """An action that the table of moves, the clock or the state of the application does not allow now."""
