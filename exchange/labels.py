"""How the values that practices are filtered by are called."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cities.filters import POPULATION_LABELS
from cities.models import WorldRegion
from cities.names import fold
from cities.selection import UNKNOWN
from exchange.catalogue import Catalogue, Labels
from exchange.models import Money, Partners, Stage, Theme, TransferStep
from exchange.models.theme import GOALS


def goal_label(number: str) -> str:
    """`4 Quality education`."""
    return f"{number} {GOALS[int(number)]}"


def labels_of(catalogue: Catalogue) -> Labels:
    """By group the values that may be chosen, each with its name in the active language, in their own order (of numbers
    and steps, the newest year first) or that of the alphabet. Worked out once for a catalogue and a language."""
    language = get_language() or ""
    if language not in catalogue.labels:
        catalogue.labels[language] = _labels(catalogue)
    return catalogue.labels[language]


def _labels(catalogue: Catalogue) -> Labels:
    unknown = {UNKNOWN: pgettext("stated", "not stated")}
    networks = catalogue.directory.networks
    years = sorted((year for year in catalogue.of_value["year"] if year != UNKNOWN), key=int, reverse=True)
    return {
        "theme": _by_name((value, capfirst(str(label))) for value, label in Theme.choices),
        "goal": {str(goal): goal_label(str(goal)) for goal in GOALS},
        "region": _by_name(WorldRegion.choices),
        "country": _by_name((code, catalogue.countries[code].name) for code in catalogue.of_value["country"]),
        "network": _by_name((slug, network.short_name) for slug, network in networks.items()),
        "programme": _by_name((slug, programme.name) for slug, programme in catalogue.programmes.items()),
        "adopted": _in_order(TransferStep.Stage.choices) | {UNKNOWN: _("by no other city yet")},
        "partners": _in_order(Partners.choices),
        "population": _in_order(POPULATION_LABELS.items()),
        "year": {year: year for year in years} | unknown,
        "stage": _in_order(Stage.choices) | unknown,
        "money": _in_order(Money.choices) | unknown,
        "language": _by_name([("de", _("German")), ("en", _("English"))]),
        "place": {key: place.name.name for key, place in catalogue.places.items()},
    }


def _in_order(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices}


def _by_name(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    return dict(sorted(_in_order(choices).items(), key=lambda choice: fold(choice[1])))
