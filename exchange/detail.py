"""What the page of one practice works out beside the row itself."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from cities.entries import Named, in_english
from cities.maps import View, disc, dots
from exchange.actions.yearly import is_unanswered
from exchange.catalogue import Catalogue
from exchange.drawing import cover
from exchange.entries import PracticeEntry, entries_of, entry_of, place_of_practice
from exchange.labels import goal_label
from exchange.models import Partners, Practice, TransferStep
from exchange.papers import ShownDocument, ShownPicture, shown_document, shown_picture
from network.models import Network

SIMILAR = 3


@dataclass(frozen=True, slots=True)
class Step:
    """How far another city has come, as the page tells it; `url` is empty where the city has no page."""

    pk: int
    city: str
    country: str
    url: str
    stage: str
    label: str
    note: str
    language: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Told:
    """One heading of the common format with what the practice says there."""

    heading: str
    text: str
    in_words: bool = True  # whether `text` is a text of the practice, in its language, and not a word of the portal


class Chapter:
    """Some headings of the common format: those with a text, and the names of those that are not stated."""

    def __init__(self, headings: list[Told]) -> None:
        self.told = [told for told in headings if told.text]
        self.not_stated = ", ".join(told.heading for told in headings if not told.text)


class PracticePage:
    """A practice with what the catalogue knows of it and of its neighbours."""

    is_preview = False

    def __init__(self, catalogue: Catalogue, practice: Practice) -> None:
        self.catalogue = catalogue
        self.practice = practice
        self.entry: PracticeEntry = entry_of(practice, place_of_practice(practice), catalogue.directory)
        self.language = self.entry.language

    def _text(self, name: str) -> str:
        """A text in the one language that this page shows the practice in."""
        return getattr(self.practice, f"{name}_{self.language}") or ""

    # --- the common format

    @cached_property
    def story(self) -> Chapter:
        """What happened."""
        headings = {
            "problem": _("The problem"),
            "measures": _("What was done"),
            "evidence": _("What shows that it works"),
            "setbacks": _("What went wrong, what would be done differently"),
        }
        return Chapter([Told(heading, self._text(name)) for name, heading in headings.items()])

    @cached_property
    def conditions(self) -> Chapter:
        """What another city needs to know before it tries the same."""
        return Chapter(
            [
                Told(_("What must be there before"), self._text("preconditions")),
                Told(_("Staff"), self.practice.get_staff_display(), in_words=False),
                Told(_("Money"), self.practice.get_money_display(), in_words=False),
                Told(_("Potential for transfer"), self._text("transfer")),
                Told(_("Who answers questions"), self._text("contact")),
                Told(_("Address for questions"), self.practice.contact_email, in_words=False),
            ]
        )

    @property
    def goals(self) -> list[tuple[int, str]]:
        """Number and name of each Sustainable Development Goal."""
        return [(goal, goal_label(str(goal))) for goal in self.entry.goals]

    @property
    def networks(self) -> list[Network]:
        """The networks it was told in."""
        return [self.catalogue.directory.networks[slug] for slug in self.practice.network_slugs]

    @property
    def programme(self) -> Named | None:
        return self.catalogue.programmes.get(self.entry.programme)

    @property
    def source_name(self) -> str:
        """What the source is called, else the host of its address: metropolis.org."""
        return self.practice.source_label or urlsplit(self.practice.source_url).netloc.removeprefix("www.")

    @property
    def sought(self) -> str:
        """Which partners the city looks for, as long as it does."""
        return "" if self.practice.partners in {"", Partners.FOUND} else self._text("partners_sought")

    @property
    def is_unanswered(self) -> bool:
        """Whether the city was asked whether it is still right, and has not answered for a month."""
        return is_unanswered(self.practice)

    @cached_property
    def pictures(self) -> list[ShownPicture]:
        return [shown_picture(dict(row)) for row in self.practice.shown_pictures]

    @cached_property
    def documents(self) -> list[ShownDocument]:
        return [shown_document(dict(row)) for row in self.practice.shown_documents]

    @cached_property
    def trail(self) -> list[Step]:
        """What other cities make of it, the newest first."""
        steps = [self._step(row) for row in self.practice.trail]
        return sorted(steps, key=lambda step: step.at, reverse=True)

    def _step(self, row: dict[str, Any]) -> Step:
        language = "en" if in_english() else "de"
        names = [row[f"{what}_{language}"] or row[f"{what}_de"] for what in ("name", "country")]
        has_page = row["city"] in self.catalogue.directory.number
        url = reverse("cities:detail", args=[row["slug"]]) if has_page else ""
        label = str(TransferStep.Stage(row["stage"]).label)
        at = datetime.datetime.fromisoformat(row["at"])
        return Step(row["pk"], names[0], names[1], url, row["stage"], label, row["note"], row["language"], at)

    # --- around it

    @cached_property
    def view(self) -> View | None:
        """The world as seen from the place; None where its position is not known."""
        return disc(*self.entry.place.position) if self.entry.place.position else None

    @cached_property
    def same_theme(self) -> str:
        """The places of all other practices of this theme on that view, as path data."""
        assert self.view is not None, "the template asks only where there is a view"
        found = self.catalogue.places_of(self.catalogue.of("theme", self.entry.theme))
        others = (place for place, _count in found if place.key != self.entry.place.key)
        places = {self.view.place(*place.position) for place in others if place.position}
        return dots(sorted(place for place in places if place))

    @cached_property
    def similar(self) -> list[tuple[PracticeEntry, str]]:
        """Others from the same place first, then of the same theme."""
        here = self.catalogue.of("place", self.entry.place.key)
        others = self.catalogue.of("theme", self.entry.theme) & ~here
        found = chain(self.catalogue.keys(here), self.catalogue.keys(others))
        keys = islice((pk for pk in found if pk != self.entry.pk), SIMILAR)
        return [(entry, cover(entry)) for entry in entries_of(keys, self.catalogue)]

    @cached_property
    def json_ld(self) -> dict[str, Any]:
        """The practice for search engines (schema.org)."""
        place = self.entry.place
        data: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "CreativeWork",
            "name": self.entry.title,
            "abstract": self.entry.summary,
            "inLanguage": self.language,
            "genre": self.entry.theme_label,
            "spatialCoverage": {
                "@type": "Place",
                "name": place.name.name,
                "containedInPlace": {"@type": "Country", "name": place.country.name},
            },
            "datePublished": self.entry.published_at.date().isoformat(),
        }
        if self.entry.years:
            data["temporalCoverage"] = "/".join(
                str(year) for year in (self.entry.first_year, self.entry.last_year) if year
            )
        if self.practice.source_url:
            data["isBasedOn"] = self.practice.source_url
        if self.practice.licence:
            data["license"] = self.practice.licence
        return data
