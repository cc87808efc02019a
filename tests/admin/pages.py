"""Addresses of the decision page, and what its buttons send."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from approvals.models import Action
from approvals.services.execution import schedule


def address(action: Action, name: str = "review") -> str:
    """The address of one of the action's pages."""
    return reverse(f"admin:approvals_action_{name}", args=[action.pk])


def show(client: Client, action: Action, query: str = "") -> str:
    """The decision page's text."""
    answer = client.get(address(action) + query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def seen(action: Action) -> dict[str, Any]:
    """The hidden fields: what was on the screen."""
    target = schedule.target_digest(action.action_type)
    return {"revision": action.revision.number, "digest": action.revision.digest, "target": target}


def press(client: Client, action: Action, verdict: str, **fields: Any) -> HttpResponse:
    """Press a verdict's button."""
    return client.post(address(action, "decide"), seen(action) | {"verdict": verdict} | fields)


def edit(client: Client, action: Action, **values: str) -> HttpResponse:
    """Send the edited form; a keyword is a top-level field of the payload."""
    typed = {f"value:/{name}": text for name, text in values.items()}
    return client.post(address(action, "modify"), seen(action) | typed)


def confirm(client: Client, action: Action, preview: HttpResponse, **fields: Any) -> HttpResponse:
    """Confirm what the from-to page showed."""
    context: Any = preview.context
    return client.post(address(action, "modify"), seen(action) | {"payload": context["payload"]} | fields)
