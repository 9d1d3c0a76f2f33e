"""What must be right between the files and the portal."""

from django.utils.translation import gettext as _

from cities.imports.portal import Portal
from cities.imports.problems import Problem
from cities.imports.rows import CityRow, EventRow, Lists, MembershipRow

GERMANY = "DE"


def check(lists: Lists, portal: Portal) -> list[Problem]:
    """Names that nobody knows, years before a network began, numbers that belong to another city."""
    problems: list[Problem] = []
    for city in lists.cities.values():
        if city.country not in portal.countries and not lists.may_have("countries.csv", city.country):
            reason = _("This country is unknown. A country code has two capital letters (ISO 3166-1), for example DE.")
            problems.append(Problem("cities.csv", city.line, "country_iso2", city.country, reason))
        if city.slug in portal.demo_cities:
            reason = _("The portal has a demo city with this short address; an import never touches it.")
            problems.append(Problem("cities.csv", city.line, "slug", city.slug, reason))
        problems += _taken(city, lists, portal)
    problems += _wrong_keys(lists, portal)
    for row in lists.memberships.values():
        problems += _wrong_membership(row, lists, portal)
    for event in lists.events.values():
        problems += _wrong_event(event, lists, portal)
    return problems


def _taken(city: CityRow, lists: Lists, portal: Portal) -> list[Problem]:
    """A GeoNames number of another city, unless these files give that city another number."""
    owner = portal.geoname_ids.get(city.geoname_id) if city.geoname_id else None
    if owner in {None, city.slug}:
        return []
    other = lists.cities.get(owner or "")
    if other and other.geoname_id not in {None, city.geoname_id}:
        return []
    reason = _("In the portal this number belongs to %(city)s.") % {"city": owner}
    return [Problem("cities.csv", city.line, "geoname_id", str(city.geoname_id), reason)]


def _wrong_keys(lists: Lists, portal: Portal) -> list[Problem]:
    problems: list[Problem] = []
    for key in lists.keys.values():
        city = lists.cities.get(key.city)
        if not key.ags or not city:
            continue
        reason = ""
        owner = portal.municipality_keys.get(key.ags)
        other = lists.cities.get(owner or "")
        if city.country != GERMANY:
            reason = _("Only German cities have an official municipality key.")
        elif key.ags[:2] not in portal.laender and not lists.may_have("laender.csv", key.ags[:2]):
            reason = _("The first two digits are not those of a German Land.")
        elif owner and owner != key.city and not (other and other.ags not in {"", key.ags}):
            reason = _("In the portal this number belongs to %(city)s.") % {"city": owner}
        if reason:
            problems.append(Problem("city_keys.csv", key.line, "ags", key.ags, reason))
    return problems


def _wrong_membership(row: MembershipRow, lists: Lists, portal: Portal) -> list[Problem]:
    def wrong(column: str, value: str, reason: str) -> None:
        problems.append(Problem("memberships.csv", row.line, column, value, reason))

    problems: list[Problem] = []
    if row.city not in portal.cities and not lists.may_have("cities.csv", row.city):
        wrong("city_slug", row.city, _("This city is neither in cities.csv nor in the portal."))
    for tag in row.sources:
        if tag not in portal.sources and not lists.may_have("sources.csv", tag):
            wrong("source", tag, _("This source is neither in sources.csv nor in the portal."))
    new, known = lists.networks.get(row.network), portal.networks.get(row.network)
    if not known and not new:
        if not lists.may_have("networks.csv", row.network):
            wrong("network", row.network, _("This network is neither in networks.csv nor in the portal."))
        return problems
    founded = known.founded if known else new.founded if new else None
    if row.since and founded and row.since < founded:
        reason = _("The network was founded in %(year)d only.") % {"year": founded}
        wrong("year_joined", str(row.since), reason)
    if row.field and (row.network, row.field) not in portal.fields:
        wrong("creative_field", row.field, _no_such_field(row.network, portal))
    return problems


def _no_such_field(network: str, portal: Portal) -> str:
    fields = sorted(field for of_network, field in portal.fields if of_network == network)
    if fields:
        return _("The network has no such field. Its fields are: %(fields)s") % {"fields": ", ".join(fields)}
    return _("The network has no fields; leave the cell empty.")


def _wrong_event(row: EventRow, lists: Lists, portal: Portal) -> list[Problem]:
    file, key = "membership_changes.csv", (row.city, row.network)
    if key not in portal.memberships and not lists.may_have("memberships.csv", key):
        reason = _("This membership is neither in memberships.csv nor in the portal.")
        return [Problem(file, row.line, "city_slug, network", ", ".join(key), reason)]
    if row.network not in portal.networks and row.network not in lists.networks:
        return []  # a finding of memberships.csv
    return [
        Problem(file, row.line, column, field, _no_such_field(row.network, portal))
        for column, field in (("old_field", row.old_field), ("field", row.field))
        if field and (row.network, field) not in portal.fields
    ]
