"""Rows that hang together, written past the services as somebody with a database role could."""

import uuid
from typing import Any

from django.db import connection, transaction

from approvals.ids import uuid7
from approvals.models import Action, Decision, Execution, LedgerEntry
from approvals.services.execution import schedule
from approvals.states import ActionState
from tests import world
from tests.world import NOON, stored


def run(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def forge(action: Action, like: Decision | None = None, **changes: Any) -> Execution:
    """Approve an action by rows that hang together: its state, an entry, a decision and an execution."""
    action.attach(uuid7())
    approved = ActionState.APPROVED
    entry = LedgerEntry(
        id=action.entry_id, event="decision.approved", action=action, state_from=action.state, state_to=approved,
        actor="person:" + str(changes.get("person_id")), door="admin", at=NOON, body="{}", digest="0" * 64,
    )  # fmt: skip
    fields: dict[str, Any] = {
        "id": uuid7(), "action": action, "round": action.round, "revision": action.revision,
        "digest": action.revision.digest, "target_digest": schedule.target_digest(action.action_type),
        "evaluation": action.evaluation, "verdict": "approve", "source": "person", "door": "admin", "is_final": True,
        "at": NOON, "entry": entry, "mac": f"v1:{'0' * 64}",
    }  # fmt: skip
    if like is not None:
        fields |= {"mac": like.mac, "stage_id": like.stage_id, "tier": like.tier}
    run("UPDATE approvals_stage SET state = 'satisfied' WHERE action_id = %s AND state = 'open'", stored(action.pk))
    with transaction.atomic():
        change = "UPDATE approvals_action SET state = %s, entry_id = %s WHERE id = %s"
        run(change, str(approved), stored(entry.pk), stored(action.pk))
        entry.save(force_insert=True)
        Decision(**(fields | changes)).save(force_insert=True)
        ready = Execution(
            action=action, revision=action.revision, round=action.round, digest=action.revision.digest,
            mode="connector", connector=action.action_type.connector,
            target_digest=schedule.target_digest(action.action_type),
            key=uuid.uuid4().hex * 2, created_at=NOON, not_before=NOON, expires_at=world.now().replace(year=2099),
        )  # fmt: skip
        ready.save(force_insert=True)
    return ready
