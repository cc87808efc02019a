"""A trial evaluation tells an agent nothing of what other agents did, whatever policy counts and compares."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from approvals.models import Agent
from tests import world
from tests.api.caller import Caller, proposal
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]

IBAN = "FR1420041010050500013M02606"
NUMBER, HOUR = "INV-77001", timedelta(hours=1)
# One rule for each way in which policy may know of other actions.
POLICY = (
    world.POLICY
    + """
budgets:
  per_subject_day: {sum: "60.00"}
  per_type_week: {count: 3}
rules:
  - {name: new, outcome: review, says: Nobody knows this issuer yet., when: first_for_subject}
  - {name: often, outcome: review, says: Often., when: recent.subject_month.count > 2}
  - {name: odd, outcome: review, says: Odd., when: "'/iban' in unusual.fields"}
  - {name: high, outcome: review, says: High., when: "'unusual.ratio' in known && unusual.ratio > 1.5"}
"""
)
ASKED: list[dict[str, Any]] = [
    {"amount": 20.5, "invoice_number": NUMBER},
    {"amount": 20.5, "invoice_number": "inv 077001"},
    {"amount": 60.0, "iban": "DE89370400440532013000"},
    {"amount": 45.0, "issuer": "PAPER MILL"},
    {"amount": 45.0, "issuer": "Paper Mi11"},
    {"payload": {"issuer": "Paper Mill", "amount": 20.5, "currency": "EUR"}},
]


def told(agent: Caller) -> list[dict[str, Any]]:
    """All that the agent learns by asking."""
    return [agent.post("evaluate/", body).json() for body in BODIES]


BODIES = [proposal(**each) for each in ASKED]


def act(here: World) -> None:
    """The agent of this world gets things through, one of them identical to what is asked."""
    at = datetime.now(UTC) - HOUR
    for number in range(4):
        action = here.pending(at, amount=20.5 + number, invoice_number=f"INV-7700{number}", iban=IBAN)
        if action.state == "pending":
            world.decide("approve", action, here.junior, datetime.now(UTC))
    here.propose(at, payload=BODIES[-1]["payload"])


@pytest.fixture
def here(here: World) -> World:
    world.publish(POLICY, "invoices", here.owner, here.senior)
    return here


class TestATrialEvaluation:
    def test_is_the_same_whatever_other_agents_did(self, here: World, agent: Caller) -> None:
        before, own = told(agent), here.agent
        here.agent = Agent.objects.create(name="other-bot", title="Other", owner=here.owner)
        act(here)
        here.agent = own
        assert told(agent) == before

    def test_knows_what_the_agent_itself_did(self, here: World, agent: Caller) -> None:
        before = told(agent)
        act(here)
        assert all(now != then for now, then in zip(told(agent), before, strict=True))
        assert {flag["code"] for each in told(agent) for flag in each["flags"]} >= {"seen_before", "unusual_value"}
        rules = {reason["rule"] for each in told(agent) for reason in each["evaluation"]["reasons"]}
        assert rules >= {"budget_subject_day", "budget_type_week", "often", "odd", "high"} and "new" not in rules
