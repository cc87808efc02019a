"""Parents: a proposal names the action that must be executed before it may run.

A parent exists before its children, belongs to the same agent and never changes. So there are no cycles.
"""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from approvals.errors import Malformed, WrongState
from approvals.models import Action
from approvals.models.actions import MAX_DEPTH
from approvals.states import WITHOUT_EFFECT, ActionState
from policies.errors import Refused


def place(actions: Sequence[Action]) -> dict[str, Refused]:
    """Place new actions, which are not saved yet, below the parents that they name; at most one statement. A step.

    Returns, by idempotency key, the refusals of those that name a parent which they may not have.
    """
    wanted = {action.parent_id for action in actions if action.parent_id is not None}
    found = {row.pk: row for row in _read(wanted)} if wanted else {}
    refused = {}
    for action in actions:
        if action.parent_id is None:
            continue
        parent = found.get(action.parent_id)
        if (refusal := refusal_for(action, parent)) or parent is None:
            refused[action.idempotency_key] = refusal or _unknown()
        else:
            action.depth = parent.depth + 1
    return refused


def place_one(action: Action) -> None:
    """Do the same for one action. A step.

    :raises Malformed: there is no such action of its agent, or too many actions are above it.
    :raises WrongState: the parent ended without effect.
    """
    for refusal in place([action]).values():
        raise refusal


def refusal_for(action: Action, parent: Action | None) -> Refused | None:
    """Why an action may not have this parent, or None. The first that applies:

    1. There is none, or it is another agent's or another client's: nobody learns which of these.
    2. It ended without effect, whether or not that can still be undone.
    3. It has as many actions above it as are allowed.
    """
    if parent is None or (parent.agent_id, parent.client_id) != (action.agent_id, action.client_id):
        return _unknown()
    if parent.state in WITHOUT_EFFECT:
        return WrongState(
            "The parent ended without effect. Its state is “{state}”. Propose the parent again first.",
            said={"state": ActionState(parent.state)},
            parent=str(parent.pk),
            parent_state=str(parent.state),
        )
    if parent.depth >= MAX_DEPTH:
        return Malformed(
            "At most {count} actions can be above an action. Name another parent.",
            said={"count": MAX_DEPTH},
            field="parent",
        )
    return None


def told(action: Action) -> dict[str, Any]:
    """What the ledger entry of a new action says of its parent."""
    return {"parent": str(action.parent_id)} if action.parent_id is not None else {}


def _unknown() -> Refused:
    return Malformed(
        "No action of this agent has the ID in parent. Send the ID of one, or omit parent.", field="parent"
    )


def _read(ids: Collection[uuid.UUID]) -> Collection[Action]:
    return Action.objects.filter(pk__in=ids).only("id", "agent_id", "client_id", "state", "depth")
