"""What an execution came to: it and its action are moved there, and the record says so. Steps.

The end of an effect comes to the same ends, but moves its action nowhere: that stays executed, in effect or not.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from approvals.actors import Actor
from approvals.connectors.base import CallResult, CallStatus, Recovery
from approvals.models import Execution, StopRequest
from approvals.models.deliveries import CANCEL_ANSWERED, GIVEN_UP
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


def take_unfinished(held: LockedExecution, actor: Actor, at: datetime, outcome: CallResult, recovery: Recovery) -> None:
    """Draw the conclusion from an attempt that is not known to have had its effect; the first that applies.

    1. Unknown, and the connector neither recognizes a repetition nor can be asked: a person settles it.
    2. Unknown, the connector can be asked, and tries are left: it is asked when the lease is over.
    3. Unknown or not done, and tries are left: it is taken up again (see `recovery`), later and later. What somebody
       asked to cancel is only asked about, if an attempt went unanswered and its connector can be asked.
    4. Else, and an attempt went unanswered: a person settles it.
    5. Not refused, and somebody asked to cancel it: it failed because of that.
    6. Else, refused or tried often enough: it failed.
    """
    execution, error = held.execution, outcome.error
    is_unknown, is_refused = outcome.answer is CallStatus.UNKNOWN, outcome.answer is CallStatus.REFUSED
    attempts.write(execution, AttemptStep.UNCERTAIN if is_unknown else AttemptStep.FAILED, at, error)
    if is_unknown and recovery is Recovery.NEITHER:
        mark_uncertain(held, actor, at, error)
    elif not is_refused and execution.attempts < MAX_ATTEMPTS and _is_taken_up_again(execution, recovery):
        # A target that can be asked first gets the time to finish what may still be on its way.
        is_asked = is_unknown and (recovery is Recovery.ASKABLE or execution.cancel_asked_at is not None)
        attempts.postpone(held, actor, at, error, held.lease if is_asked else attempts.next_look(held))
    elif attempts.unanswered(execution):
        # A clear no to this attempt says nothing about an earlier one that nobody heard back from.
        mark_uncertain(held, actor, at, error)
    elif not is_refused and execution.cancel_asked_at is not None:
        cancel(held, actor, at, error)
    else:
        fail(held, actor, at, outcome)


def _is_taken_up_again(execution: Execution, recovery: Recovery) -> bool:
    """Whether it is tried again, or, if somebody asked to cancel it, whether its target is still to be asked."""
    if execution.cancel_asked_at is None:
        return True
    return recovery is not Recovery.NEITHER and bool(attempts.unanswered(execution))


def cancel(held: LockedExecution, actor: Actor, at: datetime, error: str = "") -> None:
    """It did not happen, and no further attempt is made, because somebody asked to cancel it."""
    why = with_canceler(held.execution, error or held.execution.error)
    held.execution.fail(at, attempts.cleaned(why))
    said = "Canceled: it was not executed, and is not sent again"
    close(held, Event(actor, at, "execution.canceled", said, attempts.about(held)), S.FAILED)


def with_canceler(execution: Execution, error: str = "") -> str:
    """An error, and who asked to cancel the execution, if anybody did."""
    request = stop_request(execution)
    return error if request is None else f"{error} Cancellation requested by {request.person or request.agent}.".strip()


def stop_request(execution: Execution) -> StopRequest | None:
    """Who asked to cancel the execution, or None; a question that costs nothing where nobody did."""
    if execution.cancel_asked_at is None:
        return None
    return StopRequest.objects.select_related("person", "agent").filter(execution=execution).first()


def mark_uncertain(held: LockedExecution, actor: Actor, at: datetime, error: str) -> None:
    """Nobody knows whether it happened; a person settles it."""
    held.execution.doubt(attempts.cleaned(with_canceler(held.execution, error)))
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
    _tell_asker(held, fact, state)


def _tell_asker(held: LockedExecution, fact: Event, state: ActionState) -> None:
    """Tell the person who asked to cancel it what happened, unless they see that now. Agents read it themselves."""
    request = stop_request(held.execution)
    if request is None or request.person is None or request.person == fact.actor.person:
        return
    if request.person.is_active and request.person.email:
        queue.notify_people(held.action, [request.person], replace(fact, event=CANCEL_ANSWERED[state]))


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
