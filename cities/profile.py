"""What the page of one city shows: its view of the world, memberships in time, facts, neighbours."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.directory import Directory
from cities.drawing import Mark, drawn
from cities.entries import Entry
from cities.maps import View, disc, germany, locator
from cities.models import City, Fact, Membership, MembershipChange
from cities.neighbours import Neighbour, around
from network.dates import readable
from network.templatetags.portal import number

DISC_MARK, LOCATOR_MARK = 3.4, 5
BAR = 1000  # units of the bars' view box
LABEL_HEIGHT, LETTER_WIDTH = 17, 6.2  # units of the German map


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the timeline, newest first."""

    when: str  # as sorted: 2014, 2014-12
    membership: Membership
    title: str
    note: str
    sources: list[dict[str, Any]]
    by_coordination: bool = False  # recorded by the network's own, who need no other source

    @property
    def year(self) -> str:
        return self.when[:4] or _("not known")


@dataclass(frozen=True, slots=True)
class Bar:
    """One membership on the axis of years; without a year of joining only its end is known."""

    membership: Membership
    start: int | None
    width: int


@dataclass(frozen=True, slots=True)
class Label:
    """A name beside a mark, in a box of its own on the map."""

    text: str
    x: float
    y: float
    width: float
    left: bool  # whether the name ends at the mark instead of beginning there

    @property
    def box_x(self) -> str:
        return f"{self.x:.0f}"

    @property
    def box_y(self) -> str:
        return f"{self.y:.0f}"

    @property
    def box_width(self) -> str:
        return f"{self.width:.0f}"

    def meets(self, others: "list[Label]") -> bool:
        """Whether this name would cover another one."""
        return any(
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and abs(self.y - other.y) < LABEL_HEIGHT - 3
            for other in others
        )


@dataclass(frozen=True, slots=True)
class Locator:
    """A small map around one city, or of Germany."""

    view: View
    marks: list[Mark]
    labels: list[Label]
    here: tuple[float, float] | None


def _label(text: str, x: float, y: float, placed: list[Label]) -> Label:
    """The name right of its mark, or left, above or below, where it covers no other."""
    width = len(text) * LETTER_WIDTH + 8
    middle = y - LABEL_HEIGHT / 2
    places = [
        Label(text, x + 7, middle, width, left=False),
        Label(text, x - 7 - width, middle, width, left=True),
        Label(text, x - width / 2, middle - LABEL_HEIGHT + 2, width, left=False),
        Label(text, x - width / 2, middle + LABEL_HEIGHT - 2, width, left=False),
    ]
    return next((label for label in places if not label.meets(placed)), places[0])


def german_map(directory: Directory, cities: list[Entry]) -> Locator:
    """Germany with these cities and their names."""
    view = germany()
    at = [(city.name, place) for city in cities if (place := view.place(city.latitude, city.longitude))]
    labels: list[Label] = []
    taken = [Label("", x - 5, y - LABEL_HEIGHT / 2, 10, left=False) for _name, (x, y) in at]  # the marks themselves
    for name, (x, y) in sorted(at, key=lambda row: row[1][1]):
        labels.append(_label(name, x, y, [*labels, *taken]))
    bits = directory.bits_of(city.pk for city in cities)
    return Locator(view, drawn(directory, bits, view, LOCATOR_MARK), labels, None)


def _tells_of_joining(change: dict[str, Any], since: int | None) -> bool:
    """Whether a change is the decision with which the membership began."""
    happened = str(change["happened"])
    return change["kind"] == MembershipChange.Kind.ADMITTED and happened.startswith(str(since))


class Profile:
    """Everything about a city that its page works out beside the row itself."""

    def __init__(self, directory: Directory, city: City) -> None:
        self.directory = directory
        self.city = city
        self.similar: list[Neighbour]
        self.nearest: list[Neighbour]
        self.similar, self.nearest, self.within_1000_km = around(directory, city)
        self.view = disc(city.latitude, city.longitude)

    @cached_property
    def marks(self) -> list[Mark]:
        """All other member cities as seen from here."""
        mine = self.directory.bits_of([self.city.pk])
        return drawn(self.directory, self.directory.current & ~mine, self.view, DISC_MARK)

    @cached_property
    def locator(self) -> Locator:
        """Where the city lies: the land within some 750 km, with the member cities in it."""
        view = locator(self.city.latitude, self.city.longitude)
        mine = self.directory.bits_of([self.city.pk])
        return Locator(view, drawn(self.directory, self.directory.current & ~mine, view, LOCATOR_MARK), [], view.centre)

    @property
    def ring_labels(self) -> list[dict[str, str]]:
        """The distances written on the rings, above each ring's highest point."""
        return [
            {"y": f"{self.view.centre[1] - radius - 10:.0f}", "text": f"{number(km)} km"}
            for km, radius in self.view.rings
        ]

    # --- names and links

    @property
    def other_language(self) -> str:
        return "de" if get_language() == "en" else "en"

    @property
    def other_name(self) -> str:
        """The city's name in the other language, where it is another one."""
        name = self.city.name_de if self.other_language == "de" else (self.city.name_en or "")
        return "" if name == self.city.name else name

    @property
    def geonames_url(self) -> str:
        return f"https://www.geonames.org/{self.city.geoname_id}/"

    @property
    def website_name(self) -> str:
        """The official address as people say it: heidelberg.de."""
        return urlsplit(self.city.website).netloc.removeprefix("www.") or self.city.website

    # --- memberships in time

    @cached_property
    def moments(self) -> list[Moment]:
        """What happened, newest first; joinings without a known year at the end."""
        found = []
        for membership in self.city.shown_memberships:
            found += [self._change(membership, change) for change in membership.history]
            if any(_tells_of_joining(change, membership.since) for change in membership.history):
                continue
            known = membership.since is not None
            title = _("Joined: %(membership)s") if known else _("Member: %(membership)s")
            note = "" if known else _("The sources do not name the year of joining.")
            found.append(
                Moment(
                    str(membership.since or ""),
                    membership,
                    title % {"membership": self._title_at_first(membership, membership.history)},
                    note,
                    membership.read_in,
                )
            )
        return sorted(found, key=lambda m: m.when, reverse=True)

    def _title_at_first(self, membership: Membership, history: list[dict[str, Any]]) -> str:
        """What the city was when it joined: with the field it later changed, where that is on record."""
        changed = (c["old_field"] for c in history if c["kind"] == MembershipChange.Kind.FIELD)
        first = next((field for field in changed if field), None)
        return self.directory.title_with(membership.network, first) if first else membership.title

    def _change(self, membership: Membership, change: dict[str, Any]) -> Moment:
        kind = MembershipChange.Kind(change["kind"])
        title = f"{membership.network.short_name}: {kind.label}"
        if kind == MembershipChange.Kind.FIELD:
            names = self.directory.field_names(change["old_field"], change["field"])
            title = _("Field changed from %(old)s to %(new)s") % {"old": names[0], "new": names[1]}
        elif kind == MembershipChange.Kind.ADMITTED:
            title = _("Joined: %(membership)s") % {"membership": self._title_at_first(membership, membership.history)}
        note = (change["note_en"] if get_language() == "en" else "") or change["note_de"] or ""
        sources = [{"tag": change["source"], "url": change["url"], "what": ""}] if change["source"] else []
        if _tells_of_joining(change, membership.since):
            sources = membership.read_in
        return Moment(change["happened"], membership, title, note, sources, by_coordination=not sources)

    @cached_property
    def axis(self) -> list[int]:
        """The years under the bars, from the first joining to now."""
        first = min((m.since for m in self.city.shown_memberships if m.since), default=None)
        this_year = datetime.date.today().year  # noqa: DTZ011
        if first is None or first >= this_year:
            return []
        step = max(1, -(-(this_year - first) // 5))
        return list(range(first, this_year + 1, step))

    @cached_property
    def bars(self) -> list[Bar]:
        """One bar a membership, from joining to the end of the axis."""
        if not self.axis:
            return []
        first = self.axis[0]
        span = max(1, datetime.date.today().year - first + 1)  # noqa: DTZ011
        bars = []
        for membership in self.city.shown_memberships:
            start = None if membership.since is None else round((membership.since - first) / span * BAR)
            bars.append(Bar(membership, start, BAR - (start or 0)))
        return bars

    # --- facts

    @cached_property
    def facts(self) -> dict[str, dict[str, Any] | None]:
        """Every kind of fact the portal keeps, None where it is not known."""
        known = {fact["kind"]: fact for fact in self.city.known_facts}
        return {str(kind.label): known.get(kind.value) for kind in Fact.Kind}

    @cached_property
    def pictures(self) -> list[dict[str, Any]]:
        """Pictures with their address and alternative text in the reader's language."""
        english = get_language() == "en"
        return [
            picture
            | {
                "url": default_storage.url(picture["image"]),
                "alt": (picture["alt_en"] if english else "") or picture["alt_de"],
                "only_german": english and not picture["alt_en"],
            }
            for picture in self.city.shown_pictures
        ]

    @property
    def confirmed(self) -> str:
        """When the city last confirmed its entry, in words."""
        return readable(str(self.city.confirmed_on)) if self.city.confirmed_on else ""

    @cached_property
    def json_ld(self) -> dict[str, Any]:
        """The city for search engines (schema.org)."""
        data: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "City" if self.city.kind in {"", City.Kind.CITY} else "AdministrativeArea",
            "name": self.city.name,
            "geo": {"@type": "GeoCoordinates", "latitude": self.city.latitude, "longitude": self.city.longitude},
            "containedInPlace": {"@type": "Country", "name": self.city.country.name},
            "memberOf": [{"@type": "Organization", "name": m.network.name} for m in self.city.shown_memberships],
        }
        same = [self.city.website]
        if self.city.geoname_id:
            same.append(self.geonames_url)
        if self.city.wikidata_id:
            same.append(f"https://www.wikidata.org/wiki/{self.city.wikidata_id}")
        data["sameAs"] = [address for address in same if address]
        return data
