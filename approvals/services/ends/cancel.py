"""Asking to cancel an action while it is executed: what was sent goes on, and nothing more is sent.

    what is known, at the latest after the attempt that is under way       what becomes of the action
 1  it was done                                                            executed; what has a way back can be ended
 2  no attempt had its effect                                              failed, because of who asked
 3  an attempt went unanswered, and the connector can be asked about it    it is asked, and then 1 or 2 follows
 4  an attempt went unanswered, and nothing can be asked                   uncertain, and a person settles it

A connector that only recognizes a repeated key is asked, too. Its no is not believed, because it does not promise one.
`conclusions.take_unfinished` and `recovery` follow this table. The person who asked is told what happened.
"""

import uuid
from datetime import datetime

from approvals.actors import Actor
from approvals.errors import WrongState
from approvals.models import Action, Execution
from approvals.services import locks
from approvals.services.ends import stopping
from approvals.services.execution import attempts, schedule
from approvals.services.execution.attempts import LockedExecution
from approvals.services.execution.results import conclusions
from approvals.states import GRANTED, OPEN, ActionState, ExecutionMode
from policies import unit
from policies.db import service
from policies.errors import Refused


@service
def ask(*, actor: Actor, at: datetime, action_id: uuid.UUID, rationale: str = "") -> Action:
    """Ask to cancel an action that is executed now; asking again changes nothing.

    The action is still `executing` unless no attempt is under way: then it has failed already.

    :raises NotFound: the action is not this actor's to see.
    :raises NotAllowed: the person reviews elsewhere, or the token or key may not.
    :raises WrongState: it is not being executed, or the agent itself executes it.
    :raises Malformed: the reason is too long.
    """
    action = locks.action(action_id, actor)
    stop = stopping.asked(actor, at, action, "cancel", rationale)
    if obstacle := _obstacle(action):
        raise obstacle
    execution = schedule.current(action)
    assert execution is not None  # something is executed
    if execution.cancel_asked_at is not None:
        return action
    if actor.agent is not None and execution.mode == ExecutionMode.AGENT:
        raise WrongState("You execute this action yourself. Stop, and report its result.", state=action.state)
    held = LockedExecution(action, execution)
    stopping.keep(stop, action, execution, attempts.about(held))
    execution.ask_to_cancel(stop.at)
    if attempts.unanswered(execution):
        unit.update(execution)
    else:
        conclusions.cancel(held, actor, at)
    return action


def is_open_to(actor: Actor, action: Action, execution: Execution | None) -> bool:
    """Whether this person may ask to cancel now; asked for the page, and asked again when they do."""
    if action.state != ActionState.EXECUTING or execution is None or execution.cancel_asked_at is not None:
        return False
    return stopping.refusal_for(actor, action) is None


def instead(action: Action) -> WrongState | None:
    """Tell those who want to undo or withdraw an action that is executed now to ask to cancel; None where it is not."""
    if action.state != ActionState.EXECUTING:
        return None
    return WrongState("This action is being executed. Ask to cancel it instead.", state=action.state)


def _obstacle(action: Action) -> Refused | None:
    """Why there is nothing to cancel, and what to do instead, or None."""
    if action.state == ActionState.EXECUTING:
        return None
    if action.state in OPEN | GRANTED:
        return WrongState(
            "Nothing was sent for this action yet. Undo its approval, reject it, or withdraw it.", state=action.state
        )
    return WrongState(
        "This action is no longer being executed. Its state is “{state}”.",
        said={"state": ActionState(action.state)},
        state=action.state,
    )
