"""Amounts are written as the reader's language writes them, digit for digit, and typed as it types them."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from approvals.text import local_numbers, money
from policies.engine.values.currencies import CODES, exponent

AMOUNTS = st.tuples(st.integers(-(10**14), 10**14), st.integers(0, 12)).map(lambda it: Decimal(it[0]).scaleb(-it[1]))


@given(AMOUNTS, st.sampled_from(sorted(CODES)), st.sampled_from(["en", "de", "fr"]))
def test_an_amount_is_shown_with_every_digit_in_every_language(amount: Decimal, currency: str, language: str) -> None:
    with translation.override(language):
        code, _, text = money.money(amount, currency).partition(" ")
    marks = {"en": ",", "de": ".", "fr": " "}
    plain = text.replace(marks[language], "").replace(",", ".")
    assert (code, Decimal(plain)) == (currency, amount)
    assert len(plain.partition(".")[2]) >= exponent(currency)


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "EUR 1,234.50"), ("de", "EUR 1.234,50"), ("fr", "EUR 1 234,50")]
)
def test_writes_as_its_reader_does(language: str, shown: str) -> None:
    with translation.override(language):
        assert money.money(Decimal("1234.5"), "EUR") == shown
    assert money.plain(Decimal("1234.5")) == "1234.50"


@pytest.mark.parametrize("language", ["de", "fr"])
def test_understands_a_comma_where_one_writes_it(language: str) -> None:
    with translation.override(language):
        assert local_numbers.typed("12,50", "EUR") == "12.50"


@pytest.mark.parametrize("text", ["1.080", "1,080"])
@pytest.mark.parametrize("language", ["de", "fr"])
def test_refuses_what_can_mean_two_amounts_and_says_both(language: str, text: str) -> None:
    with translation.override(language), pytest.raises(local_numbers.Unreadable) as caught:
        local_numbers.typed(text, "EUR")
    assert all(part in str(caught.value) for part in (text, "1080", "1,08"))
