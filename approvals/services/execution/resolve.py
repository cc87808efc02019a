"""Settling an execution that nobody knows the end of, by a person who found out."""

import uuid
from datetime import datetime

from approvals.actors import Actor
from approvals.authority import permissions, powers
from approvals.errors import RationaleMissing, WrongState
from approvals.models import Action
from approvals.services import locks
from approvals.services.execution import attempts, schedule
from approvals.services.execution.attempts import LockedExecution
from approvals.services.execution.results import conclusions
from approvals.services.ledger import refusals, texts
from approvals.services.ledger.entries import Event
from approvals.states import ActionState
from policies.db import service
from policies.errors import Refused

RESOLUTIONS = {
    "happened": "the action was executed",
    "did_not_happen": "the action was not executed",
    "compensate": "the action was executed and will be reversed manually",
}


@service
def resolve(*, actor: Actor, at: datetime, action_id: uuid.UUID, resolution: str, rationale: str) -> Action:
    """Settle an execution that nobody knows the end of, by somebody who could have decided it; says what was found.

    ``happened`` makes it executed; ``did_not_happen``, and ``compensate`` (it happened and was undone), make it failed.
    Of the end of an effect, ``happened`` says that the effect is gone, and the others that it is still there.

    :raises NotFound: the action is not this person's to see.
    :raises WrongState: it is not uncertain, or the resolution is none of the three.
    :raises NotAllowed: self-approval, tier, ceiling, desk or token forbid it.
    :raises RationaleMissing: it was not said how that is known.
    """
    action = locks.action(action_id, actor)
    power = powers.authority_of(actor, action)
    execution = schedule.uncertain(action)
    if execution is None:
        raise WrongState(
            "You do not need to resolve this action. Its state is “{state}”.",
            said={"state": ActionState(action.state)},
            state=action.state,
        )
    if resolution not in RESOLUTIONS:
        raise WrongState(
            "{resolution!r} is not a valid resolution. Use one of: {offered}.",
            said={"resolution": resolution, "offered": ", ".join(RESOLUTIONS)},
        )
    if not rationale.strip():
        raise RationaleMissing("Enter evidence of what happened.")
    if refusal := permissions.refusal_for(action, power, action.required_tier):
        tried = Event(actor, at, "execution.settling_refused", data={"resolution": resolution})
        raise refusals.recorded(refusal, tried, action)
    said = texts.keep_rationale(action, rationale)
    held = LockedExecution(action, execution)
    data = attempts.about(held) | {"resolution": resolution, "rationale": said.digest if said else ""}
    fact = Event(actor, at, "execution.settled", f"Resolved: {RESOLUTIONS[resolution]}", data)
    if resolution == "happened":
        execution.succeed(at, {"settled": resolution})
        action.executed_at = action.executed_at or at
    else:
        execution.fail(at, RESOLUTIONS[resolution], {"settled": resolution})
    conclusions.close(held, fact, ActionState.EXECUTED if resolution == "happened" else ActionState.FAILED)
    return action


def is_open_to(actor: Actor, action: Action) -> bool:
    """Whether this person may settle the action; asked for the page, and asked again when they do."""
    if not schedule.is_uncertain(action):
        return False
    try:
        power = powers.authority_of(actor, action)
    except Refused:
        return False
    return permissions.refusal_for(action, power, action.required_tier) is None
