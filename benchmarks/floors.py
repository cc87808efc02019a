"""The least that the same work could cost: the very rows that the product wrote, written again by bare psycopg."""

import hashlib
import json
import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from approvals.ids import uuid7
from approvals.models import LedgerEntry
from benchmarks import processes
from benchmarks.load import Line, share
from benchmarks.recording import Row, Write

# Which new id stands for which recorded one; one operation's names are kept for the next on the same action.
Names = dict[Any, Any]
Copy = Sequence[Sequence[Any]]
# The driver prepares a statement at its sixth time, and PostgreSQL keeps the plans of triggers from about then on.
WARM = 6


@dataclass(frozen=True, slots=True)
class Written:
    """The rows of one operation, in their order."""

    writes: Sequence[Write]

    def again(self, names: Names) -> Copy:
        """The values of the same rows under new ids and keys, which ``names`` remembers."""
        for write in self.writes:
            if write.changed is None and isinstance(old := write.row.get(write.key), uuid.UUID):
                names.setdefault(old, uuid7())
        return [_values(write, names) for write in self.writes]


def write(own: "psycopg.Connection[Any]", done: Written, copies: Sequence[Copy]) -> None:
    """Write the rows of one operation, or the new ones of many by COPY; the caller commits.

    :raises LookupError: a row that was to be changed is not there.
    """
    for place, each in enumerate(done.writes):
        rows = [copy[place] for copy in copies]
        if each.changed is not None:
            _change(own, each, rows)
        elif len(rows) == 1:
            own.execute(_insert(each), rows[0])
        else:
            _copy(own, each, rows)


def timed(name: str, done: Sequence[Written], items: Sequence[Sequence[Names]], clients: int) -> Line:
    """Write operations again, all of an item in one transaction, by so many threads; an item's names are one or many.

    What is written is made, and plans are warm, before the clock runs: the floor is the work and nothing else.
    """
    prepared = [[[each.again(names) for names in item] for each in done] for item in items]
    open_ones = [processes.connect() for _ in range(clients)]
    for place, own in enumerate(open_ones):
        for _ in range(WARM):
            _write_all(own, done, prepared[place % len(prepared)])
            # Foreign keys are otherwise checked, and planned for, at a commit.
            own.execute("SET CONSTRAINTS ALL IMMEDIATE")
            own.rollback()
    free = iter(open_ones)

    def make() -> Callable[[Sequence[Sequence[Copy]]], None]:
        own = next(free)

        def do(item: Sequence[Sequence[Copy]]) -> None:
            _write_all(own, done, item)
            own.commit()

        return do

    line = processes.timed(name, os.getpid(), lambda: share(prepared, clients, make), len(items[0]))
    for own in open_ones:
        own.close()
    return line


def _write_all(own: "psycopg.Connection[Any]", done: Sequence[Written], item: Sequence[Sequence[Copy]]) -> None:
    for each, copies in zip(done, item, strict=True):
        write(own, each, copies)


def _change(own: "psycopg.Connection[Any]", write: Write, rows: Copy) -> None:
    columns = ", ".join(f"{column} = %s" for column in write.row)
    with own.cursor() as cursor:
        cursor.executemany(f"UPDATE {write.table} SET {columns} WHERE {write.key} = %s", rows)
        if cursor.rowcount != len(rows):
            raise LookupError(f"{write.table} has {cursor.rowcount} of {len(rows)} rows to change.")


def _insert(write: Write) -> str:
    return f"INSERT INTO {write.table} ({', '.join(write.row)}) VALUES ({', '.join(['%s'] * len(write.row))})"


def _copy(own: "psycopg.Connection[Any]", write: Write, rows: Copy) -> None:
    with own.cursor() as cursor, cursor.copy(f"COPY {write.table} ({', '.join(write.row)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _values(write: Write, names: Names) -> Sequence[Any]:
    values = [_again(name, value, names) for name, value in _told(write.row, names).items()]
    return values if write.changed is None else [*values, names.get(write.changed, write.changed)]


def _told(row: Row, names: Names) -> Row:
    """A row whose digest, if it is a ledger entry's, covers the new ids: the database compares them."""
    if "history_digest" not in row or "data" not in row:
        return row
    data = _renamed(str(row["data"]), names)
    told = LedgerEntry(**{name: names.get(value, value) for name, value in {**row, "data": data}.items()})
    return {**row, "data": data, "digest": hashlib.sha256(told.body.encode()).hexdigest()}


def _again(name: str, value: Any, names: Names) -> Any:
    if name in {"key", "idempotency_key"}:
        return str(uuid7())
    if isinstance(value, list | dict):
        return Jsonb(json.loads(_renamed(json.dumps(value), names)))
    return names.get(value, value)


def _renamed(text: str, names: Names) -> str:
    for old, new in names.items():
        text = text.replace(str(old), str(new)) if isinstance(old, uuid.UUID) else text
    return text
