"""Scores: what raises them, and that nothing lowers them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from policies.engine.evaluation.scoring import SCORERS, Finding, score
from policies.engine.inputs.policy_input import PolicyInput
from tests.policies.engine.given import facts


class TestScore:
    def test_of_a_small_complete_invoice_is_low(self) -> None:
        assert score(facts(), {}).score < 10

    def test_is_the_sum_of_its_parts(self) -> None:
        scored = score(facts(amount_base=Decimal(1500), confidence=0.7, missing=("/iban",)), {})
        assert scored.score == sum(part.points for part in scored.parts)
        assert [part.name for part in scored.parts] == list(SCORERS)

    @pytest.mark.parametrize(
        "worse",
        [
            {"stakes": "medium"},
            {"reversibility": "irreversible"},
            {"external": True},
            {"data_classes": ("health",)},
            {"data_classes": ("unheard_of",)},
            {"domain": "fraud"},
            {"amount_base": Decimal(25_000)},
            {"amount_base": Decimal(-25_000)},
            {"amount_base": None},
            {"confidence": 0.5},
            {"confidence": None},
            {"missing": ("/iban",)},
            {"history": {"same_number": 1}},
        ],
        ids=str,
    )
    def test_rises_with_everything_that_is_worse(self, worse: dict[str, Any]) -> None:
        assert score(facts(**worse), {}).score > score(facts(), {}).score

    def test_never_exceeds_a_hundred(self) -> None:
        worst = PolicyInput(
            action_type="a",
            payload={},
            agent="b",
            domain="fraud",
            data_classes=("health",),
            amount=Decimal(10**9),
            amount_base=Decimal(10**9),
            missing=("/a", "/b", "/c", "/d"),
            history={"same_number": 3},
        )
        assert score(worst, {}).score == 100

    def test_counts_no_points_below_zero(self) -> None:
        def generous(facts: PolicyInput, schema: Mapping[str, object]) -> Finding:
            return Finding(-50, "All is well.")

        assert score(facts(), {}, scorers={**SCORERS, "generous": generous}).score == score(facts(), {}).score

    def test_counts_a_scorer_by_its_weight_in_percent(self) -> None:
        about = facts(confidence=0.7)
        assert score(about, {}, {"confidence": 200}).score == score(about, {}).score + 15
        assert score(about, {}, {"confidence": 0}).score == score(about, {}).score - 15

    def test_carries_the_exceptions_that_were_found(self) -> None:
        schema = {"properties": {"iban": {"x-expect": {"kind": "iban"}}}}
        scored = score(facts(payload={"iban": "US1234567890"}), schema)
        assert [(flag.code, flag.pointer) for flag in scored.flags] == [("malformed_iban", "/iban")]
        assert "not a valid IBAN" in scored.parts[-1].sentence
