"""What statements the database was sent, counted by itself, by all processes together."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.db import connection

# What the servers' starter does as superuser. Statements are counted only while it is asked for: it costs time.
PRELOAD = "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'"
_PREPARE = (
    "ALTER SYSTEM SET pg_stat_statements.track = 'none'",
    "GRANT SET, ALTER SYSTEM ON PARAMETER pg_stat_statements.track TO hitl",
)
_EXTEND = (
    "CREATE EXTENSION pg_stat_statements",
    "GRANT pg_read_all_stats TO hitl",
    "GRANT EXECUTE ON FUNCTION pg_reload_conf() TO hitl",
    "GRANT EXECUTE ON FUNCTION pg_stat_statements_reset TO hitl",
)
# Foreign keys are checked at the commit, by statements of the database's own. Ours are not the product's.
_COUNT = """
    WITH sent AS (
        SELECT calls, query, query ~ '^SELECT .+ FROM ONLY "' AS is_check FROM pg_stat_statements
        WHERE query !~ 'pg_stat_statements|pg_reload_conf|pg_backend_pid'
    )
    SELECT
        coalesce(sum(calls) FILTER (
            WHERE NOT is_check AND query !~* '^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET)'), 0),
        coalesce(sum(calls) FILTER (WHERE NOT is_check AND query ~* 'FOR (NO KEY )?UPDATE'), 0),
        coalesce(sum(calls) FILTER (WHERE is_check), 0),
        coalesce(sum(calls) FILTER (WHERE query ~* '^COMMIT'), 0),
        coalesce(sum(calls) FILTER (WHERE query ~* '^ROLLBACK'), 0)
    FROM sent
"""
# Until every process has read its settings again.
_SETTLE = 0.3
UNSEEN = "-c pg_stat_statements.track=none"


@dataclass(frozen=True, slots=True)
class Counts:
    """Statements without those that begin and end transactions, those of them that lock rows, and what commits do."""

    statements: float = 0.0
    locks: float = 0.0
    checks: float = 0.0
    commits: float = 0.0
    rollbacks: float = 0.0

    def each(self, count: int) -> "Counts":
        """The same for one of so many."""
        parts = (self.statements, self.locks, self.checks, self.commits, self.rollbacks)
        return Counts(*(part / count for part in parts))


def prepare(
    server: "psycopg.Connection[tuple[object, ...]]", database: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    """Let the role under test switch the counting on and off, as superuser of a server that has the library."""
    for statement in _PREPARE:
        server.execute(statement)
    for statement in _EXTEND:
        database.execute(statement)
    server.execute("SELECT pg_reload_conf()")


@contextmanager
def counting() -> Iterator[list[Counts]]:
    """Count what is sent while the block runs; the list holds the counts once it has ended."""
    counted: list[Counts] = []
    _switch("top")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_statements_reset()")
    try:
        yield counted
        with connection.cursor() as cursor:
            cursor.execute(_COUNT)
            counted.append(Counts(*map(float, cursor.fetchone())))
    finally:
        _switch("none")


def _switch(track: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SYSTEM SET pg_stat_statements.track = '{track}'")
        cursor.execute("SELECT pg_reload_conf()")
    time.sleep(_SETTLE)
