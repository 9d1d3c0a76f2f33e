"""The rows of all files as typed values, and what must be right within the files alone."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from cities.imports.cells import Cells
from cities.imports.problems import Problem
from cities.imports.reading import REQUIRED, missing_files, records
from cities.models import City, MembershipChange, WorldRegion

POPULATION_LIMIT = 1_000_000_000
GEONAMES_LIMIT = 2_147_483_647  # what the column holds
MEMBER = "member"  # in the file; the portal leaves the office empty
PROFILES_OF = "uccn"  # the network uccn_profiles.csv is about


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file; where it stands is no part of what it says, so comparisons and prints leave it out."""

    line: int = field(compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class CountryRow(Row):
    iso2: str
    name_de: str
    name_en: str
    region: str


@dataclass(frozen=True, slots=True)
class LandRow(Row):
    key: str
    name_de: str
    name_en: str


@dataclass(frozen=True, slots=True)
class NetworkRow(Row):
    slug: str
    name_de: str
    name_en: str
    abbreviation: str
    founded: int | None
    host: str
    secretariat_city: str
    website: str
    members: int | None
    as_of: str


@dataclass(frozen=True, slots=True)
class SourceRow(Row):
    tag: str
    url: str
    what: str


@dataclass(frozen=True, slots=True)
class CityRow(Row):
    """A row of cities.csv, with kind and AGS of city_keys.csv ("" where that file says nothing)."""

    slug: str
    name_de: str
    name_en: str
    country: str
    latitude: float
    longitude: float
    population: int | None
    geoname_id: int | None
    website: str
    kind: str = ""
    ags: str = ""


@dataclass(frozen=True, slots=True)
class MembershipRow(Row):
    """A row of memberships.csv, with the page of the city in uccn_profiles.csv."""

    city: str
    network: str
    since: int | None
    field: str
    role: str
    sources: tuple[str, ...]
    profile_url: str = ""


@dataclass(frozen=True, slots=True)
class EventRow(Row):
    """A row of membership_changes.csv: what happened to a membership after joining."""

    city: str
    network: str
    kind: str
    happened: str
    old_field: str
    field: str
    note_de: str
    note_en: str
    source_label: str
    source_url: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.city, self.network, self.kind, self.happened


@dataclass(frozen=True, slots=True)
class KeyRow(Row):
    city: str
    kind: str
    ags: str


@dataclass(frozen=True, slots=True)
class ProfileRow(Row):
    city: str
    field: str
    profile_url: str


@dataclass(slots=True)
class Lists:
    """All files. While there are findings, rows that are wrong are in them too, with empty values."""

    countries: dict[str, CountryRow] = field(default_factory=dict)
    laender: dict[str, LandRow] = field(default_factory=dict)
    networks: dict[str, NetworkRow] = field(default_factory=dict)
    sources: dict[str, SourceRow] = field(default_factory=dict)
    cities: dict[str, CityRow] = field(default_factory=dict)
    keys: dict[str, KeyRow] = field(default_factory=dict)
    memberships: dict[tuple[str, str], MembershipRow] = field(default_factory=dict)
    profiles: dict[str, ProfileRow] = field(default_factory=dict)
    events: dict[tuple[str, ...], EventRow] = field(default_factory=dict)  # city, network, kind, when
    incomplete: set[str] = field(default_factory=set)  # files of which some or all rows could not be read

    def may_have(self, file: str, key: Hashable) -> bool:
        """Whether a row with this key is in the file, or might be: one mistake gives one finding."""
        rows: dict[str, Mapping] = {
            "countries.csv": self.countries, "laender.csv": self.laender, "networks.csv": self.networks,
            "sources.csv": self.sources, "cities.csv": self.cities, "memberships.csv": self.memberships,
        }  # fmt: skip
        return file in self.incomplete or key in rows[file]


def read(files: Mapping[str, bytes]) -> tuple[Lists, list[Problem]]:
    """All files by name. Everything wrong is collected, nothing raised."""
    problems = missing_files(files)
    lists = Lists()

    def one[K: Hashable, R: Row](
        file: str, columns: tuple[str, ...], key: Callable[[Cells], K], row: Callable[[Cells], R]
    ) -> dict[K, R]:
        found: dict[K, R] = {}
        shape: list[Problem] = []
        for line, record in records(file, files[file], shape) if file in files else ():
            cells = Cells(file, line, record, problems)
            this, value = key(cells), row(cells)
            first = found.setdefault(this, value).line
            if first != line:
                value_shown = ", ".join(record[column] for column in columns)
                reason = _("This row is already there in line %(line)d.") % {"line": first}
                problems.append(Problem(file, line, ", ".join(columns), value_shown, reason))
        if shape or (file in REQUIRED and file not in files):
            lists.incomplete.add(file)
        problems.extend(shape)
        return found

    lists.countries = one("countries.csv", ("iso2",), lambda c: c.row["iso2"], _country)
    lists.laender = one("laender.csv", ("key",), lambda c: c.row["key"], _land)
    lists.networks = one("networks.csv", ("slug",), lambda c: c.row["slug"], _network)
    lists.sources = one("sources.csv", ("tag",), lambda c: c.row["tag"], _source)
    lists.cities = one("cities.csv", ("slug",), lambda c: c.row["slug"], _city)
    lists.keys = one("city_keys.csv", ("city_slug",), lambda c: c.row["city_slug"], _key)
    lists.memberships = one(
        "memberships.csv", ("city_slug", "network"), lambda c: (c.row["city_slug"], c.row["network"]), _membership
    )
    lists.profiles = one("uccn_profiles.csv", ("city_slug",), lambda c: c.row["city_slug"], _profile)
    event = ("city_slug", "network", "kind", "happened")
    lists.events = one("membership_changes.csv", event, lambda c: tuple(c.row[column] for column in event), _event)
    _once(lists.cities, "cities.csv", "geoname_id", lambda row: row.geoname_id, problems)
    _once(lists.keys, "city_keys.csv", "ags", lambda row: row.ags, problems)
    _join(lists, problems)
    return lists, problems


def _country(cells: Cells) -> CountryRow:
    iso2 = cells.row["iso2"]
    if not (len(iso2) == 2 and iso2.isascii() and iso2.isupper()):
        cells.wrong("iso2", _("A country code has two capital letters (ISO 3166-1), for example DE."))
    return CountryRow(
        line=cells.line,
        iso2=iso2,
        name_de=cells.text("name_de", 100, needed=True),
        name_en=cells.text("name_en", 100),
        region=cells.one_of("region", WorldRegion.values, needed=True),
    )


def _land(cells: Cells) -> LandRow:
    key = cells.row["key"]
    if not (len(key) == 2 and key.isascii() and key.isdigit()):
        cells.wrong("key", _("The key of a Land has two digits, for example 05."))
    name_de, name_en = cells.text("name_de", 100, needed=True), cells.text("name_en", 100)
    return LandRow(line=cells.line, key=key, name_de=name_de, name_en=name_en)


def _network(cells: Cells) -> NetworkRow:
    row = NetworkRow(
        line=cells.line,
        slug=cells.slug("slug", 50),
        name_de=cells.text("name_de", 200, needed=True),
        name_en=cells.text("name_en", 200),
        abbreviation=cells.text("abbreviation", 20, needed=True),
        founded=cells.year("founded"),
        host=cells.text("host_organisation", 200),
        secretariat_city=cells.text("secretariat_city", 100),
        website=cells.address("website", 200),
        members=cells.whole("member_count", 0, GEONAMES_LIMIT),
        as_of=cells.date("member_count_as_of"),
    )
    if bool(cells.row["member_count"]) != bool(cells.row["member_count_as_of"]):
        column = "member_count_as_of" if cells.row["member_count"] else "member_count"
        cells.wrong(column, _("A number of members needs its date, and a date its number."))
    return row


def _source(cells: Cells) -> SourceRow:
    tag = cells.slug("tag", 100)
    return SourceRow(line=cells.line, tag=tag, url=cells.address("url", 1000), what=cells.text("what", 2000))


def _city(cells: Cells) -> CityRow:
    latitude, longitude = cells.position()
    return CityRow(
        line=cells.line,
        slug=cells.slug("slug", 120),
        name_de=cells.text("name_de", 200, needed=True),
        name_en=cells.text("name_en", 200),
        country=cells.text("country_iso2", 2, needed=True),
        latitude=latitude,
        longitude=longitude,
        population=cells.whole("population", 1, POPULATION_LIMIT),
        geoname_id=cells.whole("geoname_id", 1, GEONAMES_LIMIT),
        website=cells.address("website", 200),
    )


def _key(cells: Cells) -> KeyRow:
    ags = cells.row["ags"]
    if ags and not (len(ags) == 8 and ags.isascii() and ags.isdigit()):
        cells.wrong("ags", _("The key has eight digits, for example 11000000. A spreadsheet may have dropped a 0."))
    return KeyRow(line=cells.line, city=cells.row["city_slug"], kind=cells.one_of("kind", City.Kind.values), ags=ags)


def _membership(cells: Cells) -> MembershipRow:
    role = cells.text("role", 200)
    sources = tuple(sorted({tag.strip() for tag in cells.row["source"].split("+") if tag.strip()}))
    return MembershipRow(
        line=cells.line,
        city=cells.row["city_slug"],
        network=cells.row["network"],
        since=cells.year("year_joined"),
        field=cells.row["creative_field"],
        role="" if role == MEMBER else role,
        sources=sources,
    )


def _profile(cells: Cells) -> ProfileRow:
    url = cells.address("profile_url", 500)
    return ProfileRow(line=cells.line, city=cells.row["city_slug"], field=cells.row["creative_field"], profile_url=url)


def _event(cells: Cells) -> EventRow:
    row = EventRow(
        line=cells.line,
        city=cells.row["city_slug"],
        network=cells.row["network"],
        kind=cells.one_of("kind", MembershipChange.Kind.values, needed=True),
        happened=cells.past_date("happened"),
        old_field=cells.row["old_field"],
        field=cells.row["field"],
        note_de=cells.text("note_de", 300),
        note_en=cells.text("note_en", 300),
        source_label=cells.text("source_label", 200),
        source_url=cells.address("source_url", 500),
    )
    if row.kind == MembershipChange.Kind.FIELD:
        for column in ("old_field", "field"):
            if not cells.row[column]:
                cells.wrong(column, _("A change of field needs the old field and the new one."))
        if row.field and row.field == row.old_field:
            cells.wrong("field", _("The new field is the same as the old one."))
    return row


def _once[R: Row](
    rows: Mapping[str, R], file: str, column: str, value_of: Callable[[R], Hashable], problems: list[Problem]
) -> None:
    """A value that two rows cannot share."""
    first: dict[Hashable, int] = {}
    for row in rows.values():
        value = value_of(row)
        if value and first.setdefault(value, row.line) != row.line:
            reason = _("Line %(line)d has the same value; it can belong to one city only.") % {"line": first[value]}
            problems.append(Problem(file, row.line, column, str(value), reason))


def _join(lists: Lists, problems: list[Problem]) -> None:
    """Put keys to their cities and profile addresses to their memberships."""
    for slug, key in lists.keys.items():
        if city := lists.cities.get(slug):
            lists.cities[slug] = replace(city, kind=key.kind, ags=key.ags)
        elif not lists.may_have("cities.csv", slug):
            problems.append(Problem("city_keys.csv", key.line, "city_slug", slug, _no_row("cities.csv")))
    for slug, profile in lists.profiles.items():
        membership = lists.memberships.get((slug, PROFILES_OF))
        if membership and profile.field not in {"", membership.field}:
            reason = _("memberships.csv has another field for this city: %(field)s") % {"field": membership.field}
            problems.append(Problem("uccn_profiles.csv", profile.line, "creative_field", profile.field, reason))
        elif membership:
            lists.memberships[slug, PROFILES_OF] = replace(membership, profile_url=profile.profile_url)
        elif not lists.may_have("memberships.csv", (slug, PROFILES_OF)):
            problems.append(Problem("uccn_profiles.csv", profile.line, "city_slug", slug, _no_row("memberships.csv")))


def _no_row(file: str) -> str:
    return _("There is no row for this city in %(file)s.") % {"file": file}
