"""Statements whose plans PostgreSQL keeps: planning them costs more than running them.

Statements are prepared by the driver where ``prepare_threshold`` allows it, once a connection has run one often enough.
Each value goes as text, so that a statement has the same types whatever its values are, and is prepared once.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import count
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from psycopg import RawCursor
from psycopg.sql import Literal
from psycopg.types.json import Jsonb
from psycopg.types.numeric import Int2, Int4, Int8

# More than there are of them: a plan that is dropped for another is made again and again.
_MOST = 500
# A percent sign of the statement itself is doubled.
_PLACE = re.compile("%[%s]")
_BY_STR = (int, Int2, Int4, Int8, float, UUID, Decimal)


def database() -> BaseDatabaseWrapper:
    """The connection itself: its stand-in looks it up at each access."""
    return connections[DEFAULT_DB_ALIAS]


def run(sql: str, values: Sequence[Any], here: BaseDatabaseWrapper, *, is_planned_anew: bool = False) -> CursorWrapper:
    """Run a statement with its values beside it, and return its cursor.

    They go within it where statements are logged, and where the best plan depends on them.
    """
    if here.vendor != "postgresql":
        cursor = here.cursor()
        cursor.execute(sql, values)
        return cursor
    texts = [_text(each) for each in values]
    if here.queries_logged or is_planned_anew:
        cursor = here.cursor()
        cursor.execute(sql, texts)
        return cursor
    here.ensure_connection()
    if here.connection.prepared_max != _MOST:
        here.connection.prepared_max = _MOST
    cursor = here.make_cursor(RawCursor(here.connection))  # type: ignore[arg-type]
    cursor.execute(_numbered(sql), texts)
    return cursor


@contextmanager
def pipeline(here: BaseDatabaseWrapper, length: int) -> Iterator[None]:
    """Send several statements in one round trip, where that can be; their results are there when this ends."""
    if length < 2 or here.vendor != "postgresql" or here.queries_logged:
        yield
        return
    here.ensure_connection()
    with here.wrap_database_errors, here.connection.pipeline():
        yield


def can_commit(here: BaseDatabaseWrapper) -> bool:
    """Whether the transaction can be committed in one round trip with what it writes last: not within another one."""
    is_alone = here.in_atomic_block and not here.savepoint_ids
    return is_alone and here.vendor == "postgresql" and not here.queries_logged


def commit(here: BaseDatabaseWrapper) -> None:
    """Commit in the round trip that is under way; Django, which commits next, finds nothing left to do."""
    here.connection.cursor().execute("COMMIT", prepare=False)


def with_constants(sql: str, values: Sequence[Any], is_open: Callable[[Any], bool]) -> tuple[str, list[Any]]:
    """Write the values that are the same in each run into a statement, and return it with the open ones.

    The plan that PostgreSQL keeps so knows them, and can use an index of a part of the rows.
    """
    if database().vendor != "postgresql":
        return sql, list(values)
    left, given = [], iter(values)

    def place(found: re.Match[str]) -> str:
        if found[0] != "%s":
            return found[0]
        value = next(given)
        if is_open(value):
            left.append(value)
            return "%s"
        return Literal(value).as_string(database().connection).replace("%", "%%")

    return _PLACE.sub(place, sql), left


@lru_cache(maxsize=1024)
def _numbered(sql: str) -> str:
    """A statement with numbered places, as PostgreSQL reads it: the driver would count them at each run."""
    places = count(1)
    return _PLACE.sub(lambda found: f"${next(places)}" if found[0] == "%s" else "%", sql)


def _text(value: Any) -> Any:
    kind = type(value)
    if value is None or kind is str:
        return value
    if kind is bool:
        return "t" if value else "f"
    if kind in _BY_STR:
        return str(value)
    if kind is datetime or kind is date:
        return value.isoformat()
    if kind is list:
        return _array(value)
    if kind is Jsonb:
        return value.dumps(value.obj)
    return value


def _array(values: list[Any]) -> str:
    """An array as PostgreSQL reads it; the driver looks at each element with several patterns.

    See "Array Input and Output Syntax" in PostgreSQL's documentation.
    """
    return "{" + ",".join([_element(each) for each in values]) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    text = _text(value)
    if type(value) in _BY_STR:
        # Digits, signs and letters other than those of NULL.
        return str(text)
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
