"""The cities for which a person speaks, for the header of every page and the page of a city."""

from django import template
from django.contrib.auth.models import AnonymousUser

from cities import permissions
from cities.models import City
from network.models import User

register = template.Library()


@register.simple_tag
def own_cities(user: User | AnonymousUser) -> list[City]:
    """`{% own_cities user as mine %}`: the cities of the person's teams; one query, for visitors none."""
    return list(permissions.own_cities(user))


@register.filter
def speaks_for(user: User | AnonymousUser, city: City) -> bool:
    """`{% if user|speaks_for:city %}`: whether the person is in the city's team."""
    return permissions.speaks_for(user, city)
