"""Locking the one row that everything about an action is asked and changed under; steps."""

import uuid

from approvals.actors import Actor
from approvals.errors import NotFound
from approvals.models import Action

_WITH = ("action_type", "action_type__desk", "agent", "desk", "revision", "ruling")


def action(action_id: uuid.UUID, *, skip: bool = False) -> Action:
    """The action, locked until the transaction ends; ``skip`` passes over one that somebody else holds.

    :raises NotFound: there is none, or it is held.
    """
    rows = Action.objects.select_related(*_WITH).select_for_update(of=("self",), skip_locked=skip)
    found = rows.filter(pk=action_id).first()
    if found is None:
        raise NotFound()
    return found


def own_action(actor: Actor, action_id: uuid.UUID) -> Action:
    """The acting agent's own action, locked.

    :raises NotFound: it is not this agent's.
    """
    found = action(action_id)
    if actor.agent is None or found.agent_id != actor.agent.pk:
        raise NotFound()
    return found
