"""Puts the test database back to what the migrations left, append-only tables included.

Django clears tables after a test that commits, which our triggers refuse (rightly), and forgets the rows that
migrations made. So this takes a copy right after the migrations and puts it back: on PostgreSQL with the triggers
resting for that one transaction (`session_replication_role`), on SQLite by copying the file's pages.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from django.db import ProgrammingError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from tests.servers.process import ServerFailed

COPY = "as_migrated"
RESTING = "SET LOCAL session_replication_role = replica;"
NOT_ALLOWED = (
    "The role of TEST_DATABASE_URL may not let triggers rest, which the tests need between two tests. "
    "As superuser: GRANT SET ON PARAMETER session_replication_role TO that role (PostgreSQL 15 or later)."
)
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
COLUMNS = """
    SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""


def copy_of(folder: Path) -> Callable[[], None]:
    """Copy the freshly migrated database; what is returned puts it back."""
    if connection.vendor == "sqlite":
        return _sqlite_copy(folder / "as_migrated.sqlite3")
    return _postgresql_copy()


def cut_other_sessions() -> None:
    """Cut what threads of tests left connected, so that the test database can be dropped."""
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        # Only our own: the server's workers, which vacuum by themselves, let nobody end them.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


def _sqlite_copy(path: Path) -> Callable[[], None]:
    connection.ensure_connection()
    with sqlite3.connect(path) as kept:
        _raw(connection).backup(kept)

    def put_back() -> None:
        connection.ensure_connection()
        with sqlite3.connect(path) as kept:
            kept.backup(_raw(connection))

    return put_back


def _raw(wrapper: BaseDatabaseWrapper) -> sqlite3.Connection:
    raw = wrapper.connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _demand_rest() -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(RESTING)
    except ProgrammingError as error:
        raise ServerFailed(NOT_ALLOWED) from error


def _postgresql_copy() -> Callable[[], None]:
    _demand_rest()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute(f"CREATE SCHEMA {COPY}")
        refill = [statement for table in tables if (statement := _copy_table(cursor, table))]
    empty = [f'DELETE FROM public."{table}";' for table in tables]
    statements = "\n".join([RESTING, *empty, *refill])

    def put_back() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            # A thread that a test forgot may still hold a lock: say so instead of waiting for ever.
            cursor.execute("SET LOCAL lock_timeout = '10s'")
            cursor.execute(statements)

    return put_back


def _copy_table(cursor: CursorWrapper, table: str) -> str:
    cursor.execute(f'SELECT EXISTS (SELECT FROM public."{table}")')
    if not cursor.fetchone()[0]:
        return ""
    cursor.execute(f'CREATE TABLE {COPY}."{table}" AS TABLE public."{table}"')
    cursor.execute(COLUMNS, [f'public."{table}"'])
    columns = cursor.fetchone()[0]
    return f'INSERT INTO public."{table}" ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {COPY}."{table}";'
