"""Celery tasks: each rings for one service, holds no ids worth keeping, and drains many rows.

A message says only that there is work. One that is lost costs a second, one that comes twice finds nothing to do.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from celery import shared_task

from approvals.actors import Door, system
from approvals.services import routing
from approvals.services.decisions import checks
from approvals.services.execution import run
from approvals.services.notifications import queue

# After a polite request to end, a worker waits for its tasks: none may take long.
SECONDS = 5.0


@shared_task(name="approvals.tasks.route")
def route() -> int:
    """Score and route what was proposed."""
    return routing.route_ready(actor=system(Door.CELERY), clock=now)


@shared_task(name="approvals.tasks.check")
def check() -> int:
    """Look up what actions wait for, and make the checks that are due."""
    return checks.run_due(actor=system(Door.CELERY), clock=now, is_stopping=after(SECONDS))


@shared_task(name="approvals.tasks.execute")
def execute() -> int:
    """Carry out what may start."""
    return run.run_ready(actor=system(Door.CELERY), clock=now, is_stopping=after(SECONDS))


@shared_task(name="approvals.tasks.deliver")
def deliver() -> int:
    """Tell people what waits for them."""
    return queue.deliver_ready(actor=system(Door.CELERY), clock=now)


def now() -> datetime:
    """The moment that is recorded."""
    return datetime.now(UTC)


def after(seconds: float) -> Callable[[], bool]:
    """Ask to stop once so much time has passed."""
    until = time.monotonic() + seconds
    return lambda: time.monotonic() > until
