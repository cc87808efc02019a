"""The end of an effect: the row that promises it, what is sent for it, and what keeps it from being sent.

An end is an execution of its own under the decision that let the effect happen. It is leased, dispatched and recovered
like any other, but it asks for less: it only takes away. What of an execution is not asked of an end, and why:

| is not asked                                | because                                                              |
|---------------------------------------------|----------------------------------------------------------------------|
| whether the approval is still valid         | the decision named the end, and an effect must not outlive it        |
| who approved, and what policy says by now   | whoever could approve no longer is no reason to go on                |
| lookups, and the connector's check          | what they would object to is found out by sending, and told          |
| the target, type and agent as they are now  | it goes where the effect went; an inactive type keeps no effect alive|
| a halt of the desk, type or agent           | it stops what begins, and must keep no access open                   |

A halt of the connector stops every end, because that way must not be used. A halt of everything stops those that come
by themselves; an end that a person asks for under it is sent.

The target kept with an execution has no signature of its own. It has to give the digest that was signed, together with
what the type is judged by, or was once; an end for which nothing does is not sent, and people are told.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import structlog

from approvals.connectors.base import Order
from approvals.connectors.registry import NoConnector, faults_of, reverse_of
from approvals.models import Action, Execution, Halt
from approvals.queries.record import digests
from approvals.services.execution import grounds
from approvals.services.execution.attempts import LockedExecution
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.payloads import targets
from approvals.services.safety import halt_gate
from approvals.states import Ends, ExecutionMode
from policies import unit, writes
from policies.engine.values.canonical import digest as digest_of

# An end expires never: what is late is still taken away.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
REVERSED = "Ended: another action reversed the effect"
NOT_LIVE = "its effect is not there, or was reversed already"
ELSEWHERE = "it would not go where the decision said, or where that was cannot be found out"
NO_WAY_BACK = "the connector “{connector}” cannot reverse it"

log = structlog.get_logger()


def target_to_keep(held: LockedExecution) -> dict[str, Any] | None:
    """Where an execution is sent, if its effect can be ended: then this is kept with it."""
    kind = held.action.action_type
    has_end = kind.ends != Ends.NEVER and held.execution.mode == ExecutionMode.CONNECTOR
    return kind.target if has_end else None


def begin(held: LockedExecution, at: datetime) -> None:
    """Note that an effect is there that can be ended, and promise its end if it has one. The caller saves the action.

    The row is the promise: it starts by itself, and whoever ends the effect earlier puts another in its place.
    """
    forward = held.execution
    if forward.target is None:
        return
    held.action.is_live = True
    if forward.revision.until is not None:
        schedule(held.action, forward, at, not_before=forward.revision.until, number=1)


def schedule(
    action: Action, forward: Execution, at: datetime, *, not_before: datetime, number: int, is_early: bool = False
) -> Execution:
    """Promise the end of an execution's effect, as its end of this number; ``is_early`` says that a person asked."""
    end = writes.made(
        Execution,
        action=action,
        agent_id=forward.agent_id,
        revision=forward.revision,
        round=forward.round,
        digest=forward.digest,
        mode=forward.mode,
        connector=forward.connector,
        target_digest=forward.target_digest,
        target=forward.target,
        end_number=number,
        reverses=forward,
        is_early=is_early,
        key=digest_of({"reverses": forward.key, "end": number}),
        not_before=not_before,
        expires_at=NEVER,
        created_at=at,
    )
    unit.insert(end)
    return end


def end_reversed(held: LockedExecution, fact: Event) -> None:
    """Note that what an action reverses is no longer in effect, when that action is executed."""
    if held.action.reverses_id is None:
        return
    original = Action.objects.select_for_update(no_key=True).filter(pk=held.action.reverses_id, is_live=True).first()
    if original is not None:
        original.is_live = False
        told = replace(fact, event="end.reversed", reason=REVERSED, data={"reversed_by": str(held.action.pk)})
        entries.record_event(original, told, is_changed=True)


def order_back(execution: Execution, order: Order) -> Order | None:
    """What is sent for an end, made of the order that had the effect; None where its connector cannot reverse it."""
    assert execution.reverses is not None  # only ends come here
    sent = replace(order, key=execution.reverses.key, target=execution.target or {}, attempt=1)
    try:
        back = reverse_of(execution.connector, sent)
    except NoConnector:
        return None
    except Exception:
        log.exception("connector.reverse_failed", connector=execution.connector, action=order.action)
        return None
    if back is None:
        return None
    return replace(back, key=execution.key, reverses=sent.key, attempt=execution.attempts)


def objection(held: LockedExecution, order: Order | None) -> str:
    """Why an end can never be sent, or nothing."""
    return "; ".join(_objections(held, order))


def _objections(held: LockedExecution, order: Order | None) -> Iterator[str]:
    execution = held.execution
    if not held.action.is_live:
        yield NOT_LIVE
    if not goes_back(held):
        yield ELSEWHERE
    if execution.digest not in {execution.revision.digest} & {digests.digest_now(held.action, execution.revision)}:
        yield "the stored payload is not the one that was approved"
    # That its type or agent was changed by somebody since keeps no effect alive.
    if (forged := grounds.fault(held)) and forged != grounds.FORGED:
        yield forged
    if order is None:
        yield NO_WAY_BACK.format(connector=execution.connector)
    else:
        yield from _faults(execution.connector, order.target)


def _faults(name: str, target: dict[str, Any]) -> list[str]:
    """What the connector says of where an end goes, which was checked when its effect was sent."""
    try:
        return list(faults_of(name, target))
    except Exception:
        log.exception("connector.check_target_failed", connector=name)
        return [f"the connector “{name}” failed when it was asked about its target"]


def goes_back(held: LockedExecution) -> bool:
    """Whether an end goes where its effect went, and that is what was decided on; nothing asks elsewhere."""
    end, forward = held.execution, held.execution.reverses
    is_same = forward is not None and forward.target == end.target
    return is_same and targets.is_as_decided(held.action.action_type, end)


def blocking_halt(held: LockedExecution) -> Halt | None:
    """The halt over an end that would be sent in this transaction, or None."""
    return halt_gate.blocking_halt_of_end(held.execution)
