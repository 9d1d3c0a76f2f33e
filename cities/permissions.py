"""Who keeps the profile of a city. Private by default: a stranger meets 404."""

from django.contrib.auth.models import AnonymousUser

from cities.models import City
from cities.models.city import CityQuerySet
from network.models import User
from network.permissions import is_operator


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
