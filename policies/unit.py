"""A unit of rows: what a service changes is collected, and written together.

Rows wait until the service ends, or until a statement names a table of theirs: whoever reads in between reads what was
written. Each row is taken as it is when it is handed over, and written after those handed over before it to the same
table. A service of many actions so writes each table once.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Model

from policies import compiled

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]
# Django rolls back to a savepoint by this statement; the others keep what was written since.
_UNDOES, _MARKS = "ROLLBACK TO", ("SAVEPOINT", "RELEASE")
# The statements of one table; a service writes to them in the order of their first row.
_INSERT, _PASS_OVER, _UPDATE = range(3)


class _Unit:
    """The rows that wait, by kind of statement and table, in the order of the first of each."""

    def __init__(self) -> None:
        self._clear()

    def add(self, kind: int, row: Model) -> None:
        """Take a row as it is now.

        What waits is written first where the row would otherwise come before another of its action that was handed
        over earlier, or takes the place of its former self: the guards ask about each state.
        """
        key, about = (kind, type(row)), _subject(row)
        if key in self._rows and (row.pk in self._rows[key] or self._places[key] < self._reached.get(about, 0)):
            self.write()
        if key not in self._rows:
            self._rows[key], self._places[key] = {}, len(self._places)
            self._tables |= {row._meta.db_table}
        self._rows[key][row.pk] = compiled.values_of(row, is_new=kind != _UPDATE)
        self._reached[about] = self._places[key]

    def _clear(self) -> None:
        self._rows: dict[tuple[int, type[Model]], dict[Any, compiled.Row]] = {}
        self._places: dict[tuple[int, type[Model]], int] = {}
        self._reached: dict[Any, int] = {}
        self._tables: frozenset[str] = frozenset()

    def write(self) -> None:
        """Write what waits."""
        rows = self._rows
        self._clear()
        for (kind, model), found in rows.items():
            _write(kind, model, list(found.values()))

    def before(self, execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Write what waits before a statement that names its table, or that marks a savepoint."""
        if self._tables:
            if sql.startswith(_UNDOES):
                self._clear()
            elif sql.startswith(_MARKS) or _names(self._tables).search(sql):
                self.write()
        return execute(sql, params, many, context)


class _Local(threading.local):
    unit: _Unit | None = None


_local = _Local()


@contextmanager
def collected() -> Iterator[None]:
    """Collect rows while this lasts, and write the rest at its end; nothing of them stays where it fails."""
    unit = _local.unit = _Unit()
    try:
        with connection.execute_wrapper(unit.before):
            yield
            unit.write()
    finally:
        _local.unit = None


def write() -> None:
    """Write what waits, for a statement whose trigger asks about it."""
    if _local.unit is not None:
        _local.unit.write()


def insert(row: Model, *, pass_over: bool = False) -> None:
    """Insert a new row whose key is known; ``pass_over`` leaves one out that is there already.

    No signal is sent, and no history row is made.
    """
    _add(_PASS_OVER if pass_over else _INSERT, row)
    row._state.adding, row._state.db = False, connection.alias


def update(row: Model) -> None:
    """Write a row that exists, with all of its columns; no signal is sent, and no history row is made."""
    _add(_UPDATE, row)


def _add(kind: int, row: Model) -> None:
    if _local.unit is not None:
        _local.unit.add(kind, row)
    else:
        _write(kind, type(row), [compiled.values_of(row, is_new=kind != _UPDATE)])


def _subject(row: Any) -> Any:
    """The action that a row belongs to, or the row of which it is the history, or itself."""
    return getattr(row, "action_id", None) or getattr(row, "id", None) or row.pk


def _write(kind: int, model: type[Model], rows: list[compiled.Row]) -> None:
    if kind != _UPDATE:
        compiled.insert_values(model, rows, pass_over=kind == _PASS_OVER)
    elif compiled.update_values(model, rows) != len(rows):
        raise DatabaseError(f"A row of {model._meta.db_table} was not there to be updated.")


@lru_cache
def _names(tables: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(tables))})\b")
