"""Celery tasks: each one calls one service and processes many rows.

A message only signals that there is work. Where no worker answers it, the clock does the work a few seconds later; a
duplicate finds nothing to do.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from celery import current_task, shared_task
from django.db import close_old_connections

from approvals import logs, tracing
from approvals.actors import Door, system
from approvals.services import doorbell, heartbeats, routing
from approvals.services.decisions import checks
from approvals.services.ends import due
from approvals.services.execution import run
from approvals.services.exports import writing
from approvals.services.notifications import queue
from approvals.services.safety import restores
from approvals.services.webhooks import sending
from policies import db

ACTOR = system(Door.CELERY)
# After a polite request to end, a worker waits for its tasks: none may take long.
SECONDS = 5.0


@shared_task(name=doorbell.ROUTE)
def route() -> int:
    """Score and route proposed actions."""
    with traced(doorbell.ROUTE):
        return routing.route_ready(actor=ACTOR, clock=db.now, is_stopping=begin(doorbell.ROUTE))


@shared_task(name=doorbell.CHECK)
def check() -> int:
    """Run the lookups and checks that are due."""
    with traced(doorbell.CHECK):
        return checks.run_due(actor=ACTOR, clock=db.now, is_stopping=begin(doorbell.CHECK))


@shared_task(name=doorbell.EXECUTE)
def execute() -> int:
    """Execute the actions that are ready."""
    with traced(doorbell.EXECUTE):
        return run.run_ready(actor=ACTOR, clock=db.now, is_stopping=begin(doorbell.EXECUTE))


@shared_task(name=doorbell.END)
def end() -> int:
    """End the effects whose time has come, or that somebody ends earlier."""
    with traced(doorbell.END):
        return due.run_due(actor=ACTOR, clock=db.now, is_stopping=begin(doorbell.END))


@shared_task(name=doorbell.DELIVER)
def deliver() -> int:
    """Send the notifications that are due."""
    with traced(doorbell.DELIVER):
        begin(doorbell.DELIVER)
        if restores.notice(actor=ACTOR, at=db.now()):
            return 0
        return queue.deliver_ready(actor=ACTOR, clock=db.now)


@shared_task(name=doorbell.EXPORT)
def export() -> int:
    """Write the lists that people export."""
    with traced(doorbell.EXPORT):
        return writing.run_due(actor=ACTOR, clock=db.now, is_stopping=begin(doorbell.EXPORT))


@shared_task(name=doorbell.WEBHOOK)
def webhook() -> int:
    """Send events to webhooks."""
    with traced(doorbell.WEBHOOK):
        is_stopping = begin(doorbell.WEBHOOK)
        if restores.notice(actor=ACTOR, at=db.now()):
            return 0
        return sending.run_due(actor=ACTOR, clock=db.now, is_stopping=is_stopping)


def traced(task: str) -> AbstractContextManager[object]:
    """Keep a span of a task, as a part of the request that rang."""
    return tracing.span(task, _header(tracing.NAME))


def _header(name: str) -> str:
    return str(getattr(current_task.request, name, "") or "") if current_task else ""


def begin(task: str, seconds: float = SECONDS) -> Callable[[], bool]:
    """Tell the clock that a worker takes this task, and return a function that asks to stop after some time.

    It also tells the clock again whenever it is asked.
    """
    # Connections outlive a task; a broken one is replaced here.
    close_old_connections()
    rung_by = _header(logs.RUNG_BY)
    logs.begin(task=task, **({"request_id": rung_by} if rung_by else {}))
    heartbeats.answer(actor=ACTOR, task=task)
    until = time.monotonic() + seconds

    def is_over() -> bool:
        heartbeats.answer(actor=ACTOR, task=task)
        return time.monotonic() > until

    return is_over
