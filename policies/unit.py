"""A unit of rows: what a service changes is collected, and written together.

Rows wait until the service ends, or until a statement names a table of theirs: whoever reads in between reads what was
written. Each row is taken as it is when it is handed over, and written after those of its action handed over before
it. A service of many actions so writes each table once, and everything in one round trip.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model

from policies import writes

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]
# Django rolls back to a savepoint by this statement; the others keep what was written since.
_UNDOES, _MARKS = "ROLLBACK TO", ("SAVEPOINT", "RELEASE")
_INSERT, _PASS_OVER, _UPDATE = range(3)


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows of one model that one statement writes, by their keys."""

    kind: int
    model: type[Model]
    rows: dict[Any, writes.Row] = field(default_factory=dict)

    @property
    def writing(self) -> writes.Insert | writes.Update:
        rows = list(self.rows.values())
        if self.kind == _UPDATE:
            return writes.Update(self.model, rows)
        return writes.Insert(self.model, rows, pass_over=self.kind == _PASS_OVER)


class _Unit:
    """The rows that wait, in the groups that are written together, in the order of the first row of each."""

    def __init__(self) -> None:
        self._clear()

    def add(self, kind: int, row: Model) -> None:
        """Take a row as it is now.

        It joins the last group of its kind, unless it would so come before another row of its action that was handed
        over earlier, or take the place of its former self: the guards ask about each state.
        """
        key, about = (kind, type(row)), _subject(row)
        place, reached = self._last.get(key, -1), self._reached.get(about, 0)
        if place < reached or row.pk in self._groups[place].rows:
            place = self._last[key] = len(self._groups)
            self._groups.append(_Group(*key))
            self._tables |= {row._meta.db_table}
        self._groups[place].rows[row.pk] = writes.values_of(row, is_new=kind != _UPDATE)
        self._reached[about] = place

    def _clear(self) -> None:
        self._groups: list[_Group] = []
        # The place of the last group of each kind, and of the last row of each action.
        self._last: dict[tuple[int, type[Model]], int] = {}
        self._reached: dict[Any, int] = {}
        self._tables: frozenset[str] = frozenset()

    def write(self, *, commits: bool = False) -> None:
        """Write what waits, and commit with it if this is the last that the transaction does."""
        groups = self._groups
        self._clear()
        writes.send([group.writing for group in groups], commits=commits)

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
def collected(*, is_whole: bool = False) -> Iterator[None]:
    """Collect rows while this lasts, and write the rest at its end; nothing of them stays where it fails.

    ``is_whole`` says that the transaction ends with it: what is written last is committed in the same round trip.
    """
    unit = _local.unit = _Unit()
    try:
        with connection.execute_wrapper(unit.before):
            yield
            unit.write(commits=is_whole)
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
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def update(row: Model) -> None:
    """Write a row that exists, with all of its columns; no signal is sent, and no history row is made."""
    _add(_UPDATE, row)


def _add(kind: int, row: Model) -> None:
    if _local.unit is not None:
        _local.unit.add(kind, row)
    else:
        group = _Group(kind, type(row), {row.pk: writes.values_of(row, is_new=kind != _UPDATE)})
        writes.send([group.writing])


def _subject(row: Any) -> Any:
    """The action that a row belongs to, or the row of which it is the history, or itself."""
    return getattr(row, "action_id", None) or getattr(row, "id", None) or row.pk


@lru_cache
def _names(tables: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(tables))})\b")
