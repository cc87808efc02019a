"""Carrying out what was decided, once: by our connectors, or by the agent that redeems the approval.

The errands find ready rows by themselves, so they need no message: a doorbell only makes them come sooner.
"""

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection

from approvals.actors import Actor
from approvals.authority import powers
from approvals.connectors.base import CallResult, CallStatus
from approvals.connectors.registry import NoConnector, connector
from approvals.db import errand, service
from approvals.errors import (
    AlreadyConsumed,
    ApprovalExpired,
    NotApproved,
    RationaleMissing,
    Refused,
    ScopeMissing,
    Tampered,
    WrongState,
)
from approvals.models import Action, Execution
from approvals.services import locks
from approvals.services.execution import attempts, dispatch, recovery, schedule
from approvals.services.execution.attempts import Lease, LockedExecution
from approvals.services.execution.dispatch import Dispatch
from approvals.services.ledger import entries, texts
from approvals.services.ledger.entries import Event
from approvals.services.safety import halt_gate
from approvals.states import GRANTED, ActionState, ExecutionMode, ExecutionState

# One claim holds few: each call may take ten seconds, and the rest must not wait for long behind it.
AT_ONCE = 8
# An answer that we hold is worth waiting for: without it the effect is in doubt.
PATIENCE = timedelta(minutes=10)
SOON = 0.2
RESOLUTIONS = {
    "happened": "it happened",
    "did_not_happen": "it did not happen",
    "compensate": "it happened and will be reversed by hand",
}

log = structlog.get_logger()


def never() -> bool:
    """Nobody asks to stop."""
    return False


@errand
def run_ready(
    *, actor: Actor, clock: Callable[[], datetime], limit: int = 500, is_stopping: Callable[[], bool] = never
) -> int:
    """Carry out up to ``limit`` executions that may start; return how many were begun with.

    When asked to stop it finishes the call in hand and gives the rest of its claims back.
    """
    done = 0
    while done < limit and not is_stopping():
        claims = dispatch.lease(actor=actor, at=clock(), limit=min(AT_ONCE, limit - done))
        if not claims:
            break
        for place, claim in enumerate(claims):
            if is_stopping():
                dispatch.release_lease(actor=actor, at=clock(), claims=claims[place:])
                return done
            carry_through(actor=actor, clock=clock, claim=claim)
            done += 1
    return done


@errand
def carry_through(*, actor: Actor, clock: Callable[[], datetime], claim: Lease) -> None:
    """Dispatch one claim, make its call and store the answer; a fault in one must not keep the others waiting."""
    try:
        todo = dispatch.dispatch(actor=actor, at=clock(), claim=claim)
        if todo:
            keep(actor=actor, clock=clock, todo=todo, outcome=carry_out(todo=todo))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # What was not dispatched is claimed anew when the lease lapses; what was dispatched is recovered then.
        log.exception("execution.claim_failed", action=str(claim.action_id))


@errand
def recover(
    *, actor: Actor, clock: Callable[[], datetime], limit: int = 100, is_stopping: Callable[[], bool] = never
) -> int:
    """Find out about up to ``limit`` attempts that nobody heard back from; return how many were looked at."""
    done = 0
    while done < limit and not is_stopping():
        claims = recovery.reclaim(actor=actor, at=clock(), limit=1)
        if not claims:
            break
        claim = claims[0]
        step = recovery.examine(actor=actor, at=clock(), claim=claim)
        if step and step.is_question:
            answer = carry_out(todo=step.errand, is_question=True)
            step = recovery.weigh(actor=actor, at=clock(), claim=claim, outcome=answer)
        if step:
            keep(actor=actor, clock=clock, todo=step.errand, outcome=carry_out(todo=step.errand))
        done += 1
    return done


@errand
def carry_out(*, todo: Dispatch, is_question: bool = False) -> CallResult:
    """Make the call, or ask; whatever a connector raises, nobody can say that nothing happened."""
    try:
        way = connector(todo.connector)
        return way.look_up(todo.order) if is_question else way.send(todo.order)
    except NoConnector as error:
        return CallResult(CallStatus.NOT_DONE, error=str(error))
    except Exception as error:
        log.exception("connector.failed", connector=todo.connector, action=todo.order.action)
        return CallResult(CallStatus.UNKNOWN, error=f"The connector failed: {error!r}.")


@errand
def keep(*, actor: Actor, clock: Callable[[], datetime], todo: Dispatch, outcome: CallResult) -> None:
    """Store an answer, also when the database is away for a while."""
    until = time.monotonic() + PATIENCE.total_seconds()
    while True:
        try:
            dispatch.conclude(actor=actor, at=clock(), claim=todo.claim, outcome=outcome)
            return
        except (OperationalError, InterfaceError) as error:
            log.warning("execution.answer_waits", action=todo.order.action, error=str(error))
            if time.monotonic() > until:
                raise
            connection.close()
            time.sleep(SOON)


@service
def consume(*, actor: Actor, at: datetime, action_id: uuid.UUID) -> Execution | Refused:
    """Redeem an approval, once; from here on the agent carries the action out.

    :raises ScopeMissing: the key may not redeem.
    :raises NotFound: it is not this agent's.
    :raises WrongState: our connector carries this type out.
    :raises AlreadyConsumed: it was redeemed before.
    :raises NotApproved: it is not approved, or may still be called back.
    :raises ApprovalExpired: it is no longer valid.
    :raises Halted: somebody has halted what it belongs to; redeem it once the halt is lifted.
    :raises Tampered: what is stored is not what was approved; it is pending again.
    """
    held = _held_by_agent(actor, action_id)
    if isinstance(held, Refused):
        raise held
    if held.execution.expires_at <= held.now:
        attempts.expire(held, actor, at)
        return ApprovalExpired()
    if halt := halt_gate.blocking_halt(held.action):
        raise halt_gate.refusal(halt)
    if held.execution.not_before > held.now:
        opens = held.execution.not_before
        raise NotApproved(
            "The approval can still be undone. Redeem it at {opens:%H:%M:%S} UTC or later.",
            said={"opens": opens},
            not_before=opens.isoformat(),
            state=held.action.state,
        )
    if why := "; ".join(attempts.changes(held)):
        attempts.refuse(held, actor, at, why)
        return Tampered("The approval was not redeemed: {why}. The action is back in review.", said={"why": why})
    if tier := attempts.stricter(held, at):
        attempts.refuse(held, actor, at, "policy now requires more approval", tier)
        return NotApproved("Policy now requires more approval. The action is back in review.")
    before = held.action.state
    held.execution.fence += 1
    held.execution.start(at, held.execution.expires_at)
    held.action.dispatch()
    attempts.begin(held, Event(actor, at, "execution.consumed", "Redeemed by the agent", attempts.about(held)), before)
    return held.execution


@service
def report_outcome(
    *, actor: Actor, at: datetime, action_id: uuid.UUID, succeeded: bool, result: Any = None, error: str = ""
) -> Action:
    """What became of it, by the agent that redeemed the approval; saying the same again changes nothing.

    :raises ScopeMissing: the key may not redeem, so it may not report either.
    :raises NotFound: it is not this agent's.
    :raises WrongState: it was not redeemed, or another outcome is on record.
    """
    action = _own(actor, action_id)
    execution = schedule.current(action)
    if execution is None or execution.mode != ExecutionMode.AGENT:
        raise WrongState("A connector runs this action, so you cannot report a result.", state=action.state)
    if action.state == (ActionState.EXECUTED if succeeded else ActionState.FAILED):
        return action
    if action.state not in {ActionState.EXECUTING, ActionState.UNCERTAIN}:
        raise WrongState(
            "The action is {state}, so you cannot report a result.",
            said={"state": ActionState(action.state)},
            state=action.state,
        )
    held = LockedExecution(action, execution)
    if succeeded:
        dispatch.succeed(held, actor, at, CallResult(CallStatus.DONE, result, error))
    else:
        dispatch.fail(held, actor, at, CallResult(CallStatus.REFUSED, result, error or "The agent reported a failure."))
    return action


@service
def resolve(*, actor: Actor, at: datetime, action_id: uuid.UUID, resolution: str, rationale: str) -> Action | Refused:
    """Settle an execution that nobody knows the end of, by somebody who could have decided it; says what was found.

    ``happened`` makes it executed; ``did_not_happen``, and ``compensate`` (it happened and was undone), make it failed.

    :raises NotFound: the action is not this person's to see.
    :raises WrongState: it is not uncertain, or the resolution is none of the three.
    :raises NotAllowed: self-approval, tier, ceiling, desk or token forbid it.
    :raises RationaleMissing: it was not said how that is known.
    """
    action = locks.action(action_id)
    power = powers.authority_of(actor, action)
    execution = schedule.current(action)
    if action.state != ActionState.UNCERTAIN or execution is None:
        raise WrongState(
            "The action is {state}, so it does not need to be resolved.",
            said={"state": ActionState(action.state)},
            state=action.state,
        )
    if resolution not in RESOLUTIONS:
        raise WrongState(
            "{resolution!r} is not a resolution. Choose one of {offered}.",
            said={"resolution": resolution, "offered": ", ".join(RESOLUTIONS)},
        )
    if not rationale.strip():
        raise RationaleMissing("Enter the evidence for what happened.")
    if refusal := powers.refusal_for(actor, action, power, action.required_tier):
        tried = {"code": refusal.code, "resolution": resolution}
        entries.record_event(action, Event(actor, at, "execution.settling_refused", refusal.message, tried))
        return refusal
    said = texts.keep_rationale(action, rationale)
    held = LockedExecution(action, execution)
    data = attempts.about(held) | {"resolution": resolution, "rationale": said.digest if said else ""}
    fact = Event(actor, at, "execution.settled", f"Resolved: {RESOLUTIONS[resolution]}", data)
    if resolution == "happened":
        execution.succeed(at, {"settled": resolution})
        action.executed_at = at
    else:
        execution.fail(at, RESOLUTIONS[resolution], {"settled": resolution})
    dispatch.close(held, fact, ActionState.EXECUTED if resolution == "happened" else ActionState.FAILED)
    return action


def _held_by_agent(actor: Actor, action_id: uuid.UUID) -> LockedExecution | Refused:
    action = _own(actor, action_id)
    execution = schedule.current(action)
    if execution is not None and execution.mode != ExecutionMode.AGENT:
        return WrongState("A connector runs this action, so there is no approval to redeem.", state=action.state)
    if execution is not None and execution.state not in {ExecutionState.READY, ExecutionState.CANCELED}:
        return AlreadyConsumed(state=action.state)
    if action.state == ActionState.EXPIRED and execution is not None:
        return ApprovalExpired(state=action.state)
    if action.state not in GRANTED or execution is None:
        return NotApproved(
            "The action is {state}, so there is no approval to redeem.",
            said={"state": ActionState(action.state)},
            state=action.state,
        )
    return LockedExecution(action, execution)


def _own(actor: Actor, action_id: uuid.UUID) -> Action:
    if "consume:own" not in actor.scopes:
        raise ScopeMissing(
            "This key cannot redeem approvals. Use a key with the consume:own scope.", scope="consume:own"
        )
    return locks.own_action(actor, action_id)
