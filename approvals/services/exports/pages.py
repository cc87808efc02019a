"""Rows of a list in pages by key: each page begins after the last row of the one before, however long the list is.

The order is the list's own. A cursor holds the values that the last row was sorted by, as JSON.

      the order of one column   the row had a value        the row had none
1     nulls come last           greater, or none           nothing comes after
2     nulls come first          greater                    everything that has a value
In a descending order, read "less" for "greater". Rows that are equal in one column are compared in the next.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.admin.utils import get_fields_from_path
from django.db import connection
from django.db.models import F, ForeignKey, Model, Q, QuerySet
from django.db.models.expressions import OrderBy


@dataclass(frozen=True, slots=True)
class Term:
    """One column of an order."""

    path: str
    is_descending: bool
    is_null_last: bool
    is_nullable: bool

    def beyond(self, value: Any) -> Q:
        """The rows after one with this value, by this column alone."""
        if value is None:
            return Q(pk__in=[]) if self.is_null_last else Q(**{f"{self.path}__isnull": False})
        found = Q(**{f"{self.path}__{'lt' if self.is_descending else 'gt'}": value})
        if self.is_nullable and self.is_null_last:
            found |= Q(**{f"{self.path}__isnull": True})
        return found

    def equal(self, value: Any) -> Q:
        """The rows with this value."""
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def bound(self, value: Any) -> Q:
        """The rows that are equal or after; an index is read from there, which no OR would let the database do."""
        if value is None or self.is_nullable:
            return Q()
        return Q(**{f"{self.path}__{'lte' if self.is_descending else 'gte'}": value})


class Pages:
    """The pages of one list."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        given = rows.query.order_by or rows.model._meta.ordering
        self._terms = list(_unique(_terms(rows.model, given), rows.model))
        # What a related row is sorted by is read with each row.
        self._names = [
            f"sorted_by_{number}" if "__" in each.path else each.path for number, each in enumerate(self._terms)
        ]
        related = {name: F(each.path) for name, each in zip(self._names, self._terms, strict=True) if name != each.path}
        # Spelled out, so that the cursor and the database sort by the same columns.
        self._rows = rows.annotate(**related).order_by(*map(_ordered, self._terms))

    def after(self, cursor: Sequence[Any] | None, size: int) -> list[Any]:
        """The next rows, at most so many."""
        rows = self._rows if cursor is None else self._rows.filter(self._beyond(cursor))
        return list(rows[:size])

    def cursor(self, row: Any) -> list[Any]:
        """What the page after this row begins with."""
        return [_plain(getattr(row, name)) for name in self._names]

    def _beyond(self, cursor: Sequence[Any]) -> Q:
        pairs = list(zip(self._terms, cursor, strict=True))
        found = Q(pk__in=[])
        for term, value in reversed(pairs):
            found = term.beyond(value) | (term.equal(value) & found)
        first, value = pairs[0]
        return first.bound(value) & found if len(pairs) > 1 else first.beyond(value)


def _ordered(term: Term) -> OrderBy:
    flag = "nulls_last" if term.is_null_last else "nulls_first"
    return OrderBy(F(term.path), descending=term.is_descending, **({flag: True} if term.is_nullable else {}))


def _unique(terms: Iterator[Term], model: type[Model]) -> Iterator[Term]:
    """Yield each column once, and the key last, so that no two rows are equal."""
    seen: set[str] = set()
    key = model._meta.pk.attname
    for term in terms:
        if term.path not in seen:
            seen.add(term.path)
            yield term
        if term.path == key:
            return
    yield _term(model, key, is_descending=True)


def _terms(model: type[Model], given: Sequence[Any]) -> Iterator[Term]:
    for each in given:
        if isinstance(each, F):
            yield _term(model, _name(each))
        elif isinstance(each, OrderBy) and isinstance(each.expression, F):
            nulls = True if each.nulls_last else False if each.nulls_first else None
            yield _term(model, _name(each.expression), each.descending, nulls)
        elif isinstance(each, str):
            yield from _named(model, each.removeprefix("-"), each.startswith("-"))


def _name(field: Any) -> str:
    return str(field.name)


def _named(model: type[Model], path: str, is_descending: bool) -> Iterator[Term]:
    """Yield what a name sorts by: of a related row that is its own order, else its key."""
    path = model._meta.pk.attname if path == "pk" else path
    field = get_fields_from_path(model, path)[-1]
    if not isinstance(field, ForeignKey) or path.endswith(field.attname):
        yield _term(model, path, is_descending)
        return
    ordering: Sequence[Any] = field.related_model._meta.ordering or ()
    for each in ordering:
        yield from _named(model, f"{path}__{each.removeprefix('-')}", is_descending != each.startswith("-"))
    if not ordering:
        yield _term(model, f"{path}_id", is_descending)


def _term(model: type[Model], path: str, is_descending: bool = False, nulls_last: bool | None = None) -> Term:
    # A related row may be missing whole.
    is_nullable = any(field.null for field in get_fields_from_path(model, path))
    if nulls_last is None:
        nulls_last = (connection.vendor == "postgresql") != is_descending
    return Term(path, is_descending, nulls_last, is_nullable)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID | Decimal) else value
