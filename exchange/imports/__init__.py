"""The import of practices.csv: read, compare with the portal, write all or nothing.

`look_at` shows what an import would do; `import_file` does it. Both raise BadFiles with every finding at once.
The manner is that of the cities' import (cities/imports), whose reading of files and cells it uses.
"""

from django.db import connection, transaction

from cities.imports.problems import BadFiles
from exchange.imports.applying import write
from exchange.imports.difference import Difference, compare
from exchange.imports.portal import Portal, look
from exchange.imports.report import lines
from exchange.imports.rows import COLUMNS, FILE, OPTIONAL, read
from exchange.models import Practice

__all__ = ["COLUMNS", "FILE", "OPTIONAL", "BadFiles", "Difference", "import_file", "lines", "look_at"]


def look_at(content: bytes) -> Difference:
    """What an import of this file would do now; writes nothing."""
    with transaction.atomic():
        return _prepare(content)[0]


def import_file(content: bytes) -> Difference:
    """Import everything in one transaction and return what was done. What people have changed in the portal stays."""
    with transaction.atomic():
        with connection.cursor() as cursor:  # until the transaction ends nobody else changes what is compared
            cursor.execute(f"LOCK TABLE {Practice._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        difference, portal = _prepare(content)
        write(difference, portal)
    return difference


def _prepare(content: bytes) -> tuple[Difference, Portal]:
    portal = look()
    rows, problems = read(content, portal)
    if problems:
        raise BadFiles(problems)
    return compare(rows, portal), portal
