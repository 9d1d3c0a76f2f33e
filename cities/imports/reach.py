"""What a coordinator may import: rows of the own networks and their cities, nothing that all networks share."""

from collections.abc import Callable, Hashable

from django.utils.translation import gettext as _

from cities.imports.difference import Decision, Difference, Kind, Reason
from cities.imports.portal import Portal
from cities.imports.problems import Problem
from cities.imports.rows import PROFILES_OF, Lists, Row

type Place = tuple[str, int]  # file and line


def check_reach(lists: Lists, portal: Portal, difference: Difference, networks: frozenset[str]) -> list[Problem]:
    """What a coordinator of these networks may not import: rows of others, other cities, what all networks share."""
    foreign = _("You do not coordinate this network. Take its rows out of the file.")
    found: list[tuple[str, int, str, str]] = [
        ("memberships.csv", row.line, "network", row.network) for row in lists.memberships.values()
    ]
    found += [("membership_changes.csv", row.line, "network", row.network) for row in lists.events.values()]
    found += [("networks.csv", row.line, "slug", row.network) for row in difference.figures]
    found += [("networks.csv", row.line, "slug", row.slug) for row in difference.networks]
    found += [("uccn_profiles.csv", row.line, "city_slug", PROFILES_OF) for row in lists.profiles.values()]
    problems = [
        Problem(file, line, column, network, foreign)
        for file, line, column, network in found
        if network not in networks
    ]
    shared = _("Only the operator of the portal can add or change this, because all networks use it.")
    problems += [Problem("countries.csv", row.line, "iso2", row.iso2, shared) for row in difference.countries]
    problems += [Problem("laender.csv", row.line, "key", row.key, shared) for row in difference.laender]
    own = _cities_of(portal, networks)
    for change in [*difference.changes, *(conflict.change for conflict in difference.conflicts)]:
        key, value = change.key[0], str(change.new)
        if change.kind is Kind.CITY and key not in own:
            reason = _("This city is not in a network that you coordinate; you cannot change its data.")
            problems.append(Problem("cities.csv", lists.cities[key].line, change.column, value, reason))
        elif change.kind is Kind.COUNTRY:
            problems.append(Problem("countries.csv", lists.countries[key].line, change.column, value, shared))
        elif change.kind is Kind.LAND:
            problems.append(Problem("laender.csv", lists.laender[key].line, change.column, value, shared))
        elif change.kind is Kind.SOURCE:
            problems.append(Problem("sources.csv", lists.sources[key].line, change.column, value, shared))
    return problems


def _cities_of(portal: Portal, networks: frozenset[str]) -> set[str]:
    return {city for city, network in portal.memberships if network in networks}


def leave_out_others(lists: Lists, portal: Portal, networks: frozenset[str]) -> set[Place]:
    """Take out of the lists the rows of networks other than these, and all that only those rows need: cities in none
    of these networks, and countries, Länder and sources that no row names any more. Returns where the rows stood.

    A row whose network nobody knows stays, to be found wrong: it may well be a misspelt one of the own.
    """
    left: set[Place] = set()

    def keep[K: Hashable, R: Row](file: str, rows: dict[K, R], stays: Callable[[R], bool]) -> dict[K, R]:
        left.update((file, row.line) for row in rows.values() if not stays(row))
        return {key: row for key, row in rows.items() if stays(row)}

    others = {*portal.networks, *lists.networks} - networks
    lists.memberships = keep("memberships.csv", lists.memberships, lambda row: row.network not in others)
    lists.events = keep("membership_changes.csv", lists.events, lambda row: row.network not in others)
    lists.networks = keep("networks.csv", lists.networks, lambda row: row.slug not in others)
    lists.profiles = keep("uccn_profiles.csv", lists.profiles, lambda _row: PROFILES_OF not in others)
    if "memberships.csv" in lists.incomplete:
        return left  # whose cities are in the file cannot be said
    own = _cities_of(portal, networks) | {city for city, _network in lists.memberships}
    lists.cities = keep("cities.csv", lists.cities, lambda row: row.slug in own)
    lists.keys = keep("city_keys.csv", lists.keys, lambda row: row.city in own)
    countries = {row.country for row in lists.cities.values()}
    lists.countries = keep("countries.csv", lists.countries, lambda row: row.iso2 in countries)
    laender = {row.ags[:2] for row in lists.keys.values()}
    lists.laender = keep("laender.csv", lists.laender, lambda row: row.key in laender)
    sources = {tag for row in lists.memberships.values() for tag in row.sources}
    lists.sources = keep("sources.csv", lists.sources, lambda row: row.tag in sources)
    return left


def within_reach(difference: Difference, portal: Portal, networks: frozenset[str]) -> None:
    """Leave to a coordinator only decisions about the own networks and their cities."""
    own = _cities_of(portal, networks)

    def is_own(decision: Decision) -> bool:
        if decision.reason is Reason.FIGURE_DIFFERS:
            return decision.key[0] in networks
        return decision.key[1] in networks if len(decision.key) > 1 else decision.key[0] in own

    difference.decisions = [decision for decision in difference.decisions if is_own(decision)]
