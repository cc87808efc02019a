"""Cells of a CSV file are plain values, and none is a formula."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.text.csv_cells import FORMULA, defused
from approvals.text.json_diff import ABSENT


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (-12, "-12"), (-12.5, "-12.5"), ("-12.00", "-12.00"), (Decimal("-500.004"), "-500.004"), (1e-7, "0.0000001"),
        (20.0, "20"), (True, "true"), (None, ""), (ABSENT, ""), (date(2026, 3, 2), "2026-03-02"),
        (["a", -1], "a, -1"), ([], ""), ('a "b"', 'a "b"'), (["=1"], "'=1"),
    ],
)  # fmt: skip
def test_a_cell_is_a_plain_value(value: Any, cell: str) -> None:
    assert defused(value) == cell


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14))
def test_an_amount_keeps_every_digit(amount: Decimal) -> None:
    assert Decimal(defused(amount)) == amount
    assert defused(f"{amount:f}") == f"{amount:f}"


@given(st.sampled_from(FORMULA), st.text(st.characters(codec="utf-8"), max_size=10))
def test_a_text_that_a_spreadsheet_may_run_is_kept_as_text(sign: str, rest: str) -> None:
    text = f"{sign}{rest}"
    is_number = sign == "-" and rest.replace(".", "", 1).isascii() and rest[:1].isdigit() and rest[-1:].isdigit()
    if not (is_number and rest.replace(".", "", 1).isdigit()):
        assert defused(text) == f"'{text}"
