"""Letting children start whose parent was executed: some in the transaction that executes it, the rest by the clock."""

from datetime import datetime

from django.db.models import QuerySet

from approvals import asked
from approvals.actors import Actor
from approvals.models import Execution
from approvals.queries.record.related import parents
from approvals.services import doorbell
from policies.db import service

# How many start at most in one transaction, however many parents it executes.
AT_ONCE = 100
# Under this key a batch keeps how many it has let start.
_BEGUN = ("children begun",)


def release(execution: Execution) -> None:
    """Let executions start that wait for an action which was just executed. The clock starts those held now. A step.

    It costs no statement where nothing waits.
    """
    if not parents.has_awaiting(execution):
        return
    begun = asked.known(_BEGUN) or 0
    if begun < AT_ONCE:
        asked.ahead(_BEGUN, begun + _start(parents.awaiting(execution.action_id), AT_ONCE - begun))


@service
def release_late(*, actor: Actor, at: datetime, limit: int) -> int:
    """Let up to ``limit`` executions start that still wait for a parent which was executed; return how many."""
    return _start(parents.overdue(), limit)


def _start(rows: QuerySet[Execution], limit: int) -> int:
    free = rows.select_for_update(skip_locked=True, of=("self",), no_key=True).values_list("pk", flat=True)
    found = list(free[:limit])
    if found:
        Execution.objects.filter(pk__in=found).update(waits_for=None)
        doorbell.ring(doorbell.EXECUTE)
    return len(found)
