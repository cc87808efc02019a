"""The call that proposes an example, as a command to copy, and whether a first one has arrived."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from approvals.admin.base.model_admin import person_of
from approvals.authority import visibility
from approvals.models import Action, ActionType, Agent
from approvals.services.catalog.kinds import inference

PLACEHOLDER = "$HITL_KEY"


def command(request: HttpRequest, kind: ActionType, key: str = PLACEHOLDER) -> str:
    """The curl that proposes the action type's example."""
    body = {"action_type": kind.name, "payload": inference.example_of(kind.written_schema)}
    return curl(request.build_absolute_uri(reverse("api:actions")), key, body)


def curl(address: str, key: str, body: Mapping[str, Any]) -> str:
    """A POST of a JSON body as a shell takes it: in single quotes nothing is special but the quote itself."""
    text = json.dumps(body, ensure_ascii=False, indent=2).replace("'", "'\\''")
    lines = (
        f'curl -sS "{address}"',
        f'-H "Authorization: Bearer {key}"',
        '-H "Content-Type: application/json"',
        f'-H "Idempotency-Key: first-{body["action_type"]}"',
        f"-d '{text}'",
    )
    return " \\\n  ".join(lines)


def arrived(request: HttpRequest, kind: ActionType, agent: Agent) -> tuple[bool, str]:
    """Whether this agent has proposed such an action, and the address of the first where this person may see it."""
    first = Action.objects.filter(agent=agent, action_type=kind).order_by("id").first()
    if first is None:
        return False, ""
    is_seen = visibility.may_see(person_of(request), first)
    return True, reverse("admin:approvals_action_review", args=[first.pk]) if is_seen else ""
