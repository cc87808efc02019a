"""What might have been sent before a restore: put back in the record as an attempt that nobody heard back from. Steps.

From there on `recovery` does what it does with every such attempt: it asks, repeats it under the same key, or leaves
it to a person. So what was sent and lost is never sent as if it were new.
"""

from collections.abc import Sequence
from datetime import datetime

from approvals import asked
from approvals.actors import Actor
from approvals.models import Action, Attempt, Execution, LostDispatch
from approvals.models.executions import AttemptStep
from approvals.queries.record.related import parents
from approvals.queries.safety import restores
from approvals.services.execution import attempts
from approvals.services.execution.attempts import LockedExecution
from approvals.services.execution.results import ends
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.safety import last_known
from policies import unit

OTHERWISE = "It was sent in another version before the database was restored."
SAID = "Possibly sent before the database was restored"


def is_waiting() -> bool:
    """Whether nothing may be sent, asked inside the transaction that would."""
    return _were_any() and asked.once("a restore is on", restores.is_on)


def readmit(held: LockedExecution, actor: Actor, at: datetime, *, has_lost_parent: bool = False) -> bool:
    """Put what might have been sent for a ready execution back in the record; return whether there was anything.

    Of what nobody knows, a child that still waits for its parent goes on waiting; ``has_lost_parent`` says that it
    waits no longer, because its parent ended without effect.
    """
    lost = _lost(held)
    if lost is None or (not lost and not has_lost_parent and parents.is_awaited(held.action)):
        return False
    action, execution, before = held.action, held.execution, held.action.state
    if execution.target is None:
        execution.target = ends.target_to_keep(held)
    execution.start(at, held.now)
    for attempt in _attempts(execution, lost, held.now):
        unit.insert(attempt)
    unit.update(execution)
    data = attempts.about(held) | {"lost": [str(each.pk) for each in lost]}
    fact = Event(actor, at, "execution.readmitted", SAID, data)
    if execution.is_end:
        entries.record_event(action, fact)
    else:
        action.dispatch()
        entries.record_transition(action, fact, state_from=before)
    return True


def may_have_been_sent(held: LockedExecution) -> bool:
    """Whether there is anything of a ready execution to put back in the record."""
    return _lost(held) is not None


def lost_of(action: Action, *, is_end: bool = False) -> list[LostDispatch]:
    """What was sent for an action, or for its end, before a restore and is in no attempt yet."""
    return restores.lost_of(action.pk, last_known.proposal_of(action), is_end=is_end)


def was_sent_otherwise(execution: Execution) -> bool:
    """Whether what was sent before a restore cannot be found by the execution's key."""
    return _were_any() and restores.was_sent_otherwise(execution)


def _were_any() -> bool:
    return asked.once("there were restores", restores.exist)


def _lost(held: LockedExecution) -> list[LostDispatch] | None:
    """What was sent and lost; empty where nobody knows what was, and None where nothing can have been."""
    if not _were_any():
        return None
    # An end has a key of its own. Taken for a dispatch of the effect, the end itself would be sent again as new.
    lost = lost_of(held.action, is_end=held.execution.is_end)
    return lost if lost or restores.is_suspect(held.action) else None


def _attempts(execution: Execution, lost: Sequence[LostDispatch], now: datetime) -> list[Attempt]:
    if not lost:
        return [_attempt(execution, at=now, detail="")]
    rows = []
    for place, each in enumerate(lost):
        if place:
            execution.begin_attempt(now)
        rows.append(_attempt(execution, id=each.pk, at=each.sent_at, detail=each.sender))
    return rows


def _attempt(execution: Execution, **fields: object) -> Attempt:
    return Attempt(
        execution=execution, number=execution.attempts, step=AttemptStep.DISPATCHING, fence=execution.fence, **fields
    )
