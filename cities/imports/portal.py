"""What the portal knows before an import: one look with a fixed number of queries, whatever the size."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from cities.models import City, Country, Fact, Land, Membership, MembershipChange, ProfileEdit, Source
from network.models import Field, Figure, Network

CHUNK = 5000  # rows a server-side cursor hands over at once


class KnownNetwork(NamedTuple):
    pk: int
    founded: int | None


class KnownSource(NamedTuple):
    pk: int
    url: str
    what: str


class KnownCity(NamedTuple):
    pk: int
    name_de: str
    name_en: str
    country: str
    latitude: float
    longitude: float
    geoname_id: int | None
    website: str
    kind: str
    ags: str


class KnownFact(NamedTuple):
    value: int
    source_label: str


class KnownMembership(NamedTuple):
    pk: int
    status: str
    since: int | None
    role: str
    profile_url: str
    recorded_here: bool


class KnownEvent(NamedTuple):
    pk: int
    old_field: str
    field: str
    note_de: str
    note_en: str
    source_label: str
    source_url: str


@dataclass(slots=True)
class Portal:
    """Everything an import compares with, by the keys the files use."""

    countries: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # German, English, region
    laender: dict[str, tuple[str, str]] = field(default_factory=dict)  # German, English
    networks: dict[str, KnownNetwork] = field(default_factory=dict)
    fields: dict[tuple[str, str], int] = field(default_factory=dict)  # network, field
    figures: dict[tuple[str, str], int] = field(default_factory=dict)  # network, date → members
    sources: dict[str, KnownSource] = field(default_factory=dict)
    cities: dict[str, KnownCity] = field(default_factory=dict)
    demo_cities: set[str] = field(default_factory=set)
    populations: dict[str, KnownFact] = field(default_factory=dict)
    edits: dict[tuple[str, str], datetime] = field(default_factory=dict)  # city, field → when last
    memberships: dict[tuple[str, str], KnownMembership] = field(default_factory=dict)
    membership_fields: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    membership_sources: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    events: dict[tuple[str, ...], KnownEvent] = field(default_factory=dict)  # city, network, kind, when
    geoname_ids: dict[int, str] = field(default_factory=dict)  # also of demo cities
    municipality_keys: dict[str, str] = field(default_factory=dict)
    new_cities: dict[str, int] = field(default_factory=dict)  # what this import has added

    def city_pk(self, slug: str) -> int:
        return self.new_cities[slug] if slug in self.new_cities else self.cities[slug].pk


def _stream(rows: "QuerySet", *columns: str) -> Iterator[tuple]:
    return rows.order_by().values_list(*columns).iterator(CHUNK)


def look() -> Portal:
    """Demo cities are known by their short address only: an import neither reads nor changes them."""
    portal = Portal()
    for iso2, de, en, region in _stream(Country.objects.all(), "iso2", "name_de", "name_en", "region"):
        portal.countries[iso2] = (de, en or "", region)
    for key, de, en in _stream(Land.objects.all(), "key", "name_de", "name_en"):
        portal.laender[key] = (de, en or "")
    for slug, *known in _stream(Network.objects.all(), "slug", "pk", "founded"):
        portal.networks[slug] = KnownNetwork(*known)
    for network, slug, pk in _stream(Field.objects.all(), "network__slug", "slug", "pk"):
        portal.fields[network, slug] = pk
    members = Figure.objects.filter(kind=Figure.Kind.MEMBERS)
    for network, as_of, value in _stream(members, "network__slug", "as_of", "value"):
        portal.figures[network, as_of] = value
    for tag, *known in _stream(Source.objects.all(), "tag", "pk", "url", "what"):
        portal.sources[tag] = KnownSource(*known)
    _look_at_cities(portal)
    _look_at_memberships(portal)
    _look_at_events(portal)
    return portal


def _look_at_cities(portal: Portal) -> None:
    columns = (
        "name_de", "name_en", "country_id", "latitude", "longitude", "geoname_id", "website", "kind", "ags",
    )  # fmt: skip
    for demo, slug, pk, de, en, *rest in _stream(City.objects.all(), "is_demo", "slug", "pk", *columns):
        city = KnownCity(pk, de, en or "", *rest)
        if city.geoname_id:
            portal.geoname_ids[city.geoname_id] = slug
        if city.ags:
            portal.municipality_keys[city.ags] = slug
        if demo:
            portal.demo_cities.add(slug)
        else:
            portal.cities[slug] = city
    populations = Fact.objects.filter(kind=Fact.Kind.POPULATION, city__is_demo=False)
    for slug, value, label in _stream(populations, "city__slug", "value", "source_label"):
        portal.populations[slug] = KnownFact(int(value), label)
    edits = ProfileEdit.objects.filter(city__is_demo=False, field__in=ProfileEdit.FIELDS)
    for slug, name, at in _stream(edits, "city__slug", "field", "at"):
        portal.edits[slug, name] = max(at, portal.edits.get((slug, name), at))


def _look_at_memberships(portal: Portal) -> None:
    keys: dict[int, tuple[str, str]] = {}
    real = Membership.objects.filter(city__is_demo=False)
    columns = ("city__slug", "network__slug", "pk", "status", "since", "role", "profile_url", "recorded_here")
    for city, network, *known in _stream(real, *columns):
        portal.memberships[city, network] = KnownMembership(*known)
        keys[known[0]] = (city, network)
    of_fields, of_sources = defaultdict(list), defaultdict(list)
    for pk, slug in _stream(Membership.fields.through._base_manager.all(), "membership_id", "field__slug"):
        if pk in keys:
            of_fields[keys[pk]].append(slug)
    for pk, tag in _stream(Membership.sources.through._base_manager.all(), "membership_id", "source__tag"):
        if pk in keys:
            of_sources[keys[pk]].append(tag)
    portal.membership_fields, portal.membership_sources = dict(of_fields), dict(of_sources)


def _look_at_events(portal: Portal) -> None:
    keys = {membership.pk: key for key, membership in portal.memberships.items()}
    columns = ("old_field__slug", "field__slug", "note_de", "note_en", "source_label", "source_url")
    events = MembershipChange.objects.filter(membership__city__is_demo=False)
    for membership, kind, happened, pk, *texts in _stream(events, "membership_id", "kind", "happened", "pk", *columns):
        key = (*keys[membership], kind, happened)
        if key not in portal.events or pk < portal.events[key].pk:  # of several the first recorded
            portal.events[key] = KnownEvent(pk, *(text or "" for text in texts))
