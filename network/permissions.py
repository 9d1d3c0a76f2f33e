"""Who coordinates what. Private by default: a stranger meets 404."""

from django.contrib.auth.models import AnonymousUser

from network.models import Network, Office, User


def is_operator(user: User | AnonymousUser) -> bool:
    """Whether the person runs the portal."""
    return user.is_active and user.is_superuser


def coordinates_any(user: User | AnonymousUser) -> bool:
    """Whether the person is a coordinator of at least one network."""
    return user.is_active and isinstance(user, User) and user.offices.filter(role=Office.Role.COORDINATOR).exists()


def coordinates(user: User | AnonymousUser, network: Network) -> bool:
    """Whether the person is a coordinator of this network."""
    return (
        user.is_active
        and isinstance(user, User)
        and user.offices.filter(role=Office.Role.COORDINATOR, network=network).exists()
    )


def keeps_content(user: User | AnonymousUser) -> bool:
    """Whether the person may enter the admin at all: operators, and coordinators for their own networks."""
    return is_operator(user) or coordinates_any(user)
