"""The directory: countries, cities, what is known of them, in which networks they are, who speaks for them."""

from cities.models.city import City, Fact, Picture, ProfileEdit
from cities.models.country import Country, Land, WorldRegion
from cities.models.membership import Membership, MembershipChange, Source
from cities.models.team import TeamEvent, TeamHandOver, TeamInvitation, TeamMember, TeamRequest

__all__ = [
    "City",
    "Country",
    "Fact",
    "Land",
    "Membership",
    "MembershipChange",
    "Picture",
    "ProfileEdit",
    "Source",
    "TeamEvent",
    "TeamHandOver",
    "TeamInvitation",
    "TeamMember",
    "TeamRequest",
    "WorldRegion",
]
