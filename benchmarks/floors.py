"""The least that the same work could cost: the very rows that the product wrote, written again by bare psycopg."""

import os
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from approvals.ids import uuid7

Row = Mapping[str, Any]
Values = Mapping[Any, Any]
Copy = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Written:
    """The rows of one operation: for each table, in the order of the inserts, a row; ``fresh`` ids are its own."""

    rows: Sequence[tuple[str, Row]]
    fresh: frozenset[uuid.UUID]

    def again(self, given: Values | None = None) -> Copy:
        """The same rows under new ids and keys; ``given`` says what other values become."""
        swapped = {**{old: uuid7() for old in self.fresh}, **(given or {})}
        return [[_again(name, value, swapped) for name, value in row.items()] for _, row in self.rows]


def connect() -> "psycopg.Connection[Any]":
    """A connection to the database under test, past Django."""
    return psycopg.connect(os.environ["DATABASE_URL"])


def written(wanted: Iterable[tuple[str, str, Sequence[Any]]], fresh: Iterable[str]) -> Written:
    """Read rows back, each by table, condition and its values; ``fresh`` columns hold ids that the operation made."""
    rows: list[tuple[str, Row]] = []
    with connect() as connection, connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        for table, condition, values in wanted:
            found = cursor.execute(f"SELECT * FROM {table} WHERE {condition}", values).fetchone()
            if found is None:
                raise LookupError(f"{table} holds no row where {condition}.")
            rows.append((table, found))
    ids = {row[name] for table, row in rows for name in _ids_of(table, row, fresh)}
    return Written(rows, frozenset(ids))


def insert(connection: "psycopg.Connection[Any]", done: Written, copies: Sequence[Copy]) -> None:
    """Insert the rows of one operation, or of many by COPY, the cheapest way there is; the caller commits."""
    for place, (table, row) in enumerate(done.rows):
        columns = ", ".join(row)
        if len(copies) == 1:
            marks = ", ".join(["%s"] * len(row))
            connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", copies[0][place])
            continue
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for one in copies:
                copy.write_row(one[place])


def _ids_of(table: str, row: Row, fresh: Iterable[str]) -> list[str]:
    return [column for name in fresh for owner, _, column in [name.partition(".")] if owner == table and column in row]


def _again(name: str, value: Any, swapped: Values) -> Any:
    if name in {"key", "idempotency_key"}:
        return str(uuid7())
    if isinstance(value, list | dict):
        return Jsonb(value)
    return swapped.get(value, value)
