"""What an execution came to: it and its action are moved there, and the record says so. Steps.

The end of an effect comes to the same ends, but moves its action nowhere: that stays executed, in effect or not.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from approvals.actors import Actor
from approvals.connectors.base import CallResult
from approvals.models.deliveries import GIVEN_UP
from approvals.models.executions import AttemptStep
from approvals.services.execution import attempts
from approvals.services.execution.attempts import MAX_ATTEMPTS, LockedExecution
from approvals.services.execution.results import ends, release
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import owners, queue, recipients
from approvals.states import ActionState
from policies import unit

S = ActionState
_EXECUTION: Mapping[ActionState, tuple[str, str]] = {
    S.EXECUTED: ("execution.succeeded", "Executed"),
    S.FAILED: ("execution.failed", "Execution failed"),
    S.UNCERTAIN: ("execution.doubted", "Sent to the target system, but the result is unknown"),
}
_END: Mapping[ActionState, tuple[str, str]] = {
    S.EXECUTED: ("end.succeeded", "Ended: the effect was reversed"),
    S.FAILED: ("end.failed", "The end failed: the effect was not reversed"),
    S.UNCERTAIN: ("end.doubted", "The end was sent to the target system, but the result is unknown"),
}


def succeed(held: LockedExecution, actor: Actor, at: datetime, outcome: CallResult) -> None:
    """It happened."""
    execution = held.execution
    attempts.write(execution, AttemptStep.SUCCEEDED, at, outcome.error)
    execution.succeed(at, attempts.storable(outcome.result))
    if not execution.is_end:
        held.action.executed_at = at
    close(held, _fact(held, actor, at, S.EXECUTED), S.EXECUTED)


def fail(held: LockedExecution, actor: Actor, at: datetime, outcome: CallResult) -> None:
    """It did not happen, and no further attempt would change that."""
    error = attempts.cleaned(outcome.error)
    held.execution.fail(at, error, attempts.storable(outcome.result))
    close(held, _fact(held, actor, at, S.FAILED), S.FAILED)


def mark_uncertain(held: LockedExecution, actor: Actor, at: datetime, error: str) -> None:
    """Nobody knows whether it happened; a person settles it."""
    held.execution.doubt(attempts.cleaned(error))
    close(held, _fact(held, actor, at, S.UNCERTAIN), S.UNCERTAIN)


def give_up(held: LockedExecution, actor: Actor, at: datetime, why: str) -> None:
    """Never take it up again, and tell a person: it failed, or is in doubt where an attempt may have had its effect.

    Nothing is asked of the connector, which may be what its workers died of.
    """
    execution = held.execution
    fact = Event(actor, at, GIVEN_UP, why, attempts.about(held) | {"lapses": execution.lapses})
    if attempts.unanswered(execution):
        attempts.write(execution, AttemptStep.UNCERTAIN, at, why)
        execution.doubt(attempts.cleaned(why))
        close(held, fact, S.UNCERTAIN)
    else:
        execution.fail(at, attempts.cleaned(why))
        close(held, fact, S.FAILED)


def close(held: LockedExecution, fact: Event, state: ActionState) -> None:
    """Move the action to the end that its execution came to."""
    action, before = held.action, held.action.state
    unit.update(held.execution)
    if held.execution.is_end:
        _close_end(held, fact, state)
        return
    moves = {S.EXECUTED: action.succeed, S.FAILED: action.fail, S.UNCERTAIN: action.doubt}
    moves[state]()
    if state == S.EXECUTED:
        ends.begin(held, fact.at)
    entries.record_transition(action, fact, state_from=before)
    if state == S.EXECUTED:
        ends.end_reversed(held, fact)
        release.release(held.execution)
    elif fact.event == GIVEN_UP or (before == S.EXECUTING and held.execution.attempts >= MAX_ATTEMPTS):
        # Nothing more is tried: who answers for it is told.
        queue.notify_people(action, recipients.of_end(action), replace(fact, event=GIVEN_UP))


def _close_end(held: LockedExecution, fact: Event, state: ActionState) -> None:
    """Record what came of an end; where the effect may still be there, those who answer for it are told."""
    is_over = state == S.EXECUTED
    if is_over:
        held.action.is_live = False
    entries.record_event(held.action, fact, is_changed=is_over)
    if not is_over:
        owners.notify_of_end(held.action, held.execution, replace(fact, event=_END[state][0]))


def _fact(held: LockedExecution, actor: Actor, at: datetime, state: ActionState) -> Event:
    event, said = (_END if held.execution.is_end else _EXECUTION)[state]
    return Event(actor, at, event, said, attempts.about(held))
