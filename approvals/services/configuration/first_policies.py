"""Policies during the set-up, while nobody else is there to publish them; and drafts from then on. Steps."""

from datetime import datetime
from typing import Any

from approvals.actors import Actor
from approvals.errors import NotAllowed
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from policies.services import versions


def draft(*, actor: Actor, at: datetime, name: str, source: str, reason: str) -> Any:
    """Save a text as a draft of a policy; a step.

    :raises NotAllowed: no person acts.
    :raises PolicyFault: the policy is invalid.
    """
    if actor.person is None:
        raise NotAllowed("Only a person can set up an action type. Sign in to the admin.")
    return versions.draft_step(
        actor_person=actor.person, door=actor.door, name=name, source=source, at=at, reason=reason
    )


def publish_alone(*, actor: Actor, at: datetime, name: str, source: str, reason: str) -> None:
    """Put a policy in force during the set-up, recorded as published by its author alone; a step.

    :raises NotAllowed: no person acts.
    :raises PolicyFault: the policy is invalid.
    :raises TestsFail: one of its tests fails.
    """
    version = draft(actor=actor, at=at, name=name, source=source, reason=reason)
    assert actor.person is not None  # it drafted
    versions.publish_step(
        actor_person=actor.person, door=actor.door, name=name, number=version.number, digest=version.digest, at=at,
        is_solo=True, reason="Published during the set-up.",
    )  # fmt: skip
    data = {"policy": name, "number": version.number, "digest": version.digest}
    entries.record_refusal(Event(actor, at, "setup.policy.published", "Published during the set-up.", data))
