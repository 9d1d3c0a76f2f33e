"""What the page of the directory shows: facets with counts, chips, sentences, links. All from one filter."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cities.addresses import Addresses, Link
from cities.directory import Counts, Directory
from cities.drawing import WorldMap, world_map
from cities.entries import Entry
from cities.filters import POPULATION_LABELS, SORTS, CityFilter
from cities.maps import land
from cities.models import Membership, WorldRegion
from cities.selection import UNKNOWN, Selection
from network.models import Network

PAGE_LENGTH = 24
SHOWN_COUNTRIES = 10
KEPT_MAPS = 200  # other pages, sorts and views of a result show the same map


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet."""

    value: str
    label: str
    count: int
    chosen: bool
    network: Network | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """One group of values; the later part of a long one stays folded."""

    name: str
    label: str
    options: list[Option]
    more: list[Option]
    open: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A set filter, and the address without it."""

    label: str
    url: str
    network: Network | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table; `sorted` is ascending, descending or empty."""

    label: str
    url: str = ""
    sorted: str = ""
    number: bool = False


class Listing(Addresses):
    """One result of the directory, as a page of it shows it."""

    def __init__(self, filter_: CityFilter, query: QueryDict) -> None:
        self.filter = filter_
        self.directory: Directory = filter_.directory
        self.selection: Selection = filter_.selection
        self.asked: dict[str, Any] = filter_.asked
        super().__init__(query, filter_.notes)
        self.bits = self.directory.hits(self.selection)
        self.total = self.bits.bit_count()
        self.all = self.directory.current.bit_count()
        self.view: str = self.asked["view"]
        self.counts: Counts = self.directory.counts(self.selection)
        self.turn_to_page(self.total, PAGE_LENGTH)

    def note_unknown_format(self, form: str) -> None:
        """Say that the portal has no such file."""
        self.notes.append(
            _("There is no file of the form “%(form)s”; there are csv, geojson and json.") % {"form": form[:20]}
        )

    # --- rows

    @cached_property
    def entries(self) -> list[Entry]:
        """All results in the order asked for; a search without a sort gives the best first."""
        if self.asked["q"] and not self.query.get("sort"):
            numbers = (self.directory.number[pk] for pk in self.filter.best)
            return [self.directory.entries[n] for n in numbers if self.bits >> n & 1]
        order = self.directory.order_name(self.asked["sort"], get_language() or "de", self.selection)
        return self.directory.listed(self.bits, order)

    @property
    def rows(self) -> list[Entry]:
        """The cities of this page."""
        start = (self.page - 1) * PAGE_LENGTH
        return self.entries[start : start + PAGE_LENGTH]

    @property
    def only(self) -> str:
        """The network whose mark all results get on the map: the one that is filtered by."""
        return self.selection.networks[0] if len(self.selection.networks) == 1 else ""

    @cached_property
    def map(self) -> WorldMap:
        """The map of all results."""
        only = self.only
        kept = self.directory.drawn_maps
        if (self.bits, only) not in kept:
            if len(kept) >= KEPT_MAPS:
                kept.clear()
            kept[self.bits, only] = world_map(self.directory, self.bits, network=only)
        drawn: WorldMap = kept[self.bits, only]
        if self.view == "map" and not drawn.land:
            return replace(drawn, land=land())  # in the page: the file of fine land is fetched for the map above it
        return drawn

    # --- addresses

    def export_url(self, form: str) -> str:
        return self.url(format=form, view=None, sort=None)

    @property
    def exports(self) -> list[Link]:
        files = {"csv": "CSV", "geojson": "GeoJSON", "json": "JSON"}
        return [Link(label, self.export_url(form)) for form, label in files.items()]

    @property
    def geojson_url(self) -> str:
        return self.export_url("geojson")

    @property
    def points_url(self) -> str:
        return self.export_url("points")

    @property
    def views(self) -> dict[str, str]:
        return {"list": self.url(view=None), "table": self.url(view="table"), "map": self.url(view="map")}

    @property
    def sorts(self) -> list[Link]:
        chosen = "" if self.asked["q"] and not self.query.get("sort") else self.asked["sort"]
        links = [Link(str(label), self.url(sort=name), name == chosen) for name, label in SORTS.items()]
        if self.asked["q"]:
            links.insert(0, Link(_("best match"), self.url(sort=None), not chosen))
        return links

    @property
    def columns(self) -> list[Column]:
        """The heads of the table; three of them sort."""
        links = dict(zip(SORTS, self.sorts[-len(SORTS) :], strict=True))

        def sorted_(name: str, direction: str) -> str:
            return direction if links[name].current else ""

        return [
            Column(_("City"), links["name"].url, sorted_("name", "ascending")),
            Column(_("Memberships")),
            Column(_("Member since"), links["since"].url, sorted_("since", "descending"), number=True),
            Column(_("Population"), links["population"].url, sorted_("population", "descending"), number=True),
        ]

    # --- facets

    @cached_property
    def facets(self) -> list[Facet]:
        """All groups with the counts that hold for the present choice."""
        directory, chosen = self.directory, self.selection
        facets = [
            self._facet("network", ((n.slug, n.short_name) for n in directory.networks.values()), chosen.networks),
            self._field_facet(),
            self._facet("region", ((r.value, str(r.label)) for r in directory.regions()), chosen.regions),
            self._country_facet(),
            self._land_facet(),
            self._facet("population", ((v, str(label)) for v, label in POPULATION_LABELS.items()), chosen.populations),
            self._facet("status", Membership.Status.choices, chosen.statuses, is_open=bool(chosen.statuses)),
        ]
        return [facet for facet in facets if facet.options]

    def _facet(
        self,
        name: str,
        values: Iterable[tuple[str, Any]],
        chosen: tuple[str, ...],
        *,
        shown: int | None = None,
        is_open: bool = True,
    ) -> Facet:
        counts = self.counts[name]
        networks = self.directory.networks if name == "network" else {}
        options = [
            Option(value, label, counts.get(value, 0), value in chosen, networks.get(value)) for value, label in values
        ]
        label = str(self.filter.filters[name].label)
        if shown is None:
            return Facet(name, label, options, [], is_open or bool(chosen))
        return Facet(name, label, options[:shown], options[shown:], is_open or bool(chosen))

    def _field_facet(self) -> Facet:
        """Fields that some city has; the most frequent first."""
        counts = self.counts["field"]
        used = {slug for layer in self.directory.layers.values() for slug in layer.by_field}
        fields = [f for slug, f in self.directory.fields.items() if slug in used or slug in self.selection.fields]
        fields.sort(key=lambda f: (-counts[f.key], f.name))
        return self._facet("field", ((f.key, f.name) for f in fields), self.selection.fields)

    def _country_facet(self) -> Facet:
        """Chosen countries, then those with most cities; countries without any are left out."""
        counts, chosen = self.counts["country"], self.selection.countries
        there = [(code, c.name) for code, c in self.directory.countries.items() if counts[code] or code in chosen]
        there.sort(key=lambda row: (row[0] not in chosen, -counts[row[0]], row[1]))
        shown = max(SHOWN_COUNTRIES, len(chosen))
        return self._facet("country", there, chosen, shown=shown, is_open=False)

    def _land_facet(self) -> Facet:
        counts, chosen = self.counts["land"], self.selection.lands
        there = [(k, land.name) for k, land in self.directory.lands.items() if counts.get(k) or k in chosen]
        there.sort(key=lambda row: (-counts.get(row[0], 0), row[1]))
        return self._facet("land", there, chosen, is_open="DE" in self.selection.countries)

    @property
    def mode(self) -> str:
        return self.selection.mode

    @property
    def year_unknown(self) -> Option:
        label = pgettext("year of joining", "not known")
        return Option("1", label, self.counts["since"][UNKNOWN], self.selection.since_unknown)

    # --- set filters

    @cached_property
    def chips(self) -> list[Chip]:
        """Every set filter with the address that takes it away."""
        labels = self._labels()
        networks = self.directory.networks
        chips = [
            Chip(labels[name](value), self._without(name, value), networks.get(value) if name == "network" else None)
            for name in labels
            for value in self.asked[name]
        ]
        if self.asked["q"]:
            chips.insert(0, Chip(f"„{self.asked['q']}“" if get_language() == "de" else f"“{self.asked['q']}”",
                                 self.url(q=None)))  # fmt: skip
        if self.selection.since_from is not None:
            year = {"year": self.selection.since_from}
            chips.append(Chip(_("member since %(year)s or later") % year, self.url(since_from=None)))
        if self.selection.since_to is not None:
            year = {"year": self.selection.since_to}
            chips.append(Chip(_("member since %(year)s or earlier") % year, self.url(since_to=None)))
        if self.selection.mode == "all" and len(self.selection.networks) > 1:
            chips.append(Chip(_("in all these networks"), self.url(network_mode=None)))
        return chips

    def _labels(self) -> dict[str, Any]:
        directory = self.directory
        return {
            "network": lambda v: directory.networks[v].short_name,
            "field": lambda v: directory.fields[v].name,
            "region": lambda v: str(WorldRegion(v).label),
            "country": lambda v: directory.countries[v].name,
            "land": lambda v: directory.lands[v].name,
            "population": lambda v: f"{_('population')}: {POPULATION_LABELS[v]}",
            "status": lambda v: str(Membership.Status(v).label),
            "since_unknown": lambda _v: _("year of joining not known"),
        }

    @property
    def clear_url(self) -> str:
        """The address without any filter, in the same view."""
        return "." if self.view == "list" else f"?view={self.view}"

    @cached_property
    def ways_out(self) -> list[Chip]:
        """For an empty result: which single filter to leave out, and how many cities there are then."""
        groups: dict[str, tuple[list[str], dict[str, Any]]] = {
            "q": (["q"], {"found": None}),
            "network": (["network", "network_mode"], {"networks": (), "mode": "any"}),
            "field": (["field"], {"fields": ()}),
            "region": (["region"], {"regions": ()}),
            "country": (["country"], {"countries": ()}),
            "land": (["land"], {"lands": ()}),
            "population": (["population"], {"populations": ()}),
            "status": (["status"], {"statuses": ()}),
            "since_from": (
                ["since_from", "since_to", "since_unknown"],
                {"since_from": None, "since_to": None, "since_unknown": False},
            ),
        }
        ways = []
        for name, (parameters, change) in groups.items():
            if any(self.asked[p] for p in parameters if p != "network_mode"):
                count = self.directory.hits(replace(self.selection, **change)).bit_count()
                if count:
                    label = _("without “%(filter)s” there are %(count)d") % {"filter": self._said(name), "count": count}
                    ways.append(Chip(label, self.url(**dict.fromkeys(parameters))))
        return ways

    def _said(self, name: str) -> str:
        """The values of one filter in words."""
        labels = self._labels()
        if name in labels:
            return ", ".join(labels[name](value) for value in self.asked[name])
        if name == "q":
            return str(self.asked["q"])
        return _("member since")
