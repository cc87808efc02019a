"""Two clients of one desk, each with people, an agent, an action type and actions in many states."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group

from approvals.actors import Actor, Door, system
from approvals.models import Action, Agent, Client, Membership, Person
from approvals.services.accounts import delegations
from approvals.services.decisions import handover, notes
from approvals.services.execution import run
from approvals.services.safety import halts
from approvals.states import HaltScope, Tier
from tests import world
from tests.services.automation import given
from tests.world import NOON, World

NORTH, SOUTH = "northwind", "southgate"
# What only a page of this client's books can hold: names, subjects, numbers, amounts, words.
WORDS = {
    NORTH: ("northwind", "nordlicht", "NOR-77", "611.13", "9611.13", "61.13", "norddeutsch"),
    SOUTH: ("southgate", "sudwind", "SUD-88", "622.24", "9622.24", "62.24", "sudtirol"),
}
_AMOUNTS = {NORTH: (611.13, 9611.13, 61.13), SOUTH: (622.24, 9622.24, 62.24)}
_ISSUERS = {NORTH: "Nordlicht Mill", SOUTH: "Sudwind Mill"}
_NUMBERS = {NORTH: "NOR-77", SOUTH: "SUD-88"}
_REASONS = {NORTH: "norddeutsch", SOUTH: "sudtirol"}
DAY = timedelta(days=1)


@dataclass
class Books:
    """The world, and each client with its people by role and all of its actions."""

    here: World
    clients: dict[str, Client]
    people: dict[str, Person]

    def of(self, key: str, **more: Any) -> World:
        """The same world, in which the people of this client decide."""
        own = {"junior": self.people[f"{key} junior"], "senior": self.people[f"{key} senior"]}
        return World(**(vars(self.here) | own | more))

    def told(self, key: str, place: int = 0, **more: Any) -> dict[str, Any]:
        """What an invoice in this client's books says."""
        amount, number = _AMOUNTS[key][place], f"{_NUMBERS[key]}{Action.objects.count():04}"
        return {"client": key, "issuer": _ISSUERS[key], "amount": amount, "invoice_number": number} | more

    def actions(self, key: str) -> list[Action]:
        """Every action in this client's books."""
        return list(Action.objects.filter(client=self.clients[key]).order_by("id"))


def make() -> Books:
    """Two clients with their people, and nothing to decide yet."""
    here = world.make(connector="journal")
    found = Books(here, {}, {})
    reviewers = Group.objects.get(name="Reviewers")
    for key in (NORTH, SOUTH):
        client = Client.objects.create(key=key, name=key.title(), currency="EUR")
        found.clients[key] = client
        for role, tier in (("junior", Tier.JUNIOR), ("senior", Tier.SENIOR)):
            who = world.person(f"{key[:2]}-{role}")
            Membership.objects.create(person=who, desk=here.desk, client=client, tier=tier)
            found.people[f"{key} {role}"] = who
        delegate = world.person(f"{key[:2]}-delegate")
        found.people[f"{key} delegate"] = delegate
        _lend(found.people[f"{key} senior"], delegate)
    partner = world.person("partner")
    Membership.objects.create(person=partner, desk=here.desk, covers_clients=True, tier=Tier.SENIOR)
    found.people |= {"partner": partner, "junior": here.junior, "senior": here.senior}
    for who in found.people.values():
        who.groups.add(reviewers)
    return found


def fill(found: Books) -> None:
    """Put an action in each of many states into the books of both."""
    for key in (NORTH, SOUTH):
        for _step in _filled(found, key):
            run.run_ready(actor=system(Door.CELERY), clock=lambda: datetime.now(UTC))


def _filled(found: Books, key: str) -> Iterator[object]:
    here, why = found.of(key), _REASONS[key]
    client = found.clients[key]
    kind = world.invoice_type(
        here.desk, name=f"invoice.{key}", title=f"Post to {key.title()}", client=client, sample_rate=1.0
    )
    agent = Agent.objects.create(name=f"{key}-bot", title=f"{key.title()} robot", owner=here.owner, client=client)
    own = found.of(key, kind=kind, agent=agent)
    yield own.auto(**found.told(key, 2))
    yield own.approved(**found.told(key))
    yield here.approved(**found.told(key))
    rejected = here.pending(**found.told(key))
    yield world.decide("reject", rejected, here.junior, rationale=why)
    edited = here.pending(**found.told(key))
    payload = edited.revision.payload | {"account": 4400, "note": why}
    yield world.decide("modify", edited, here.junior, payload=payload)
    handed = here.pending(**found.told(key))
    senior = Actor(Door.ADMIN, person=here.senior)
    yield handover.hand_over(actor=senior, at=NOON, action_id=handed.pk, to=here.junior.username, reason=why)
    asked = here.pending(**found.told(key))
    yield notes.ask(actor=senior, at=NOON, action_id=asked.pk, text=why)
    yield world.decide("escalate", here.pending(**found.told(key)), here.junior)
    yield here.pending(**found.told(key, 1))
    yield here.propose(**found.told(key, instruction=why))
    # The same document in the books of both is no duplicate.
    yield here.pending(client=key, issuer="Shared Ltd", invoice_number="TWIN-1", amount=300)
    for _place in range(2):
        yield here.pending(**found.told(key))
    yield here.pending(**found.told(key, invoice_number=f"{_NUMBERS[key]}TWIN"))
    yield here.pending(**found.told(key, invoice_number=f"{_NUMBERS[key]}TWIN"))
    made = here.approved(**found.told(key))
    yield given.make(here.junior, made, reason=why)
    yield halts.start(actor=senior, at=NOON, scope=HaltScope.ACTION_TYPE, name=kind.name, reason=why)
    owner = Actor(Door.ADMIN, person=here.owner)
    yield halts.start(actor=owner, at=NOON, scope=HaltScope.AGENT, name=agent.name, reason=why)


def _lend(lender: Person, delegate: Person) -> None:
    now = datetime.now(UTC)
    delegations.grant(
        actor=Actor(Door.ADMIN, person=lender), at=now, person=lender, delegate=delegate, ends_at=now + DAY
    )
