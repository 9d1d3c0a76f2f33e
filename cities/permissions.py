"""Who keeps the profile of a city, who submits for it, who manages its team. Private by default: a stranger meets 404.

Questions about one city are asked of the same sets that lists start from, so that both give the same answer.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from cities.models import City, Membership, TeamMember, TeamRequest
from cities.models.city import CityQuerySet
from network.models import Network, Office, User
from network.permissions import coordinates, is_operator

Role = TeamMember.Role
MANAGERS = (Role.LEAD, Role.DEPUTY)


def _with_role(user: User | AnonymousUser, roles: tuple[str, ...]) -> CityQuerySet:
    if not (isinstance(user, User) and user.is_active):
        return City.objects.none()
    cities: CityQuerySet = City.objects.filter(
        pk__in=TeamMember.objects.filter(user=user, role__in=roles).values("city_id")
    )
    return cities


def own_cities(user: User | AnonymousUser) -> CityQuerySet:
    """The cities in whose team the person is, as lead, deputy or editor; demo cities too."""
    if not (isinstance(user, User) and user.is_active):
        return City.objects.none()
    cities: CityQuerySet = City.objects.filter(team__user=user)
    return cities


def speaks_for(user: User | AnonymousUser, city: City) -> bool:
    """Whether the person is in the city's team."""
    return own_cities(user).filter(pk=city.pk).exists()


def kept_by(user: User | AnonymousUser) -> CityQuerySet:
    """The cities whose profile the person may change: those of their teams, and all for operators."""
    if is_operator(user):
        cities: CityQuerySet = City.objects.all()
        return cities
    return own_cities(user)


def may_submit(user: User | AnonymousUser, city: City) -> bool:
    """Whether the person may speak the city's last word, as when an application is handed in: lead and deputy only."""
    return _with_role(user, MANAGERS).filter(pk=city.pk).exists()


def managed_by(user: User | AnonymousUser) -> CityQuerySet:
    """The cities whose team the person manages, as lead or deputy; all for operators."""
    return kept_by(user) if is_operator(user) else _with_role(user, MANAGERS)


def may_manage_team(user: User | AnonymousUser, city: City) -> bool:
    """Whether the person may invite, change roles and remove members: lead, deputy, and operators."""
    return managed_by(user).filter(pk=city.pk).exists()


# --- coordinators

_CURRENT = Membership.objects.exclude(status=Membership.Status.ENDED)

# The cities that a coordinator is in charge of; as SQL, since the start page of the desk counts their requests.
_IN_CHARGE = """
SELECT c.id FROM cities_city c WHERE EXISTS (
  SELECT FROM cities_membership m
  JOIN network_office o ON o.network_id = m.network_id AND o.user_id = %s AND o.role = 'coordinator'
  WHERE m.city_id = c.id AND m.status <> 'ended'
) OR (
  EXISTS (SELECT FROM network_office WHERE user_id = %s AND role = 'coordinator')
  AND NOT EXISTS (SELECT FROM cities_membership WHERE city_id = c.id AND status <> 'ended')
  AND NOT EXISTS (SELECT FROM cities_teammember WHERE city_id = c.id AND role = 'lead')
)"""
_DECIDED = f"""
{_IN_CHARGE} OR EXISTS (SELECT FROM cities_teammember WHERE city_id = c.id AND user_id = %s AND role = ANY(%s))"""


def in_charge(user: User | AnonymousUser) -> CityQuerySet:
    """The cities for whose team the person may decide as a coordinator: members of their networks; and cities that are
    in no network and have no lead, which are every coordinator's."""
    if not (isinstance(user, User) and user.is_active):
        return City.objects.none()
    cities: CityQuerySet = City.objects.filter(pk__in=RawSQL(_IN_CHARGE, (user.pk, user.pk)))  # noqa: S611 - a constant
    return cities


def is_in_charge(user: User | AnonymousUser, city: City) -> bool:
    """Whether the person is one of `coordinators_in_charge`."""
    return in_charge(user).filter(pk=city.pk).exists()


def keeps_membership(user: User | AnonymousUser, membership: Membership) -> bool:
    """Whether the person may change this membership: coordinators of the network, but nobody for their own city."""
    return coordinates(user, membership.network) and not speaks_for(user, membership.city)


def coordinators_in_charge(city: City) -> QuerySet[User]:
    """The coordinators of the networks the city is in. Is it in none, those of any network, but only as long as it has
    no lead."""
    offices = Office.objects.filter(role=Office.Role.COORDINATOR)
    networks = Network.objects.filter(pk__in=_CURRENT.filter(city=city).values("network_id"))
    if networks.exists():
        offices = offices.filter(network__in=networks)
    elif TeamMember.objects.filter(city=city, role=Role.LEAD).exists():
        offices = offices.none()
    return User.objects.filter(is_active=True, pk__in=offices.values("user_id")).order_by("pk")


# --- teams


def teams_seen_by(user: User | AnonymousUser) -> CityQuerySet:
    """The cities whose team the person may see: members of it, coordinators in charge, operators."""
    if is_operator(user):
        return kept_by(user)
    cities: CityQuerySet = City.objects.filter(
        Q(pk__in=own_cities(user).values("pk")) | Q(pk__in=in_charge(user).values("pk"))
    )
    return cities


def decided_by(user: User | AnonymousUser) -> CityQuerySet:
    """The cities for which the person may answer requests: who manages the team, and coordinators in charge."""
    if is_operator(user):
        return kept_by(user)
    if not (isinstance(user, User) and user.is_active):
        return City.objects.none()
    cities: CityQuerySet = City.objects.filter(pk__in=_decided(user))
    return cities


def _decided(user: User) -> RawSQL:
    return RawSQL(_DECIDED, (user.pk, user.pk, user.pk, list(MANAGERS)))  # noqa: S611 - a constant


def may_decide(user: User | AnonymousUser, city: City) -> bool:
    """Whether the person may answer requests to speak for the city (never their own)."""
    return decided_by(user).filter(pk=city.pk).exists()


def may_appoint_lead(user: User | AnonymousUser, city: City) -> bool:
    """Whether the person may give the lead to a member when somebody has left: coordinators in charge, operators."""
    return is_operator(user) or is_in_charge(user, city)


def requests_for(user: User | AnonymousUser) -> QuerySet[TeamRequest]:
    """The open requests that the person may answer; never their own."""
    if not (isinstance(user, User) and user.is_active):
        return TeamRequest.objects.none()
    waiting = TeamRequest.objects.filter(state=TeamRequest.State.OPEN).exclude(user=user)
    return waiting if is_operator(user) else waiting.filter(city__in=_decided(user))


def deciders(city: City) -> list[User]:
    """Whom a request is told to: lead, deputies and coordinators in charge; where there is none, the operators."""
    team = TeamMember.objects.filter(city=city, role__in=MANAGERS, user__is_active=True).values("user_id")
    either = Q(pk__in=team) | Q(pk__in=coordinators_in_charge(city).values("pk"))
    people = list(User.objects.filter(either).order_by("pk"))
    return people or list(User.objects.filter(is_active=True, is_superuser=True).order_by("pk"))
