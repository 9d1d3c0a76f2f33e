"""What a city's own team keeps in its profile: values that can be compared, named and read."""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from cities.models import City, Fact, ProfileEdit


class Population(NamedTuple):
    """A number of inhabitants belongs together with its year and source: they are changed as one."""

    people: int
    year: int | None  # None only where an import has brought the number
    source: str
    url: str = ""

    def __str__(self) -> str:
        return f"{self.people} ({', '.join(str(part) for part in self[1:] if part)})"


type Value = str | Population | None  # None: the population is not known
type Values = Mapping[str, Value]

LABELS = {
    "name_de": _("Name in German"),
    "name_en": _("Name in English"),
    "website": _("Official website"),
    "portrait_de": _("Portrait in German"),
    "portrait_en": _("Portrait in English"),
    "population": _("Population"),
}
IN_HISTORY = LABELS | {"confirmed_on": _("Profile confirmed"), "pictures": _("Pictures")}


def plain(text: str | None) -> str:
    """A text as a form gives it back: without blank ends, lines ending in one character."""
    return (text or "").replace("\r\n", "\n").strip()


def particulars(city: City) -> dict[str, Value]:
    """What the profile says now, by the names of LABELS. One query."""
    values: dict[str, Value] = {name: plain(getattr(city, name)) for name in LABELS if name != "population"}
    fact = Fact.objects.filter(city=city, kind=Fact.Kind.POPULATION).first()
    stated = None
    if fact is not None:
        stated = Population(int(fact.value), fact.year, plain(fact.source_label), fact.source_url)
    return values | {"population": stated}


def fingerprint(value: Value) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]


def version(values: Values) -> str:
    """The fingerprints of all values: what a form that was opened with them carries along."""
    return "-".join(fingerprint(values[name]) for name in LABELS)


def fingerprints(of_version: str) -> dict[str, str]:
    """By name, from `version`; empty where the text is none."""
    parts = of_version.split("-")
    return dict(zip(LABELS, parts, strict=True)) if len(parts) == len(LABELS) else {}


def history(city: City, *, newest: int = 8) -> list[tuple[str, ProfileEdit]]:
    """The last changes with the names of what was changed."""
    edits = ProfileEdit.objects.filter(city=city).select_related("by")[:newest]
    return [(str(IN_HISTORY.get(edit.field, edit.field)), edit) for edit in edits]
