"""Locking the one row that everything about an action is asked and changed under; steps."""

import uuid

from approvals.actors import Actor
from approvals.errors import NotFound
from approvals.models import Action
from approvals.queries.safety import halts

# Under this name a locked action carries the id of its halt.
_HALT = "halted_by"
_WITH = ("action_type", "agent", "desk", "desk__calendar", "revision", "evaluation")


def action(action_id: uuid.UUID, *, skip: bool = False) -> Action:
    """The action with what halts it, locked until the transaction ends; ``skip`` passes over one that is held.

    :raises NotFound: there is none, or it is held.
    """
    # Locked bare and read after: a joined read that waited would be checked against rows of before the wait.
    held = Action.objects.select_for_update(skip_locked=skip).filter(pk=action_id)
    if not held.values_list("pk", flat=True).first():
        raise NotFound()
    found = Action.objects.select_related(*_WITH).annotate(**{_HALT: halts.of_action()}).get(pk=action_id)
    if found.action_type.desk_id == found.desk_id:
        # A join less: the database spends more time on planning this statement than on running it.
        found.action_type.desk = found.desk
    return found


def halt_of(action: Action) -> uuid.UUID | None:
    """The halt that held an action back when it was locked, read with it in one statement.

    :raises LookupError: the action was not read by `action`, so its halt is not known.
    """
    if _HALT not in vars(action):
        raise LookupError("Only an action that was locked by locks.action knows what halts it.")
    found: uuid.UUID | None = vars(action)[_HALT]
    return found


def own_action(actor: Actor, action_id: uuid.UUID) -> Action:
    """The acting agent's own action, locked.

    :raises NotFound: it is not this agent's.
    """
    found = action(action_id)
    if actor.agent is None or found.agent_id != actor.agent.pk:
        raise NotFound()
    return found
