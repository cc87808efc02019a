"""What an agent proposes, as a value, and what is asked of it before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from approvals.errors import Malformed, TooLarge
from approvals.services.payloads.revisions import canonical_text
from policies.engine.values.canonical import bytes_digest, object_of

LENGTHS = {
    "idempotency_key": 200,
    "on_behalf_of": 200,
    "subject": 200,
    "thread": 200,
    "client": 64,
    "instruction": 20_000,
    "reasoning": 50_000,
}
# What the digest of a request does not cover, covers as a text of its own, or only where it is given.
_APART = frozenset({"idempotency_key", "payload", "parent", "attachments", "client"})
MAX_PAYLOAD_BYTES = 128 * 1024
MAX_BYTES = 256 * 1024


@dataclass(frozen=True)
class Proposal:
    """One proposal; ``evidence`` is a list of ``{label, value | url}``, ``confidence`` lies between 0 and 1.

    ``expires_at`` is until when it may be decided on, ``until`` when its effect ends, ``parent`` the action that must
    be executed before this one may run, ``attachments`` the agent's uploads that people are to see, in order, and
    ``client`` the key of whose books it belongs to.
    """

    idempotency_key: str
    action_type: str
    payload: dict[str, Any]
    instruction: str = ""
    reasoning: str = ""
    confidence: float | None = None
    evidence: Sequence[dict[str, Any]] = ()
    on_behalf_of: str = ""
    subject: str | None = None
    thread: str = ""
    expires_at: datetime | None = None
    until: datetime | None = None
    parent: UUID | None = None
    attachments: Sequence[UUID] = ()
    client: str = ""

    @cached_property
    def body(self) -> str:
        """The canonical text of the payload.

        :raises Malformed: it has none.
        """
        return canonical_text(self.payload)

    @cached_property
    def request_digest(self) -> str:
        """SHA-256 over everything but the key: the same key with another body is another request.

        :raises Malformed: a value has no canonical form.
        """
        return bytes_digest(object_of({"payload": self.body, "rest": self.rest}).encode())

    @cached_property
    def rest(self) -> str:
        """The canonical text of everything but key and payload.

        :raises Malformed: it has none.
        """
        rest = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in _APART}
        rest["evidence"] = list(self.evidence)
        rest["expires_at"] = self.expires_at.astimezone(UTC).isoformat() if self.expires_at else None
        rest["until"] = self.until.astimezone(UTC).isoformat() if self.until else None
        named: dict[str, Any] = {"parent": str(self.parent)} if self.parent is not None else {}
        named |= {"client": self.client} if self.client else {}
        if self.attachments:
            # By their IDs, which nobody can guess from a file: they stay when a file is erased.
            named["attachments"] = [str(each) for each in self.attachments]
        return canonical_text(rest | named)


def check(proposal: Proposal, at: datetime) -> None:
    """Ask what must hold of any proposal, whatever its type.

    :raises Malformed: a text is too long, a confidence outside 0 to 1, an expiry in the past.
    :raises TooLarge: the payload is larger than 128 KiB, or the whole than 256.
    """
    if not proposal.idempotency_key:
        raise Malformed("The idempotency key is empty. Send a unique key for this proposal.")
    for name, length in LENGTHS.items():
        if len(getattr(proposal, name) or "") > length:
            raise Malformed(
                "{name} is longer than {length} characters. Shorten it.",
                said={"name": name, "length": length},
                field=name,
            )
    if proposal.confidence is not None and not 0 <= proposal.confidence <= 1:
        raise Malformed(
            "confidence must be between 0 and 1. Send a value in this range, or omit confidence.", field="confidence"
        )
    if proposal.expires_at is not None and proposal.expires_at <= at:
        raise Malformed("expires_at is in the past. Send a later time or omit it.", field="expires_at")
    if check_size(proposal.body) + len(proposal.rest.encode()) > MAX_BYTES:
        raise TooLarge("The proposal is larger than 256 KiB. Send links as evidence instead.", field="evidence")


def check_size(body: str) -> int:
    """Ask whether a payload, an agent's or a reviewer's, is at most 128 KiB as canonical text; return its bytes.

    :raises TooLarge: it is larger.
    """
    size = len(body.encode())
    if size > MAX_PAYLOAD_BYTES:
        raise TooLarge("The payload is larger than 128 KiB. Send a link to the large part instead.", field="payload")
    return size
