"""The digests of stored rows, computed again from what they hold now."""

import hashlib
import json
import uuid
from typing import Any

from approvals.models import Action, PolicyEvaluation, Revision
from policies.engine.values.canonical import digest


def digest_of(
    *,
    action_id: uuid.UUID,
    number: int,
    type_id: int,
    type_version: int,
    agent_id: int,
    payload: dict[str, Any],
    nonce: str,
) -> str:
    """SHA-256 over the canonical form of everything that a decision is bound to, as 64 hexadecimal digits."""
    # Type and agent by id: a new name of either is no other payload.
    return digest(
        {
            "action": str(action_id),
            "revision": number,
            "type": type_id,
            "type_version": type_version,
            "agent": agent_id,
            "payload": payload,
            "nonce": nonce,
        }
    )


def digest_now(action: Action, revision: Revision) -> str:
    """The digest of what is stored as this revision; empty where that is no payload any more."""
    try:
        payload = json.loads(revision.body)
    except ValueError:
        return ""
    return digest_of(
        action_id=action.pk,
        number=revision.number,
        type_id=action.action_type_id,
        type_version=revision.type_version,
        agent_id=action.agent_id,
        payload=payload,
        nonce=revision.nonce,
    )


def is_whole(evaluation: PolicyEvaluation) -> bool:
    """Whether an evaluation still has its digest."""
    # The body is the canonical text that was hashed.
    return hashlib.sha256(evaluation.body.encode()).hexdigest() == evaluation.digest
