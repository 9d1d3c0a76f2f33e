"""Reads the query string of the list of practices."""

from collections.abc import Container
from typing import Any, ClassVar

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cities.filters import POPULATION_LABELS, KnownChoiceFilter, KnownChoicesFilter, SearchFilter
from cities.models import WorldRegion
from cities.selection import UNKNOWN
from exchange.catalogue import GROUPS, Catalogue, Wanted
from exchange.models import Money, Partners, Practice, Stage, Theme, TransferStep
from exchange.models.theme import GOALS
from exchange.search import search

SORTS = {
    "new": gettext_lazy("newest first"),
    "title": gettext_lazy("title"),
    "place": gettext_lazy("city"),
}
VIEWS = ("list", "map")


class PracticeFilter(django_filters.FilterSet):
    """The parameters of the list of practices. They are part of the product and stay as they are."""

    q = SearchFilter(label=gettext_lazy("Words, city or country"))
    theme = KnownChoicesFilter(label=gettext_lazy("Theme"))
    goal = KnownChoicesFilter(label=gettext_lazy("Sustainable Development Goal"))
    region = KnownChoicesFilter(label=gettext_lazy("Part of the world"))
    country = KnownChoicesFilter(label=gettext_lazy("Country"))
    network = KnownChoicesFilter(label=gettext_lazy("Network of the city"))
    programme = KnownChoicesFilter(label=gettext_lazy("Programme"))
    adopted = KnownChoicesFilter(label=gettext_lazy("What other cities make of it"))
    partners = KnownChoicesFilter(label=pgettext_lazy("looking for", "Partners"))
    population = KnownChoicesFilter(label=gettext_lazy("Size of the city"))
    year = KnownChoicesFilter(label=gettext_lazy("Year"))
    stage = KnownChoicesFilter(label=gettext_lazy("State"))
    money = KnownChoicesFilter(label=gettext_lazy("Money a year"))
    language = KnownChoicesFilter(label=gettext_lazy("Language of the text"))
    place = KnownChoicesFilter(label=pgettext_lazy("of a practice", "Place"))
    sort = KnownChoiceFilter(label=gettext_lazy("Sort by"))
    view = KnownChoiceFilter(label=gettext_lazy("View"))

    class Meta:
        model = Practice
        fields: ClassVar[list[str]] = []

    def __init__(self, data: QueryDict, catalogue: Catalogue) -> None:
        super().__init__(data, queryset=Practice.objects.none())
        self.catalogue = catalogue
        known: dict[str, Container[str]] = {
            "theme": Theme.values,
            "goal": {str(goal) for goal in GOALS},
            "region": WorldRegion.values,
            "country": catalogue.of_value["country"],
            "network": catalogue.directory.networks,
            "programme": catalogue.programmes,
            "adopted": {*TransferStep.Stage.values, UNKNOWN},
            "partners": Partners.values,
            "population": POPULATION_LABELS,
            "year": catalogue.of_value["year"],
            "stage": {*Stage.values, UNKNOWN},
            "money": {*Money.values, UNKNOWN},
            "language": ("de", "en"),
            "place": catalogue.of_value["place"],
            "sort": tuple(SORTS),
            "view": VIEWS,
        }
        for name, values in known.items():
            self.form.fields[name].known = values
        self.form.is_valid()  # every field forgives, so the form is always valid
        self.asked: dict[str, Any] = self.form.cleaned_data
        self.guessed = False  # whether nothing was found as typed and misspelt words are shown
        self.best: list[int] = []  # practices found by words, as bits, the best ones first
        chosen = {group: tuple(self.asked[group]) for group in GROUPS}
        self.wanted = Wanted(**chosen, found=self._find(self.asked["q"]))

    def _find(self, text: str) -> int | None:
        """The practices meant by the text, as bits."""
        if not text:
            return None
        self.best, self.guessed = search(self.catalogue, text)
        return sum(self.best)

    @property
    def notes(self) -> list[str]:
        """A sentence for every value that was not understood and is left out."""
        return [
            _("“%(value)s” is not known under “%(label)s” and was left out.")
            % {"value": value[:60], "label": self.filters[name].label}
            for name, field in self.form.fields.items()
            for value in getattr(field, "unknown", ())
        ]
