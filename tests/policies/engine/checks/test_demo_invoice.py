"""The demo's invoice declares its sums: an amount that does not fit its lines is odd."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.engine.checks.find import find
from tests.policies.engine.given import facts

TYPE = Path(__file__).parents[4] / "approvals" / "demo" / "types" / "invoice_post.yaml"
SCHEMA = yaml.safe_load(TYPE.read_text(encoding="utf-8"))["schema"]
LINES = [{"name": "Lamp", "qty": 2, "price_subtotal": "400.00"}, {"name": "Socket", "price_subtotal": 203.34}]


def flags(**payload: Any) -> list[tuple[str, str]]:
    found = find(facts(payload=payload, currency="EUR"), SCHEMA)
    return [(flag.pointer, flag.sentence) for flag in found]


@pytest.mark.parametrize(
    "payload",
    [
        {"amount": "603.34", "lines": LINES},
        {"amount": "717.97", "amount_tax": "114.63", "lines": LINES},
        {"amount": 717.97, "amount_untaxed": 603.34, "amount_tax": 114.63, "lines": LINES},
        {"amount": "717.97", "lines": []},
        {"amount": "717.97"},
    ],
)
def test_an_invoice_that_adds_up_is_not_odd(payload: dict[str, Any]) -> None:
    assert flags(**payload) == []


def test_an_invoice_that_does_not_is_and_both_sums_are_told() -> None:
    assert flags(amount="717.97", lines=LINES) == [
        (
            "/amount",
            "amount “717.97” does not equal the sum of its parts: EUR 717.97 is not EUR 603.34.",
        )
    ]
    assert [
        pointer for pointer, _ in flags(amount="717.97", amount_untaxed="603.33", amount_tax="114.64", lines=LINES)
    ] == [
        "/amount",
        "/amount_untaxed",
    ]
