"""The cities for which a person speaks, for the header of every page and the page of a city."""

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils.safestring import SafeString

from cities import permissions
from cities.models import City
from cities.posts import posts_of
from network.models import User
from network.templatetags.portal import steady

register = template.Library()


@register.simple_tag(takes_context=True)
def own_entries(context: template.Context) -> SafeString:
    """The menu of the person who is signed in, but for the way out."""
    return steady(
        "parts/_person_entries.html",
        my_cities=tuple(posts_of(context["user"]).cities),
        is_reviewer=bool(context["is_reviewer"]),
        runs_portal=bool(context["runs_portal"]),
        keeps_content=bool(context["keeps_content"]),
    )


@register.filter
def speaks_for(user: User | AnonymousUser, city: City) -> bool:
    """`{% if user|speaks_for:city %}`: whether the person is in the city's team."""
    return permissions.speaks_for(user, city)
