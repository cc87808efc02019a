"""Facts: what may be known, and how money is compared."""

from decimal import Decimal
from typing import Any

import pytest

from policies.engine.inputs.policy_input import PolicyInput
from policies.engine.values.canonical import digest
from policies.engine.values.money import amount_minor
from tests.policies.engine.given import facts


class TestFacts:
    def test_of_which_little_is_known_are_taken_for_the_worst(self) -> None:
        bare = PolicyInput(action_type="a", payload={}, agent="b")
        assert (bare.reversibility, bare.stakes, bare.external, bare.confidence) == ("irreversible", "high", True, None)

    @pytest.mark.parametrize(
        "changes",
        [
            {"mode": "automatic"},
            {"stakes": "extreme"},
            {"reversibility": "perhaps"},
            {"confidence": 1.01},
            {"confidence": float("nan")},
            {"amount": Decimal("NaN")},
            {"amount_base": Decimal("Infinity")},
            {"score": 101},
        ],
    )
    def test_outside_their_range_are_refused(self, changes: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=next(iter(changes))):
            facts(**changes)

    def test_as_json_write_amounts_as_decimal_text(self) -> None:
        value = facts(amount=Decimal("1E+3")).as_json()
        assert value["amount"] == "1000"
        assert len(digest(value)) == 64


class TestAmountMinor:
    @pytest.mark.parametrize(
        ("amount", "currency", "minor"),
        [
            ("717.97", "EUR", 71797),
            ("-0.01", "USD", -1),
            ("500", "JPY", 500),
            ("1.234", "KWD", 1234),
            ("0.10", "JPY", None),
            ("500.004", "EUR", None),
            ("1E+20", "EUR", None),
        ],
    )
    def test_counts_whole_minor_units_or_is_unknown(self, amount: str, currency: str, minor: int | None) -> None:
        assert amount_minor(Decimal(amount), currency) == minor

    def test_is_unknown_without_an_amount_or_a_currency(self) -> None:
        assert (amount_minor(None, "EUR"), amount_minor(Decimal(1), None)) == (None, None)
