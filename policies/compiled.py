"""Statements that are built once: Django spends more time on building a query than the database on answering it.

They still run through Django's cursor, so that whatever counts, logs or wraps statements finds them there.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F, Field, Model, QuerySet

M = TypeVar("M", bound=Model)
Row = Sequence[Any]


class Slot(Expression):
    """A place in a compiled query that takes another value in each run."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, *_: Any, **__: Any) -> Any:
        """Return a placeholder, with the slot itself as its value."""
        return "%s", [self]

    def filled(self, values: dict[str, Any], here: BaseDatabaseWrapper) -> Any:
        """Return the value of this run as the database takes it."""
        return self.output_field.get_db_prep_value(values[self.name], here)


class Among(Expression):
    """Whether a column holds one of several values, however many a run has; ``name`` is their slot."""

    conditional = True

    def __init__(self, column: str, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=BooleanField())
        self._column, self._values = F(column), _ListSlot(name, field)

    def get_source_expressions(self) -> list[Any]:
        """Return the column and the slot."""
        return [self._column, self._values]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        """Take the column and the slot as resolved for a query."""
        self._column, self._values = exprs

    def as_sql(self, compiler: Any, here: BaseDatabaseWrapper) -> Any:
        """Return a condition that is the same for any number of values."""
        column, _ = compiler.compile(self._column)
        slot, params = compiler.compile(self._values)
        if here.vendor == "postgresql":
            return f"{column} = ANY({slot}::{self._values.output_field.rel_db_type(here)}[])", params
        return f"{column} IN (SELECT value FROM json_each({slot}))", params


class _ListSlot(Slot):
    """A place that takes a list of values."""

    def filled(self, values: dict[str, Any], here: BaseDatabaseWrapper) -> Any:
        """Return the values of this run as the database takes a list."""
        each = [self.output_field.get_db_prep_value(value, here) for value in values[self.name]]
        return each if here.vendor == "postgresql" else json.dumps(each)


class Compiled(Generic[M]):
    """A query of whole rows and their related ones, with slots, that is compiled when it first runs."""

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        self._build = build
        self._plan: _Plan | None = None

    def all(self, **values: Any) -> list[M]:
        """Return the rows for these values of the slots."""
        # Two threads that come first compile it twice, to the same.
        plan = self._plan = self._plan or _Plan(self._build())
        return plan.run(values)

    def first(self, **values: Any) -> M | None:
        """Return the first row for these values, or None."""
        return next(iter(self.all(**values)), None)


class _Plan:
    """A compiled query, and how its rows become instances."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        compiler = rows.query.get_compiler(rows.db)
        self._sql, self._params = compiler.as_sql()
        self._converters = list(compiler.get_converters([each for each, _, _ in compiler.select]).items())
        self._annotations = list((compiler.annotation_col_map or {}).items())
        self._tree = _Node(compiler.klass_info, compiler.select)

    def run(self, values: dict[str, Any]) -> list[Any]:
        """Return an instance for each row that the query finds."""
        here = _here()
        params = [each.filled(values, here) if isinstance(each, Slot) else each for each in self._params]
        with here.cursor() as cursor:
            cursor.execute(self._sql, params)
            found = cursor.fetchall()
        return [self._instance(list(row), here) for row in found]

    def _instance(self, row: list[Any], here: BaseDatabaseWrapper) -> Any:
        for place, (converters, expression) in self._converters:
            for convert in converters:
                row[place] = convert(row[place], expression, here)
        instance = self._tree.instance(row, here.alias)
        for name, place in self._annotations:
            setattr(instance, name, row[place])
        return instance


class _Node:
    """The columns of one model within a row, and of what is read with it."""

    def __init__(self, info: dict[str, Any], select: Sequence[Any]) -> None:
        places = info["select_fields"]
        self._model, self._columns = info["model"], slice(places[0], places[-1] + 1)
        self._names = [each.target.attname for each, _, _ in select[self._columns]]
        self._key = places[0] + self._names.index(self._model._meta.pk.attname)
        self._related = [
            (_Node(each, select), each["local_setter"], each["remote_setter"])
            for each in info.get("related_klass_infos", ())
        ]

    def instance(self, row: Row, alias: str) -> Any:
        """Return the instance of a row, or None where an outer join found none."""
        if row[self._key] is None:
            return None
        made = self._model.from_db(alias, self._names, row[self._columns])
        for node, keep, keep_there in self._related:
            other = node.instance(row, alias)
            keep(made, other)
            if other is not None:
                keep_there(other, made)
        return made


def insert(rows: Sequence[Model], *, pass_over: bool = False) -> set[Any]:
    """Insert new rows of one model whose keys are known, and return the keys of those that are there now by it.

    ``pass_over`` leaves out what is there already. No signal is sent, and no history row is made.
    """
    if not rows:
        return set()
    written = insert_values(type(rows[0]), [values_of(row, is_new=True) for row in rows], pass_over=pass_over)
    for row in rows:
        if row.pk in written:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return written


def values_of(row: Model, *, is_new: bool) -> Row:
    """The values of a row's columns as the database takes them, its key among them."""
    here = _here()
    return [field.get_db_prep_save(field.pre_save(row, is_new), here) for field in row._meta.concrete_fields]


def insert_values(model: type[Model], rows: Sequence[Row], *, pass_over: bool = False) -> set[Any]:
    """Insert rows given by their values, and return their keys."""
    with _here().cursor() as cursor:
        cursor.execute(_insert(model, _spelled(rows), pass_over), _flat(rows))
        return {model._meta.pk.to_python(key) for (key,) in cursor.fetchall()}


def update_values(model: type[Model], rows: Sequence[Row]) -> int:
    """Write rows given by their values, which are there, and return how many were."""
    with _here().cursor() as cursor:
        cursor.execute(_update(model, _spelled(rows)), _flat(rows))
        return int(cursor.rowcount)


def _spelled(rows: Sequence[Row]) -> int:
    """How many rows a statement spells out; none where it takes any number, with a list of values for each column."""
    return 0 if len(rows) > 1 and _here().vendor == "postgresql" else len(rows)


def _flat(rows: Sequence[Row]) -> list[Any]:
    return list(chain(*rows)) if _spelled(rows) else [list(each) for each in zip(*rows, strict=True)]


@lru_cache(maxsize=256)
def _insert(model: type[Model], count: int, pass_over: bool) -> str:
    columns = _quoted(field.column for field in model._meta.concrete_fields)
    return (
        f"INSERT INTO {_quoted([model._meta.db_table])} ({columns}) {_source(model, count)}"
        f"{' ON CONFLICT DO NOTHING' if pass_over else ''} RETURNING {_quoted([model._meta.pk.column])}"
    )


@lru_cache(maxsize=256)
def _update(model: type[Model], count: int) -> str:
    fields, table = model._meta.concrete_fields, _quoted([model._meta.db_table])
    places = {field: f"column{place}" for place, field in enumerate(fields, 1)}
    changes = ", ".join(f"{_quoted([field.column])} = given.{place}" for field, place in places.items())
    key = model._meta.pk
    # SQLite names the columns of values itself; PostgreSQL gives them the same names.
    names = f" ({', '.join(places.values())})" if connection.vendor == "postgresql" else ""
    return (
        f"UPDATE {table} SET {changes} FROM ({_source(model, count)}) AS given{names}"
        f" WHERE {table}.{_quoted([key.column])} = given.{places[key]}"
    )


def _source(model: type[Model], count: int) -> str:
    """Some rows spelled out, or as many as lists of values for each column have."""
    fields = model._meta.concrete_fields
    if not count:
        return f"SELECT * FROM UNNEST({', '.join(f'{_typed(field)}[]' for field in fields)})"
    first = ", ".join(_typed(field) if connection.vendor == "postgresql" else "%s" for field in fields)
    others = [", ".join(["%s"] * len(fields))] * (count - 1)
    return f"VALUES ({'), ('.join([first, *others])})"


def _typed(field: "Field[Any, Any]") -> str:
    # As Django does it: no length is named, because a cast would cut a text off.
    return f"(%s)::{str(field.db_type(connection)).split('(')[0]}"


def _here() -> BaseDatabaseWrapper:
    """The connection itself: its stand-in looks it up at each access."""
    return connections[DEFAULT_DB_ALIAS]


def _quoted(names: Iterable[str | None]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names if name is not None)
