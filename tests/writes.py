"""Every write that a database role could try: each column of each table, a copy of a row, and a removal."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import DatabaseError, connection, transaction

# What PostgreSQL calls a missing privilege: no other value would help.
DENIED = "42501"
# So many rows of a table are tried: more than any table of the test has, so that no order of rows decides.
ROWS = 300
# So many rows that a foreign key could lead to instead are tried. Keys are random, so that two of a few missed one.
OTHERS = 10
HISTORY = "_historical"


class Undone(Exception):
    """Raised where a try went through, so that nothing of it stays."""


@dataclass(frozen=True)
class Column:
    """A column, and what could be written to it."""

    table: str
    name: str
    type: str
    is_nullable: bool
    length: int | None
    refers_to: tuple[str, str] | None

    @property
    def kept(self) -> str:
        """The value of a row `r`."""
        return f"r.{self.name}"

    @property
    def values(self) -> Iterator[str]:
        """Yield other values, as SQL over a row `r`."""
        at = self.kept
        if self.refers_to:
            table, key = self.refers_to
            other = f"SELECT o.{key} FROM {table} o WHERE o.{key} IS DISTINCT FROM {at} ORDER BY o.{key}"
            yield from (f"({other} LIMIT 1 OFFSET {row})" for row in range(OTHERS))
            yield f"({other} DESC LIMIT 1)"
        yield f"(SELECT o.{self.name} FROM {self.table} o WHERE o.{self.name} IS DISTINCT FROM {at} ORDER BY 1 LIMIT 1)"
        yield from (value.format(at=at, cut=self.length or 40) for value in _VALUES.get(self.type, ()))
        if self.is_nullable:
            yield "NULL"


_VALUES: dict[str, tuple[str, ...]] = {
    "boolean": ("NOT {at}",),
    "smallint": ("{at} + 1", "1", "0"),
    "integer": ("{at} + 1", "1", "0"),
    "bigint": ("{at} + 1",),
    "numeric": ("{at} + 1", "1"),
    "double precision": ("{at} / 2", "0.5"),
    "character varying": ("left(md5({at}), {cut})", "''", "'x'"),
    "text": ("{at} || ' '", "'x'"),
    "uuid": ("gen_random_uuid()",),
    "timestamp with time zone": ("{at} + interval '1 minute'", "{at} - interval '1 minute'", "now()"),
    "date": ("{at} + 1",),
    "time without time zone": ("{at} + interval '1 minute'",),
    "jsonb": ("'{{}}'", "'[]'", "'[\"x\"]'"),
    "inet": ("'10.0.0.1'",),
}


@dataclass(frozen=True)
class Table:
    """A table with its columns, its key, and what may only exist once."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    once: tuple[tuple[str, ...], ...]
    rows: int

    def updates(self, column: Column) -> Iterator[str]:
        """Yield statements that change a column of one row."""
        for row in range(self.rows):
            for value in column.values:
                yield (
                    f"UPDATE {self.name} r SET {column.name} = {value} WHERE r.ctid = "
                    f"(SELECT ctid FROM {self.name} ORDER BY ctid LIMIT 1 OFFSET {row}) "
                    f"AND r.{column.name} IS DISTINCT FROM {value}"
                )

    def inserts(self) -> Iterator[str]:
        """Yield statements that insert a copy of a row under another key, with one thing else changed if need be."""
        names = ", ".join(column.name for column in self.columns)
        variants = [set(self.key), *({*self.key, *parts} for parts in self.once), {*self.key, *sum(self.once, ())}]
        variants += [{*self.key, part} for parts in self.once for part in parts]
        for row in range(self.rows):
            for changed in variants:
                given = ", ".join(self._new(each) if each.name in changed else each.kept for each in self.columns)
                one = f"SELECT {given} FROM {self.name} r ORDER BY ctid LIMIT 1 OFFSET {row}"
                yield f"INSERT INTO {self.name} ({names}) {one}"

    def deletes(self) -> Iterator[str]:
        """Yield statements that delete one row."""
        for row in range(self.rows):
            one = f"(SELECT ctid FROM {self.name} ORDER BY ctid DESC LIMIT 1 OFFSET {row})"
            yield f"DELETE FROM {self.name} WHERE ctid = {one}"

    def _new(self, column: Column) -> str:
        if column.refers_to:
            table, key = column.refers_to
            used = f"SELECT u.{column.name} FROM {self.name} u WHERE u.{column.name} IS NOT NULL"
            return f"(SELECT o.{key} FROM {table} o WHERE o.{key} NOT IN ({used}) ORDER BY 1 LIMIT 1)"
        if column.type in {"smallint", "integer", "bigint"}:
            return f"(SELECT max(u.{column.name}) + 1 FROM {self.name} u)"
        if column.type == "uuid":
            return "gen_random_uuid()"
        if column.type in {"date", "timestamp with time zone"}:
            return f"(SELECT max(u.{column.name}) + interval '1 day' FROM {self.name} u)"
        return f"left(md5(random()::text), {column.length or 40})"


@dataclass
class Found:
    """What went through: by table, whether rows can be added and removed, and which columns change."""

    inserts: set[str] = field(default_factory=set)
    deletes: set[str] = field(default_factory=set)
    updates: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    empty: set[str] = field(default_factory=set)

    @cached_property
    def rows(self) -> list[str]:
        """The findings as rows of a Markdown table, those of tables that can be written to."""
        history = {name for name in self.inserts if HISTORY in name} - self.deletes - self.updates.keys()
        names = sorted({*self.inserts, *self.deletes, *self.updates} - history)
        rows = [f"| `{name}` | {self._said(name)} |" for name in names]
        return [*rows, f"| the {len(history)} tables of history | yes | none | no |"] if history else rows

    def _said(self, name: str) -> str:
        columns = ", ".join(f"`{column}`" for column in self.updates.get(name, ()))
        return " | ".join(
            ("yes" if name in self.inserts else "no", columns or "none", "yes" if name in self.deletes else "no")
        )


def try_all() -> Found:
    """Try every write on every table, and undo it."""
    found = Found()
    for table in tables():
        if not table.rows:
            found.empty.add(table.name)
        if any(_goes_through(statement) for statement in _while_allowed(table.inserts())):
            found.inserts.add(table.name)
        if any(_goes_through(statement) for statement in _while_allowed(table.deletes())):
            found.deletes.add(table.name)
        for column in table.columns:
            if any(_goes_through(statement) for statement in _while_allowed(table.updates(column))):
                found.updates[table.name].append(column.name)
    return found


def tables() -> list[Table]:
    """Every table of the schema, as the database describes it."""
    columns = _rows(_COLUMNS)
    keys: dict[str, list[str]] = defaultdict(list)
    once: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for table, is_key, parts in _rows(_INDEXES):
        names = json.loads(parts)
        (keys[table].extend(names) if is_key else once[table].add(tuple(names)))
    by_table: dict[str, list[Column]] = defaultdict(list)
    for table, name, kind, nullable, length, to, key in columns:
        by_table[table].append(Column(table, name, kind, nullable == "YES", length, (to, key) if to else None))
    return [
        Table(name, tuple(found), tuple(keys[name]), tuple(sorted(once[name])), _how_many(name))
        for name, found in by_table.items()
    ]


_denied: list[bool] = []


def _while_allowed(statements: Iterator[str]) -> Iterator[str]:
    """Yield statements until the role lacks the privilege for them."""
    _denied.clear()
    for statement in statements:
        if _denied:
            return
        yield statement


def _goes_through(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            if cursor.rowcount:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                raise Undone
    except Undone:
        return True
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == DENIED:
            _denied.append(True)
    return False


def _how_many(table: str) -> int:
    return min(ROWS, int(_rows(f"SELECT count(*) FROM {table}")[0][0]))


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


_COLUMNS = """
    SELECT c.relname, a.attname, i.data_type, i.is_nullable, i.character_maximum_length, f.relname, k.attname
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN information_schema.columns i
        ON i.table_schema = 'public' AND i.table_name = c.relname AND i.column_name = a.attname
    LEFT JOIN pg_constraint r ON r.conrelid = c.oid AND r.contype = 'f' AND r.conkey = ARRAY[a.attnum]
    LEFT JOIN pg_class f ON f.oid = r.confrelid
    LEFT JOIN pg_attribute k ON k.attrelid = f.oid AND k.attnum = r.confkey[1]
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    ORDER BY c.relname, a.attnum
"""
_INDEXES = """
    SELECT c.relname, x.indisprimary, json_agg(a.attname)::text
    FROM pg_index x
    JOIN pg_class c ON c.oid = x.indrelid AND c.relnamespace = 'public'::regnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(x.indkey)
    WHERE x.indisunique
    GROUP BY c.relname, x.indexrelid, x.indisprimary
"""
