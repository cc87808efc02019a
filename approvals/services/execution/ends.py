"""How an execution ends: as its attempts tell, or given up because its workers die of it. Steps."""

from dataclasses import replace
from datetime import datetime

from approvals.actors import Actor
from approvals.models import Action
from approvals.models.deliveries import GIVEN_UP
from approvals.models.executions import AttemptStep
from approvals.services.execution import attempts
from approvals.services.execution.attempts import MAX_ATTEMPTS, LockedExecution
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue, recipients
from approvals.states import ActionState
from policies import unit


def close(held: LockedExecution, fact: Event, state: ActionState) -> None:
    """Move the action to the end that its execution came to."""
    action, before = held.action, held.action.state
    moves = {
        ActionState.EXECUTED: action.succeed,
        ActionState.FAILED: action.fail,
        ActionState.UNCERTAIN: action.doubt,
    }
    moves[state]()
    unit.update(held.execution)
    entries.record_transition(action, fact, state_from=before)
    is_given_up = state != ActionState.EXECUTED and before == ActionState.EXECUTING
    if is_given_up and held.execution.attempts >= MAX_ATTEMPTS:
        _tell(action, fact)


def give_up(held: LockedExecution, actor: Actor, at: datetime, why: str) -> None:
    """Never take it up again, and tell a person: it failed, or is in doubt where an attempt may have had its effect.

    Nothing is asked of the connector, which may be what its workers died of.
    """
    action, execution, before = held.action, held.execution, held.action.state
    fact = Event(actor, at, GIVEN_UP, why, attempts.about(held) | {"lapses": execution.lapses})
    if attempts.unanswered(execution):
        attempts.write(execution, AttemptStep.UNCERTAIN, at, why)
        execution.doubt(attempts.cleaned(why))
        action.doubt()
    else:
        execution.fail(at, attempts.cleaned(why))
        action.fail()
    unit.update(execution)
    entries.record_transition(action, fact, state_from=before)
    _tell(action, fact)


def _tell(action: Action, fact: Event) -> None:
    """Tell who answers for an action that nothing more is tried for it."""
    queue.notify_people(action, recipients.of_end(action), replace(fact, event=GIVEN_UP))
