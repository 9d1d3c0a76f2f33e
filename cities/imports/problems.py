"""What can be wrong with an import: findings by file and line, and the refusals that carry them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from cities.imports.difference import Difference

SHOWN = 60  # characters of a wrong value that a finding repeats


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong; line 0 means the whole file, and the header is line 1."""

    file: str
    line: int
    column: str
    value: str
    reason: str

    @property
    def shown_value(self) -> str:
        """The value shortened, and what cannot be printed as its code."""
        printable = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in self.value[:SHOWN])
        return printable + "…" if len(self.value) > SHOWN else printable

    def __str__(self) -> str:
        parts = {
            "file": self.file, "line": self.line, "column": self.column, "value": self.shown_value,
            "reason": self.reason,
        }  # fmt: skip
        if not self.line:
            return _("%(file)s: %(reason)s") % parts
        if not self.column:
            return _("%(file)s, line %(line)d: %(reason)s") % parts
        if not self.value:
            return _("%(file)s, line %(line)d, column %(column)s: %(reason)s") % parts
        return _("%(file)s, line %(line)d, column %(column)s, “%(value)s”: %(reason)s") % parts


class ImportRefused(Exception):  # noqa: N818 - a refusal, no mistake of the program
    """Nothing was written; `for_reader` says why in one sentence."""

    for_reader: str


class BadFiles(ImportRefused):
    """The files cannot be imported as they are: all findings at once.

    `others` counts those about rows that a coordinator can have left out (`only_own`).
    """

    def __init__(self, problems: list[Problem], others: int = 0) -> None:
        self.problems = sorted(problems)
        self.others = others
        self.for_reader = ngettext(
            "Nothing was imported: %(count)d thing in the files is wrong.",
            "Nothing was imported: %(count)d things in the files are wrong.",
            len(problems),
        ) % {"count": len(problems)}
        super().__init__(self.for_reader)


class Undecided(ImportRefused):
    """City teams have changed values that the files say otherwise, and nobody has chosen."""

    def __init__(self, difference: "Difference", open_conflicts: int) -> None:
        self.difference = difference
        self.for_reader = ngettext(
            "Nothing was imported: the file contradicts %(count)d value that a city's own team has entered.",
            "Nothing was imported: the file contradicts %(count)d values that cities' own teams have entered.",
            open_conflicts,
        ) % {"count": open_conflicts}
        super().__init__(self.for_reader)


class PortalChanged(ImportRefused):
    """The portal has changed since the difference was shown."""

    def __init__(self, difference: "Difference") -> None:
        self.difference = difference
        self.for_reader = _(
            "Nothing was imported: the portal has changed since this page was made. The page now shows the new "
            "difference; please read it again before you confirm."
        )
        super().__init__(self.for_reader)
