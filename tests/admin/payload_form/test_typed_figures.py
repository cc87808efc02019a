"""A reviewer types figures as their language writes them; the payload keeps what machines read."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from approvals.admin.payload_form.edits import edited
from approvals.admin.payload_form.fields import PREFIX, Field
from approvals.admin.payload_form.layout import Reading

SCHEMA = {
    "type": "object",
    "properties": {
        "amount": {"type": ["string", "number"]},
        "currency": {"type": "string"},
        "tax": {"type": "string", "x-unit": "/currency"},
        "weight": {"type": "number"},
        "number": {"type": "string"},
    },
}
PAYLOAD = {"amount": "717.97", "currency": "EUR", "tax": "1.00", "weight": 1.5, "number": "20,441"}


def fields(payload: dict[str, Any]) -> dict[str, Field]:
    return {field.pointer: field for field in Reading(SCHEMA, {}, "/amount", currency="/currency").fields(payload)}


def change(language: str, payload: dict[str, Any] = PAYLOAD, **typed: str) -> tuple[dict[str, Any], dict[str, str]]:
    with translation.override(language):
        sent = {f"{PREFIX}/{name}": text for name, text in typed.items()}
        return edited(payload, fields(payload).values(), sent)


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("amount", "12,50", "12.50"), ("amount", "1.234,56", "1234.56"), ("amount", "12.50", "12.50"),
        ("amount", "1 234,56", "1234.56"), ("tax", "0,19", "0.19"), ("weight", "2,25", 2.25),
        ("number", "12,50", "12,50"),
    ],
)  # fmt: skip
def test_understands_a_comma_where_one_writes_it(language: str, name: str, text: str, value: Any) -> None:
    result, faults = change(language, **{name: text})
    assert (faults, result[name]) == ({}, value)


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("payload", [PAYLOAD, PAYLOAD | {"amount": 717.97}])
def test_refuses_an_amount_that_can_mean_two(language: str, payload: dict[str, Any]) -> None:
    result, faults = change(language, payload, amount="1.080")
    assert result == payload
    assert "1080" in faults["/amount"]


def test_takes_three_decimals_of_a_currency_that_has_them() -> None:
    payload = PAYLOAD | {"currency": "KWD"}
    assert change("en", payload, amount="1.080")[0]["amount"] == "1.080"
    assert change("de", payload, amount="1,080")[0]["amount"] == "1.080"


def test_keeps_an_amount_as_text_that_no_number_holds() -> None:
    result, faults = change("de", PAYLOAD | {"amount": 717.97}, amount="0,12345678901234567890")
    assert (faults, result["amount"]) == ({}, "0.12345678901234567890")


@given(st.integers(1, 10**13), st.integers(0, 6), st.sampled_from(["en", "de", "fr"]))
def test_an_untouched_amount_stays_and_is_shown_with_every_digit(units: int, places: int, language: str) -> None:
    text = f"{Decimal(units).scaleb(-places):f}"
    payload = PAYLOAD | {"amount": text}
    assert change(language, payload, amount=text) == (payload, {})
    with translation.override(language):
        said = fields(payload)["/amount"].said
    if language == "en" or not places:
        assert said == ""
    else:
        plain = said.removeprefix("EUR ").replace(" ", "").replace(".", "").replace(",", ".")
        assert plain == text


def test_an_amount_is_shown_as_its_reader_writes_it_and_as_it_was_sent() -> None:
    with translation.override("de"):
        reading = fields(PAYLOAD | {"amount": "1234.50"})["/amount"].reading
    assert "EUR 1.234,50" in reading
    assert "234.50" in reading
