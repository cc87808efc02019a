"""A proposal as rows that are not saved yet: action, first revision, words and documents. Steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from approvals.actors import Actor
from approvals.authority import conflicts
from approvals.errors import ScopeMissing
from approvals.models import Action, ActionAttachment, ActionType, Attachment, Client, Revision, Text
from approvals.models.texts import TextKind
from approvals.queries.record import actions
from approvals.services.attachments import places
from approvals.services.intake import parents
from approvals.services.ledger import entries, texts
from approvals.services.payloads import revisions
from approvals.services.payloads.proposal import Proposal
from approvals.services.policy.lookups import specs
from policies import db, writes


@dataclass(frozen=True, slots=True)
class Draft:
    """An action with its first revision, its agent's words and its documents, none of them saved yet."""

    action: Action
    revision: Revision
    text: Text
    places: Sequence[ActionAttachment] = ()


def compose(
    actor: Actor,
    at: datetime,
    item: Proposal,
    kind: ActionType,
    *,
    client: Client | None = None,
    files: Sequence[Attachment] = (),
) -> Draft:
    """An agent's proposal for a client, or for none, with the attachments that it chose; rows not saved yet. A step.

    :raises ScopeMissing: no agent is proposing.
    :raises Malformed: the payload has no canonical form.
    """
    action = _action(actor, at, item, kind, client)
    attached = places.compose(action, files)
    if attached:
        actions.attach_all(action, {ActionAttachment: attached})
    digests = [place.digest for place in attached] or None
    revision = revisions.compose(action, kind, item.body, at, action.agent, until=item.until, attachments=digests)
    action.revision = revision
    words = {"instruction": item.instruction, "reasoning": item.reasoning, "evidence": list(item.evidence)}
    return Draft(action, revision, texts.compose(action, TextKind.PROPOSAL, words, is_agents=True), attached)


def _action(actor: Actor, at: datetime, item: Proposal, kind: ActionType, client: Client | None) -> Action:
    if actor.agent is None:
        raise ScopeMissing("Only agents can propose actions. Use an agent’s API key.")
    reading = revisions.read(kind, item.payload, client)
    # What the payload says wins: it is what runs, and an agent may not choose what it is compared with.
    subject = reading.subject or item.subject or ""
    return writes.made(
        Action,
        action_type=kind,
        agent=actor.agent,
        owner_id=actor.agent.owner_id,
        desk_id=kind.desk_id,
        client=client,
        entry_id=entries.reserve_id(),
        idempotency_key=item.idempotency_key,
        request_digest=item.request_digest,
        confidence=item.confidence,
        on_behalf_of=item.on_behalf_of,
        thread=item.thread,
        subject=subject,
        reference=reading.reference,
        duplicate_fingerprint=revisions.duplicate_fingerprint(
            subject, reading.reference, item.payload, client.pk if client else None
        ),
        amount=reading.amount,
        currency=reading.currency,
        missing=reading.missing,
        created_at=at,
        expires_at=item.expires_at,
        until=item.until,
        parent_id=item.parent,
        next_lookup_at=db.now() if specs.for_routing(kind) or places.has_quotes(item.evidence) else None,
    )


def told(draft: Draft) -> dict[str, Any]:
    """What the ledger's entry of a new action commits to: payload, words, documents, parent and client."""
    said: dict[str, Any] = {"digest": draft.revision.digest, "words": draft.text.digest}
    if draft.action.client is not None:
        said["client"] = draft.action.client.key
    return said | places.told(draft.places) | parents.told(draft.action)


def name_requesters(actions: Sequence[Action]) -> None:
    """Keep the people whom each action that is not saved yet names as who asked for it; at most one statement."""
    found = conflicts.named(action.on_behalf_of for action in actions)
    for action in actions:
        people = {*(action.requesters or ()), *found.get(action.on_behalf_of, ())}
        action.requesters = sorted(people) or None
