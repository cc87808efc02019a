"""Rings a Celery task by name after the commit; a dead broker never slows or fails a committed request.

The row is the promise, the task only the doorbell: what no bell announced, the clock's sweep finds.
"""

import time
from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

ROUTE = "approvals.tasks.route"
EXECUTE = "approvals.tasks.execute"
DELIVER = "approvals.tasks.deliver"
CHECK = "approvals.tasks.check"

# After a failed ring the bell is silent for a while: a dead broker costs one timeout, not one per request.
SILENCE_SECONDS = 5.0

log = structlog.get_logger()
_silent_until = [0.0]


def ring(task: str) -> None:
    """Announce, after this transaction commits, that there is work; several rings of one transaction are one.

    A step: call it inside a service.
    """
    pending = transaction.get_connection().run_on_commit
    if not any(getattr(call[1], "args", None) == (task,) for call in pending):
        transaction.on_commit(partial(_send, task), robust=True)


def _send(task: str) -> None:
    if time.monotonic() < _silent_until[0]:
        return
    try:
        current_app.send_task(task, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        # A failing broker is survivable by design: it is logged, and the sweep does the work.
        _silent_until[0] = time.monotonic() + SILENCE_SECONDS
        log.warning("doorbell.failed", task=task, error=str(error))
