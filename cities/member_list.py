"""The members of a network as its coordination keeps them: found by name and status, each with its contact."""

import csv
from collections.abc import Iterator
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Count, F, Prefetch, QuerySet
from django.utils.translation import get_language

from cities.exports import neutral
from cities.membership_actions import statuses_for
from cities.models import City, Membership, MembershipChange, TeamMember
from cities.models.membership import MembershipQuerySet
from cities.permissions import keeps_membership
from network.models import Network, Office, User
from network.permissions import is_operator

PER_PAGE = 50
CHUNK = 500  # rows an export holds at once
Status = Membership.Status
COLUMNS = ("slug", "name_de", "name_en", "country", "land", "network", "status", "since", "ended_on", "fields",
           "contact", "contact_email", "profile_confirmed_on")  # fmt: skip


def networks_of(user: User) -> QuerySet[Network]:
    """The networks whose members the person sees: those they coordinate; all for operators, who only read."""
    networks: QuerySet[Network] = Network.objects.all()
    if is_operator(user):
        return networks
    offices = user.offices.filter(role=Office.Role.COORDINATOR)
    return networks.filter(pk__in=offices.values("network"))


def seen_by(user: User) -> MembershipQuerySet:
    """The memberships that these pages start from."""
    memberships: MembershipQuerySet = Membership.objects.filter(network__in=networks_of(user))
    return memberships


def with_contact(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """With whatever a row shows: city, network, fields, and the lead of the city's team as its contact."""
    leads = TeamMember.objects.filter(role=TeamMember.Role.LEAD, user__is_active=True).select_related("user")
    rows = memberships.select_related("city__country", "city__land", "network")
    return rows.prefetch_related("fields", Prefetch("city__team", leads, to_attr="leads")).fetch_mode(
        models.FETCH_RAISE
    )


def contact_of(membership: Membership) -> User | None:
    """The lead of the city's team, of a row of `with_contact`."""
    leads: list[TeamMember] = membership.city.leads  # type: ignore[attr-defined]  # by Prefetch
    return leads[0].user if leads else None


class MemberList:
    """The list as one person asks for it; what is not known of what they ask is passed over."""

    def __init__(self, reader: User, *, network: str = "", status: str = "", q: str = "", page: str = "") -> None:
        self.reader, self.query = reader, q.strip()[:100]
        self.status = Status(status) if status in Status.values else None
        self._network, self._page = network, page

    @cached_property
    def networks(self) -> list[Network]:
        """Those the person may look at."""
        return list(networks_of(self.reader))

    @cached_property
    def network(self) -> Network | None:
        """The chosen one, or the only one."""
        only = self.networks[0] if len(self.networks) == 1 else None
        return next((one for one in self.networks if one.slug == self._network), only)

    @cached_property
    def _named(self) -> QuerySet[Membership]:
        """In the chosen network, with the name that was looked for."""
        found = seen_by(self.reader)
        if self.network:
            found = found.filter(network=self.network)
        if self.query:
            found = found.filter(city__in=[pk for pk, _rank in City.objects.named(self.query)])
        return found

    @cached_property
    def counts(self) -> list[tuple[Status, int]]:
        """How many there are of each status."""
        found = dict(self._named.order_by().values_list("status").annotate(Count("pk")))
        return [(status, found.get(status, 0)) for status in Status]

    @property
    def total(self) -> int:
        return sum(count for _status, count in self.counts)

    @cached_property
    def rows(self) -> QuerySet[Membership]:
        """All that fit, by the city's name."""
        name = F("city__sort_en") if get_language() == "en" else F("city__sort_de")
        chosen = self._named.filter(status=self.status) if self.status else self._named
        return with_contact(chosen).order_by(name, "network__position", "pk")

    @cached_property
    def page(self) -> Page:
        return Paginator(self.rows, PER_PAGE).get_page(self._page)

    @property
    def shown(self) -> list[tuple[Membership, User | None]]:
        """Those of the page, each with its contact."""
        return [(membership, contact_of(membership)) for membership in self.page]

    # --- as a file

    def csv_lines(self) -> Iterator[str]:
        """The whole list as CSV, line by line; office programs take it for UTF-8 by its first sign."""
        writer = csv.writer(_Line(), lineterminator="\r\n")
        yield "\ufeff" + writer.writerow(COLUMNS)
        for membership in self.rows.iterator(CHUNK):
            yield writer.writerow([neutral(str(value or "")) for value in _cells(membership)])


class _Line:
    """Gives back what a writer of CSV writes."""

    def write(self, text: str) -> str:
        return text


def _cells(membership: Membership) -> list[object]:
    city, contact = membership.city, contact_of(membership)
    return [
        city.slug, city.name_de, city.name_en, city.country_id, city.land.name_de if city.land else "",
        membership.network.slug, membership.status, membership.since, membership.ended_on,
        "+".join(field.slug for field in membership.fields.all()), contact or "", contact.email if contact else "",
        city.confirmed_on,
    ]  # fmt: skip


class MemberPage:
    """One membership with its whole history, also what only the coordination reads."""

    def __init__(self, membership: Membership, reader: User) -> None:
        self.membership, self.reader = membership, reader

    @cached_property
    def may_change(self) -> bool:
        return keeps_membership(self.reader, self.membership)

    @cached_property
    def statuses(self) -> list[Status]:
        """What the person can make of it."""
        return statuses_for(self.membership) if self.may_change else []

    @property
    def contact(self) -> User | None:
        return contact_of(self.membership)

    @cached_property
    def changes(self) -> list[MembershipChange]:
        """The latest first."""
        return list(
            self.membership.changes.select_related("old_field", "field", "by").order_by("-happened", "-pk")
        )  # fmt: skip
