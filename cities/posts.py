"""What one person is to networks and cities, as every page of theirs asks for it: one query, once a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils.translation import get_language

from network.models import Office, User

# Offices in networks, then the cities in whose team the person is, by address. Of fixed shape, so written as SQL.
_ASKED = """
SELECT o.role, o.network_id, NULL AS slug, NULL AS name_de, NULL AS name_en FROM network_office o WHERE o.user_id = %s
UNION ALL
SELECT m.role, NULL, c.slug, c.name_de, c.name_en
FROM cities_teammember m JOIN cities_city c ON c.id = m.city_id WHERE m.user_id = %s
ORDER BY slug"""


class OwnCity(NamedTuple):
    """A city in whose team the person is, as menus show it."""

    slug: str
    name_de: str
    name_en: str | None

    @property
    def name(self) -> str:
        return (self.name_en if get_language() == "en" else "") or self.name_de


@dataclass(frozen=True)
class Posts:
    """The networks that the person coordinates and reviews for, by primary key, and the cities of their teams."""

    coordinates: frozenset[int] = frozenset()
    reviews: frozenset[int] = frozenset()
    cities: Sequence[OwnCity] = ()


def posts_of(user: User | AnonymousUser) -> Posts:
    """What the person holds; visitors and who may not sign in nothing. Kept with the object, that is for one request:
    for what a page shows and counts. Acts ask anew whether they are allowed (network.permissions)."""
    if not (isinstance(user, User) and user.is_active):
        return Posts()
    if "posts" not in user.kept:
        user.kept["posts"] = _asked(user.pk)
    posts = user.kept["posts"]
    assert isinstance(posts, Posts)
    return posts


def _asked(pk: int) -> Posts:
    offices: dict[str, set[int]] = {role: set() for role in Office.Role.values}
    cities = []
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, (pk, pk))
        for role, network, slug, german, english in cursor.fetchall():
            if network is None:
                cities.append(OwnCity(slug, german, english))
            else:
                offices[role].add(network)
    return Posts(frozenset(offices[Office.Role.COORDINATOR]), frozenset(offices[Office.Role.REVIEWER]), cities)
