"""Rings a Celery task by name after the commit; a dead broker never slows or fails a committed request.

The row is the promise, the task only the doorbell: what no bell announced, the clock's sweep finds.
"""

import os
import threading
import time
from collections.abc import Callable
from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from approvals import logs, tracing

ROUTE = "approvals.tasks.route"
EXECUTE = "approvals.tasks.execute"
END = "approvals.tasks.end"
DELIVER = "approvals.tasks.deliver"
CHECK = "approvals.tasks.check"
EXPORT = "approvals.tasks.export"
WEBHOOK = "approvals.tasks.webhook"

# After a failed ring the bell is silent for a while: a dead broker costs one timeout, not one per request.
SILENCE_SECONDS = 5.0
# Rings of one process that are closer together share a message: sending one costs more than most of what rings.
GAP_SECONDS = 0.05
# While this many or more share one, there is work enough for every worker, and messages become rarer.
MANY = 4
LONGEST_GAP_SECONDS = 0.4

log = structlog.get_logger()
_silent_until = [0.0]


class Bells:
    """Sends the first of several rings immediately, and one message more for all that follow within a moment.

    So a message is sent after each commit, at most a moment later; a process that ends waits for it.
    """

    def __init__(self, send: Callable[[str], object]) -> None:
        self._send = send
        self.forget()

    def forget(self) -> None:
        """Forget what was sent and what waits, as a child does whose parent's threads it does not have."""
        self._lock = threading.Lock()
        self._sent_at: dict[str, float] = {}
        self._gap: dict[str, float] = {}
        # How many rings share the message that waits.
        self._waiting: dict[str, int] = {}

    def ring(self, task: str) -> None:
        """Send a message now, or leave it to the one that is sent in a moment."""
        with self._lock:
            # The message that waits is sent after this.
            if task in self._waiting:
                self._waiting[task] += 1
                return
            left = self._sent_at.get(task, 0.0) + self._gap.get(task, GAP_SECONDS) - time.monotonic()
            if left > 0:
                # Where no thread can start, nothing waits for one.
                threading.Timer(left, self._ring_later, [task]).start()
                self._waiting[task] = 1
                return
            self._sent_at[task], self._gap[task] = time.monotonic(), GAP_SECONDS
        self._send(task)

    def _ring_later(self, task: str) -> None:
        with self._lock:
            is_busy = self._waiting.pop(task, 0) >= MANY
            longer = min(2 * self._gap.get(task, GAP_SECONDS), LONGEST_GAP_SECONDS)
            self._sent_at[task], self._gap[task] = time.monotonic(), longer if is_busy else GAP_SECONDS
        self._send(task)


def ring(task: str) -> None:
    """Announce, after this transaction commits, that there is work; several rings of one transaction are one.

    A step: call it inside a service.
    """
    pending = transaction.get_connection().run_on_commit
    if not any(getattr(call[1], "args", None) == (task,) for call in pending):
        transaction.on_commit(partial(_bells.ring, task), robust=True)


def ring_now(task: str) -> bool:
    """Announce that something has fallen due; return whether the broker took the message."""
    return _send(task)


def _send(task: str) -> bool:
    if time.monotonic() < _silent_until[0]:
        return False
    try:
        # Whose request rang, for the logs alone: the task does all that is due.
        rung_by = {logs.RUNG_BY: request_id} if (request_id := logs.request_id()) else {}
        current_app.send_task(task, retry=False, ignore_result=True, headers=rung_by | tracing.carried())
    except (OperationalError, OSError) as error:
        # A failing broker is survivable by design: it is logged, and the sweep does the work.
        _silent_until[0] = time.monotonic() + SILENCE_SECONDS
        log.warning("doorbell.failed", task=task, error=str(error))
        return False
    return True


_bells = Bells(_send)
os.register_at_fork(after_in_child=_bells.forget)
