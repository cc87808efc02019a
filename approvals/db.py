"""What makes a function a service or an errand.

A service is one durable transaction: everything it changes and records is committed together, or nothing is. An errand
goes to the world and may therefore never run inside a transaction.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

from approvals.errors import Refused

P = ParamSpec("P")
R = TypeVar("R")


def service(function: Callable[P, R | Refused]) -> Callable[P, R]:
    """Run the function in one durable transaction; a refusal that it *returns* is committed first and then raised.

    A refusal that is raised rolls everything back. One worth recording (self-approval, tier, stale digest) is returned
    instead, after its entry was appended, so that the record keeps it.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(durable=True):
            answer = function(*args, **kwargs)
        if isinstance(answer, Refused):
            raise answer
        return answer

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


def database_now() -> datetime:
    """The database's clock, which leases, due times and expiry compare with; a worker's own clock may be wrong."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0]
        cursor.execute("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")
        return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)
