"""Celery tasks: each one calls one service and processes many rows.

A message only signals that there is work. A lost message costs a second; a duplicate finds nothing to do.
"""

import time
from collections.abc import Callable

from celery import shared_task

from approvals.actors import Door, system
from approvals.services import routing
from approvals.services.decisions import checks
from approvals.services.execution import run
from approvals.services.notifications import queue
from policies import db

# After a polite request to end, a worker waits for its tasks: none may take long.
SECONDS = 5.0


@shared_task(name="approvals.tasks.route")
def route() -> int:
    """Score and route proposed actions."""
    return routing.route_ready(actor=system(Door.CELERY), clock=db.now)


@shared_task(name="approvals.tasks.check")
def check() -> int:
    """Run the lookups and checks that are due."""
    return checks.run_due(actor=system(Door.CELERY), clock=db.now, is_stopping=after(SECONDS))


@shared_task(name="approvals.tasks.execute")
def execute() -> int:
    """Execute the actions that are ready."""
    return run.run_ready(actor=system(Door.CELERY), clock=db.now, is_stopping=after(SECONDS))


@shared_task(name="approvals.tasks.deliver")
def deliver() -> int:
    """Send the notifications that are due."""
    return queue.deliver_ready(actor=system(Door.CELERY), clock=db.now)


def after(seconds: float) -> Callable[[], bool]:
    """Return a function that asks to stop after some time."""
    until = time.monotonic() + seconds
    return lambda: time.monotonic() > until
