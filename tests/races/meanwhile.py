"""Something begun that waits for a lock, while a change of the catalog commits: what every such test needs."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connection, transaction

from policies.errors import Refused

_IS_WAITED_FOR = (
    "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
)
PATIENCE = 20.0


def outcome(begun: Callable[[], Any], hold: Callable[[], object], change: Callable[[], object] | None = None) -> Any:
    """What comes of what was begun: it waits for what ``hold`` locks, and the change commits before that is let go.

    Without a change, what ``hold`` changes itself commits with its lock.
    """
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            hold()
            answer = pool.submit(_apart, partial(_refusal_or, begun))
            _await_waiting()
            if change is not None:
                pool.submit(_apart, change).result(timeout=PATIENCE)
        return answer.result(timeout=PATIENCE)


def under_way(change: Callable[[], object], done: Callable[[], Any]) -> Any:
    """What comes of what is done on another connection while the change is made and not committed."""
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        change()
        return pool.submit(_apart, partial(_refusal_or, done)).result(timeout=PATIENCE)


def _refusal_or(work: Callable[[], object]) -> object:
    try:
        return work()
    except Refused as refusal:
        return refusal


def _apart(work: Callable[[], object]) -> object:
    """Do it on a thread's own connection."""
    try:
        return work()
    finally:
        connection.close()


def _await_waiting() -> None:
    """Wait until another connection waits for this one's locks."""
    until = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(_IS_WAITED_FOR)
            if cursor.fetchone()[0]:
                return
            threading.Event().wait(0.005)
    raise AssertionError("Nobody waits for the lock.")
