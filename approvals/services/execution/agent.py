"""Carrying out by the agent itself: it redeems the approval, once, and reports what became of it."""

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db.models import F

from approvals.actors import Actor
from approvals.connectors.base import CallResult, CallStatus
from approvals.errors import (
    AlreadyConsumed,
    ApprovalExpired,
    NotApproved,
    NotRedeemableYet,
    Restoring,
    ScopeMissing,
    Tampered,
    Unavailable,
    WrongState,
)
from approvals.models import Action, Attempt, Execution, LedgerEntry
from approvals.models.executions import AttemptStep
from approvals.queries.record.related import parents
from approvals.services import locks
from approvals.services.attachments import presence
from approvals.services.execution import attempts, readmission, recheck, schedule, staleness, standing
from approvals.services.execution.attempts import LockedExecution
from approvals.services.execution.results import conclusions
from approvals.services.ledger.entries import Event
from approvals.services.policy.lookups.specs import LookupAnswer
from approvals.services.safety import halt_gate, last_known, restores
from approvals.states import GRANTED, ActionState, ExecutionMode, ExecutionState
from policies.db import errand, service
from policies.engine.values.canonical import digest
from policies.errors import Refused

CONSUMED = "execution.consumed"
_STATES = {True: ActionState.EXECUTED, False: ActionState.FAILED, None: ActionState.UNCERTAIN}
UNKNOWN = "The agent does not know what happened."


@errand
def consume(*, actor: Actor, at: datetime, action_id: uuid.UUID, key: str = "") -> Execution:
    """Redeem an approval, once, by what lookups say now where the action type wants them repeated.

    That it was redeemed is written down outside the database before the agent hears of it.

    :param key: the agent's name for this redemption: sent again with it, the call gets what the first one got.
    :raises Unavailable: it could not be written down.
    """
    restores.notice(actor=actor, at=at)
    if not last_known.can_note():
        raise Unavailable()
    execution = _redeemed_with(actor, action_id, key)
    if execution is None:
        answers, objections = _asked_again(actor, action_id)
        try:
            execution = redeem(actor=actor, at=at, action_id=action_id, answers=answers, objections=objections, key=key)
        except AlreadyConsumed:
            # Another call with this key may have come first.
            execution = _redeemed_with(actor, action_id, key)
            if execution is None:
                raise
    # Again for a call that is repeated: the first one may have failed here.
    attempt = Attempt.objects.filter(execution=execution).latest("id")
    if execution.state == ExecutionState.RUNNING and (sent := last_known.about(execution.action, execution, attempt)):
        last_known.note(sent)
    return execution


def _asked_again(actor: Actor, action_id: uuid.UUID) -> tuple[Sequence[LookupAnswer], Sequence[str]]:
    """What lookups say now of the agent's own action, and what of its documents is not as it was decided on."""
    own = Action.objects.filter(pk=action_id, agent=actor.agent).values_list("revision__attachments").first()
    is_own = own is not None and actor.agent is not None
    answers = recheck.ask_again(action_id=action_id) if is_own else []
    objections = presence.missing(actor=actor, action_id=action_id) if own is not None and own[0] is not None else []
    return answers, objections


def _redeemed_with(actor: Actor, action_id: uuid.UUID, key: str) -> Execution | None:
    """What this agent redeemed with this key in the action's current round, or None."""
    if not key or actor.agent is None or "consume:own" not in actor.scopes:
        return None
    entries = LedgerEntry.objects.filter(action=action_id, action__agent=actor.agent, event=CONSUMED)
    written = entries.order_by("-id").values_list("data", flat=True).first()
    told = json.loads(written) if written else {}
    if told.get("redeemed_with") != _key_digest(action_id, key):
        return None
    rows = Execution.objects.select_related("action__action_type")
    return rows.filter(pk=told["execution"], round=F("action__round")).first()


def _key_digest(action_id: uuid.UUID, key: str) -> str:
    return digest({"action": str(action_id), "key": key})


@service
def redeem(
    *,
    actor: Actor,
    at: datetime,
    action_id: uuid.UUID,
    answers: Sequence[LookupAnswer] = (),
    objections: Sequence[str] = (),
    key: str = "",
) -> Execution:
    """Redeem an approval, once; from here on the agent carries the action out.

    :raises ScopeMissing: the key may not redeem.
    :raises NotFound: it is not this agent's.
    :raises WrongState: our connector carries this type out.
    :raises AlreadyConsumed: it was redeemed before.
    :raises NotApproved: it is not approved.
    :raises NotRedeemableYet: it may still be called back, or its parent is not executed.
    :raises ApprovalExpired: it is no longer valid.
    :raises Halted: somebody has halted what it belongs to; redeem it once the halt is lifted.
    :raises Tampered: what is stored is not what was approved; it is pending again.
    :raises Unavailable: a lookup that is repeated before did not answer.
    :raises Restoring: the database was restored; redeem it once an operator has gone on.
    """
    held, give_up = _held_by_agent(actor, action_id), partial(_give_up, actor, at, action_id, answers, objections)
    if readmission.may_have_been_sent(held):
        raise AlreadyConsumed(state=held.action.state).followed_by(give_up)
    if held.execution.expires_at <= held.now and not readmission.is_waiting():
        raise ApprovalExpired().followed_by(give_up)
    if wait := _not_yet(held):
        raise wait
    if stale := _stale(held, objections):
        raise stale.followed_by(give_up)
    again = recheck.weigh(held, answers, actor, at)
    if again.is_owed:
        raise Unavailable("A lookup for this action did not respond. Wait a moment, then redeem the approval again.")
    if again.changes:
        raise _back(" ".join(again.changes)).followed_by(give_up)
    if staleness.stricter(held, at):
        stricter = NotApproved("Policy now requires additional approval. The action is back in review.")
        raise stricter.followed_by(give_up)
    _begin(held, actor, at, key)
    return held.execution


def _begin(held: LockedExecution, actor: Actor, at: datetime, key: str) -> None:
    before = held.action.state
    held.execution.fence += 1
    held.execution.start(at, held.execution.expires_at)
    held.action.dispatch()
    with_key = {"redeemed_with": _key_digest(held.action.pk, key)} if key else {}
    fact = Event(actor, at, CONSUMED, "Approval redeemed by the agent", attempts.about(held) | with_key)
    attempts.begin(held, fact, before)


def _not_yet(held: LockedExecution) -> Refused | None:
    """Why the agent must wait before it redeems the approval, or None."""
    if halt := halt_gate.blocking_halt(held.action):
        return halt_gate.refusal(halt)
    if readmission.is_waiting():
        return Restoring()
    if parents.is_awaited(held.action):
        return _before_its_parent(held.action)
    if (opens := held.execution.not_before) <= held.now:
        return None
    return NotRedeemableYet(
        "The approval can still be undone. Redeem it at {opens:%H:%M:%S} UTC or later.",
        said={"opens": opens},
        redeemable_at=opens.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        state=held.action.state,
    )


def _before_its_parent(action: Action) -> Refused:
    state = parents.state_of(action)
    return NotRedeemableYet(
        "The parent of this action is not executed. Its state is “{state}”. Redeem the approval after it is executed.",
        said={"state": state},
        parent=str(action.parent_id),
        parent_state=str(state),
        redeemable_at=None,
        state=action.state,
    )


def _stale(held: LockedExecution, objections: Sequence[str]) -> Refused | None:
    """Why the approval does not hold for what is there now, or None."""
    if why := "; ".join(staleness.changes(held)):
        return Tampered("The approval was not redeemed: {why}. The action is back in review.", said={"why": why})
    if why := "; ".join(standing.lost(held)):
        return NotApproved("{why}. The action is back in review.", said={"why": why})
    if objections:
        return _back(" ".join(objections))
    return None


def _back(why: str) -> Refused:
    return NotApproved("{why} The action is back in review.", said={"why": why})


@service
def report_outcome(
    *, actor: Actor, at: datetime, action_id: uuid.UUID, succeeded: bool | None, result: Any = None, error: str = ""
) -> Action:
    """What became of it, by the agent that redeemed the approval; saying the same again changes nothing.

    :param succeeded: None if the agent does not know; what happened can be reported later.
    :raises ScopeMissing: the key may not redeem, so it may not report either.
    :raises NotFound: it is not this agent's.
    :raises WrongState: it was not redeemed, or another outcome is on record.
    """
    action = _own(actor, action_id)
    execution = schedule.current(action)
    if execution is None or execution.mode != ExecutionMode.AGENT:
        raise WrongState("A connector runs this action, so you cannot report a result.", state=action.state)
    if action.state == _STATES[succeeded]:
        return action
    if action.state not in {ActionState.EXECUTING, ActionState.UNCERTAIN}:
        raise WrongState(
            "You cannot report a result for this action. Its state is “{state}”.",
            said={"state": ActionState(action.state)},
            state=action.state,
        )
    held = LockedExecution(action, execution)
    if succeeded is None:
        attempts.write(execution, AttemptStep.UNCERTAIN, at, error)
        conclusions.mark_uncertain(held, actor, at, error or UNKNOWN)
    elif succeeded:
        conclusions.succeed(held, actor, at, CallResult(CallStatus.DONE, result, error))
    else:
        conclusions.fail(
            held, actor, at, CallResult(CallStatus.REFUSED, result, error or "The agent reported a failure.")
        )
    return action


def _give_up(
    actor: Actor, at: datetime, action_id: uuid.UUID, answers: Sequence[LookupAnswer], objections: Sequence[str]
) -> None:
    """End an approval that may not be redeemed: it expires, or goes back to people. Asked again under the lock."""
    held = _held_by_agent(actor, action_id)
    if readmission.readmit(held, actor, at):
        return
    if held.execution.expires_at <= held.now:
        attempts.expire(held, actor, at)
    elif why := "; ".join([*staleness.changes(held), *standing.lost(held), *objections]):
        attempts.refuse(held, actor, at, why)
    else:
        recheck.refuse_if_otherwise(held, actor, at, recheck.weigh(held, answers, actor, at))


def _held_by_agent(actor: Actor, action_id: uuid.UUID) -> LockedExecution:
    """The agent's own action with what it may redeem, locked.

    :raises WrongState: our connector carries this type out.
    :raises AlreadyConsumed: it was redeemed before.
    :raises ApprovalExpired: it is no longer valid.
    :raises NotApproved: it is not approved.
    """
    action = _own(actor, action_id)
    execution = schedule.current(action)
    if execution is not None and execution.mode != ExecutionMode.AGENT:
        raise WrongState("A connector runs this action, so there is no approval to redeem.", state=action.state)
    if execution is not None and execution.state not in {ExecutionState.READY, ExecutionState.CANCELED}:
        raise AlreadyConsumed(state=action.state)
    if action.state == ActionState.EXPIRED and execution is not None:
        raise ApprovalExpired(state=action.state)
    if action.state not in GRANTED or execution is None:
        raise NotApproved(
            "This action has no approval to redeem. Its state is “{state}”.",
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
