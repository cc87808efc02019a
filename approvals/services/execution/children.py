"""Children: actions that name a parent. They start after it was executed, and end where it ended without effect.

Nothing is trusted here that keeps a child from running: right before that it asks about its parent itself. So these
rows may be late. A transaction that executes a parent lets some of its children start; the clock does the rest, and
ends those whose parents ended without effect. So one decision is as fast for a parent of ten thousand.
"""

import uuid
from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet

from approvals.actors import Actor
from approvals.errors import NotFound, WrongState
from approvals.models import Action, Execution
from approvals.queries.record import parents
from approvals.services import doorbell, locks, sweeps
from approvals.services.execution import schedule
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.plans import stages
from approvals.states import GRANTED, UNSENT, ActionState, StageState
from policies.db import errand, service

# So many start in the transaction that executes their parent.
AT_ONCE = 100
S = ActionState
_SAID = {
    S.REJECTED: "Not executed because its parent {parent} was rejected",
    S.EXPIRED: "Not executed because its parent {parent} expired",
    S.WITHDRAWN: "Not executed because its parent {parent} was withdrawn",
    S.FAILED: "Not executed because its parent {parent} failed",
}


def release(execution: Execution) -> None:
    """Let what waits for an action start that was just executed; what somebody else holds is left to the clock. A step.

    It costs no statement where nothing waits.
    """
    if parents.has_awaiting(execution):
        _start(parents.awaiting(execution.action_id), AT_ONCE)


@service
def release_late(*, actor: Actor, at: datetime, limit: int) -> int:
    """Let up to ``limit`` executions start that still wait for a parent which was executed; return how many."""
    return _start(parents.overdue(), limit)


@service
def end_orphan(*, actor: Actor, at: datetime, action_id: uuid.UUID) -> Action:
    """End an action that was not sent, because its parent ended without effect: nobody is asked about it any more.

    :raises NotFound: there is no such action, or somebody holds it or its parent.
    :raises WrongState: it was sent, or its parent may still be executed.
    """
    action = locks.action(action_id, skip=True)
    # Held, so that nobody undoes its rejection meanwhile.
    held = Action.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=action.parent_id).first()
    if held is None:
        raise NotFound()
    before = action.state
    if before not in UNSENT or not parents.has_failed(action):
        raise WrongState(state=before)
    said = _SAID[S(held.state)].format(parent=held.pk)
    fact = Event(actor, at, "action.parent_ended", said, {"parent": str(held.pk), "parent_state": held.state})
    if before in GRANTED:
        schedule.cancel(action, fact)
    stages.close(action, fact, StageState.SUPERSEDED)
    action.withdraw()
    action.decided_at = action.decided_at or at
    entries.record_transition(action, fact, state_from=before)
    return action


@errand
def settle_due(*, actor: Actor, clock: Callable[[], datetime], limit: int = 500) -> int:
    """Let children start whose parents were executed, and end those whose parents had no effect; return how many."""

    def end(action_id: uuid.UUID) -> Action:
        return end_orphan(actor=actor, at=clock(), action_id=action_id)

    started = release_late(actor=actor, at=clock(), limit=limit)
    orphans = list(parents.orphans().values_list("pk", flat=True)[:limit])
    return started + sweeps.for_each("orphan", orphans, end, passes=(NotFound, WrongState)).done


def _start(rows: QuerySet[Execution], limit: int) -> int:
    free = rows.select_for_update(skip_locked=True, of=("self",), no_key=True).values_list("pk", flat=True)
    found = list(free[:limit])
    if found:
        Execution.objects.filter(pk__in=found).update(waits_for=None)
        doorbell.ring(doorbell.EXECUTE)
    return len(found)
