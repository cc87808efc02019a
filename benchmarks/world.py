"""The small company of the benchmarks: three desks, five reviewers, three action types, one agent."""

import itertools
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.test import Client

from approvals.actors import Actor, Door, system
from approvals.models import ActionType, Agent, Desk, Membership, Person
from approvals.services.accounts import api_keys
from approvals.services.payloads.proposal import Proposal
from approvals.states import ExecutionMode, Mode, Reversibility, Stakes, Tier
from benchmarks.load import Call
from policies.queries.templates import source as shipped
from policies.services import versions

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["issuer", "currency"],
    "properties": {
        "issuer": {"type": "string", "minLength": 1},
        "amount": {"type": "number"},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "invoice_number": {"type": "string", "x-expect": {"kind": "number", "min_length": 3, "pattern": "\\d"}},
        "iban": {"type": "string", "x-expect": {"kind": "iban"}},
        "date": {"type": "string", "format": "date"},
        "account": {"type": "integer"},
    },
    "additionalProperties": True,
}
POLICY = """
policy: benchmark
title: Benchmark policy
about: Small complete invoices run; larger ones wait.
rules:
  - name: unusual-account
    when: "has(payload.account) && payload.account > 9999"
    outcome: review
    says: The account is unknown.
  - name: unsure
    when: "'confidence' in known && confidence < 0.6"
    outcome: escalate
    says: The agent is not sure.
amounts:
  base: EUR
  ladders:
    EUR:
      - {up_to: "250.00", outcome: auto}
      - {up_to: "5000.00", outcome: review}
      - {outcome: escalate}
score: {escalate: 75, block: 95}
"""
SMALL, LARGE = 20.5, 717.97
SCOPES = ("propose:*", "read:own", "withdraw:own", "consume:own")
DESKS = ("finance", "revenue", "elsewhere")
_count = itertools.count(1)


@dataclass(frozen=True)
class World:
    """Who is there, and the agent's key in plain text."""

    agent: Agent
    kinds: tuple[ActionType, ...]
    reviewers: tuple[Person, ...]
    publisher: Person
    key: str

    @property
    def actor(self) -> Actor:
        """The agent, by its key."""
        return Actor(Door.API, agent=self.agent, scopes=frozenset(SCOPES))

    def bearer(self, **headers: str) -> dict[str, str]:
        """The headers of a call by the agent."""
        return {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"} | headers


def make() -> World:
    """Found the firm in an empty database."""
    owner, publisher, *reviewers = (_person(name) for name in ("owner", "publisher", "r1", "r2", "r3", "r4"))
    desks = [Desk.objects.create(slug=slug, name=slug.title()) for slug in DESKS]
    for reviewer, desk in itertools.product(reviewers, desks[:2]):
        Membership.objects.create(person=reviewer, desk=desk, tier=Tier.SENIOR)
    publish("benchmark", POLICY, owner, publisher)
    publish("house", shipped("house"), owner, publisher)
    agent = Agent.objects.create(name="benchmark-agent", title="Benchmark agent", owner=owner)
    kinds = tuple(kind(f"{desk.slug}.post", desk) for desk in desks)
    issued = api_keys.issue(actor=system(Door.COMMAND), at=now(), agent=agent, scopes=SCOPES)
    return World(agent, kinds, tuple(reviewers), publisher, issued.plain)


def publish(name: str, source: str, author: Person, publisher: Person) -> None:
    """Put a policy in force, drafted by one and published by another."""
    draft = versions.draft(actor_person=author, door=Door.COMMAND, name=name, source=source, at=now())
    versions.publish(
        actor_person=publisher, door=Door.COMMAND, name=name, number=draft.number, digest=draft.digest, at=now()
    )


def kind(name: str, desk: Desk, **fields: Any) -> ActionType:
    """Create a reversible action type of medium stakes that the journal connector executes."""
    given = {
        "title": f"Post invoice at {desk.name}",
        "schema": SCHEMA,
        "amount_pointer": "/amount",
        "currency_pointer": "/currency",
        "subject_pointer": "/issuer",
        "reference_pointer": "/invoice_number",
        "automation_requires": ["/amount", "/invoice_number"],
        "summary": "Post invoice {/invoice_number} from {/issuer} for {amount}",
        "reversibility": Reversibility.REVERSIBLE,
        "stakes": Stakes.MEDIUM,
        "domain": "finance",
        "mode": Mode.ON_THE_LOOP,
        "policy": "benchmark",
        "execution": ExecutionMode.CONNECTOR,
        "connector": "journal",
    }
    return ActionType.objects.create(name=name, desk=desk, **(given | fields))


def body(kind: ActionType, amount: float) -> dict[str, Any]:
    """The body of a proposal that no other resembles."""
    number = next(_count)
    return {
        "action_type": kind.name,
        "payload": {
            "issuer": f"Supplier {number % 997}",
            "amount": amount,
            "currency": "EUR",
            "invoice_number": f"INV-{number:08}",
            "iban": "NL91ABNA0417164300",
            "date": "2026-03-02",
            "account": 4400,
        },
        "instruction": "Post the invoices that came in by mail.",
        "reasoning": "The supplier is known, the totals add up, and the account is the one that was used before.",
        "confidence": 0.95,
        "evidence": [{"label": "Order", "value": f"PO-{number:08}"}],
    }


def proposal(kind: ActionType, amount: float) -> Proposal:
    """A proposal as the service takes it."""
    return Proposal(idempotency_key=secrets.token_hex(12), **body(kind, amount))


def propose_call(world: World, amount: float, kind: ActionType | None = None) -> Call:
    """The request that proposes."""
    content = json.dumps(body(kind or world.kinds[0], amount)).encode()
    return Call("POST", "/api/v1/actions/", content, world.bearer(**{"Idempotency-Key": secrets.token_hex(12)}))


def session(person: Person) -> dict[str, str]:
    """The headers of a browser that the person signed in with."""
    client = Client()
    client.force_login(person)
    token = secrets.token_hex(16)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}; csrftoken={token}"
    return {"Cookie": cookie, "X-CSRFToken": token, "Content-Type": "application/json"}


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def _person(name: str) -> Person:
    made: Person = Person.objects.create_user(name, email=f"{name}@example.com", is_staff=True)
    return made
