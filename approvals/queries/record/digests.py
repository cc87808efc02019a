"""The digests of stored rows, computed again from what they hold now."""

import hashlib
import hmac
import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from approvals.models import Action, PolicyEvaluation, Revision
from policies.engine.values.canonical import bytes_digest, canonical_bytes, object_of


def digest_of(
    *,
    action_id: uuid.UUID,
    number: int,
    type_id: int,
    type_version: int,
    agent_id: int,
    payload: str,
    nonce: str,
    until: datetime | None = None,
    attachments: Sequence[str] | None = None,
    client_id: int | None = None,
) -> str:
    """SHA-256 over the canonical form of everything that a decision is bound to, as 64 hexadecimal digits.

    ``payload`` is its canonical text. ``until`` is when the effect ends, if it has an end, ``client_id`` whose books
    the action belongs to, if anybody's. ``attachments`` are the salted digests of the attachments, in order, if there
    are any.
    """
    # Type and agent by id: a new name of either is no other payload.
    bound = {
        "action": f'"{action_id}"',
        "revision": str(number),
        "type": str(type_id),
        "type_version": str(type_version),
        "agent": str(agent_id),
        "payload": payload,
        "nonce": f'"{nonce}"',
    }
    if until is not None:
        bound["until"] = f'"{until.astimezone(UTC).isoformat()}"'
    if attachments:
        bound["attachments"] = canonical_bytes(list(attachments)).decode()
    if client_id is not None:
        bound["client"] = str(client_id)
    return bytes_digest(object_of(bound).encode())


def bound_to(action: Action, revision: Revision) -> dict[str, Any]:
    """What the digest of a revision covers beside its payload; the last three only where there are any."""
    bound: dict[str, Any] = {
        "action": str(action.pk),
        "revision": revision.number,
        "type": action.action_type_id,
        "type_version": revision.type_version,
        "agent": action.agent_id,
        "nonce": revision.nonce,
    }
    if revision.until is not None:
        bound["until"] = revision.until.astimezone(UTC).isoformat()
    if revision.attachments:
        bound["attachments"] = revision.attachments
    if action.client_id is not None:
        bound["client"] = action.client_id
    return bound


def digest_now(action: Action, revision: Revision) -> str:
    """The digest of what is stored as this revision; empty where that is no payload any more."""
    try:
        # Written anew: a body that says the same in another spelling is the same payload.
        payload = canonical_bytes(json.loads(revision.body)).decode()
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
        until=revision.until,
        attachments=revision.attachments,
        client_id=action.client_id,
    )


def of_attachment(sha256: str, salt: str) -> str:
    """The HMAC-SHA256 of a file's SHA-256, which revisions and the ledger hold in its place; both are hexadecimal."""
    return hmac.new(salt.encode(), sha256.encode(), hashlib.sha256).hexdigest()


def is_whole(evaluation: PolicyEvaluation) -> bool:
    """Whether an evaluation still has its digest."""
    # The body is the canonical text that was hashed.
    return hashlib.sha256(evaluation.body.encode()).hexdigest() == evaluation.digest
