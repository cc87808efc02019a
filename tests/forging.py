"""Rows that hang together, written past the services as somebody with a database role could."""

import uuid
from typing import Any

from django.db import connection, transaction

from approvals.actors import Actor, Door
from approvals.ids import uuid7
from approvals.models import Action, Decision, Execution, Person
from approvals.services.execution import schedule
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from tests import world
from tests.world import NOON, stored


def run(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def forge(action: Action, like: Decision | None = None, **changes: Any) -> Execution:
    """Approve an action by rows that hang together: its state, an entry, a decision and an execution."""
    before = action.state
    who = Person(pk=changes["person_id"]) if changes.get("person_id") else None
    fields: dict[str, Any] = {
        "id": uuid7(), "action": action, "round": action.round, "revision": action.revision,
        "digest": action.revision.digest, "target_digest": schedule.target_digest(action.action_type),
        "evaluation": action.evaluation, "verdict": "approve", "source": "person", "door": "admin", "is_final": True,
        "at": NOON, "mac": f"v1:{'0' * 64}",
    }  # fmt: skip
    if like is not None:
        fields |= {"mac": like.mac, "stage_id": like.stage_id, "tier": like.tier}
    run("UPDATE approvals_stage SET state = 'satisfied' WHERE action_id = %s AND state = 'open'", stored(action.pk))
    with transaction.atomic():
        action.approve()
        # Whoever knows the source makes an entry that holds together.
        told = Event(Actor(Door.ADMIN, person=who), NOON, "decision.approved")
        entry = entries.record_transition(action, told, state_from=before)
        Decision(**(fields | {"entry": entry} | changes)).save(force_insert=True)
        ready = Execution(
            action=action, agent=action.agent, revision=action.revision, round=action.round,
            digest=action.revision.digest, mode="connector", connector=action.action_type.connector,
            target_digest=schedule.target_digest(action.action_type),
            key=uuid.uuid4().hex * 2, created_at=NOON, not_before=min(NOON, world.now()),
            expires_at=world.now().replace(year=2099),
        )  # fmt: skip
        ready.save(force_insert=True)
    return ready
