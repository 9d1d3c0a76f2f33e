"""A difference in words: for the terminal, and as lists for the page."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.imports.difference import Difference, Kind

SHOWN = 50  # new things of one kind that are named; of changes and open points all are


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what stands under it, and how many more are not named."""

    heading: str
    mark: str
    items: list[str]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    sections: list[Section]
    unchanged: str


def counted(kind: Kind, count: int) -> str:
    """“3 cities” in the language of the reader."""
    words = {
        Kind.COUNTRY: ngettext("%(count)d country", "%(count)d countries", count),
        Kind.LAND: ngettext("%(count)d German Land", "%(count)d German Länder", count),
        Kind.NETWORK: ngettext("%(count)d network", "%(count)d networks", count),
        Kind.FIGURE: ngettext("%(count)d official figure", "%(count)d official figures", count),
        Kind.SOURCE: ngettext("%(count)d source", "%(count)d sources", count),
        Kind.CITY: ngettext("%(count)d city", "%(count)d cities", count),
        Kind.MEMBERSHIP: ngettext("%(count)d membership", "%(count)d memberships", count),
        Kind.EVENT: ngettext("%(count)d change of a membership", "%(count)d changes of memberships", count),
    }
    return words[kind] % {"count": count}


def report(difference: Difference, *, most: int | None = SHOWN) -> Report:
    """What would happen, most certain first. `most` shortens each list of new things."""
    sections = [
        Section(
            _("New: %(what)s") % {"what": counted(kind, len(keys))}, "+", keys[:most], len(keys[most or len(keys) :])
        )
        for kind, keys in difference.added.items()
    ]
    if changes := difference.changes:
        heading = ngettext("Changed: %(count)d value", "Changed: %(count)d values", len(changes))
        sections.append(Section(heading % {"count": len(changes)}, "~", [str(change) for change in changes]))
    if conflicts := difference.conflicts:
        heading = _("Entered by a city's team, and different in the file:")
        sections.append(Section(heading, "!", [str(conflict) for conflict in conflicts]))
    if decisions := difference.decisions:
        heading = _("For a decision (the import changes nothing here):")
        sections.append(Section(heading, "?", [str(decision) for decision in decisions]))
    same = [counted(kind, difference.unchanged[kind]) for kind in Kind if difference.unchanged[kind]]
    return Report(sections, ", ".join(same))


def lines(difference: Difference, *, most: int | None = SHOWN) -> Iterator[str]:
    """The report as text for a terminal."""
    whole = report(difference, most=most)
    for section in whole.sections:
        yield section.heading
        yield from (f"  {section.mark} {item}" for item in section.items)
        if section.more:
            yield "  " + _("… and %(count)d more") % {"count": section.more}
    if whole.unchanged:
        yield _("Unchanged: %(what)s") % {"what": whole.unchanged}
