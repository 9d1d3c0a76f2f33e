"""A practice as lists, cards and files show it: held in memory by the catalogue."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from cities.entries import Named, in_english
from exchange.models import Partners, Stage, Theme, TransferStep


@dataclass(frozen=True, slots=True)
class Place:
    """Where a practice is at home. `slug` is empty for a place that has no page in the directory."""

    name: Named
    country: Named
    region: str
    pk: int | None = None  # of the city
    slug: str = ""
    position: tuple[float, float] | None = None  # degrees

    @property
    def label(self) -> str:
        """`Cork, Ireland`."""
        return f"{self.name.name}, {self.country.name}"


@dataclass(frozen=True, slots=True)
class PracticeEntry:
    """A published practice; title and summary are each whole in all of `languages`."""

    pk: int
    slug: str
    title_de: str
    title_en: str
    summary_de: str
    summary_en: str
    languages: frozenset[str]
    original: str
    place: Place
    theme: str
    goals: tuple[int, ...]
    first_year: int | None
    last_year: int | None
    stage: str
    programme: str
    networks: frozenset[str]  # told in them, or its city is a member of them
    money: str
    partners: str
    transfers: tuple[str, ...]  # how far each other city has come with it, one value a city
    licence: str
    source_url: str
    published_at: datetime
    changed_at: datetime

    @property
    def language(self) -> str:
        """The language that all its texts are shown in."""
        return self.language_in("en" if in_english() else "de")

    def language_in(self, wanted: str) -> str:
        """The language that a page in this one shows all its texts in."""
        if self.original in {wanted, "both"} or wanted in self.languages:
            return wanted
        return self.original

    @property
    def is_translated(self) -> bool:
        """Whether the reader gets the language of the page."""
        return self.language == ("en" if in_english() else "de")

    @property
    def title(self) -> str:
        return self.title_en if self.language == "en" else self.title_de

    @property
    def summary(self) -> str:
        return self.summary_en if self.language == "en" else self.summary_de

    @property
    def theme_label(self) -> str:
        return str(Theme(self.theme).label)

    @property
    def stage_label(self) -> str:
        return str(Stage(self.stage).label) if self.stage else ""

    @property
    def partners_label(self) -> str:
        """`Looking for partners`, or nothing where it was not said or they are found."""
        return "" if self.partners in {"", Partners.FOUND} else str(Partners(self.partners).label)

    @property
    def adopted(self) -> int:
        """How many other cities have adapted it."""
        return self.transfers.count(TransferStep.Stage.ADAPTED)

    @property
    def trying(self) -> int:
        """How many other cities are interested in it or trying it out."""
        return sum(stage in {TransferStep.Stage.INTERESTED, TransferStep.Stage.TRYING} for stage in self.transfers)

    @property
    def years(self) -> str:
        """`2013 – 2015`, `2013`, or nothing where it is not stated."""
        if self.first_year is None:
            return ""
        return f"{self.first_year} – {self.last_year}" if self.last_year else str(self.first_year)

    @property
    def url(self) -> str:
        return reverse("exchange:practice", args=[self.slug])
