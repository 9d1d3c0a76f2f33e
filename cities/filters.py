"""Reads the query string of the directory: what it asks for, and in words what it asks for in vain."""

import copy
from collections.abc import Container, Sequence
from typing import Any, ClassVar

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cities.directory import Directory
from cities.models import City, Membership, WorldRegion
from cities.selection import POPULATION_CLASSES, UNKNOWN, Selection

POPULATION_LABELS = {
    "under-100k": gettext_lazy("under 100,000"),
    "100k-500k": gettext_lazy("100,000 to 500,000"),
    "500k-1m": gettext_lazy("500,000 to 1 million"),
    "1m-5m": gettext_lazy("1 to 5 million"),
    "over-5m": gettext_lazy("5 million and more"),
    UNKNOWN: pgettext_lazy("population", "not known"),
}
SORTS = {
    "name": gettext_lazy("name"),
    "since": gettext_lazy("year of joining"),
    "population": gettext_lazy("population"),
}
VIEWS = ("list", "table", "map")
FORMATS = ("csv", "geojson", "json")
YEARS = range(1900, 2101)
assert set(POPULATION_LABELS) == {*POPULATION_CLASSES, UNKNOWN}


class _PlainField(forms.Field):
    """A form copies its fields deeply for each request; these hold nothing within that one request could change."""

    def __deepcopy__(self, _memo: object) -> "_PlainField":
        return copy.copy(self)


class KnownChoicesField(_PlainField):
    """Several values; keeps those it knows and remembers the others instead of refusing all."""

    widget = forms.SelectMultiple
    known: Container[str] = ()
    unknown: tuple[str, ...] = ()

    def clean(self, value: Any) -> list[str]:
        asked = [v for v in dict.fromkeys(value or ()) if v]
        self.unknown = tuple(v for v in asked if v not in self.known)
        return [v for v in asked if v in self.known]


class KnownChoiceField(_PlainField):
    """One of some values; falls back to the first where it does not know the value."""

    known: Sequence[str] = ()
    unknown: tuple[str, ...] = ()

    def clean(self, value: Any) -> str:
        asked = str(value or "")
        self.unknown = (asked,) if asked and asked not in self.known else ()
        return asked if asked in self.known else self.known[0]


class YearField(_PlainField):
    """A year, or nothing where it is none."""

    unknown: tuple[str, ...] = ()

    def clean(self, value: Any) -> int | None:
        asked = str(value or "").strip()
        if len(asked) == 4 and asked.isascii() and asked.isdigit() and int(asked) in YEARS:
            return int(asked)
        self.unknown = (asked,) if asked else ()
        return None


class _Plain(django_filters.Filter):
    """A FilterSet copies its filters deeply for each request; these hold nothing that one request could change."""

    def __deepcopy__(self, _memo: object) -> "_Plain":
        return copy.copy(self)


class KnownChoicesFilter(_Plain):
    field_class = KnownChoicesField


class KnownChoiceFilter(_Plain):
    field_class = KnownChoiceField


class YearFilter(_Plain):
    field_class = YearField


class SearchField(_PlainField):
    """Text to search for; what a database cannot hold is left out."""

    def clean(self, value: Any) -> str:
        return " ".join(str(value or "").replace("\x00", "").split())[:100]


class SearchFilter(_Plain):
    field_class = SearchField


class CityFilter(django_filters.FilterSet):
    """The parameters of the directory. They are part of the product and stay as they are."""

    q = SearchFilter(label=gettext_lazy("City or country"))
    network = KnownChoicesFilter(label=gettext_lazy("Network"))
    network_mode = KnownChoiceFilter(label=gettext_lazy("Several networks"))
    field = KnownChoicesFilter(label=gettext_lazy("Field"))
    region = KnownChoicesFilter(label=gettext_lazy("Part of the world"))
    country = KnownChoicesFilter(label=gettext_lazy("Country"))
    land = KnownChoicesFilter(label=gettext_lazy("German Land"))
    population = KnownChoicesFilter(label=gettext_lazy("Population"))
    since_from = YearFilter(label=gettext_lazy("Member since, from"))
    since_to = YearFilter(label=gettext_lazy("Member since, to"))
    since_unknown = KnownChoicesFilter(label=gettext_lazy("Year of joining"))
    status = KnownChoicesFilter(label=gettext_lazy("Status"))
    sort = KnownChoiceFilter(label=gettext_lazy("Sort by"))
    view = KnownChoiceFilter(label=gettext_lazy("View"))

    class Meta:
        model = City
        fields: ClassVar[list[str]] = []

    def __init__(self, data: QueryDict, directory: Directory) -> None:
        super().__init__(data, queryset=City.objects.none())
        self.directory = directory
        known: dict[str, Container[str]] = {
            "network": directory.networks,
            "network_mode": ("any", "all"),
            "field": directory.fields,
            "region": WorldRegion.values,
            "country": directory.countries,
            "land": directory.lands,
            "population": POPULATION_LABELS,
            "since_unknown": ("1",),
            "status": Membership.Status.values,
            "sort": tuple(SORTS),
            "view": VIEWS,
        }
        for name, values in known.items():
            self.form.fields[name].known = values
        self.form.is_valid()  # every field forgives, so the form is always valid
        self.asked: dict[str, Any] = self.form.cleaned_data
        self.guessed = False  # whether nothing was found as typed and misspelt names are shown
        self.best: list[int] = []  # primary keys found by name, best first
        self.selection = self._selection()

    def _selection(self) -> Selection:
        asked = self.asked
        return Selection(
            networks=tuple(asked["network"]),
            mode=asked["network_mode"],
            fields=tuple(asked["field"]),
            statuses=tuple(asked["status"]),
            since_from=asked["since_from"],
            since_to=asked["since_to"],
            since_unknown=bool(asked["since_unknown"]),
            countries=tuple(asked["country"]),
            regions=tuple(asked["region"]),
            lands=tuple(asked["land"]),
            populations=tuple(asked["population"]),
            found=self._find(asked["q"]),
        )

    def _find(self, text: str) -> frozenset[int] | None:
        """The cities meant by the text: by name, else by country, else by a name that is like it."""
        if not text:
            return None
        self.best = self.directory.find(text)
        if not self.best:
            self.best = self.directory.find_misspelt(text)
            self.guessed = bool(self.best)
        return frozenset(self.best)

    @property
    def notes(self) -> list[str]:
        """A sentence for every value that was not understood and is left out."""
        notes = []
        for name, field in self.form.fields.items():
            for value in getattr(field, "unknown", ()):
                label = str(self.filters[name].label)
                notes.append(
                    _("“%(value)s” is not known under “%(label)s” and was left out.")
                    % {"value": value[:60], "label": label}
                )
        first, last = self.asked["since_from"], self.asked["since_to"]
        if first is not None and last is not None and first > last:
            notes.append(
                _("The years run backwards: no city joined from %(first)s to %(last)s.")
                % {"first": first, "last": last}
            )
        return notes
