"""Conditions as rows and groups of rows.

A row becomes one comparison, or two: a range has two bounds, and a guarded row first asks whether there is a value.
So rows have a normal form, in which what belongs together is one row. What is written reads back as its normal form.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from policies.engine.values.said import message

Scalar = bool | int | float | str
MAX_ROWS = 20
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
# Words that CEL keeps for itself; none of them can follow a point.
_RESERVED = re.compile(
    r"as|break|const|continue|else|false|for|function|if|import|in|let|loop|package|namespace|null|return|true|var|void"
    r"|while"
)
_LARGEST = 2**53


class Comparison(StrEnum):
    """How a row compares its field with its values."""

    IS = "is"
    IS_NOT = "is_not"
    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"
    BETWEEN = "between"
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    CONTAINS = "contains"
    LACKS = "lacks"
    STARTS = "starts"
    ENDS = "ends"
    INCLUDES = "includes"
    EXCLUDES = "excludes"
    EMPTY = "empty"
    FILLED = "filled"
    GIVEN = "given"
    MISSING = "missing"


LABELS = {
    Comparison.IS: message("is"),
    Comparison.IS_NOT: message("is not"),
    Comparison.ABOVE: message("is above"),
    Comparison.AT_LEAST: message("is at least"),
    Comparison.BELOW: message("is below"),
    Comparison.AT_MOST: message("is at most"),
    Comparison.BETWEEN: message("is between"),
    Comparison.ONE_OF: message("is one of"),
    Comparison.NONE_OF: message("is none of"),
    Comparison.CONTAINS: message("contains"),
    Comparison.LACKS: message("does not contain"),
    Comparison.STARTS: message("starts with"),
    Comparison.ENDS: message("ends with"),
    Comparison.INCLUDES: message("include"),
    Comparison.EXCLUDES: message("do not include"),
    Comparison.EMPTY: message("are empty"),
    Comparison.FILLED: message("are not empty"),
    Comparison.GIVEN: message("is given"),
    Comparison.MISSING: message("is missing"),
}
WITHOUT_VALUE = frozenset({Comparison.GIVEN, Comparison.MISSING, Comparison.EMPTY, Comparison.FILLED})
LISTED = frozenset({Comparison.ONE_OF, Comparison.NONE_OF})
_UNGUARDED = WITHOUT_VALUE - {Comparison.EMPTY, Comparison.FILLED}


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. A guarded row is not met where its field is missing; otherwise a person then decides."""

    field: str
    comparison: Comparison
    values: tuple[Scalar, ...] = ()
    is_guarded: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of which all or any must be met; a group in a group is the deepest that there is."""

    is_any: bool
    items: tuple["Row | Group", ...]


def is_name(field: str) -> bool:
    """Return whether a row can be about this field."""
    return _NAME.fullmatch(field) is not None and not any(map(_RESERVED.fullmatch, field.split(".")))


def number(value: float) -> int | float | None:
    """Return a number as rows hold it: a whole one without decimals; None if it is not exact."""
    if not math.isfinite(value) or abs(value) > _LARGEST:
        return None
    return int(value) if value == int(value) else value


def normal(group: Group) -> Group:
    """Return the group with the same meaning in which each thing is one row."""
    items = list(_flat(group))
    found = _merged(items) if not group.is_any else items
    if len(found) == 1:
        return found[0] if isinstance(found[0], Group) else Group(False, (found[0],))
    return Group(group.is_any, tuple(found))


def _flat(group: Group) -> Iterator[Row | Group]:
    """Yield the items, without groups that join as the one around them does."""
    for item in group.items:
        if isinstance(item, Row):
            yield from (item,) if group.is_any else atoms(item)
            continue
        inner = normal(item)
        if inner.is_any == group.is_any:
            yield from inner.items if group.is_any else _flat(inner)
        elif len(inner.items) == 1:
            only = inner.items[0]
            yield from (only,) if group.is_any or isinstance(only, Group) else atoms(only)
        elif inner.items:
            yield inner


def atoms(row: Row) -> Iterator[Row]:
    """Yield the single comparisons that a row is made of."""
    if row.is_guarded:
        yield Row(row.field, Comparison.GIVEN)
    if row.comparison is Comparison.BETWEEN:
        yield Row(row.field, Comparison.AT_LEAST, row.values[:1])
        yield Row(row.field, Comparison.AT_MOST, row.values[1:])
    else:
        yield replace(row, is_guarded=False)


def _merged(items: Sequence[Row | Group]) -> list[Row | Group]:
    ranges: list[Row | Group] = []
    for item in items:
        before = ranges[-1] if ranges else None
        if _is(before, item, Comparison.AT_LEAST) and _is(item, item, Comparison.AT_MOST):
            assert isinstance(before, Row) and isinstance(item, Row)
            ranges[-1] = Row(item.field, Comparison.BETWEEN, (*before.values, *item.values))
        else:
            ranges.append(item)
    found: list[Row | Group] = []
    for item in ranges:
        before = found[-1] if found else None
        if _is(before, item, Comparison.GIVEN) and isinstance(item, Row) and item.comparison not in _UNGUARDED:
            found[-1] = replace(item, is_guarded=True)
        else:
            found.append(item)
    return found


def _is(item: Row | Group | None, beside: Row | Group, comparison: Comparison) -> bool:
    if not isinstance(item, Row) or not isinstance(beside, Row):
        return False
    return item.field == beside.field and item.comparison is comparison and not item.is_guarded
