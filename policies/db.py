"""What makes a function a service or an errand.

A service is one durable transaction: everything it changes and records is committed together, or nothing is. A refusal
is always raised and always rolls back; what must be kept of it follows in a transaction of its own. An errand goes to
the world and may therefore never run inside a transaction.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import structlog
from django.db import connection, transaction
from django.db.models import DateTimeField, Func

from policies import unit
from policies.errors import Refused

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger()


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Run the function in one durable transaction, which a refusal rolls back.

    What the refusal is followed by, such as the entry that records it, runs after that and before it is raised on.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic(durable=True), unit.collected(is_whole=True):
                return function(*args, **kwargs)
        except Refused as refusal:
            _follow_up(refusal)
            raise

    run.is_service = True  # type: ignore[attr-defined]
    return run


def errand(function: Callable[P, R]) -> Callable[P, R]:
    """Refuse to run inside a transaction, because the function talks to the world.

    :raises RuntimeError: it was called inside a transaction; call it after the commit.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            raise RuntimeError(f"{function.__name__} calls external systems. Call it after the transaction commits.")
        return function(*args, **kwargs)

    run.is_errand = True  # type: ignore[attr-defined]
    return run


def _follow_up(refusal: Refused) -> None:
    for step in refusal.take_follow_ups():
        try:
            with transaction.atomic(durable=True), unit.collected(is_whole=True):
                step()
        except Refused as overtaken:
            # It was asked again under the lock, and is no longer so.
            log.info("refusal.follow_up_refused", code=refusal.code, by=overtaken.code)
        except Exception:
            # Whoever was refused must hear so, whether or not it could be recorded.
            log.exception("refusal.follow_up_failed", code=refusal.code)


def now() -> datetime:
    """The database's clock, which leases, due times and expiry compare with; a worker's own clock may be wrong."""
    return _read_clock()


def _database_clock() -> datetime:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            moment: datetime = cursor.fetchone()[0]
            return moment
        cursor.execute("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")
        return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)


class Clock(Func):
    """The same clock, read within a statement about rows."""

    function = "clock_timestamp"
    output_field = DateTimeField()

    def as_sqlite(self, *_: Any, **__: Any) -> tuple[str, tuple[str]]:
        """Return what SQLite calls it."""
        return "strftime(%s, 'now')", ("%Y-%m-%d %H:%M:%f",)


# What a test replaces to set the time: `now` itself is handed over as an argument.
_read_clock: Callable[[], datetime] = _database_clock
