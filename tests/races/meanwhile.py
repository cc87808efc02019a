"""Something begun that waits for a lock, while a change of the catalog commits: what every such test needs."""

import sys
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connection, transaction

from policies.errors import Refused

_IS_WAITED_FOR = (
    "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
)
_WHO_WAITS = """
    SELECT pid, state, wait_event_type, wait_event, pg_blocking_pids(pid), left(query, 200)
    FROM pg_stat_activity WHERE datname = current_database()
"""
# How long a machine may take for what takes milliseconds. The database ends a transaction that idles for a minute.
PATIENCE = 45.0


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
                _finished(pool.submit(_apart, change))
        return _finished(answer)


def under_way(change: Callable[[], object], done: Callable[[], Any]) -> Any:
    """What comes of what is done on another connection while the change is made and not committed."""
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        change()
        return _finished(pool.submit(_apart, partial(_refusal_or, done)))


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


def _finished(work: Future[Any]) -> Any:
    """Return what comes of work on another thread; where it does not end, say what it waits for."""
    try:
        return work.result(timeout=PATIENCE)
    except TimeoutError:
        with connection.cursor() as cursor:
            cursor.execute(_WHO_WAITS)
            said = [str(row) for row in cursor.fetchall()]
        said += ["".join(traceback.format_stack(frame)) for frame in sys._current_frames().values()]
        raise AssertionError("\n".join(["It does not end.", *said])) from None


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
