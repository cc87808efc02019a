"""A small world to act in: people, a desk, a type, an agent, a policy; actions reach states through services only."""

import itertools
import uuid
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import connection

from approvals.actors import Actor, Door, system
from approvals.models import Action, ActionType, Agent, Breaker, Decision, Desk, LedgerEntry, Membership, Person
from approvals.services import routing
from approvals.services.decisions import decide as decisions
from approvals.services.execution import schedule
from approvals.services.intake import propose as intake
from approvals.services.intake.results import ProposalResult
from approvals.services.payloads.proposal import Proposal
from approvals.states import GRANTS, ExecutionMode, Mode, Reversibility, Stakes, Tier
from policies.services import versions

# Not long past, because the database’s own clock decides what is due: much would be overdue at once.
# The last noon that is over: what the database compares with its own clock lies in the past, also in the morning.
NOON = datetime.combine((datetime.now(UTC) - timedelta(hours=12)).date(), time(12), UTC)

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "title": "Invoice",
    "required": ["issuer", "currency"],
    "properties": {
        "issuer": {"type": "string", "title": "Issuer", "minLength": 1},
        "amount": {"type": "number", "title": "Amount"},
        "currency": {"type": "string", "title": "Currency", "pattern": "^[A-Z]{3}$"},
        "invoice_number": {
            "type": "string",
            "title": "Invoice number",
            "x-expect": {"kind": "number", "min_length": 3, "pattern": "\\d"},
        },
        "iban": {"type": "string", "title": "IBAN", "x-expect": {"kind": "iban"}},
        "date": {"type": "string", "format": "date", "title": "Date"},
        "account": {"type": "integer", "title": "Account"},
        "lines": {
            "type": "array",
            "title": "Lines",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "price": {"type": "number"}},
            },
        },
    },
    "additionalProperties": True,
}

POLICY = """
policy: invoices
title: Invoices
about: Small complete invoices run; larger ones wait.
amounts:
  base: EUR
  ladders:
    EUR:
      - {up_to: "250.00", outcome: auto}
      - {up_to: "5000.00", outcome: review}
      - {outcome: escalate}
tiers:
  junior: {who: responsible, quorum: 1, due: 1d, on_timeout: escalate}
  senior: {who: desk, quorum: 1, due: 2d, on_timeout: expire}
"""

_count = itertools.count(1)


def person(name: str, **fields: Any) -> Person:
    """Somebody who may sign in to the admin, with the password `secret`."""
    found: Person = Person.objects.create(
        **({"username": name, "email": f"{name}@example.com", "password": hashed(), "is_staff": True} | fields)
    )
    return found


def auditor(name: str = "root") -> Person:
    """A superuser who reads everything, because their group does, and reviews nowhere."""
    found = person(name, is_superuser=True)
    found.groups.add(Group.objects.get(name="Compliance"))
    return found


@cache
def hashed() -> str:
    """The password `secret` as it is stored; made once, because making it is slow on purpose."""
    return make_password("secret")


def publish(source: str, name: str, author: Person, publisher: Person, at: datetime = NOON) -> None:
    """Put a policy in force, drafted by one and published by another."""
    version = versions.draft(actor_person=author, door="command", name=name, source=source, at=at)
    versions.publish(
        actor_person=publisher, door="command", name=name, number=version.number, digest=version.digest, at=at
    )


def invoice_type(desk: Desk, **fields: Any) -> ActionType:
    """The kind of action that most tests act on: reversible, medium stakes, in the journal."""
    given = {
        "name": "invoice.post",
        "title": "Post invoice",
        # A copy: what a test changes in it must not reach the next one.
        "schema": deepcopy(SCHEMA),
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
        "desk": desk,
        "policy": "invoices",
        # Whether one is drawn depends on its id; a test that wants samples says so.
        "sample_rate": 0.0,
        "execution": ExecutionMode.CONNECTOR,
        "connector": "journal",
    }
    return ActionType.objects.create(**(given | fields))


@dataclass
class World:
    """One desk with a junior and a senior, an agent with its owner, and an invoice policy in force."""

    owner: Person
    junior: Person
    senior: Person
    desk: Desk
    kind: ActionType
    agent: Agent
    scopes: frozenset[str] = field(default=frozenset({"propose:*", "read:own", "withdraw:own", "consume:own"}))

    def set_kind(self, **fields: Any) -> None:
        """Let the kind of action differ from now on."""
        for name, value in fields.items():
            setattr(self.kind, name, value)
        self.kind.save()

    def as_agent(self) -> Actor:
        """The agent, by its key."""
        return Actor(Door.API, agent=self.agent, scopes=self.scopes)

    def proposal(self, **changes: Any) -> Proposal:
        """A complete invoice; a keyword that is a field of a proposal replaces it, any other goes in the payload."""
        number = next(_count)
        fields: dict[str, Any] = {"idempotency_key": f"key-{number}", "action_type": self.kind.name, "confidence": 0.95}
        payload: dict[str, Any] = {
            "issuer": "Paper Mill",
            "amount": 717.97,
            "currency": "EUR",
            "invoice_number": f"INV-{number:06}",
        }
        for name, value in changes.items():
            (fields if name in Proposal.__dataclass_fields__ else payload)[name] = value
        return Proposal(**({"payload": payload} | fields))

    def propose(self, at: datetime = NOON, **changes: Any) -> Action:
        """An action that was just proposed."""
        return intake.propose(actor=self.as_agent(), at=at, proposal=self.proposal(**changes)).action

    def route(self, action: Action, at: datetime = NOON) -> Action:
        """The action after the worker routed it."""
        routing.route(actor=system(Door.CELERY), at=at, action_id=action.pk)
        return fresh(action)

    def pending(self, at: datetime = NOON, **changes: Any) -> Action:
        """An action that waits for a person; EUR 717.97 waits for a junior, 9,000 for a senior."""
        return self.route(self.propose(at, **changes), at)

    def auto(self, at: datetime = NOON, **changes: Any) -> Action:
        """An action that policy approved by itself."""
        return self.route(self.propose(at, **({"amount": 20.5} | changes)), at)

    def approved(self, at: datetime = NOON, **changes: Any) -> Action:
        """An action that the junior approved as proposed."""
        action = self.pending(at, **changes)
        decide("approve", action, self.junior, at)
        return fresh(action)


def make(**type_fields: Any) -> World:
    """A new world in the test's database."""
    owner, junior, senior = person("owner"), person("junior"), person("senior")
    desk = Desk.objects.create(slug="finance", name="Finance")
    Membership.objects.create(person=junior, desk=desk, tier=Tier.JUNIOR)
    Membership.objects.create(person=senior, desk=desk, tier=Tier.SENIOR)
    publish(POLICY, "invoices", owner, senior)
    kind = invoice_type(desk, **type_fields)
    agent = Agent.objects.create(name="invoice-bot", title="Invoice bot", owner=owner)
    return World(owner, junior, senior, desk, kind, agent)


def fresh(action: Action) -> Action:
    """The action as the database has it now."""
    return Action.objects.select_related("action_type", "agent", "desk", "revision", "evaluation").get(pk=action.pk)


def states(actions: list[Action]) -> list[str]:
    """Where these actions stand by now."""
    return [fresh(action).state for action in actions]


def decide(
    verdict: str, action: Action, who: Person, at: datetime = NOON, door: Door = Door.ADMIN, **changes: Any
) -> Decision:
    """A decision by a person on what is there now."""
    seen = {
        "revision": action.revision.number,
        "digest": action.revision.digest,
        **target_of(action, verdict),
    } | changes
    decision: Decision = getattr(decisions, verdict)(
        actor=Actor(door, person=who, scopes=frozenset({"decide"})), at=at, action_id=action.pk, **seen
    )
    return decision


def target_of(action: Action, verdict: str = "approve") -> dict[str, Any]:
    """How it would be carried out, as is named by what lets it run."""
    if verdict not in GRANTS:
        return {}
    return {"target": schedule.target_digest(ActionType.objects.get(pk=action.action_type_id))}


def send(here: World, proposal: Proposal, at: datetime = NOON) -> ProposalResult:
    """What the agent is answered when it proposes."""
    return intake.propose(actor=here.as_agent(), at=at, proposal=proposal)


def withdraw(here: World, action: Action, at: datetime = NOON) -> Action:
    """The agent takes its action back."""
    return intake.withdraw(actor=here.as_agent(), at=at, action_id=action.pk, reason="No longer needed.")


def open_breaker(connector: str, host: str = "", error: str = "") -> Breaker:
    """A circuit breaker that has just opened."""
    row = Breaker(connector=connector, host=host, error=error)
    row.trip(NOON, NOON, timedelta(minutes=1))
    row.save()
    return row


def now() -> datetime:
    """The moment it is."""
    return datetime.now(UTC)


def events(action: Action) -> list[str]:
    """What the ledger says of an action, by name and in order."""
    return list(LedgerEntry.objects.filter(action=action).order_by("waiting__number").values_list("event", flat=True))


def soon(seconds: float) -> datetime:
    """A moment after noon."""
    return NOON + timedelta(seconds=seconds)


def unknown_id() -> uuid.UUID:
    """An id that names nothing."""
    return uuid.uuid4()


def tamper(statement: str, parameters: list[Any], *guards: str) -> None:
    """Write past the database's guards, as its superuser could; ``guards`` are the triggers that SQLite has to lose."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(statement, parameters)
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            for guard in guards:
                # It stays away, so that the next of one kind finds it gone.
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard}")
            cursor.execute(statement, parameters)


def stored(key: uuid.UUID) -> str:
    """An id as the database keeps it, for statements by hand."""
    return str(key) if connection.vendor == "postgresql" else key.hex


def tamper_body(action: Action, body: str = '{"amount":9000}') -> None:
    """Change the stored bytes as a superuser of the database could."""
    change = "UPDATE approvals_revision SET body = %s WHERE action_id = %s"
    tamper(change, [body, stored(action.pk)], "approvals_revision_no_update")


def tamper_execution(column: str, value: str) -> None:
    """Change what executions were born with."""
    tamper(f"UPDATE approvals_execution SET {column} = %s", [value], "approvals_execution_fixed")
