"""Which member cities are near a city, and which are like it, and why."""

from dataclasses import dataclass
from heapq import nsmallest

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.directory import Directory
from cities.entries import Entry
from cities.maps import distance_km
from cities.models import City
from cities.selection import population_class

SAME_FIELD, SAME_NETWORK, SAME_CLASS, NEAR = 5, 2, 1, 1  # what each reason weighs
NEAR_KM = 500


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A city seen from another one."""

    city: Entry
    km: int
    reasons: list[str]


def _distances(directory: Directory, city: City) -> list[float]:
    here = (city.latitude, city.longitude)
    return [distance_km(here, (other.latitude, other.longitude)) for other in directory.entries]


def around(directory: Directory, city: City, count: int = 5) -> tuple[list[Neighbour], list[Neighbour], int]:
    """The most similar and the nearest member cities, each with distance and reasons, and how many lie within
    1,000 km."""
    km = _distances(directory, city)
    me = directory.number.get(city.pk)
    others = [n for n in directory.numbers(directory.current) if n != me]
    weights = _weights(directory, city, km)
    alike = nsmallest(count, (n for n in others if weights[n] >= SAME_NETWORK), key=lambda n: (-weights[n], km[n]))
    nearest = nsmallest(count, others, key=km.__getitem__)

    def seen(numbers: list[int]) -> list[Neighbour]:
        entries = ((directory.entries[n], km[n]) for n in numbers)
        return [Neighbour(other, round(far), _reasons(city, other, far)) for other, far in entries]

    return seen(alike), seen(nearest), sum(km[n] <= 1000 for n in others)


def _weights(directory: Directory, city: City, km: list[float]) -> list[int]:
    weights = [NEAR if distance <= NEAR_KM else 0 for distance in km]

    def add(bits: int, weight: int) -> None:
        for n in directory.numbers(bits):
            weights[n] += weight

    for membership in city.shown_memberships:
        add(directory.members(membership.network.slug), SAME_NETWORK)
        for field in membership.shown_fields:
            add(directory.with_field(membership.network.slug, field.key), SAME_FIELD)
    if city.people is not None:
        add(directory.of_population_class(population_class(city.people)), SAME_CLASS)
    return weights


def _reasons(city: City, other: Entry, km: float) -> list[str]:
    """Why two cities are alike, in words."""
    mine = {f for m in city.shown_memberships for f in m.shown_fields}
    reasons = [
        _("same field: %(field)s") % {"field": field.name}
        for membership in other.memberships
        for field in membership.fields
        if field in mine
    ]
    shared = {m.network_id for m in city.shown_memberships} & {m.network.pk for m in other.memberships}
    if shared:
        reasons.append(
            ngettext("one network in common", "%(count)d networks in common", len(shared)) % {"count": len(shared)}
        )
    if None not in (city.people, other.people) and population_class(city.people) == population_class(other.people):
        reasons.append(_("similar size"))
    if km <= NEAR_KM:
        reasons.append(_("nearby"))
    return reasons
