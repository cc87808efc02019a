"""Puts the test database back to what the migrations left, append-only tables included.

Django clears tables after a test that commits, which our triggers refuse (rightly), and forgets the rows that
migrations made. So this takes a copy right after the migrations and puts it back: on PostgreSQL by a session of its
own, in which the triggers rest (`session_replication_role`), on SQLite by copying the file's pages.
"""

import sqlite3
from collections.abc import Callable
from itertools import count
from pathlib import Path

import psycopg
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus

from tests.servers.process import ServerFailed

COPY = "as_migrated"
RESTING = "SET session_replication_role = replica"
# It keeps a limited number of plans, each in its memory.
TESTS_OF_A_SESSION = 200
NOT_ALLOWED = (
    "The role of TEST_DATABASE_URL may not let triggers rest, which the tests need between two tests. "
    "As superuser: GRANT SET ON PARAMETER session_replication_role TO that role (PostgreSQL 15 or later)."
)
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
AS_NEW = "RESET ALL; CLOSE ALL; DISCARD TEMP; SELECT pg_advisory_unlock_all()"
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


def tidy(wrapper: BaseDatabaseWrapper) -> None:
    """Keep a connection for the next test as if it were new; close it where a test left something under way.

    A new session costs more than most tests: who it is, the catalog, what each trigger compiles to, and all plans.
    """
    if wrapper.vendor != "postgresql" or wrapper.alias != DEFAULT_DB_ALIAS or not _is_at_rest(wrapper):
        wrapper.close()
        return
    try:
        wrapper.connection.execute(AS_NEW)
        wrapper.ensure_timezone()
    except psycopg.OperationalError:
        wrapper.close()
    wrapper.errors_occurred = False


def _is_at_rest(wrapper: BaseDatabaseWrapper) -> bool:
    driver = wrapper.connection
    is_open = driver is not None and driver.info.transaction_status == TransactionStatus.IDLE
    return is_open and wrapper.get_autocommit() and not (wrapper.in_atomic_block or wrapper.run_on_commit)


def _sqlite_copy(path: Path) -> Callable[[], None]:
    connection.ensure_connection()
    with sqlite3.connect(path) as kept:
        _raw(connection).backup(kept)

    def put_back() -> None:
        connection.ensure_connection()
        with sqlite3.connect(path) as kept:
            kept.backup(_raw(connection))
        connections.close_all()

    return put_back


def _raw(wrapper: BaseDatabaseWrapper) -> sqlite3.Connection:
    raw = wrapper.connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _postgresql_copy() -> Callable[[], None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute(f"CREATE SCHEMA {COPY}")
        steps = "\n".join(_step(cursor, table) for table in tables)
        cursor.execute(f"CREATE FUNCTION {COPY}.put_back() RETURNS void LANGUAGE plpgsql AS $$BEGIN {steps} END$$")
    # Its own session, since a change of the role throws all plans of a session away.
    elsewhere = connection.copy()
    _rest(elsewhere)
    turns = count(1)

    def put_back() -> None:
        is_full = next(turns) % TESTS_OF_A_SESSION == 0
        for wrapper in connections.all(initialized_only=True):
            if is_full:
                wrapper.close()
            else:
                tidy(wrapper)
        if not elsewhere.is_usable():
            elsewhere.close()
            _rest(elsewhere)
        with elsewhere.cursor() as cursor:
            cursor.execute(f"SELECT {COPY}.put_back()")

    return put_back


def _rest(wrapper: BaseDatabaseWrapper) -> None:
    try:
        with wrapper.cursor() as cursor:
            cursor.execute(RESTING)
            # A thread that a test forgot may still hold a lock: say so instead of waiting for ever.
            cursor.execute("SET lock_timeout = '10s'")
    except ProgrammingError as error:
        raise ServerFailed(NOT_ALLOWED) from error


def _step(cursor: CursorWrapper, table: str) -> str:
    """What puts one table back; rows of the migrations are only written again where a test changed them."""
    empty = f'DELETE FROM public."{table}";'
    cursor.execute(f'SELECT EXISTS (SELECT FROM public."{table}")')
    if not cursor.fetchone()[0]:
        return empty
    cursor.execute(f'CREATE TABLE {COPY}."{table}" AS TABLE public."{table}"')
    cursor.execute(COLUMNS, [f'public."{table}"'])
    columns = cursor.fetchone()[0]
    now, then = (f'SELECT each::text FROM {schema}."{table}" each' for schema in ("public", COPY))
    return (
        f"IF EXISTS (({now} EXCEPT ALL {then}) UNION ALL ({then} EXCEPT ALL {now})) THEN {empty} "
        f'INSERT INTO public."{table}" ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {COPY}."{table}"; '
        "END IF;"
    )
