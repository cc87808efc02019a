"""Calling the API as an agent, a person's session or a personal token does."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from approvals.actors import Actor, Door
from approvals.models import Action, Agent, Person
from approvals.services.accounts import api_keys
from approvals.services.execution import schedule

BASE = "/api/v1/"
AGENT_SCOPES = ("propose:*", "read:own", "withdraw:own", "consume:own")

_count = itertools.count(1)


class Caller:
    """One client with its credentials; answers are Django's responses, with ``.json()``."""

    def __init__(self, client: Client, headers: dict[str, str]) -> None:
        self.client = client
        self.headers = headers

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        """GET with query parameters."""
        return self.client.get(BASE + path, query, headers=self.headers | (headers or {}))

    def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """POST a JSON body."""
        return self.raw(path, json.dumps({} if body is None else body).encode(), headers)

    def raw(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> Any:
        """POST these bytes as JSON."""
        sent = self.headers | (headers or {})
        return self.client.post(BASE + path, body, content_type="application/json", headers=sent)

    def form(self, path: str, parts: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
        """POST a form; bytes with a name become a file, everything else a text."""
        files = {
            name: SimpleUploadedFile(part[0], part[1]) if isinstance(part, tuple) else part
            for name, part in parts.items()
        }
        return self.client.post(BASE + path, files, headers=self.headers | (headers or {}))

    def upload(self, content: bytes, name: str = "note.txt") -> Any:
        """Upload a file."""
        return self.form("attachments/", {"file": (name, content)})

    def propose(self, key: str | None = None, headers: dict[str, str] | None = None, **changes: Any) -> Any:
        """Propose a complete invoice; keywords are fields of the proposal, or else of its payload."""
        name = key or f"work-{next(_count)}"
        return self.post("actions/", proposal(**changes), {"Idempotency-Key": name} | (headers or {}))


def proposal(**changes: Any) -> dict[str, Any]:
    """The body of a proposal of an invoice over EUR 717.97, which a junior may decide."""
    number = next(_count)
    payload = {"issuer": "Paper Mill", "amount": 717.97, "currency": "EUR", "invoice_number": f"INV-{number:06}"}
    body = {"action_type": "invoice.post", "payload": payload, "confidence": 0.95}
    for name, value in changes.items():
        (body if name in FIELDS else payload)[name] = value
    return body


FIELDS = {
    "action_type", "payload", "instruction", "reasoning", "confidence", "evidence", "on_behalf_of", "subject",
    "thread", "expires_at", "until", "parent", "idempotency_key", "attachments", "unknown",
}  # fmt: skip


def as_agent(agent: Agent, scopes: tuple[str, ...] = AGENT_SCOPES) -> Caller:
    """The agent with a key of its own."""
    return Caller(Client(raise_request_exception=False), bearer(agent_key(agent, scopes)))


def agent_key(agent: Agent, scopes: tuple[str, ...] = AGENT_SCOPES, **more: Any) -> str:
    """A new key of the agent."""
    actor = Actor(Door.ADMIN, person=agent.owner)
    return api_keys.issue(actor=actor, at=datetime.now(UTC), agent=agent, scopes=scopes, **more).plain


def as_token(person: Person, *scopes: str) -> Caller:
    """The person with a personal token."""
    now = datetime.now(UTC)
    actor = Actor(Door.ADMIN, person=person)
    issued = api_keys.issue(actor=actor, at=now, person=person, scopes=scopes, expires_at=now + timedelta(days=1))
    return Caller(Client(raise_request_exception=False), bearer(issued.plain))


def as_session(person: Person, *, with_csrf: bool = True) -> Caller:
    """The person, signed in; real CSRF checks are on."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(person)
    if not with_csrf:
        return Caller(client, {})
    token = "a" * 32
    client.cookies["csrftoken"] = token
    return Caller(client, {"X-CSRFToken": token})


def seen(action: Action, **more: Any) -> dict[str, Any]:
    """What a decision names: the revision, and how it would be carried out."""
    target = schedule.target_digest(action.action_type)
    return {"revision": action.revision.number, "digest": action.revision.digest, "target_digest": target, **more}


def bearer(plain: str) -> dict[str, str]:
    """The header that brings a key."""
    return {"Authorization": f"Bearer {plain}"}
