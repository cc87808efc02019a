"""A document that calls itself a credit note is negative; an invoice is positive."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.checks import credit_notes
from policies.engine.checks.credit_notes import CREDIT_NOTES, INVOICES

CREDIT = sorted({word for words in CREDIT_NOTES.values() for word in words})
INVOICE = sorted({word for words in INVOICES.values() for word in words})
FIELDS = st.sampled_from(
    [
        "type",
        "document_type",
        "documentType",
        "title",
        "desc",
        "Beschreibung",
        "objet",
        "subject",
        "Belegtyp",
        "Typ",
        "memo",
        "tipo",
        "concepto",
        "asunto",
        "tipo_documento",
        "causale",
        "soort",
        "notes",
    ]
)
SPELLINGS = st.sampled_from([str.lower, str.upper, str.title, lambda text: text.replace(" ", "_")])
AROUND = st.sampled_from(["{}", "{} 2041", "Our {} of May", "**{}**", "Re: {}"])


def code(amount: Any, action_type: str = "invoice.post", **payload: Any) -> str:
    odd = credit_notes.doubt(amount, payload, action_type)
    return odd[0] if odd else ""


@given(st.sampled_from(CREDIT), FIELDS, SPELLINGS, AROUND, st.floats(0.01, 10**6))
def test_a_credit_note_with_a_positive_amount_is_odd(
    word: str, field: str, spelling: Any, around: str, amount: float
) -> None:
    said = around.format(spelling(word))
    assert code(amount, **{field: said}) == "sign_mismatch"
    assert code(f"-{amount}", **{field: said}) == ""
    assert code(amount, document={field: said}) == "sign_mismatch"


@given(st.sampled_from(INVOICE), FIELDS, SPELLINGS, st.floats(0.01, 10**6))
def test_an_invoice_with_a_negative_amount_is_odd(word: str, field: str, spelling: Any, amount: float) -> None:
    assert code(-amount, **{field: spelling(word)}) == "sign_mismatch"
    assert code(amount, **{field: spelling(word)}) == ""


@pytest.mark.parametrize(
    "said",
    [
        "Gutschrift zur Rechnung 77",
        "Note de crédit",
        "Rechnungskorrektur",
        "CreditNote",
        "Factura de abono 12",
        "Devolución",
        "Abono",
        "Rückzahlung",
        "Rechnungsrückzahlung",
        "Annullierung der Rechnung 5",
    ],
)
def test_knows_spellings(said: str) -> None:
    assert code(12.5, title=said) == "sign_mismatch"
    assert code(-12.5, title=said) == ""


@pytest.mark.parametrize(
    "payload",
    [
        {"issuer": "Avoir Conseil SARL"}, {"desc": "Savoir vivre"}, {"lines": [{"desc": "Refund of a deposit"}]},
        {"desc": "Reverse charge"}, {"desc": "Abrechnung Mai"}, {"note": "refund " * 100},
        {"type": 381}, {"desc": None},
    ],
)  # fmt: skip
def test_other_words_say_nothing(payload: dict[str, Any]) -> None:
    assert code(12.5, **payload) == ""


@pytest.mark.parametrize("said", ["Schlussrechnung", "Abschlagsrechnung Nr. 2", "Honorarrechnung"])
def test_knows_compounds_of_an_invoice(said: str) -> None:
    assert code(-12.5, title=said) == "sign_mismatch"
    assert code(12.5, title=said) == ""


def test_a_type_that_pays_back_pays_positive_amounts() -> None:
    assert code(20, "refund.pay", desc="Refund for a broken lamp") == ""
    assert code(20, "invoice.reverse", desc="Storno") == ""


def test_says_which_words() -> None:
    odd = credit_notes.doubt(12, {"title": "Gutschrift 12"}, "invoice.post")
    assert odd is not None and odd.code == "sign_mismatch"
    said = odd.template.format(value=12, **odd.values)
    assert said == "12 is positive, but “Gutschrift 12” indicates a credit note."
