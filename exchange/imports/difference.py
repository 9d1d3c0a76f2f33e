"""What an import of practices would do: a value that can be counted and read, made without touching the portal."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from exchange.imports.portal import Known, Portal
from exchange.imports.rows import PracticeRow


def shown(value: Any) -> str:
    """A value in a sentence."""
    if value in (None, "", []):
        return _("(empty)")
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


@dataclass(frozen=True, slots=True)
class Change:
    """One value that the file has otherwise."""

    slug: str
    column: str
    old: Any
    new: Any

    def __str__(self) -> str:
        return f"{self.slug}: {self.column} {shown(self.old)} → {shown(self.new)}"


@dataclass(slots=True)
class Difference:
    """What would be added and changed, what stays although the file says otherwise, and how much is the same."""

    new: list[PracticeRow] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    edited: list[Change] = field(default_factory=list)  # changed in the portal by people since the last import
    emptied: list[Change] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # came from a file once and is in this one no more
    unchanged: int = 0

    @property
    def changes_nothing(self) -> bool:
        """Whether an import would write nothing."""
        return not (self.new or self.changes)


def compare(rows: dict[str, PracticeRow], portal: Portal) -> Difference:
    """What the rows (without findings) would change in the portal."""
    difference = Difference()
    for slug, row in rows.items():
        if known := portal.practices.get(slug):
            _compare_one(difference, row, known)
        else:
            difference.new.append(row)
    difference.missing = [slug for slug, known in portal.practices.items() if known.imported and slug not in rows]
    return difference


def _compare_one(difference: Difference, row: PracticeRow, known: Known) -> None:
    """An emptied cell deletes nothing; a value that people have changed since the last import stays."""
    same = True
    for column, new in row.values.items():
        now = known.now[column]
        if new == now:
            continue
        change = Change(row.slug, column, now, new)
        if new in (None, "", []):
            difference.emptied.append(change)
        elif now != known.imported.get(column):
            difference.edited.append(change)
        else:
            difference.changes.append(change)
            same = False
    difference.unchanged += same
