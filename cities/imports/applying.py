"""Writes a difference into the portal: in batches, adding and changing, never deleting."""

import datetime
from collections import defaultdict
from itertools import batched

from django.db.models import Max
from django.utils import timezone

from cities.imports.difference import (
    EVENT_COLUMNS,
    GEONAMES,
    Change,
    Choice,
    Choices,
    Difference,
    Key,
    Kind,
    Value,
    chosen,
)
from cities.imports.portal import Portal
from cities.imports.rows import CityRow, EventRow, Lists, MembershipRow, NetworkRow
from cities.models import City, Country, Fact, Land, Membership, MembershipChange, ProfileEdit, Source
from network.models import Figure, Network, User
from network.models.network import Accent, Shape

BATCH = 2000
# When the populations of the shipped cities.csv were read (cities/data/README.md); the file has no column for it.
POPULATIONS_READ_ON = datetime.date(2026, 11, 21)
COLUMNS_OF_CITY = [
    "name_de", "name_en", "country_id", "latitude", "longitude", "geoname_id", "website", "kind", "ags", "land_id",
    "search_text", "sort_de", "sort_en",
]  # fmt: skip

type Columns = dict[str, Change]
type Steps = dict[Key, set[tuple[str, str, str]]]  # city, network → when, old field, new field


def write(difference: Difference, lists: Lists, portal: Portal, *, choices: Choices, by: User | None) -> None:
    """Everything, inside the caller's transaction. `by` is noted where the portal keeps a history."""
    changes: dict[Kind, dict[Key, Columns]] = defaultdict(lambda: defaultdict(dict))
    for change in difference.to_write(choices):
        changes[change.kind][change.key][change.column] = change
    _write_countries(difference, changes[Kind.COUNTRY], changes[Kind.LAND])
    _write_networks(difference)
    _write_sources(difference, changes[Kind.SOURCE])
    _change_cities(changes[Kind.CITY])
    _add_cities(difference.cities, portal)
    _record_overruled(difference, portal, choices, by)
    _change_memberships(lists, portal, changes[Kind.MEMBERSHIP], by)
    _add_memberships(difference.memberships, portal)
    _change_events(portal, changes[Kind.EVENT])
    _add_events(difference.events, portal, by)


def _write_countries(difference: Difference, countries: dict[Key, Columns], laender: dict[Key, Columns]) -> None:
    Country.objects.bulk_create(
        [
            Country(iso2=row.iso2, name_de=row.name_de, name_en=row.name_en, region=row.region)
            for row in difference.countries
        ]
    )
    Land.objects.bulk_create(
        [Land(key=row.key, name_de=row.name_de, name_en=row.name_en) for row in difference.laender]
    )
    for key, columns in countries.items():
        Country.objects.filter(pk=key[0]).update(**{column: change.new for column, change in columns.items()})
    for key, columns in laender.items():
        Land.objects.filter(pk=key[0]).update(**{column: change.new for column, change in columns.items()})


def _write_networks(difference: Difference) -> None:
    last = Network.objects.aggregate(last=Max("position"))["last"] or 0
    for step, row in enumerate(difference.networks, start=1):
        _add_network(row, position=last + step)
    networks = _network_pks()
    Figure.objects.bulk_create(
        [
            Figure(network_id=networks[row.network], value=row.value, as_of=row.as_of, source_label="networks.csv")
            for row in difference.figures
        ]
    )


def _network_pks() -> dict[str, int]:
    return {network.slug: network.pk for network in Network.objects.all()}


def _add_network(row: NetworkRow, *, position: int) -> Network:
    """A network with what the file says of it, and a mark and a colour that no other network has (if one is left)."""
    taken = list(Network.objects.all())
    shapes, accents = {network.shape for network in taken}, {network.accent for network in taken}
    return Network.objects.create(
        slug=row.slug,
        position=position,
        name_de=row.name_de,
        name_en=row.name_en,
        short_name_de=row.abbreviation,
        member_name_de=row.abbreviation,
        abbreviation=row.abbreviation,
        founded=row.founded,
        host=row.host,
        secretariat_city_de=row.secretariat_city,
        website=row.website,
        shape=next((shape for shape in Shape.values if shape not in shapes), Shape.CROSS),
        accent=next((accent for accent in Accent.values if accent not in accents), Accent.STEEL),
    )


def _write_sources(difference: Difference, sources: dict[Key, Columns]) -> None:
    Source.objects.bulk_create(
        [Source(tag=row.tag, url=row.url, what=row.what) for row in difference.sources], batch_size=BATCH
    )
    changed = list(Source.objects.filter(tag__in=[tag for (tag,) in sources]))
    for source in changed:
        for column, change in sources[source.tag,].items():
            setattr(source, column, change.new)
    Source.objects.bulk_update(changed, ["url", "what"], BATCH)


def _change_cities(cities: dict[Key, Columns]) -> None:
    for keys in batched(cities, BATCH):
        slugs = [slug for (slug,) in keys]
        # Two cities may exchange numbers, which the database holds unique row by row.
        moving = [slug for slug in slugs if "geoname_id" in cities[slug,]]
        City.objects.filter(slug__in=moving).update(geoname_id=None)
        City.objects.filter(slug__in=[slug for slug in slugs if "ags" in cities[slug,]]).update(ags="")
    for keys in batched(cities, BATCH):
        changed = list(City.objects.filter(slug__in=[slug for (slug,) in keys]))
        facts = []
        for city in changed:
            for column, change in cities[city.slug,].items():
                if column == "population":
                    facts.append(_population(city, change.new))
                else:
                    _set(city, column, change.new)
            city.prepare()
        City.objects.bulk_update(changed, COLUMNS_OF_CITY)
        _write_facts(facts)


def _set(city: City, column: str, value: Value) -> None:
    setattr(city, "country_id" if column == "country_iso2" else column, value)
    if column == "ags":
        city.land_id = str(value)[:2]


def _add_cities(rows: list[CityRow], portal: Portal) -> None:
    for batch in batched(rows, BATCH):
        cities = []
        for row in batch:
            city = City(
                slug=row.slug,
                name_de=row.name_de,
                name_en=row.name_en,
                country_id=row.country,
                latitude=row.latitude,
                longitude=row.longitude,
                geoname_id=row.geoname_id,
                website=row.website,
                kind=row.kind,
                ags=row.ags,
                land_id=row.ags[:2] or None,
            )
            city.prepare()
            cities.append(city)
        City.objects.bulk_create(cities)
        portal.new_cities |= {city.slug: city.pk for city in cities}
        _write_facts(
            [_population(city, row.population) for city, row in zip(cities, batch, strict=True) if row.population]
        )


def _population(city: City, value: Value) -> Fact:
    assert value is not None
    return Fact(
        city=city,
        kind=Fact.Kind.POPULATION,
        value=int(value),
        source_label=GEONAMES,
        source_url=f"https://www.geonames.org/{city.geoname_id}" if city.geoname_id else "",
        read_on=POPULATIONS_READ_ON,
    )


def _write_facts(facts: list[Fact]) -> None:
    Fact.objects.bulk_create(
        facts,
        update_conflicts=True,
        unique_fields=["city", "kind"],
        update_fields=["value", "year", "source_label", "source_url", "read_on"],
    )


def _record_overruled(difference: Difference, portal: Portal, choices: Choices, by: User | None) -> None:
    """Keep in the city's history what its team had entered and the file has replaced."""
    ProfileEdit.objects.bulk_create(
        [
            ProfileEdit(
                city_id=portal.cities[conflict.city].pk,
                field=conflict.column,
                old="" if conflict.team is None else str(conflict.team),
                new=str(conflict.file),
                by=by,
            )
            for conflict in difference.conflicts
            if chosen(choices, conflict) is Choice.FILE
        ]
    )


def _change_memberships(lists: Lists, portal: Portal, memberships: dict[Key, Columns], by: User | None) -> None:
    steps = _field_steps(lists, portal)
    sources = dict(Source.objects.order_by().values_list("tag", "pk"))
    for keys in batched(memberships, BATCH):
        of_pk = {portal.memberships[city, network].pk: (city, network) for city, network in keys}
        changed = list(Membership.objects.filter(pk__in=of_pk))
        links: list[tuple[int, int]] = []
        history = []
        for membership in changed:
            key = of_pk[membership.pk]
            for column, change in memberships[key].items():
                if column == "creative_field":
                    history += _change_field(membership, key, change, lists, portal, steps, by)
                elif column == "source":
                    links += [(membership.pk, sources[tag]) for tag in lists.memberships[key].sources]
                else:
                    setattr(membership, "since" if column == "year_joined" else column, change.new)
        Membership.objects.bulk_update(changed, ["since", "role", "profile_url"])
        MembershipChange.objects.bulk_create(history)
        _link_sources(links)


def _change_field(
    membership: Membership,
    key: Key,
    change: Change,
    lists: Lists,
    portal: Portal,
    steps: Steps,
    by: User | None,
) -> list[MembershipChange]:
    """Put the new field in place of the old; the event to record.

    None where the portal knew no field before, or where the event is already on record.
    """
    city, network = key
    new = portal.fields[network, str(change.new)]
    membership.fields.set([new])
    if not change.old or _lead(steps[key], str(change.old), str(change.new)):
        return []
    row = lists.memberships[city, network]
    first = Source.objects.filter(tag__in=row.sources, url__gt="").order_by("tag").first()
    return [
        MembershipChange(
            membership=membership,
            kind=MembershipChange.Kind.FIELD,
            happened=timezone.localdate().isoformat(),
            old_field_id=portal.fields[network, str(change.old)],
            field_id=new,
            source_label="+".join(row.sources)[:200],
            source_url=first.url if first and len(first.url) <= 500 else "",
            by=by,
        )
    ]


def _field_steps(lists: Lists, portal: Portal) -> Steps:
    """The changes of field on record: all that the file says, and the portal's last."""
    field = MembershipChange.Kind.FIELD
    last: dict[Key, tuple[str, str, str]] = {}
    for (city, network, kind, happened), known in portal.events.items():
        if kind == field:
            step = (happened, known.old_field, known.field)
            last[city, network] = max(step, last.get((city, network), step))
    steps: Steps = defaultdict(set, {key: {step} for key, step in last.items()})
    for row in lists.events.values():
        if row.kind == field:
            steps[row.city, row.network].add((row.happened, row.old_field, row.field))
    return steps


def _lead(steps: set[tuple[str, str, str]], old: str, new: str) -> bool:
    """Whether these changes lead from one field to another: then there is no other event to record."""
    reached = {old}
    for _when, before, after in sorted(steps):
        if before in reached:
            reached.add(after)
    return new in reached


def _change_events(portal: Portal, events: dict[Key, Columns]) -> None:
    of_pk = {portal.events[key].pk: key for key in events}
    for pks in batched(of_pk, BATCH):
        changed = list(MembershipChange.objects.filter(pk__in=pks))
        for event in changed:
            key = of_pk[event.pk]
            for column, change in events[key].items():
                if column in {"old_field", "field"}:
                    setattr(event, f"{column}_id", portal.fields[key[1], str(change.new)])
                else:
                    setattr(event, column, change.new)
        MembershipChange.objects.bulk_update(changed, list(EVENT_COLUMNS))


def _add_events(rows: list[EventRow], portal: Portal, by: User | None) -> None:
    """New events, also of memberships that this import has just added. They change nothing but the history."""
    for batch in batched(rows, BATCH):
        of_cities = Membership.objects.filter(city__slug__in={row.city for row in batch})
        memberships = {
            (city, network): pk
            for pk, city, network in of_cities.order_by().values_list("pk", "city__slug", "network__slug")
        }
        MembershipChange.objects.bulk_create(
            [
                MembershipChange(
                    membership_id=memberships[row.city, row.network],
                    kind=row.kind,
                    happened=row.happened,
                    old_field_id=portal.fields[row.network, row.old_field] if row.old_field else None,
                    field_id=portal.fields[row.network, row.field] if row.field else None,
                    note_de=row.note_de,
                    note_en=row.note_en,
                    source_label=row.source_label,
                    source_url=row.source_url,
                    by=by,
                )
                for row in batch
            ]
        )


def _add_memberships(rows: list[MembershipRow], portal: Portal) -> None:
    networks = _network_pks()
    sources = dict(Source.objects.order_by().values_list("tag", "pk"))
    with_field = Membership.fields.through
    for batch in batched(rows, BATCH):
        memberships = Membership.objects.bulk_create(
            [
                Membership(
                    city_id=portal.city_pk(row.city),
                    network_id=networks[row.network],
                    since=row.since,
                    role=row.role,
                    profile_url=row.profile_url,
                )
                for row in batch
            ]
        )
        pairs = list(zip(memberships, batch, strict=True))
        with_field._base_manager.bulk_create(
            [
                with_field(membership_id=membership.pk, field_id=portal.fields[row.network, row.field])
                for membership, row in pairs
                if row.field
            ]
        )
        _link_sources([(membership.pk, sources[tag]) for membership, row in pairs for tag in row.sources])


def _link_sources(links: list[tuple[int, int]]) -> None:
    """Links of memberships and sources; those already there stay."""
    link = Membership.sources.through
    link._base_manager.bulk_create(
        [link(membership_id=membership, source_id=source) for membership, source in links], ignore_conflicts=True
    )
