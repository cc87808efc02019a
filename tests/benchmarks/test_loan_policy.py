from decimal import Decimal

import pytest

from benchmarks.loans import POLICY
from policies.engine.document.parse import Document, parse
from policies.engine.evaluation.evaluate import evaluate
from policies.engine.inputs.policy_input import PolicyInput


@pytest.fixture(scope="module")
def policy() -> Document:
    return parse(POLICY.read_text(encoding="utf-8"))


def application(amount: str) -> PolicyInput:
    return PolicyInput(
        action_type="loan.accept",
        payload={},
        agent="feed",
        amount=Decimal(amount),
        currency="EUR",
        amount_base=Decimal(amount),
        reversibility="reversible",
        stakes="medium",
        domain="financial_approval",
        mode="on_the_loop",
        score=60,
    )


class TestTheLoanPolicy:
    @pytest.mark.parametrize(
        ("amount", "outcome"),
        [
            ("1", "block"),
            ("100", "auto"),
            ("2500", "auto"),
            ("2501", "review"),
            ("1234", "review"),
            ("25000", "review"),
            ("25050", "escalate"),
        ],
    )
    def test_sends_an_amount_its_way(self, policy: Document, amount: str, outcome: str) -> None:
        evaluation = evaluate((policy,), application(amount))
        assert evaluation.outcome == outcome
        assert evaluation.reasons
