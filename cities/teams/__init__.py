"""What may be done in a city's team. Each act holds the city, writes its history and tells whoever must know.

Every function asks again, with the city held, whether `by` may do it, and raises TeamRefusedError with a sentence for
the reader where not; then nothing is written.
"""

from cities.teams.acting import TeamRefusedError
from cities.teams.hand_over import appoint_lead, decline_lead, propose_lead, take_back_proposal, take_lead
from cities.teams.invitations import (
    accept_invitation,
    confirmed_addresses,
    invitation_of,
    invite,
    revoke_invitation,
    send_again,
    turn_down_invitation,
)
from cities.teams.members import change_role, leave_team, remove_member
from cities.teams.requests import ask_to_join, confirm_request, decline_request, withdraw_request

__all__ = [
    "TeamRefusedError",
    "accept_invitation",
    "appoint_lead",
    "ask_to_join",
    "change_role",
    "confirm_request",
    "confirmed_addresses",
    "decline_lead",
    "decline_request",
    "invitation_of",
    "invite",
    "leave_team",
    "propose_lead",
    "remove_member",
    "revoke_invitation",
    "send_again",
    "take_back_proposal",
    "take_lead",
    "turn_down_invitation",
    "withdraw_request",
]
