"""The one address, and the view behind it."""

import hashlib
import json
import secrets
from functools import cache
from typing import Any

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone

from approvals.ids import uuid7
from approvals.models import Action, ActionType, Agent, LedgerEntry, Revision, Text

DIGEST = "0" * 64


def propose(request: HttpRequest) -> JsonResponse:
    """Write the five rows of a proposal."""
    body = json.loads(request.body)
    rows = _rows(body, request.headers["Idempotency-Key"])
    with transaction.atomic():
        for row in rows:
            type(row)._default_manager.bulk_create([row])
    return JsonResponse({"id": str(rows[0].pk)}, status=201)


def _rows(body: dict[str, Any], key: str) -> list[Any]:
    kind, agent, at, entry = _kind(body["action_type"]), _agent(), timezone.now(), uuid7()
    payload = json.dumps(body["payload"])
    action = Action(
        action_type=kind, agent=agent, owner_id=agent.owner_id, desk_id=kind.desk_id, entry_id=entry,
        idempotency_key=key,
        request_digest=DIGEST, confidence=body["confidence"], subject=body["payload"]["issuer"],
        amount=body["payload"]["amount"], currency="EUR", reference=body["payload"]["invoice_number"], created_at=at,
    )  # fmt: skip
    revision = Revision(
        action=action, number=1, type_version=1, body=payload, nonce=secrets.token_hex(16), digest=DIGEST,
        agent=agent, created_at=at,
    )  # fmt: skip
    action.revision = revision
    text = Text(
        action=action, kind="proposal", salt=secrets.token_hex(16), digest=DIGEST,
        content={name: body[name] for name in ("instruction", "reasoning", "evidence")},
    )  # fmt: skip
    model = Action.history.model
    history = model(
        **{tracked.attname: getattr(action, tracked.attname) for tracked in model.tracked_fields},
        history_date=at, history_type="+", history_change_reason="action.proposed", door="api", actor=agent.name,
    )  # fmt: skip
    note = LedgerEntry(
        id=entry, event="action.proposed", action=action, state_to="proposed", actor=f"agent:{agent.pk}", door="api",
        at=at, history_id=history.history_id, history_digest=DIGEST,
    )  # fmt: skip
    note.data = "{}"
    note.digest = hashlib.sha256(note.body.encode()).hexdigest()
    return [action, revision, text, history, note]


@cache
def _kind(name: str) -> ActionType:
    return ActionType.objects.get(name=name)


@cache
def _agent() -> Agent:
    return Agent.objects.get()


urlpatterns = [path("api/v1/actions/", propose), path("livez", lambda request: JsonResponse({}))]
