"""Whose books a proposal belongs to: the client that it names, or that its agent or action type belongs to."""

from collections.abc import Iterable

from django.db.models import Q

from approvals.errors import Malformed
from approvals.models import Action, ActionType, Agent, Client
from approvals.services.payloads.proposal import Proposal

Known = dict[int | str, Client]

NOTHING: Known = {}


def read(proposals: Iterable[Proposal], kinds: Iterable[ActionType], agent: Agent | None) -> Known:
    """The clients that these name or belong to, by id and by key; one statement, and none where there are none."""
    keys = {item.client for item in proposals if item.client}
    ids = {row.client_id for row in (*kinds, agent) if row is not None and row.client_id is not None}
    if not keys and not ids:
        return NOTHING
    found: Known = {}
    for row in Client.objects.filter(Q(key__in=keys) | Q(pk__in=ids)):
        found |= {row.pk: row, row.key: row}
    return found


def is_strange(kind: ActionType, agent: Agent | None) -> bool:
    """Whether an action type belongs to another client than its agent, who then does not learn that it exists."""
    return agent is not None and None not in (agent.client_id, kind.client_id) and agent.client_id != kind.client_id


def again(original: Action, item: Proposal, kind: ActionType, agent: Agent | None) -> Client | None:
    """The client of an action that is proposed once more or undone: its own, asked as of any other proposal.

    :raises Malformed: the client is not active any more, or the type or the agent belongs to another by now.
    """
    client = of(item, kind, agent, read([item], [kind], agent))
    if client != original.client:
        raise _is_of_another(kind)
    return client


def key_of(original: Action) -> str:
    """The key by which a proposal names the client of this action; empty for none."""
    return original.client.key if original.client is not None else ""


def of(item: Proposal, kind: ActionType, agent: Agent | None, known: Known) -> Client | None:
    """The client of a proposal; None where it has none.

    1. An agent or action type that belongs to a client is of no other, and need not name it.
    2. What belongs to none can be of any active client.
    3. Nobody learns which clients there are from what is refused to an agent of one.

    :raises Malformed: it names another client than its own, one that is not there, or one that is not active.
    """
    own = {row.client_id for row in (kind, agent) if row is not None and row.client_id is not None}
    if not own and not item.client:
        return None
    ids = own or {row.pk for row in [known.get(item.client)] if row is not None}
    client = known.get(next(iter(ids))) if len(ids) == 1 else None
    if len(own) > 1 or (own and item.client and (client is None or client.key != item.client)):
        raise _is_of_another(kind)
    if client is None or not client.is_active:
        raise Malformed("No active client has the key in client. Send the key of one, or omit client.", field="client")
    return client


def _is_of_another(kind: ActionType) -> Malformed:
    return Malformed(
        "This agent cannot propose “{kind}” for this client. Omit client, or use an agent of the client.",
        said={"kind": kind.name},
        field="client",
    )
