"""The common format of a practice: its parts by name, what makes an entry useful, and what it needs to be published.

A proposal keeps its parts as JSON: texts under `title_de`, `title_en` and so on, `goals` as numbers, years as numbers
or None, `links` as lists of label and address, `networks` as short addresses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from exchange.models import Practice, Proposal
from exchange.papers import faults_of_papers
from exchange.placeholders import placeholder_in

type Values = Mapping[str, Any]

LANGUAGES = ("de", "en")
BOTH = Practice.Original.BOTH
MOST_LINKS = 5
LICENCES = ("CC BY 4.0", "CC BY-SA 4.0", "CC0 1.0")

# The texts, in the order of the form; each is there in two languages.
TEXTS = {
    "title": gettext_lazy("Title"),
    "summary": gettext_lazy("In one or two sentences"),
    "problem": gettext_lazy("The problem"),
    "measures": gettext_lazy("What was done"),
    "evidence": gettext_lazy("What shows that it works"),
    "setbacks": gettext_lazy("What went wrong, what would be done differently"),
    "preconditions": gettext_lazy("What must be there before"),
    "transfer": gettext_lazy("Potential for transfer"),
    "contact": gettext_lazy("Who answers questions"),
    "partners_sought": gettext_lazy("Which partners, and for what"),
}
OTHERS = {
    "original_language": gettext_lazy("Written in"),
    "theme": gettext_lazy("Theme"),
    "goals": gettext_lazy("Sustainable Development Goals"),
    "stage": gettext_lazy("State"),
    "first_year": gettext_lazy("First year"),
    "last_year": gettext_lazy("Last year"),
    "staff": gettext_lazy("Staff"),
    "money": gettext_lazy("Money"),
    "contact_email": gettext_lazy("Address for questions"),
    "partners": pgettext_lazy("looking for", "Partners"),
    "licence": gettext_lazy("Licence"),
    "source_url": gettext_lazy("Where this can be read"),
    "programme": gettext_lazy("Programme"),
    "networks": pgettext_lazy("networks", "Told in"),
    "links": gettext_lazy("Further addresses"),
}
LANGUAGE_NAMES = {"de": gettext_lazy("German"), "en": gettext_lazy("English")}
NAMES = (*(f"{name}_{language}" for name in TEXTS for language in LANGUAGES), *OTHERS)


def label_of(name: str) -> str:
    """`Title (German)`, `Theme`."""
    text, _end, language = name.rpartition("_")
    if text in TEXTS and language in LANGUAGES:
        return f"{TEXTS[text]} ({LANGUAGE_NAMES[language]})"
    return str(OTHERS[name])


def whole(values: Values) -> dict[str, Any]:
    """Every part by name, also those nobody has filled in."""
    empty: dict[str, Any] = dict.fromkeys(NAMES, "") | {"first_year": None, "last_year": None}
    empty |= {"goals": [], "links": [], "networks": []}
    return empty | {name: value for name, value in values.items() if name in empty}


def written_in(values: Values) -> tuple[str, ...]:
    """The languages it is written in: `de`, `en`, or both."""
    original = values.get("original_language") or "de"
    return LANGUAGES if original == BOTH else (original,)


def title_of(values: Values) -> str:
    """The title in the language it is written in, else in the other one."""
    first = written_in(values)[0]
    return values.get(f"title_{first}") or values.get("title_de") or values.get("title_en") or ""


def of_practice(practice: Practice) -> dict[str, Any]:
    """A published practice in the format of a proposal. Two queries beside the practice."""
    values: dict[str, Any] = {name: getattr(practice, name) or "" for name in NAMES if name not in {
        "goals", "links", "networks", "programme", "first_year", "last_year",
    }}  # fmt: skip
    return whole(
        values
        | {
            "goals": list(practice.goals),
            "first_year": practice.first_year,
            "last_year": practice.last_year,
            "programme": practice.programme.slug if practice.programme else "",
            "networks": list(practice.networks.order_by("position").values_list("slug", flat=True)),
            "links": [list(link) for link in practice.links.order_by("position", "pk").values_list("label", "url")],
        }
    )


# --- how useful it is


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that makes a practice more useful to others."""

    field: str  # where it is filled in; empty where that is nowhere in particular
    words: str
    done: bool


class Meter:
    """What is there, and what would make the entry more useful. Nothing of it but the first points is required."""

    def __init__(self, values: Values, *, pictures: int, documents: int) -> None:
        first = written_in(values)[0]

        def text(name: str, words: str) -> Point:
            return Point(f"{name}_{first}", words, bool(values.get(f"{name}_{first}")))

        def other(name: str, words: str, *also: str) -> Point:
            return Point(name, words, all(bool(values.get(each)) for each in (name, *also)))

        said = [name for name in TEXTS if any(values.get(f"{name}_{language}") for language in LANGUAGES)]
        in_both = bool(said) and all(values.get(f"{name}_{language}") for name in said for language in LANGUAGES)
        lacking = next(
            (f"{name}_{each}" for name in said for each in LANGUAGES if not values.get(f"{name}_{each}")), ""
        )
        self.points = [
            text("summary", _("one or two sentences for the list")),
            other("theme", _("a theme, so that it is found")),
            other("goals", _("the Sustainable Development Goals it serves")),
            other("first_year", _("when it began, and its state"), "stage"),
            text("problem", _("the problem it answers")),
            text("measures", _("what was done")),
            text("evidence", _("what shows that it works, with figures")),
            text("setbacks", _("what went wrong: others learn most from it")),
            text("preconditions", _("what must be there before")),
            other("staff", _("staff and money, roughly"), "money"),
            text("transfer", _("what others can take over")),
            other("contact_email", _("the address of an office that answers questions")),
            other("licence", _("a licence, so that others may use the text")),
            Point(lacking, _("all texts in both languages"), in_both),
            Point("papers", _("a picture"), pictures > 0),
            Point("papers", _("a document, for example a report or a form"), documents > 0),
        ]

    @property
    def done(self) -> int:
        return sum(point.done for point in self.points)

    @property
    def total(self) -> int:
        return len(self.points)

    @property
    def missing(self) -> list[Point]:
        return [point for point in self.points if not point.done]


# --- what a published practice needs


def faults(proposal: Proposal) -> list[tuple[str, str]]:
    """What stands against publishing: name of the part and a sentence; empty where nothing does."""
    values = whole(proposal.values)
    found: list[tuple[str, str]] = []
    needed = {
        "title": _("Give the practice a title in the language it is written in."),
        "summary": _("Say in one or two sentences what it is about."),
    }
    others = {"theme": _("Choose a theme.")}
    if proposal.email:  # suggested by a visitor, who can neither tell the whole story nor give a licence
        others["source_url"] = _("Give the address where this can be read.")
    else:
        needed["measures"] = _("Say what was done.")
        others["licence"] = _("Choose the licence under which others may use the text.")
    for language in written_in(values):
        found += [(f"{n}_{language}", sentence) for n, sentence in needed.items() if not values[f"{n}_{language}"]]
    found += [(name, sentence) for name, sentence in others.items() if not values[name]]
    return found + _fillers(values) + faults_of_papers(proposal)


def _fillers(values: Values) -> list[tuple[str, str]]:
    sentence = _("“%(text)s” only fills the place. Replace it by real words, or leave the field empty.")
    named = [(f"{name}_{language}", values[f"{name}_{language}"]) for name in TEXTS for language in LANGUAGES]
    named += [("links", label) for label, _url in values["links"]]
    return [(name, sentence % {"text": filler}) for name, text in named if (filler := placeholder_in(text))]
