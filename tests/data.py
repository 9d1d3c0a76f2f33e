"""The real networks and cities for tests that need many rows, and the directory in step with each test's database.

`real_data` belongs to a module: it opens a transaction around the whole module, fills it, and rolls it back after the
last test, so that every other module starts with an empty directory. Each test still has its own savepoint inside
and may change what it likes. The import runs once a session; modules get its rows by COPY, which takes a tenth of it.
A module uses both fixtures by importing them (tests/cities/conftest.py does it for its folder) and by
`pytest.mark.usefixtures("real_data")`.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import translation

import cities.directory
from cities.directory import Directory
from network.models.version import ContentVersion, content_version

DATA = Path(__file__).resolve().parent.parent / "cities" / "data"
_of_module: list[Directory] = []  # the directory of the real data while a module uses it


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a file of cities/data as they stand there."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return [
        model._meta.db_table
        for model in models
        if model._meta.app_label in {"network", "cities"} and model is not ContentVersion
    ]


def _transaction() -> transaction.Atomic:
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as in Django's own: code inside may ask to be outermost
    return block


def _take_back(block: transaction.Atomic) -> None:
    transaction.set_rollback(True)
    block.__exit__(None, None, None)


@pytest.fixture(scope="session")
def real_rows(django_db_setup, django_db_blocker) -> dict[str, bytes]:
    """What the import of the real data writes, by table, as COPY reads it."""
    with django_db_blocker.unblock(), translation.override("de"):
        block = _transaction()
        block.__enter__()
        try:
            call_command("load_networks", verbosity=0, stdout=io.StringIO())
            call_command("import_cities", str(DATA), verbosity=0, stdout=io.StringIO())
            return {table: _copied(table) for table in _tables()}
        finally:
            _take_back(block)


def _copied(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)


@pytest.fixture(scope="module")
def real_data(real_rows, django_db_blocker) -> Iterator[Directory]:
    """All networks and cities of the portal's own data; gives the directory built from them."""
    block = _transaction()
    with django_db_blocker.unblock():
        block.__enter__()
        with connection.cursor() as cursor:
            for table, content in real_rows.items():
                if content:
                    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                        copy.write(content)
        connection.check_constraints()  # now, not after each test
        _of_module.append(Directory(content_version()))
    yield _of_module[0]
    _of_module.clear()
    with django_db_blocker.unblock():
        _take_back(block)


@pytest.fixture(autouse=True)
def directory_in_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a rollback a content version comes back with other cities, which in earnest never happens."""
    monkeypatch.setattr(cities.directory, "_kept", _of_module[0] if _of_module else None)
