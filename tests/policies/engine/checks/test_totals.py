"""An amount that is declared to be a sum equals it, digit for digit."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.checks.totals import total

LINES = {"of": ["/lines/*/amount"]}
PRODUCTS = {"of": [{"each": "/lines", "product": ["/qty", "/price"]}]}
OPTIONAL = {"of": [["/net", "/tax"], ["/lines/*/amount", {"optional": "/tax"}]]}
CENTS = st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=20)


def found(value: Any, expected: dict[str, Any], currency: str = "EUR", **payload: Any) -> str:
    odd = total(value, expected, payload, currency)
    return odd.template.format(value="717.97", **odd.values) if odd else ""


def spelled(units: int, places: int, as_number: bool) -> Any:
    text = f"{Decimal(units).scaleb(-places):f}"
    return float(text) if as_number else text


@given(CENTS, st.integers(0, 4), st.booleans(), st.integers(-5, 5))
def test_the_sum_of_lines_fits_exactly(units: list[int], places: int, as_number: bool, off: int) -> None:
    lines = [{"amount": spelled(each, places, as_number)} for each in units]
    assert bool(found(spelled(sum(units) + off, places, as_number), LINES, lines=lines)) is (off != 0)


@given(st.lists(st.tuples(st.integers(1, 999), st.integers(1, 10**7)), min_size=1, max_size=10), st.integers(-2, 2))
def test_quantity_times_price_fits_exactly(rows: list[tuple[int, int]], off: int) -> None:
    lines = [{"qty": quantity, "price": spelled(price, 3, False)} for quantity, price in rows]
    whole = sum(quantity * price for quantity, price in rows) + off
    assert bool(found(spelled(whole, 3, False), PRODUCTS, lines=lines)) is (off != 0)


def test_says_both_sums_in_words() -> None:
    lines = [{"amount": "400.00"}, {"amount": 300}]
    assert found("717.97", LINES, lines=lines) == (
        "717.97 does not equal the sum of its parts: EUR 717.97 is not EUR 700.00."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("payload", "is_odd"),
    [
        ({}, False),
        ({"lines": "none"}, False),
        ({"lines": [{"name": "a"}]}, False),
        ({"lines": []}, False),
        ({"lines": [{"amount": 100}, {"note": "a"}]}, False),
        ({"lines": [{"amount": 90}, {"note": "a"}]}, True),
        ({"lines": [{"amount": 100}, {"amount": "1,00"}]}, True),
        ({"lines": [{"amount": True}, {"amount": 100}]}, True),
        ({"lines": [{"amount": 1e300}]}, True),
        ({"lines": [{"amount": "NaN"}]}, True),
        ({"lines": [{"amount": 100}]}, False),
    ],
)
def test_lines_that_cannot_be_added_are_odd_and_absent_ones_are_not(payload: dict[str, Any], is_odd: bool) -> None:
    assert bool(found(100, LINES, **payload)) is is_odd


def test_each_declared_sum_is_asked() -> None:
    assert found(119, OPTIONAL, net=100, tax=19, lines=[{"amount": 100}]) == ""
    assert "EUR 109.00" in found(119, OPTIONAL, net=100, tax=19, lines=[{"amount": 90}])
    assert "EUR 118.00" in found(119, OPTIONAL, net=99, tax=19, lines=[{"amount": 100}])
    assert found(100, OPTIONAL, lines=[{"amount": 100}]) == ""


def test_a_tolerance_can_be_declared() -> None:
    lines = [{"amount": "33.33"}] * 3
    assert found(100, LINES, lines=lines)
    assert found(100, {**LINES, "tolerance": "0.01"}, lines=lines) == ""


@pytest.mark.parametrize("expected", [{}, {"of": "/lines"}, {"of": []}, {"of": [{"each": 5, "product": []}]}])
def test_a_declaration_that_says_nothing_asks_nothing(expected: dict[str, Any]) -> None:
    assert found(100, expected, lines=[{"amount": 5}]) == ""
