"""Amounts are read digit for digit, and more decimals than the currency allows are an exception."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.checks.find import find
from policies.engine.checks.places import EXPECT_AT
from policies.engine.values.money import amount_minor, double, money, written
from tests.policies.engine.given import document, facts, ruled

LONG = "500." + "0" * 30 + "1"


def flags(amount: Any, currency: str | None) -> list[str]:
    about = facts(payload={"amount": amount}, currency=currency)
    return [flag.code for flag in find(about, {EXPECT_AT: {"/amount": {"kind": "amount"}}})]


@pytest.mark.parametrize(
    ("amount", "currency", "is_odd"),
    [
        (717.97, "EUR", False), ("717.97", "EUR", False), ("1.080", "EUR", True), ("1.0800", "EUR", True),
        (1.085, "EUR", True), (1.080, "EUR", False), (500.004, "EUR", True), (500.0, "JPY", False),
        (500, "JPY", False), (717.97, "JPY", True), ("717.0", "JPY", True), ("1.080", "KWD", False),
        ("1.0801", "KWD", True), ("1.080", "CLF", False), ("1e-3", "EUR", True), ("15.5", "EUR", False),
        ("1.080", "XYZ", True), ("1.08", "XYZ", False), ("1.080", None, True), ("-1.080", "EUR", True),
        (1e-7, "EUR", True), (LONG, "EUR", True), (1e14, "EUR", False),
    ],
)  # fmt: skip
def test_more_decimals_than_the_currency_has_are_an_exception(amount: Any, currency: str, is_odd: bool) -> None:
    assert flags(amount, currency) == (["too_many_decimals"] if is_odd else [])


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        ("500.004", "EUR", "EUR 500.004"), ("717.97", "JPY", "JPY 717.97"), ("718", "JPY", "JPY 718"),
        ("1.08", "EUR", "EUR 1.08"), ("1.0800", "EUR", "EUR 1.08"), ("5", "KWD", "KWD 5.000"),
        ("1234567.5", "EUR", "EUR 1,234,567.50"), (LONG, "EUR", f"EUR {LONG}"), ("-0.005", "EUR", "EUR -0.005"),
    ],
)  # fmt: skip
def test_money_is_never_rounded(amount: str, currency: str, said: str) -> None:
    assert money(Decimal(amount), currency) == said


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14))
def test_what_is_read_is_the_amount(amount: Decimal) -> None:
    assert Decimal(money(amount, "EUR").removeprefix("EUR ").replace(",", "")) == amount


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14))
def test_a_condition_reads_no_amount_as_smaller_than_it_is(amount: Decimal) -> None:
    found = Decimal(repr(double(amount)))
    assert found == amount or found.copy_abs() > amount.copy_abs()


def test_a_usual_amount_is_read_by_a_condition_as_it_is_written() -> None:
    assert double(Decimal("717.97")) == 717.97


def test_whole_minor_units_are_none_where_there_is_a_rest() -> None:
    assert amount_minor(Decimal(LONG), "EUR") is None
    assert amount_minor(Decimal("500.0000"), "EUR") == 50_000


def test_a_text_keeps_the_zeros_that_were_written() -> None:
    assert f"{written('1.080')}" == "1.080"
    assert f"{written(500.0):f}" == "500"


LADDER = """
amounts:
  base: EUR
  ladders:
    EUR:
      - {up_to: "500.00", outcome: auto}
      - {outcome: review}
"""


@pytest.mark.parametrize("amount", ["500.004", LONG])
def test_the_ladder_judges_and_tells_the_exact_amount(amount: str) -> None:
    evaluation = ruled(document(LADDER), amount=Decimal(amount), amount_base=Decimal(amount))
    assert (str(evaluation.outcome), evaluation.reasons[0].text) == (
        "review", f"The amount, EUR {amount}, is above EUR 500.00."
    )  # fmt: skip
