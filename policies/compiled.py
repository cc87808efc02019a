"""Statements that are built once: Django spends more time on building a query than the database on answering it.

They still run through Django's wrappers of statements, so that whatever counts, logs or guards them finds them there.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F, Field, Model, QuerySet

from policies import prepared

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
    """A query of whole rows and their related ones, with slots, that is compiled when it first runs.

    ``is_planned_anew`` is for one whose best plan depends on its values, such as the last rows of a common or a rare
    type: the database then knows them when it plans.
    """

    def __init__(self, build: Callable[[], QuerySet[M]], *, is_planned_anew: bool = False) -> None:
        self._build, self._is_planned_anew = build, is_planned_anew
        self._plan: _Plan | None = None

    def all(self, **values: Any) -> list[M]:
        """Return the rows for these values of the slots."""
        # Two threads that come first compile it twice, to the same.
        plan = self._plan = self._plan or _Plan(self._build(), self._is_planned_anew)
        return plan.run(values)

    def first(self, **values: Any) -> M | None:
        """Return the first row for these values, or None."""
        return next(iter(self.all(**values)), None)


class CompiledValues:
    """The same for a query of values."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]], *, is_planned_anew: bool = False) -> None:
        self._build, self._is_planned_anew = build, is_planned_anew
        self._statement: _Statement | None = None

    def all(self, **values: Any) -> list[Row]:
        """Return the values of each row, in the order in which the query names them."""
        statement = self._statement = self._statement or self._compiled()
        return list(statement.rows(values, prepared.database()))

    def _compiled(self) -> "_Statement":
        compiler, sql, params = _compiler(self._build())
        return _Statement(sql, params, _converters(compiler), self._is_planned_anew)


class CompiledSql:
    """The same for a statement that is written by hand, with slots among its parameters."""

    def __init__(self, sql: str, params: Row, *, is_planned_anew: bool = False) -> None:
        self._statement = _Statement(sql, params, [], is_planned_anew)

    def all(self, **values: Any) -> list[Row]:
        """Return the values of each row as the database gives them."""
        return list(self._statement.rows(values, prepared.database()))


class _Statement:
    """A compiled query, and how its values become Python's."""

    def __init__(self, sql: str, params: Row, converters: Row, is_planned_anew: bool) -> None:
        self._sql, self._slots = prepared.with_constants(sql, params, lambda each: isinstance(each, Slot))
        self._converters, self._is_planned_anew = converters, is_planned_anew

    def rows(self, values: dict[str, Any], here: BaseDatabaseWrapper) -> Iterator[list[Any]]:
        """Yield the values of each row that the query finds."""
        params = [each.filled(values, here) if isinstance(each, Slot) else each for each in self._slots]
        for each in prepared.run(self._sql, params, here, is_planned_anew=self._is_planned_anew).rows:
            row = list(each)
            for place, (converters, expression) in self._converters:
                for convert in converters:
                    row[place] = convert(row[place], expression, here)
            yield row


class _Plan:
    """A compiled query of whole rows, and how they become instances."""

    def __init__(self, rows: QuerySet[Any], is_planned_anew: bool) -> None:
        compiler, sql, params = _compiler(rows)
        self._statement = _Statement(sql, params, _converters(compiler), is_planned_anew)
        self._annotations = list((compiler.annotation_col_map or {}).items())
        self._tree = _Node(compiler.klass_info, compiler.select)

    def run(self, values: dict[str, Any]) -> list[Any]:
        """Return an instance for each row that the query finds."""
        here = prepared.database()
        return [self._instance(row, here.alias) for row in self._statement.rows(values, here)]

    def _instance(self, row: list[Any], alias: str) -> Any:
        instance = self._tree.instance(row, alias)
        for name, place in self._annotations:
            setattr(instance, name, row[place])
        return instance


def _compiler(rows: QuerySet[Any, Any]) -> tuple[Any, str, Row]:
    """The compiler of a query, which knows its columns once it has written its statement and what that takes."""
    compiler = rows.query.get_compiler(rows.db)
    return compiler, *compiler.as_sql()


def _converters(compiler: Any) -> Row:
    return list(compiler.get_converters([each for each, _, _ in compiler.select]).items())


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
