"""What an operation wrote, row by row in its order, read from triggers that stand for the length of one operation."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from psycopg.rows import dict_row

from benchmarks import processes

Row = Mapping[str, Any]
# Only what the operation itself writes: a row that a trigger writes, the floor's triggers write again.
_NOTE = """
CREATE TABLE bench_written (
    number bigserial PRIMARY KEY, op text NOT NULL, name text NOT NULL, before jsonb, after jsonb
);
CREATE FUNCTION bench_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN
        INSERT INTO bench_written (op, name, before, after) VALUES (
            TG_OP, TG_TABLE_NAME,
            CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END
        );
    END IF;
    RETURN NULL;
END $$;
"""
_TRIGGER = "CREATE TRIGGER bench_note AFTER INSERT OR UPDATE OR DELETE ON {} FOR EACH ROW EXECUTE FUNCTION bench_note()"
_READ = "SELECT (jsonb_populate_record(NULL::{}, {})).* FROM bench_written WHERE number = %s"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'approvals\\_%' ORDER BY 1"
_KEY = """
    SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
    WHERE indrelid = %s::regclass AND indisprimary
"""


@dataclass(frozen=True, slots=True)
class Write:
    """One row that was inserted whole, or columns of one that were changed."""

    table: str
    key: str
    row: Row
    # The primary key of a changed row; None for a new one.
    changed: Any = None


def recorded(work: Callable[[], object]) -> list[Write]:
    """Do one operation, and return what it wrote; nobody else may write meanwhile."""
    with _noting():
        work()
        return list(_writes())


def tables() -> list[str]:
    """The product's tables."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return [name for (name,) in cursor.fetchall()]


@contextmanager
def _noting() -> Iterator[None]:
    watched = tables()
    with connection.cursor() as cursor:
        cursor.execute(_NOTE)
        for name in watched:
            cursor.execute(_TRIGGER.format(name))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name in watched:
                cursor.execute(f"DROP TRIGGER bench_note ON {name}")
            cursor.execute("DROP FUNCTION bench_note; DROP TABLE bench_written")


def _writes() -> Iterator[Write]:
    with processes.connect() as own, own.cursor(row_factory=dict_row) as cursor:
        notes = cursor.execute("SELECT number, op, name FROM bench_written ORDER BY number").fetchall()
        yield from filter(None, (_written(cursor, note["number"], note["op"], note["name"]) for note in notes))


def _written(cursor: "psycopg.Cursor[dict[str, Any]]", number: int, op: str, name: str) -> Write | None:
    """What one note tells; None where nothing was changed, or a row was deleted."""
    key = _key(cursor, name)
    if op == "DELETE":
        return None
    after = _row(cursor, name, "after", number)
    if op == "INSERT":
        return Write(name, key, _without_number(key, after))
    before = _row(cursor, name, "before", number)
    changed = {column: value for column, value in after.items() if before[column] != value}
    return Write(name, key, changed, before[key]) if changed else None


def _row(cursor: "psycopg.Cursor[dict[str, Any]]", name: str, image: str, number: int) -> Row:
    found = cursor.execute(_READ.format(name, image), [number]).fetchone()
    if found is None:
        raise LookupError(f"Nothing was noted under {number}.")
    return found


def _key(cursor: "psycopg.Cursor[dict[str, Any]]", name: str) -> str:
    found = cursor.execute(_KEY, [name]).fetchone()
    if found is None:
        raise LookupError(f"{name} has no primary key.")
    return str(found["attname"])


def _without_number(key: str, row: Row) -> Row:
    """A new row without a number that the database counts up by itself."""
    return {column: value for column, value in row.items() if column != key or not isinstance(value, int)}
