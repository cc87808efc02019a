"""Families: what tests of parents and their children need."""

from datetime import datetime
from typing import Any

from approvals.actors import Door, system
from approvals.models import Action, Decision, Execution
from approvals.services.execution import children
from approvals.services.execution import run as execution
from tests.world import NOON, World, fresh

WORKER = system(Door.CELERY)
CLOCK = system(Door.CLOCK)


def noon() -> datetime:
    return NOON


def run() -> int:
    """A worker carries out what may start."""
    return execution.run_ready(actor=WORKER, clock=noon)


def settle(limit: int = 500) -> int:
    """The clock looks after children."""
    return children.settle_due(actor=CLOCK, clock=noon, limit=limit)


def approved_child(here: World, parent: Action, **changes: Any) -> Action:
    return here.approved(parent=parent.pk, **changes)


def waits_for(action: Action) -> object:
    """The parent that the promised execution of an action waits for."""
    return Execution.objects.get(action=action, round=fresh(action).round).waits_for_id


def final_at(action: Action) -> object:
    return Decision.objects.get(action=action, is_final=True).final_at
