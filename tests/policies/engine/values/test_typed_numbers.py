"""Typed numbers are read as the reader writes them; what can mean two numbers is refused."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.values.typed_numbers import COMMA, POINT, NotANumber, Unclear, meanings, read

NUMBERS = st.tuples(st.integers(-(10**12), 10**12), st.integers(0, 6)).map(lambda it: Decimal(it[0]).scaleb(-it[1]))


def understood(text: str, mark: str, places: int | None) -> set[Decimal]:
    """The number that is read, or the two that a refusal names."""
    try:
        return {Decimal(read(text, mark, places))}
    except Unclear as unclear:
        return {Decimal(unclear.whole), Decimal(unclear.fraction)}


@given(NUMBERS, st.sampled_from(["de", "fr"]), st.booleans())
def test_what_a_page_shows_can_be_typed(number: Decimal, locale: str, is_grouped: bool) -> None:
    places = len(f"{number:f}".partition(".")[2])
    pattern = ("#,##0" if is_grouped else "0") + ("." + "0" * places if places else "")
    text = format_decimal(number, format=pattern, locale=locale)
    assert number in understood(text, COMMA, 2)


@given(NUMBERS, st.sampled_from([POINT, COMMA]), st.sampled_from([None, 0, 2, 3]))
def test_what_json_writes_is_read_as_it_is_or_refused(number: Decimal, mark: str, places: int | None) -> None:
    text = f"{number:f}"
    assert number in understood(text, mark, places)


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from([POINT, COMMA]), st.sampled_from([0, 2, 4]))
def test_three_decimals_of_an_amount_are_unclear(whole: int, rest: int, used: str, places: int) -> None:
    text = f"{whole}{used}{rest:03}"
    with pytest.raises(Unclear) as caught:
        read(text, COMMA, places)
    assert (caught.value.whole, caught.value.fraction) == (f"{whole}{rest:03}", f"{whole}.{rest:03}")


@pytest.mark.parametrize(
    ("text", "mark", "places", "found"),
    [
        ("12,50", COMMA, 2, "12.50"), ("12.50", COMMA, 2, "12.50"), ("12.50", POINT, 2, "12.50"),
        ("1.234,56", COMMA, 2, "1234.56"), ("1 234,56", COMMA, 2, "1234.56"), ("1\u202f234,56", COMMA, 2, "1234.56"),
        ("1'234.50", COMMA, 2, None), ("1.080", POINT, 3, "1.080"), ("1,080", COMMA, 3, "1.080"),
        ("1.080", POINT, None, "1.080"), ("1.080", POINT, 2, None), ("1.080", COMMA, 3, None),
        ("0,080", COMMA, 2, "0.080"),
        ("12,50", POINT, 2, None), ("1,234.50", POINT, 2, None), ("1.234.567", COMMA, 2, "1234567"),
        ("1.23.456", COMMA, 2, None), ("1.234 567", COMMA, 2, None), ("", POINT, 2, None),
        ("1e999", POINT, 2, "1e999"),
        ("\u221212,50", COMMA, 2, "-12.50"), ("\u0661\u0662", POINT, 2, None), ("NaN", COMMA, None, None),
    ],
)  # fmt: skip
def test_reads(text: str, mark: str, places: int | None, found: str | None) -> None:
    if found is None:
        with pytest.raises((NotANumber, Unclear)):
            read(text, mark, places)
    else:
        assert read(text, mark, places) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("717,97", {"717.97"}), ("717.97", {"717.97"}), ("1.080", {"1080", "1.080"}), ("1,234.56", {"1234.56"}),
        ("1.234,56", {"1234.56"}), ("much", set()),
    ],
)  # fmt: skip
def test_a_search_looks_for_all_that_is_meant(text: str, found: set[str]) -> None:
    assert meanings(text) == found
