"""What the list of practices shows: facets with counts, chips, sentences, links. All from one filter."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import chain, islice
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.addresses import Addresses, Link
from cities.listing import Chip, Facet, Option
from cities.selection import UNKNOWN
from exchange.catalogue import FACETS, GROUPS, Catalogue, Counts, Labels, Wanted
from exchange.drawing import PracticeMap, cover, practice_map
from exchange.entries import PracticeEntry, entries_of
from exchange.filters import SORTS, PracticeFilter
from exchange.labels import labels_of

PAGE_LENGTH = 12
SHOWN = 8  # values of a long facet before the rest is folded away
# until something in them is chosen
CLOSED = {"country", "year", "population", "language", "stage", "goal", "money", "partners"}
# whose values have an order of their own; others: most practices first
IN_ORDER = {"goal", "population", "stage", "money", "adopted", "partners"}


class PracticeListing(Addresses):
    """One result of the practices, as a page of it shows it."""

    def __init__(self, filter_: PracticeFilter, query: QueryDict) -> None:
        super().__init__(query, filter_.notes)
        self.filter = filter_
        self.catalogue: Catalogue = filter_.catalogue
        self.wanted: Wanted = filter_.wanted
        self.asked: dict[str, Any] = filter_.asked
        self.bits = self.catalogue.hits(self.wanted)
        self.total = self.bits.bit_count()
        self.all = self.catalogue.everything.bit_count()
        self.view: str = self.asked["view"]
        self.turn_to_page(self.total, PAGE_LENGTH)

    def note_unknown_format(self, form: str) -> None:
        """Say that the portal has no such file."""
        self.notes.append(
            _("There is no file of the form “%(form)s”; there are csv, json and atom.") % {"form": form[:20]}
        )

    # --- rows

    def _numbers(self) -> Iterator[int]:
        """All results in the order asked for; a search without a sort gives the best first."""
        if self.asked["q"] and not self.query.get("sort"):
            return chain.from_iterable(self.catalogue.numbers(self.bits & bits) for bits in self.filter.best)
        return self.catalogue.numbers(self.bits, self.asked["sort"])

    def keys(self) -> Iterator[int]:
        """The primary keys of all results in that order."""
        return (self.catalogue.line(number).pk for number in self._numbers())

    @cached_property
    def rows(self) -> list[PracticeEntry]:
        """The practices of this page."""
        start = (self.page - 1) * PAGE_LENGTH
        numbers = islice(self._numbers(), start, start + PAGE_LENGTH)
        return entries_of((self.catalogue.line(number).pk for number in numbers), self.catalogue)

    @property
    def cards(self) -> list[tuple[PracticeEntry, str]]:
        """The practices of this page with their covers; None for a place whose position is not known."""
        return [(entry, cover(entry)) for entry in self.rows]

    @cached_property
    def map(self) -> PracticeMap:
        """The map of all results."""
        return practice_map(self.catalogue, self.bits)

    # --- addresses

    @property
    def kept_in_filter(self) -> list[tuple[str, str]]:
        """What a new choice of filters keeps of the query: also the place, which no box stands for."""
        return [*super().kept_in_filter, *(("place", place) for place in self.asked["place"])]

    def file_url(self, form: str) -> str:
        return self.url(format=form, view=None, sort=None)

    @property
    def exports(self) -> list[Link]:
        return [Link(form.upper(), self.file_url(form)) for form in ("csv", "json")]

    @property
    def feed_url(self) -> str:
        return self.file_url("atom")

    @property
    def alert_url(self) -> str:
        """Where one asks for letters about what fits this search."""
        return reverse("exchange:alert_ask") + self.url(format=None, view=None, sort=None).removeprefix(".")

    @property
    def points_url(self) -> str:
        return self.file_url("points")

    @property
    def views(self) -> dict[str, str]:
        return {"list": self.url(view=None), "map": self.url(view="map")}

    @property
    def sorts(self) -> list[Link]:
        chosen = "" if self.asked["q"] and not self.query.get("sort") else self.asked["sort"]
        links = [Link(str(label), self.url(sort=name), name == chosen) for name, label in SORTS.items()]
        if self.asked["q"]:
            links.insert(0, Link(_("best match"), self.url(sort=None), not chosen))
        return links

    @property
    def clear_url(self) -> str:
        """The address without any filter, in the same view."""
        return "." if self.view == "list" else f"?view={self.view}"

    # --- facets

    @cached_property
    def counts(self) -> Counts:
        """How many practices there would be with each value."""
        return self.catalogue.counts(self.wanted)

    @cached_property
    def labels(self) -> Labels:
        """How a value of each group is called."""
        return labels_of(self.catalogue)

    @cached_property
    def facets(self) -> list[Facet]:
        """All groups that tell anything apart, with the counts that hold for the present choice."""
        return [facet for group in FACETS if (facet := self._facet(group)) is not None]

    def _facet(self, group: str) -> Facet | None:
        counts, chosen, labels = self.counts[group], getattr(self.wanted, group), self.labels[group]
        values = self._ordered(group)
        if set(values) <= {UNKNOWN}:
            return None
        networks = self.catalogue.directory.networks if group == "network" else {}
        options = [
            Option(value, labels[value], counts.get(value, 0), value in chosen, networks.get(value)) for value in values
        ]
        shown = max(SHOWN, len(chosen)) if group in {"country", "year"} else len(options)
        is_open = bool(chosen) or group not in CLOSED
        return Facet(group, str(self.filter.filters[group].label), options[:shown], options[shown:], is_open)

    def _ordered(self, group: str) -> list[str]:
        """The values of a facet: in the order of their labels, unless those with most practices come first."""
        chosen, counts = getattr(self.wanted, group), self.counts[group]
        values = [value for value in self.labels[group] if value in counts or value in chosen]
        if group == "year":
            return sorted(values, key=lambda v: v not in chosen)
        if group in IN_ORDER:
            return values
        first = chosen if group == "country" else ()
        return sorted(values, key=lambda v: (v not in first, -counts.get(v, 0)))

    # --- set filters

    @cached_property
    def chips(self) -> list[Chip]:
        """Every set filter with the address that takes it away."""
        networks = self.catalogue.directory.networks
        chips = [
            Chip(self._said_alone(group, value), self._without(group, value),
                 networks.get(value) if group == "network" else None)
            for group in GROUPS
            for value in self.asked[group]
        ]  # fmt: skip
        if self.asked["q"]:
            quoted = f"„{self.asked['q']}“" if get_language() == "de" else f"“{self.asked['q']}”"
            chips.insert(0, Chip(quoted, self.url(q=None)))
        return chips

    def _said_alone(self, group: str, value: str) -> str:
        """A value as it stands without the name of its group beside it."""
        said = self.labels[group][value]
        if value == UNKNOWN or group in {"population", "language", "adopted", "money"}:
            return f"{self.filter.filters[group].label}: {said}"
        return said

    @cached_property
    def ways_out(self) -> list[Chip]:
        """For an empty result: which single filter to leave out, and how many practices there are then."""
        ways = []
        for group in ("q", *GROUPS):
            if not self.asked[group]:
                continue
            change: dict[str, Any] = {"found": None} if group == "q" else {group: ()}
            if count := self.catalogue.hits(replace(self.wanted, **change)).bit_count():
                values = [self.asked["q"]] if group == "q" else [self.labels[group][v] for v in self.asked[group]]
                label = _("without “%(filter)s” there are %(count)d") % {"filter": ", ".join(values), "count": count}
                ways.append(Chip(label, self.url(**{group: None})))
        return ways
