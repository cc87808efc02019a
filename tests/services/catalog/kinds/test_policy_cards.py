"""Each policy card does what its sentence says, and never lets run what is irreversible and serious, or regulated."""

from decimal import Decimal
from typing import Any

import pytest

from approvals.services.catalog.kinds import policy_cards
from policies.engine.document.parse import parse
from policies.engine.evaluation.evaluate import evaluate
from policies.engine.evaluation.result import Evaluation
from policies.engine.inputs.policy_input import PolicyInput

WRITTEN = [card.key for card in policy_cards.CARDS if card.key != policy_cards.EXISTING]
EASY: dict[str, Any] = {"reversibility": "reversible", "stakes": "low", "external": False, "score": 0}


def ask(key: str, **facts: Any) -> Evaluation:
    source = policy_cards.document(
        key, name="quotes", title="Quotes", about="As the card says.", base="EUR", runs=Decimal(500), upto=Decimal(5000)
    )
    mode = policy_cards.BY_KEY[key].mode
    case = {"action_type": "quotes", "payload": {}, "agent": "a", "mode": mode} | EASY | facts
    return evaluate((parse(source),), PolicyInput(**case))


def amount(text: str) -> dict[str, Any]:
    return {"amount": Decimal(text), "amount_base": Decimal(text), "currency": "EUR"}


@pytest.mark.parametrize(
    ("key", "facts", "outcome"),
    [
        ("ask", {}, "review"),
        ("senior", {}, "escalate"),
        ("two", {}, "review"),
        ("amount", amount("500"), "auto"),
        ("amount", amount("500.01"), "review"),
        ("amount", amount("5000.01"), "escalate"),
        ("amount", {}, "review"),
        ("complete", {}, "auto"),
        ("complete", {"missing": ("/a",)}, "review"),
        ("complete", {"flags": ("malformed_iban",)}, "review"),
        ("table", {}, "auto"),
        ("table", {"stakes": "medium", "score": 60}, "review"),
        ("complete", {"confidence": 0.5}, "review"),
    ],
)
def test_a_card_does_what_it_says(key: str, facts: dict[str, Any], outcome: str) -> None:
    assert ask(key, **facts).outcome == outcome


def test_two_people_are_two() -> None:
    assert [step.quorum for step in ask("two").plan] == [2]


@pytest.mark.parametrize("key", WRITTEN)
@pytest.mark.parametrize(
    "facts", [{"reversibility": "irreversible", "stakes": "high"}, {"data_classes": ("health",)}, {"domain": "legal"}]
)
def test_no_card_lets_these_run(key: str, facts: dict[str, Any]) -> None:
    assert ask(key, **(amount("1") | facts)).outcome != "auto"
