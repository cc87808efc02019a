"""Ending an effect before its time, by whoever may stop it: with one click, at once, under the same decision.

`stopping` says who that is.
"""

import uuid
from datetime import datetime

from approvals.actors import Actor
from approvals.errors import WrongState
from approvals.models import Action, Execution
from approvals.models.actions import NOT_REVERSED
from approvals.queries.record import live
from approvals.services import doorbell, locks
from approvals.services.ends import stopping
from approvals.services.execution import schedule
from approvals.services.execution.results import ends
from approvals.services.safety import halt_gate
from approvals.states import ExecutionState
from policies import db, unit
from policies.db import service
from policies.errors import Refused

# In these states an end may still have its effect, or has had it.
_UNDER_WAY = frozenset({ExecutionState.RUNNING, ExecutionState.SUCCEEDED})


@service
def end(*, actor: Actor, at: datetime, action_id: uuid.UUID, rationale: str = "") -> Action:
    """End the effect of an executed action now; asking again for what is on its way changes nothing.

    :raises NotFound: the action is not this actor's to see.
    :raises NotAllowed: the person reviews elsewhere, or the token or key may not.
    :raises WrongState: it is not in effect, its end is uncertain, or a reversal is under way.
    :raises Halted: the agent asks, and what the action belongs to is halted.
    :raises Malformed: the reason is too long.
    """
    action = locks.action(action_id, actor)
    stop = stopping.asked(actor, at, action, "end", rationale)
    if actor.agent is not None and (halted := halt_gate.refusal_for(action)):
        raise halted
    former, forward = schedule.end_of(action), schedule.current(action)
    if former is not None and _is_on_its_way(former, actor):
        return action
    if obstacle := _obstacle(action):
        raise obstacle
    assert forward is not None  # only what was executed is in effect
    number = 1 if former is None else former.end_number + 1
    if former is not None and former.state == ExecutionState.READY:
        former.cancel(at, "Ended early")
        unit.update(former)
        unit.write()
    is_early = actor.person is not None
    promised = ends.schedule(action, forward, at, not_before=db.now(), number=number, is_early=is_early)
    stopping.keep(stop, action, promised, {"end": number})
    doorbell.ring(doorbell.END)
    return action


def _is_on_its_way(former: Execution, actor: Actor) -> bool:
    """Whether asking again would change nothing; a person asks for more than an agent, or than the time alone."""
    is_asked = former.is_early or (actor.person is None and former.not_before <= db.now())
    return former.state in _UNDER_WAY or (former.state == ExecutionState.READY and is_asked)


def is_open_to(actor: Actor, action: Action) -> bool:
    """Whether this person may end the effect now; asked for the page, and asked again when they do."""
    return action.is_live and stopping.refusal_for(actor, action) is None and _obstacle(action) is None


def instead_of_reversal(original: Action) -> Refused | None:
    """Why nobody reverses what HITL can end itself, or has ended; None where its end has failed."""
    if not original.is_live and original.until is None:
        return None
    end = live.end_of(original)
    if not original.is_live:
        return WrongState("The effect of this action has ended already.", state=original.state) if end else None
    if end is not None and end.state == ExecutionState.FAILED:
        return None
    return WrongState("This action is in effect. End it now instead of reversing it.", state=original.state)


def _obstacle(action: Action) -> Refused | None:
    if not action.is_live:
        return WrongState("This action is not in effect, so there is nothing to end.", state=action.state)
    if schedule.is_uncertain(action):
        return WrongState(
            "Nobody knows whether the effect has ended. Find out, and resolve the action.", state=action.state
        )
    if Action.objects.filter(reverses=action).exclude(state__in=NOT_REVERSED).exists():
        return WrongState("A reversal is already in progress. Open the reversal to see its status.", state=action.state)
    return None
