"""Odd amounts: a person looks at each of them, and reads why."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.checks import amounts
from policies.engine.checks.find import find
from policies.engine.checks.places import EXPECT_AT
from policies.engine.values import money
from policies.engine.values.currencies import CODES, exponent
from policies.engine.values.vocabulary import FLAGS
from tests.policies.engine.given import facts

CURRENCIES = st.sampled_from(sorted(CODES))
# Digits before and after the point, and a sign.
SIZES = st.tuples(st.integers(1, 9_999_999_999), st.integers(0, 8), st.sampled_from(["", "-"]))


def code(value: Any, currency: str = "EUR") -> str:
    odd = amounts.amount(value, currency)
    return odd[0] if odd else ""


def spelled(units: int, places: int, sign: str = "") -> str:
    return f"{sign}{Decimal(units).scaleb(-places):f}"


@given(SIZES, CURRENCIES)
def test_an_amount_is_odd_exactly_if_it_has_more_decimals_than_its_currency(
    size: tuple[int, int, str], currency: str
) -> None:
    assert (code(spelled(*size), currency) == "too_many_decimals") is (size[1] > exponent(currency))


@given(st.integers(10**15, 10**30), st.integers(0, 2))
def test_more_than_fifteen_digits_are_odd(units: int, places: int) -> None:
    units += 1 if units % 10 == 0 else 0
    assert code(spelled(units, places)) == "too_many_digits"


@given(st.integers(1, 10**15 - 1), st.integers(0, 2), st.sampled_from(["", "-"]))
def test_fifteen_digits_are_not_odd(units: int, places: int, sign: str) -> None:
    assert code(spelled(units, places, sign)) == ""


@given(st.integers(1, 10**15 - 1), st.integers(0, 18), st.sampled_from(["", "-"]))
def test_fifteen_digits_are_stored_exactly(units: int, places: int, sign: str) -> None:
    amount = Decimal(spelled(units, places, sign))
    assert money.storable(amount) == amount


@given(st.decimals(allow_nan=False, allow_infinity=False, places=20, min_value=-(10**14), max_value=10**14))
def test_what_is_stored_is_never_closer_to_zero(amount: Decimal) -> None:
    stored = money.storable(amount)
    assert stored is not None
    assert money.digits(stored) <= 15
    assert stored.copy_abs() >= amount.copy_abs()


@given(st.sampled_from(["0", "-0", "0.00", "-0.0", 0, 0.0, -0.0]))
def test_zero_is_odd(value: Any) -> None:
    assert code(value) == "zero_amount"


@given(
    st.integers(1, 9_999_999),
    st.sampled_from(
        [
            "{:,}.00", "{},50", " {}", "{} ", "+{}", "0{}", "{}e2", "EUR {}", "{} €", "{}.", "({})", "{}-", "-{}-",
            "{}_000", "{}'000", "{}\u00a0000", "\u2212{}", "0x{}",
        ]
    ),
)  # fmt: skip
def test_a_text_that_is_no_plain_number_is_odd(number: int, form: str) -> None:
    if form == "{:,}.00" and number < 1000:
        number += 1000
    assert code(form.format(number)) == "malformed_amount"


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "", "１２", "1.234,56", "1,234.56", True, ["1"], {"a": 1}, "1" * 41]
)
def test_what_is_no_number_at_all_is_odd(value: Any) -> None:
    assert code(value) == "malformed_amount"


@pytest.mark.parametrize("value", [717.97, "717.97", 1e2, -12, "-12.00", 20.5, 5])
def test_usual_amounts_are_not_odd(value: Any) -> None:
    assert code(value) == ""


@pytest.mark.parametrize(
    ("currency", "is_odd"), [("EUR", False), ("eur", False), ("XYZ", True), ("€", True), (5, True)]
)
def test_a_currency_that_iso_does_not_list_is_odd(currency: Any, is_odd: bool) -> None:
    assert bool(amounts.currency(currency)) is is_odd


@pytest.mark.parametrize(
    ("value", "currency", "sentence"),
    [
        ("1.080", "EUR", "has 3 decimal places, but EUR allows 2. The point might be a thousands separator."),
        (717.97, "JPY", "has decimal places, but JPY allows none."),
        ("1234567890123456", "EUR", "has 16 digits. At most 15 digits can be stored exactly."),
        ("1,234.56", "EUR", "is not an amount. Use digits and, if needed, a decimal point, for example 1234.50."),
        (0, "EUR", "is zero."),
    ],
)
def test_says_why(value: Any, currency: str, sentence: str) -> None:
    found = find(facts(payload={"amount": value}, currency=currency), {EXPECT_AT: {"/amount": {"kind": "amount"}}})
    assert found[0].sentence == f"amount “{value}” {sentence}"
    assert found[0].code in FLAGS
