"""A person starts an action herself, where a kind of action leaves no agent in command."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from approvals.actors import Actor
from approvals.authority import memberships
from approvals.errors import Malformed, NotAllowed
from approvals.models import Action, ActionType, Client, Membership, Person
from approvals.models.action_types import BUILT_IN
from approvals.queries.directory import clients
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
        kinds = kinds.filter(memberships.of_kinds(Membership.objects.filter(person=person)))
    return kinds.select_related("desk").order_by("title")


def ever_startable(person: Person) -> QuerySet[ActionType]:
    """The kinds of action that this person may start or may have started, for a form that is sent too late."""
    kinds = ActionType.objects.exclude(name__in=BUILT_IN).select_related("desk")
    if person.has_perm(PERMISSION):
        return kinds
    return kinds.filter(memberships.of_kinds(Membership.objects.filter(person=person)))


@dataclass(frozen=True, slots=True)
class Books:
    """The clients for which a person may start an action of one type, and whether they may start it for none."""

    clients: Sequence[Client]
    may_be_none: bool

    def holds(self, key: str) -> bool:
        """Whether this client is one of them; an empty key stands for none."""
        return key in {client.key for client in self.clients} if key else self.may_be_none


def books(person: Person, kind: ActionType) -> Books:
    """Whose books an action of this type can belong to if this person starts it: those of their memberships there.

    A type of one client is for that client, and whoever may start everything can start it for nobody, too.
    """
    seats = list(Membership.objects.filter(person=person, desk=kind.desk_id))
    found = [client for client in clients.of_seats(seats) if client.is_active]
    if kind.client_id is not None:
        return Books([client for client in found if client.pk == kind.client_id], may_be_none=False)
    return Books(found, any(seat.client_id is None for seat in seats) or person.has_perm(PERMISSION))


def start(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    payload: dict[str, Any],
    why: str,
    idempotency_key: str,
    until: datetime | None = None,
    client: str = "",
) -> Action:
    """Propose an action in a person's own name; somebody else decides on it like on any other.

    :raises NotAllowed: this person may not start this kind.
    :raises Malformed: it may not end then, or must have an end, or is for a client that is not this person's.
    :raises SchemaFault: the payload does not have the type's form.
    :raises KeyReused: the form was sent before with other values.
    """
    kind = startable(actor.person).filter(name=name).first() if actor.person is not None else None
    if actor.person is None or kind is None:
        raise NotAllowed(
            "You do not have permission to start “{name}”. Ask an administrator to add you to its desk.",
            said={"name": name},
        )
    if not books(actor.person, kind).holds(client):
        raise Malformed("Choose a client from the list.", field="client")
    allowed = replace(actor, scopes=frozenset({f"propose:{name}"}))
    proposal = Proposal(
        idempotency_key=idempotency_key, action_type=name, payload=payload, instruction=why, until=until, client=client
    )
    return propose.propose(actor=allowed, at=at, proposal=proposal).action
