"""How many bytes the product's tables take, packed, and what is written ahead of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from benchmarks import recording

_SIZES = """
    SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r'
"""


@dataclass(frozen=True, slots=True)
class Bytes:
    """Of rows, with what is stored beside them, and of indexes."""

    rows: float
    indexes: float

    @property
    def total(self) -> float:
        """Both."""
        return self.rows + self.indexes


Stored = Mapping[str, Bytes]


def packed() -> Stored:
    """The size of each table after it was written anew without gaps."""
    names = recording.tables()
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (FULL, ANALYZE) {', '.join(names)}")
        cursor.execute(_SIZES, [names])
        return {name: Bytes(rows, indexes) for name, rows, indexes in cursor.fetchall()}


def grown(before: Stored, after: Stored, count: int) -> Stored:
    """What each table grew by for one of so many actions."""
    return {
        name: Bytes((size.rows - before[name].rows) / count, (size.indexes - before[name].indexes) / count)
        for name, size in after.items()
    }


def added(one: Stored, other: Stored) -> Stored:
    """Both together, by table."""
    return {name: Bytes(one[name].rows + other[name].rows, one[name].indexes + other[name].indexes) for name in one}


def total(sizes: Stored) -> float:
    """Of all tables."""
    return sum(each.total for each in sizes.values())


def log_written() -> int:
    """How many bytes the write-ahead log has come to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        return int(cursor.fetchone()[0])
