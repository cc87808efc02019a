"""A person starts an action herself, where a kind of action leaves no agent in command."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from approvals.actors import Actor
from approvals.errors import NotAllowed
from approvals.models import Action, ActionType, Person
from approvals.models.action_types import BUILT_IN
from approvals.services.intake import propose
from approvals.services.payloads.proposal import Proposal
from approvals.states import Mode

PERMISSION = "approvals.add_action"


def startable(person: Person) -> QuerySet[ActionType]:
    """The kinds of action that this person may start: those of her desks, or all for whoever has the permission.

    The built-in ones are not among them: those start from a draft, or from a form that is saved.
    """
    kinds = ActionType.objects.filter(mode=Mode.IN_COMMAND, is_active=True).exclude(name__in=BUILT_IN)
    if not person.has_perm(PERMISSION):
        kinds = kinds.filter(desk__memberships__person=person)
    return kinds.select_related("desk").order_by("title")


def ever_startable(person: Person) -> QuerySet[ActionType]:
    """The kinds of action that this person may start or may have started, for a form that is sent too late."""
    kinds = ActionType.objects.exclude(name__in=BUILT_IN).select_related("desk")
    return kinds if person.has_perm(PERMISSION) else kinds.filter(desk__memberships__person=person)


def start(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    payload: dict[str, Any],
    why: str,
    idempotency_key: str,
    until: datetime | None = None,
) -> Action:
    """Propose an action in a person's own name; somebody else decides on it like on any other.

    :raises NotAllowed: this person may not start this kind.
    :raises Malformed: it may not end then, or must have an end.
    :raises SchemaFault: the payload does not have the type's form.
    :raises KeyReused: the form was sent before with other values.
    """
    if actor.person is None or not startable(actor.person).filter(name=name).exists():
        raise NotAllowed(
            "You do not have permission to start “{name}”. Ask an administrator to add you to its desk.",
            said={"name": name},
        )
    allowed = replace(actor, scopes=frozenset({f"propose:{name}"}))
    proposal = Proposal(
        idempotency_key=idempotency_key, action_type=name, payload=payload, instruction=why, until=until
    )
    return propose.propose(actor=allowed, at=at, proposal=proposal).action
