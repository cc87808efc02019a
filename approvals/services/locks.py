"""Locking the one row that everything about an action is asked and changed under; steps."""

import uuid

from approvals.actors import Actor
from approvals.errors import NotFound
from approvals.models import Action
from approvals.queries.safety import halts

_WITH = ("action_type", "action_type__desk", "agent", "desk", "revision", "evaluation")


def action(action_id: uuid.UUID, *, skip: bool = False) -> Action:
    """The action with what halts it, locked until the transaction ends; ``skip`` passes over one that is held.

    :raises NotFound: there is none, or it is held.
    """
    # Locked bare and read after: a joined read that waited would be checked against rows of before the wait.
    held = Action.objects.select_for_update(skip_locked=skip).filter(pk=action_id)
    if not held.values_list("pk", flat=True).first():
        raise NotFound()
    found = Action.objects.select_related(*_WITH).annotate(halted_by=halts.of_action()).get(pk=action_id)
    found.halt_id = found.halted_by
    return found


def own_action(actor: Actor, action_id: uuid.UUID) -> Action:
    """The acting agent's own action, locked.

    :raises NotFound: it is not this agent's.
    """
    found = action(action_id)
    if actor.agent is None or found.agent_id != actor.agent.pk:
        raise NotFound()
    return found
