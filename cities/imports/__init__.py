"""The import of the directory's CSV files: read, compare with the portal, write all or nothing.

`look_at` shows what an import would do; `import_files` does it. Both raise BadFiles with every finding at once.
"""

from collections.abc import Mapping

from django.db import connection, transaction

from cities.imports.applying import write
from cities.imports.checks import check
from cities.imports.difference import Choice, Choices, Conflict, Difference, Kind, compare
from cities.imports.portal import Portal, look
from cities.imports.problems import BadFiles, ImportRefused, PortalChanged, Problem, Undecided
from cities.imports.reach import check_reach, leave_out_others, within_reach
from cities.imports.reading import COLUMNS, REQUIRED
from cities.imports.report import lines
from cities.imports.rows import Lists, read
from cities.models import City, Fact, Membership, MembershipChange, ProfileEdit
from network.models import User

__all__ = [
    "COLUMNS",
    "REQUIRED",
    "BadFiles",
    "Choice",
    "Conflict",
    "Difference",
    "ImportRefused",
    "Kind",
    "PortalChanged",
    "Problem",
    "Undecided",
    "import_files",
    "lines",
    "look_at",
]

type Files = Mapping[str, bytes]  # name of the file → content; names not in COLUMNS are not read


def look_at(files: Files, *, networks: frozenset[str] | None = None, only_own: bool = False) -> Difference:
    """What an import of these files would do now; writes nothing.

    `networks` are the short addresses of the networks a coordinator may import for; None for an operator. With
    `only_own` rows of other networks are left out of the files instead of being found wrong.
    """
    with transaction.atomic():
        return _prepare(files, networks, only_own=only_own)[0]


def import_files(
    files: Files,
    *,
    choices: Choices = None,
    by: User | None = None,
    networks: frozenset[str] | None = None,
    only_own: bool = False,
    seen: str | None = None,
) -> Difference:
    """Import everything in one transaction and return what was done.

    `choices` says whose value stays where a city's team and the file differ (one Choice, or one by city and column);
    Undecided is raised while one is missing. `seen` is the fingerprint of the difference a person confirmed:
    PortalChanged is raised if it is another one by now.
    """
    with transaction.atomic():
        _hold_writers()
        difference, lists, portal = _prepare(files, networks, only_own=only_own)
        if seen is not None and seen != difference.fingerprint():
            raise PortalChanged(difference)
        if undecided := difference.undecided(choices):
            raise Undecided(difference, len(undecided))
        write(difference, lists, portal, choices=choices, by=by)
    return difference


def _prepare(files: Files, networks: frozenset[str] | None, *, only_own: bool) -> tuple[Difference, Lists, Portal]:
    lists, problems = read(files)
    portal = look()
    left = leave_out_others(lists, portal, networks) if only_own and networks is not None else set()
    problems = [problem for problem in problems if (problem.file, problem.line) not in left]
    named = {(problem.file, problem.line, problem.column) for problem in problems}
    problems += [found for found in check(lists, portal) if (found.file, found.line, found.column) not in named]
    if problems:
        raise _refused(problems, lists, portal, networks)
    difference = compare(lists, portal)
    difference.left_out = len(left)
    if networks is not None:
        if problems := check_reach(lists, portal, difference, networks):
            raise _refused(problems, lists, portal, networks)
        within_reach(difference, portal, networks)
    return difference, lists, portal


def _refused(problems: list[Problem], lists: Lists, portal: Portal, networks: frozenset[str] | None) -> BadFiles:
    """With the number of findings that leaving out the rows of other networks would spare a coordinator."""
    others = leave_out_others(lists, portal, networks) if networks is not None else set()
    return BadFiles(problems, others=sum((problem.file, problem.line) in others for problem in problems))


def _hold_writers() -> None:
    """Until the transaction ends nobody else changes the directory: what is compared is what is written."""
    tables = ", ".join(model._meta.db_table for model in (City, Fact, Membership, MembershipChange, ProfileEdit))
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")
