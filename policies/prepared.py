"""Statements whose plans PostgreSQL keeps: planning them costs more than running them.

Each value goes as text, so that a statement has the same types whatever its values are, and is prepared once.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache, partial
from itertools import count
from types import NoneType
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.sql import Literal
from psycopg.types.json import Jsonb
from psycopg.types.numeric import Int2, Int4, Int8

from policies import libpq
from policies.libpq import Answer, Statement

# A percent sign of the statement itself is doubled.
_PLACE = re.compile("%[%s]")
_BY_STR = (int, Int2, Int4, Int8, float, UUID, Decimal)


def database() -> BaseDatabaseWrapper:
    """The connection itself: its stand-in looks it up at each access."""
    return connections[DEFAULT_DB_ALIAS]


def run(sql: str, values: Sequence[Any], here: BaseDatabaseWrapper, *, is_planned_anew: bool = False) -> Answer:
    """Run a statement with its values beside it, and return what it answers; no plan is kept for one planned anew."""
    return run_all([(sql, values)], here, is_planned_anew=is_planned_anew)[0]


def run_all(
    statements: Sequence[tuple[str, Sequence[Any]]],
    here: BaseDatabaseWrapper,
    *,
    commits: bool = False,
    is_planned_anew: bool = False,
) -> list[Answer]:
    """Run statements, in one round trip where that can be, and return what each answers.

    ``commits`` ends the transaction in the same round trip; Django, which commits next, finds nothing left to do.
    """
    if here.vendor != "postgresql" or here.queries_logged:
        return [_by_cursor(sql, values, here) for sql, values in statements]
    here.validate_no_broken_transaction()
    _connect(here)
    given = [Statement(_numbered(sql), [_text(each) for each in values], is_planned_anew) for sql, values in statements]
    session = libpq.session(here.connection, prepares=settings.HITL_PREPARED_STATEMENTS)

    def send(*_: Any) -> list[Answer]:
        with here.wrap_database_errors:
            return session.run(given, commits=commits)

    for wrapper in reversed(here.execute_wrappers):
        send = partial(wrapper, send)
    context = {"connection": here, "cursor": None}
    return send("; ".join(sql for sql, _ in statements), None, False, context)


def can_commit(here: BaseDatabaseWrapper) -> bool:
    """Whether the transaction can be committed in one round trip with what it writes last: not within another one."""
    is_alone = here.in_atomic_block and not here.savepoint_ids
    return is_alone and here.vendor == "postgresql" and not here.queries_logged


def _by_cursor(sql: str, values: Sequence[Any], here: BaseDatabaseWrapper) -> Answer:
    """Where statements are logged they hold their values; SQLite keeps no plans."""
    with here.cursor() as cursor:
        cursor.execute(sql, [_text(each) for each in values] if here.vendor == "postgresql" else values)
        return Answer(cursor.fetchall() if cursor.description else [], cursor.rowcount)


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


def _connect(here: BaseDatabaseWrapper) -> None:
    """Do what Django does before it opens a cursor; a connection that the server cut is made again."""
    here.close_if_health_check_failed()
    here.ensure_connection()


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
    if kind is datetime or kind is date or kind is time:
        return value.isoformat()
    if kind is list:
        return _array(value)
    if kind is Jsonb:
        return value.dumps(value.obj)
    # A choice is one of its type's subclasses.
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__repr__(value)
    raise TypeError(f"{kind.__name__} is not written as text yet.")


def _array(values: list[Any]) -> str:
    """An array as PostgreSQL reads it; the driver looks at each element with several patterns.

    See "Array Input and Output Syntax" in PostgreSQL's documentation.
    """
    kinds = set(map(type, values))
    kind = kinds.pop() if len(kinds) == 1 else None
    if kind in _BY_STR:
        # Digits, signs and letters other than those of NULL.
        return "{" + ",".join(map(str, values)) + "}"
    if kind is NoneType:
        return "{" + ",".join(["NULL"] * len(values)) + "}"
    if kind is datetime:
        # Digits and signs, none of which needs quotes.
        return "{" + ",".join([value.isoformat() for value in values]) + "}"
    if kind is str:
        joined = '","'.join(values)
        if "\\" not in joined and joined.count('"') == 2 * len(values) - 2:
            return f'{{"{joined}"}}'
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    text = str(_text(value))
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
