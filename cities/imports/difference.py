"""What an import would do: a value that can be compared, counted and read, made without touching the portal."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.imports.portal import KnownCity, KnownMembership, Portal
from cities.imports.rows import (
    CityRow,
    CountryRow,
    EventRow,
    LandRow,
    Lists,
    MembershipRow,
    NetworkRow,
    Row,
    SourceRow,
)
from cities.models import Membership

GEONAMES = "GeoNames"

type Value = str | int | float | None
type Key = tuple[str, ...]


class Kind(StrEnum):
    """What is added or changed, in the order it is written."""

    COUNTRY = "country"
    LAND = "land"
    NETWORK = "network"
    FIGURE = "figure"
    SOURCE = "source"
    CITY = "city"
    MEMBERSHIP = "membership"
    EVENT = "event"


class Choice(StrEnum):
    """Whose value stays where a city's team and the file differ."""

    TEAM = "team"
    FILE = "file"


class Reason(StrEnum):
    """Why something is left to people."""

    CITY_NOT_IN_FILE = "city not in file"
    MEMBERSHIP_NOT_IN_FILE = "membership not in file"
    EMPTIED = "emptied"
    ENDED = "ended"
    OTHER_SOURCE = "other source"
    FIGURE_DIFFERS = "figure differs"
    SOURCE_NOT_IN_FILE = "source not in file"
    SEVERAL_FIELDS = "several fields"
    RECORDED_HERE = "recorded here"


SENTENCES = {
    Reason.CITY_NOT_IN_FILE: gettext_lazy("%(key)s is in the portal, but not in cities.csv. It stays."),
    Reason.MEMBERSHIP_NOT_IN_FILE: gettext_lazy("%(key)s is in the portal, but not in memberships.csv. It stays."),
    Reason.EMPTIED: gettext_lazy("%(key)s: %(column)s is empty in the file, in the portal %(portal)s. It stays."),
    Reason.ENDED: gettext_lazy("%(key)s is in the file, but has ended in the portal. It stays ended."),
    Reason.OTHER_SOURCE: gettext_lazy(
        "%(key)s: %(column)s is %(file)s in the file, but the portal has %(portal)s from another source. It stays."
    ),
    Reason.FIGURE_DIFFERS: gettext_lazy(
        "%(key)s: the file counts %(file)s members, the portal %(portal)s on the same date. The portal's stays."
    ),
    Reason.SOURCE_NOT_IN_FILE: gettext_lazy("%(key)s: the source %(portal)s is only in the portal. It stays."),
    Reason.SEVERAL_FIELDS: gettext_lazy(
        "%(key)s: the file has the field %(file)s, the portal several others (%(portal)s). They stay."
    ),
    Reason.RECORDED_HERE: gettext_lazy(
        "%(key)s: %(column)s is %(file)s in the file; the coordination has recorded %(portal)s here. It stays."
    ),
}


def shown(value: Value) -> str:
    return _("(empty)") if value in {None, ""} else str(value)


@dataclass(frozen=True, slots=True)
class Change:
    """One value that the file has otherwise."""

    kind: Kind
    key: Key
    column: str
    old: Value
    new: Value

    def __str__(self) -> str:
        return f"{', '.join(self.key)}: {self.column} {shown(self.old)} → {shown(self.new)}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that a city's team has entered and the file has otherwise."""

    city: str
    column: str
    team: Value
    file: Value
    entered: datetime

    @property
    def change(self) -> Change:
        return Change(Kind.CITY, (self.city,), self.column, self.team, self.file)

    def __str__(self) -> str:
        return _("%(city)s: %(column)s is %(team)s by the city's team, %(file)s in the file") % {
            "city": self.city, "column": self.column, "team": shown(self.team), "file": shown(self.file),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """Something an import leaves as it is and shows to people."""

    reason: Reason
    key: Key
    column: str = ""
    portal: Value = ""
    file: Value = ""

    def __str__(self) -> str:
        return SENTENCES[self.reason] % {
            "key": ", ".join(self.key), "column": self.column, "portal": shown(self.portal), "file": shown(self.file),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class FigureRow(Row):
    network: str
    as_of: str
    value: int


@dataclass(slots=True)
class Difference:
    """What would be added and changed, what stays open, and how much stays the same."""

    countries: list[CountryRow] = field(default_factory=list)
    laender: list[LandRow] = field(default_factory=list)
    networks: list[NetworkRow] = field(default_factory=list)
    figures: list[FigureRow] = field(default_factory=list)
    sources: list[SourceRow] = field(default_factory=list)
    cities: list[CityRow] = field(default_factory=list)
    memberships: list[MembershipRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    unchanged: Counter[Kind] = field(default_factory=Counter)
    left_out: int = 0  # rows of other networks that a coordinator asked to leave out

    @property
    def added(self) -> dict[Kind, list[str]]:
        """The keys of all new things, by kind; kinds without any are left out."""
        keys = {
            Kind.COUNTRY: [row.iso2 for row in self.countries],
            Kind.LAND: [row.key for row in self.laender],
            Kind.NETWORK: [row.slug for row in self.networks],
            Kind.FIGURE: [f"{row.network}, {row.as_of}: {row.value}" for row in self.figures],
            Kind.SOURCE: [row.tag for row in self.sources],
            Kind.CITY: [f"{row.slug} ({row.name_de})" for row in self.cities],
            Kind.MEMBERSHIP: [f"{row.city}, {row.network}" for row in self.memberships],
            Kind.EVENT: [", ".join(row.key) for row in self.events],
        }
        return {kind: found for kind, found in keys.items() if found}

    @property
    def changes_nothing(self) -> bool:
        """Whether an import with these files would write nothing, whatever is chosen."""
        return not (self.added or self.changes or self.conflicts)

    def fingerprint(self) -> str:
        """Equal for equal differences, in any language: what was shown is what is confirmed."""
        digest = hashlib.sha256()
        for part in (
            self.countries, self.laender, self.networks, self.figures, self.sources, self.cities, self.memberships,
            self.events, self.changes, self.conflicts, self.decisions,
        ):  # fmt: skip
            digest.update(f"[{len(part)}".encode())
            for item in part:
                digest.update(repr(item).encode())
        return digest.hexdigest()

    def undecided(self, choices: "Choices") -> list[Conflict]:
        return [conflict for conflict in self.conflicts if chosen(choices, conflict) is None]

    def to_write(self, choices: "Choices") -> list[Change]:
        """The changes, with those conflicts in which the file was chosen."""
        return self.changes + [c.change for c in self.conflicts if chosen(choices, c) is Choice.FILE]


type Choices = Choice | Mapping[tuple[str, str], Choice] | None  # one for all, or by city and column


def chosen(choices: Choices, conflict: Conflict) -> Choice | None:
    if isinstance(choices, Mapping):
        return choices.get((conflict.city, conflict.column))
    return choices


def compare(lists: Lists, portal: Portal) -> Difference:
    """What the files (without findings) would change in the portal."""
    difference = Difference()
    for country in lists.countries.values():
        known = portal.countries.get(country.iso2)
        values = (country.name_de, country.name_en, country.region)
        if known is None:
            difference.countries.append(country)
        else:
            _compare(difference, Kind.COUNTRY, (country.iso2,), ("name_de", "name_en", "region"), known, values)
    for land in lists.laender.values():
        names = portal.laender.get(land.key)
        if names is None:
            difference.laender.append(land)
        else:
            _compare(difference, Kind.LAND, (land.key,), ("name_de", "name_en"), names, (land.name_de, land.name_en))
    for source in lists.sources.values():
        if before := portal.sources.get(source.tag):
            _compare(
                difference, Kind.SOURCE, (source.tag,), ("url", "what"), before[1:], (source.url, source.what)
            )  # fmt: skip
        else:
            difference.sources.append(source)
    _compare_networks(difference, lists, portal)
    _compare_cities(difference, lists, portal)
    _compare_memberships(difference, lists, portal)
    _compare_events(difference, lists, portal)
    return difference


def _compare(
    difference: Difference,
    kind: Kind,
    key: Key,
    columns: tuple[str, ...],
    old: tuple,
    new: tuple,
    *,
    silent: tuple[str, ...] = (),
    aside: Callable[[str, Value, Value], bool] = lambda *_: False,
) -> None:
    """Note what differs. An emptied cell deletes nothing, and in a `silent` column says nothing at all.

    `aside` is asked about each other value first, and may note it as something else than a change.
    """
    same = True
    if old != new:
        for column, before, after in zip(columns, old, new, strict=True):
            empty = after in {None, ""}
            if before == after or (empty and column in silent):
                continue
            if empty and column != "role":  # no office is a statement: the file says "member"
                difference.decisions.append(Decision(Reason.EMPTIED, key, column, before))
                continue
            same = False
            if not aside(column, before, after):
                difference.changes.append(Change(kind, key, column, before, after))
    if same:
        difference.unchanged[kind] += 1


def _compare_networks(difference: Difference, lists: Lists, portal: Portal) -> None:
    for row in lists.networks.values():
        if row.slug in portal.networks:
            difference.unchanged[Kind.NETWORK] += 1
        else:
            difference.networks.append(row)
        if row.members is None:
            continue
        now = portal.figures.get((row.slug, row.as_of))
        if now is None:
            difference.figures.append(FigureRow(row.slug, row.as_of, row.members, line=row.line))
        elif now != row.members:
            key = (row.slug, row.as_of)
            difference.decisions.append(Decision(Reason.FIGURE_DIFFERS, key, "member_count", now, row.members))


CITY_COLUMNS = (
    "name_de", "name_en", "country_iso2", "latitude", "longitude", "geoname_id", "website", "kind", "ags", "population",
)  # fmt: skip


def _compare_cities(difference: Difference, lists: Lists, portal: Portal) -> None:
    for row in lists.cities.values():
        known = portal.cities.get(row.slug)
        if known is None:
            difference.cities.append(row)
        else:
            _compare_city(difference, row, known, portal)
    ended: dict[str, bool] = {}  # whether all memberships of a city have ended
    for (city, _network), membership in portal.memberships.items():
        ended[city] = ended.get(city, True) and membership.status == Membership.Status.ENDED
    for slug in sorted(portal.cities.keys() - lists.cities.keys()):
        if not ended.get(slug, False):
            difference.decisions.append(Decision(Reason.CITY_NOT_IN_FILE, (slug,)))


def _compare_city(difference: Difference, row: CityRow, known: KnownCity, portal: Portal) -> None:
    fact = portal.populations.get(row.slug)
    old = (*known[1:], fact.value if fact else None)
    new = (
        row.name_de, row.name_en, row.country, row.latitude, row.longitude, row.geoname_id, row.website, row.kind,
        row.ags, row.population,
    )  # fmt: skip

    def aside(column: str, before: Value, after: Value) -> bool:
        if entered := portal.edits.get((row.slug, column)):
            difference.conflicts.append(Conflict(row.slug, column, before, after, entered))
            return True
        if column == "population" and fact and fact.source_label != GEONAMES:
            difference.decisions.append(Decision(Reason.OTHER_SOURCE, (row.slug,), column, before, after))
            return True
        return False

    _compare(difference, Kind.CITY, (row.slug,), CITY_COLUMNS, old, new, silent=("kind", "ags"), aside=aside)


def _compare_memberships(difference: Difference, lists: Lists, portal: Portal) -> None:
    for key, row in lists.memberships.items():
        known = portal.memberships.get(key)
        if known is None:
            difference.memberships.append(row)
        elif known.status == Membership.Status.ENDED:
            difference.decisions.append(Decision(Reason.ENDED, key))
        else:
            _compare_membership(difference, row, known, portal)
    for key in sorted(portal.memberships.keys() - lists.memberships.keys()):
        if portal.memberships[key].status != Membership.Status.ENDED:
            difference.decisions.append(Decision(Reason.MEMBERSHIP_NOT_IN_FILE, key))


def _compare_membership(difference: Difference, row: MembershipRow, known: KnownMembership, portal: Portal) -> None:
    key = (row.city, row.network)
    fields = sorted(portal.membership_fields.get(key, []))
    sources = set(portal.membership_sources.get(key, []))
    field_now = fields[0] if fields else ""
    if row.field in fields:
        field_now = row.field
    elif len(fields) > 1:
        if row.field:
            several = ", ".join(fields)
            difference.decisions.append(Decision(Reason.SEVERAL_FIELDS, key, "creative_field", several, row.field))
        field_now = row.field
    sources_new = "+".join(sorted(sources | set(row.sources)))
    old = (known.since, known.role, known.profile_url, field_now, "+".join(sorted(sources)))
    new = (row.since, row.role, row.profile_url, row.field, sources_new)
    columns = ("year_joined", "role", "profile_url", "creative_field", "source")

    def aside(column: str, before: Value, after: Value) -> bool:
        if not (known.recorded_here and column in {"year_joined", "creative_field"}):
            return False
        difference.decisions.append(Decision(Reason.RECORDED_HERE, key, column, before, after))
        return True

    _compare(difference, Kind.MEMBERSHIP, key, columns, old, new, silent=("profile_url",), aside=aside)
    difference.decisions += [
        Decision(Reason.SOURCE_NOT_IN_FILE, key, "source", tag) for tag in sorted(sources - set(row.sources))
    ]


EVENT_COLUMNS = ("old_field", "field", "note_de", "note_en", "source_label", "source_url")


def _compare_events(difference: Difference, lists: Lists, portal: Portal) -> None:
    """Events that only the portal knows say nothing: most of them were recorded there."""
    for key, row in lists.events.items():
        known = portal.events.get(key)
        if known is None:
            difference.events.append(row)
        else:
            new = (row.old_field, row.field, row.note_de, row.note_en, row.source_label, row.source_url)
            _compare(difference, Kind.EVENT, key, EVENT_COLUMNS, known[1:], new)
