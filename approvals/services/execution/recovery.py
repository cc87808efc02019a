"""Finding out about attempts that nobody heard back from: repeated, asked about, or left to a person; never guessed.

What keeps an effect from happening twice is what a connector can do about doubt (its `Recovery`):

| the other side           | nobody heard back          | was sent again                                       |
|--------------------------|----------------------------|------------------------------------------------------|
| recognizes the key       | sent again                 | under the same key, which has its effect once        |
| can be asked             | asked                      | if not done, and its sender came back or is gone     |
| neither                  | a person settles it        | never                                                |
| is an agent that redeems | a person settles it        | never                                                |

What somebody asked to cancel is not sent again. If the target only recognizes the key, HITL asks it three times and
believes only a yes, because such a connector does not promise a reliable no.

An attempt that is known to have failed (nothing was sent, or a clear no) leaves no doubt, whatever the other side can.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F

from approvals import conf
from approvals.actors import Actor
from approvals.connectors.base import CallResult, CallStatus, Recovery
from approvals.models import Attempt, Execution, Halt
from approvals.models.executions import AttemptStep
from approvals.queries.record.related import parents
from approvals.services import processes
from approvals.services.execution import attempts, dispatch, readmission, staleness
from approvals.services.execution.attempts import MAX_ATTEMPTS, MAX_LAPSES, Lease, LockedExecution
from approvals.services.execution.dispatch import Dispatch
from approvals.services.execution.results import conclusions, ends
from approvals.services.ledger.entries import Event
from approvals.services.safety import flow, halt_gate
from approvals.states import ActionState, ExecutionMode, ExecutionState
from policies import db
from policies.db import service

# After the database was away, whoever heard an answer meanwhile stores it before anybody doubts it.
CALM = timedelta(seconds=5)
# So often HITL looks for what somebody asked to cancel, where a no proves nothing: it may still be on its way.
CANCELED_LOOKS = 3
NOT_AGAIN = "Nobody knows whether it was executed. It was not sent again."
SILENT = "At least {count} workers in a row stopped while they executed it."


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next: send the order, or ask about it first."""

    errand: Dispatch
    is_question: bool


@service
def reclaim(*, actor: Actor, at: datetime, limit: int) -> list[Lease]:
    """Take running executions whose lease has lapsed; the new fence shuts out whoever had them."""
    now = db.now()
    if _just_came_back(now):
        return []
    rows = Execution.objects.filter(state=ExecutionState.RUNNING, leased_until__lt=now).order_by("leased_until", "id")
    free = rows.select_for_update(skip_locked=True, no_key=True).only("id", "action_id", "fence")
    taken = list(free[:limit])
    until = now + timedelta(seconds=conf.lease_seconds())
    # What was only put off has not lapsed; whoever looks at it says so.
    changed = {"fence": F("fence") + 1, "lapses": F("lapses") + 1}
    Execution.objects.filter(pk__in=[row.pk for row in taken]).update(leased_until=until, **changed)
    return [Lease(row.pk, row.action_id, row.fence + 1) for row in taken]


@service
def examine(*, actor: Actor, at: datetime, claim: Lease) -> Step | None:
    """Say what to do about a lapsed attempt: send, or ask; None when there is neither. The first that applies.

    1. Somebody else took it, or it came to an end: nothing.
    2. Too many workers in a row said nothing after they had taken it: it is given up.
    3. An agent carries it out: a person settles it.
    4. Nothing can be done about doubt, and an attempt went unanswered: a person settles it.
    5. It was sent under another key before a restore: a person settles it.
    6. The key is recognized and nobody asked to cancel it, or no attempt went unanswered: it is sent again, as `_again`
       allows.
    7. Else it is asked about.
    """
    held = attempts.lock_execution(claim)
    if not held.is_running_under(claim):
        return None
    execution = held.execution
    if execution.lapses > MAX_LAPSES:
        conclusions.give_up(held, actor, at, SILENT.format(count=MAX_LAPSES))
        return None
    recovery = dispatch.recovery_of(held)
    if execution.mode == ExecutionMode.AGENT:
        conclusions.mark_uncertain(held, actor, at, "The agent redeemed the approval but did not report the result.")
    elif recovery is Recovery.NEITHER and attempts.unanswered(execution):
        why = execution.error or "The worker stopped before it recorded an answer."
        conclusions.mark_uncertain(held, actor, at, why)
    elif readmission.was_sent_otherwise(execution):
        conclusions.mark_uncertain(held, actor, at, readmission.OTHERWISE)
    elif _is_repeated(execution, recovery) or not attempts.unanswered(execution):
        return _again(held, actor, at, claim)
    else:
        return Step(Dispatch(claim, execution.connector, dispatch.order_to_send(held)), is_question=True)
    return None


@service
def weigh(*, actor: Actor, at: datetime, claim: Lease, outcome: CallResult) -> Step | None:
    """Draw the conclusion from a look-up; the first that applies.

    1. Somebody else took it, or it came to an end: nothing.
    2. It was done: it succeeded.
    3. It was not done, and its sender came back or is provably gone: it is sent again, as `_again` allows.
    4. It was looked up often enough, which is less often where somebody asked to cancel what can only be repeated: a
       person settles it.
    5. Else it is looked up again when the lease is over.
    """
    held = attempts.lock_execution(claim)
    if not held.is_running_under(claim):
        return None
    if outcome.answer is CallStatus.DONE:
        conclusions.succeed(held, actor, at, outcome)
    elif _is_no_believed(held) and outcome.answer is CallStatus.NOT_DONE and _is_over(held.execution):
        attempts.write(held.execution, AttemptStep.FAILED, at, "Lookup: not done, and the sending worker has stopped.")
        return _again(held, actor, at, claim)
    elif _looks(held.execution) >= (MAX_ATTEMPTS if _is_no_believed(held) else CANCELED_LOOKS):
        conclusions.mark_uncertain(held, actor, at, outcome.error or "Not found; it may still be in transit.")
    else:
        attempts.write(held.execution, AttemptStep.UNCERTAIN, at, outcome.error or "Lookup: not found yet.")
        attempts.postpone(held, actor, at, outcome.error, held.lease)
    return None


def _again(held: LockedExecution, actor: Actor, at: datetime, claim: Lease) -> Step | None:
    """Begin one more attempt under the same key; the first that applies.

    1. It was tried often enough, is no longer valid, something has changed, or somebody asked to cancel it: it failed,
       or where an attempt went unanswered a person settles it.
    2. It is halted, a restore is on, its parent is not executed yet, or its connector is limited (which holds no end)
       or held back: nothing is sent, and it is looked at again when this lease lapses.
    3. Else its intent is written down, and it is sent.
    """
    why, is_canceled = _objection(held), held.execution.cancel_asked_at is not None
    if why or is_canceled:
        if attempts.unanswered(held.execution):
            conclusions.mark_uncertain(held, actor, at, why or NOT_AGAIN)
        elif is_canceled:
            conclusions.cancel(held, actor, at, why)
        else:
            conclusions.fail(held, actor, at, CallResult(CallStatus.REFUSED, error=why))
        return None
    # A parent is awaited only after a restore: in the database that was lost it may have been executed.
    if _halt(held) or readmission.is_waiting() or parents.is_awaited(held.action) or not _has_room(held):
        # Its worker lives, and nothing is wrong with it.
        Execution.objects.filter(pk=held.execution.pk).update(lapses=0)
        return None
    held.execution.begin_attempt(held.lease)
    fact = Event(actor, at, "execution.repeated", "Sent again", attempts.about(held))
    return Step(dispatch.intent(held, claim, attempts.begin(held, fact)), is_question=False)


def _is_repeated(execution: Execution, recovery: Recovery) -> bool:
    """Whether doubt is resolved by sending it again."""
    return recovery is Recovery.DEDUPES and execution.cancel_asked_at is None


def _is_no_believed(held: LockedExecution) -> bool:
    """Whether a look-up that finds nothing says something: only a connector that can be asked promises that."""
    return held.execution.cancel_asked_at is None or dispatch.recovery_of(held) is Recovery.ASKABLE


def _has_room(held: LockedExecution) -> bool:
    room = flow.locked([(held.action, held.execution)])
    return flow.admit(room, dispatch.lane_of(held), held.execution, held.lease)


def _halt(held: LockedExecution) -> Halt | None:
    return ends.blocking_halt(held) if held.execution.is_end else halt_gate.blocking_halt(held.action)


def _objection(held: LockedExecution) -> str:
    if held.execution.attempts >= MAX_ATTEMPTS:
        return f"Failed after {held.execution.attempts} attempts. {held.execution.error}"
    if held.execution.expires_at <= held.now:
        return "The approval is no longer valid, so no further attempt was made."
    if held.execution.is_end:
        return ends.objection(held, dispatch.order_back(held))
    if parents.has_failed(held.action):
        return "The action’s parent ended without effect, so no further attempt was made."
    return "; ".join(staleness.changes(held, frozenset({ActionState.EXECUTING})))


def _is_over(execution: Execution) -> bool:
    """Whether the last attempt can have no effect any more: its sender came back from the call, or is provably gone.

    That the other side had time to finish is given: nobody looks before a whole lease has passed.
    """
    rows = Attempt.objects.filter(execution=execution)
    sent = rows.filter(step=AttemptStep.DISPATCHING).latest("id")
    # A look-up writes its own rows, under later fences; they say nothing about the sender.
    came_back = rows.filter(step=AttemptStep.UNCERTAIN, number=sent.number, fence=sent.fence).exists()
    return came_back or processes.is_gone(sent.detail)


def _looks(execution: Execution) -> int:
    return Attempt.objects.filter(execution=execution, step=AttemptStep.UNCERTAIN).count()


def _just_came_back(now: datetime) -> bool:
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_postmaster_start_time()")
        started: datetime = cursor.fetchone()[0]
    return now - started < CALM
