"""Locks that end with whoever held them: PostgreSQL's advisory locks."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def held(name: str) -> Iterator[bool]:
    """Whether this process now holds the lock of that name; asks once and does not wait.

    The lock belongs to the database connection: it is given back at the end of the block, and by the database itself
    where a process dies inside it. So a free lock proves that nobody is at work.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        row = cursor.fetchone()
    mine = bool(row and row[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
