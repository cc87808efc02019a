"""Children: actions that name a parent. They start after it was executed, and end where it ended without effect.

No row that is written here keeps a child from running: right before it is sent, the dispatch asks about its parent. So
these rows may be late. The transaction that executes a parent lets some of its children start. The clock starts the
rest, and ends those whose parents ended without effect. So a decision takes no longer if ten thousand children wait.
"""

import uuid
from collections.abc import Callable
from datetime import datetime

from approvals.actors import Actor
from approvals.errors import NotFound, WrongState
from approvals.models import Action
from approvals.queries.record.related import parents
from approvals.services import locks, sweeps
from approvals.services.execution import readmission, schedule
from approvals.services.execution.attempts import LockedExecution
from approvals.services.execution.results import release
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.plans import stages
from approvals.states import GRANTED, UNSENT, ActionState, StageState
from policies.db import errand, service

S = ActionState
_SAID = {
    S.REJECTED: "Not executed because its parent {parent} was rejected",
    S.EXPIRED: "Not executed because its parent {parent} expired",
    S.WITHDRAWN: "Not executed because its parent {parent} was withdrawn",
    S.FAILED: "Not executed because its parent {parent} failed",
}


@service
def end_orphan(*, actor: Actor, at: datetime, action_id: uuid.UUID) -> Action:
    """End an action that was not sent, because its parent ended without effect. Nobody is asked about it any more.

    What might have been sent before a restore is put back in the record instead.

    :raises NotFound: there is no such action, or somebody holds it or its parent.
    :raises WrongState: it was sent, or its parent may still be executed.
    """
    action = locks.action(action_id, skip=True)
    # Held, so that nobody undoes its rejection meanwhile.
    rows = Action.objects.select_for_update(skip_locked=True, no_key=True)
    held = rows.filter(pk=action.parent_id).first() if action.parent_id is not None else None
    if held is None:
        raise NotFound()
    before = action.state
    if before not in UNSENT or not parents.has_failed(action):
        raise WrongState(state=before)
    said = _SAID[S(held.state)].format(parent=held.pk)
    fact = Event(actor, at, "action.parent_ended", said, {"parent": str(held.pk), "parent_state": held.state})
    if before in GRANTED:
        if _readmits(action, actor, at):
            return action
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

    started = release.release_late(actor=actor, at=clock(), limit=limit)
    orphans = list(parents.orphans().values_list("pk", flat=True)[:limit])
    return started + sweeps.for_each("orphan", orphans, end, passes=(NotFound, WrongState)).done


def _readmits(action: Action, actor: Actor, at: datetime) -> bool:
    """Put what might have been sent before a restore back in the record, and say whether anything was."""
    execution = schedule.current(action)
    return execution is not None and readmission.readmit(
        LockedExecution(action, execution), actor, at, has_lost_parent=True
    )
