"""Webhooks of a receiver, a clock to turn forward, and workers that send what is due."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from approvals.actors import Door, system
from approvals.models import Person, Webhook, WebhookDelivery
from approvals.services.ledger import sequencing
from approvals.services.webhooks import issuing, sending
from policies import db
from tests import world
from tests.servers.recording import Recorded, RecordingServer
from tests.world import NOON

WORKER = system(Door.CELERY)
PRODUCT = system(Door.COMMAND)


@dataclass
class Ahead:
    """How far the database's clock is turned forward."""

    by: timedelta = timedelta()

    def turn(self, **given: float) -> None:
        """Turn it further."""
        self.by += timedelta(**given)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Ahead:
    found, read = Ahead(), db._read_clock
    monkeypatch.setattr(db, "_read_clock", lambda: read() + found.by)
    return found


def subscribe(owner: Person, receiver: RecordingServer, **fields: Any) -> Webhook:
    """A webhook that sends from now on."""
    number()
    url = f"{receiver.url}/hooks"
    webhook = Webhook.objects.create(**({"name": "erp", "url": url, "owner": owner} | fields))
    issue(webhook)
    return Webhook.objects.get(pk=webhook.pk)


def issue(webhook: Webhook, days: float = 1) -> str:
    """A new secret."""
    overlap = timedelta(days=days)
    return issuing.issue(actor=PRODUCT, at=NOON, webhook_id=webhook.pk, overlap=overlap).secret


def number() -> None:
    """Give all entries their positions."""
    sequencing.sequence(actor=WORKER, at=NOON)


def work() -> int:
    """Let a worker send what is due."""
    number()
    return sending.run_due(actor=WORKER, clock=world.now)


def told(receiver: RecordingServer) -> list[dict[str, Any]]:
    """What reached the receiver."""
    return [json.loads(request.body) for request in receiver.requests]


def events(receiver: RecordingServer) -> list[str]:
    """The events that reached the receiver, in order."""
    return [message["type"] for message in told(receiver)]


def states() -> list[str]:
    """Where deliveries stand, in order."""
    return list(WebhookDelivery.objects.order_by("sequence").values_list("state", flat=True))


def header(request: Recorded, name: str) -> str:
    """A header, whatever its case."""
    return next(value for key, value in request.headers.items() if key.lower() == name)


def signed_by(request: Recorded, secret: str) -> bool:
    """Whether one of the signatures is by this secret; written from the specification, not from our code."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{header(request, 'webhook-id')}.{header(request, 'webhook-timestamp')}.{request.body.decode()}"
    expected = base64.b64encode(hmac.new(key, content.encode(), hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in header(request, "webhook-signature").split(" ")
