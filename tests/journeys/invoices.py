"""Invoices as readers write them, made here, with the faults that such output has."""

import json
from pathlib import Path
from typing import Any

COMPLETE: dict[str, Any] = {
    "issuer": "Harbor Lights Ltd",
    "amount": 88.1,
    "amount_untaxed": 74.03,
    "amount_tax": 14.07,
    "date": "2026-10-02",
    "invoice_number": "HL-20441",
    "currency": "EUR",
    "desc": "Invoice from Harbor Lights",
}
LINES = [
    {"name": "Lamp", "qty": 2.0, "price_unit": 37.015, "price_subtotal": 74.03},
    {"line_note": "Delivered to the back door"},
]
FOLDER: dict[str, Any] = {
    "complete.json": [COMPLETE],
    "object.json": COMPLETE | {"invoice_number": "HL-20442", "vat": 7740001454, "narration": ["A1", "B2"]},
    "lines.json": [COMPLETE | {"invoice_number": "HL-20443", "lines": LINES, "telephone": "020 123"}],
    "foreign.json": [
        COMPLETE | {"invoice_number": "HL-20444", "currency": "INR", "amount": 1939.0, "amount_untaxed": 1924.93}
    ],
    "large.json": [
        COMPLETE
        | {"invoice_number": "HL-20445", "amount": 717.97, "amount_untaxed": 703.9, "payment_reference": 12572103}
    ],
    "larger.json": [COMPLETE | {"invoice_number": "HL-20446", "amount": 4904.94, "amount_untaxed": 4890.87}],
    "no_amount.json": [
        {name: COMPLETE[name] for name in ("issuer", "date", "currency")} | {"invoice_number": "HL-20447"}
    ],
    "bad_iban.json": [COMPLETE | {"invoice_number": "HL-20448", "iban": "XY1234567890"}],
    "bad_number.json": [COMPLETE | {"invoice_number": "Q"}],
    "field_name.json": [COMPLETE | {"invoice_number": "invoice_number_1"}],
    "sum.json": [COMPLETE | {"invoice_number": "HL-20449", "amount_tax": 1.07}],
    "wrong_shape.json": [COMPLETE | {"invoice_number": "HL-20450", "currency": "Euro"}],
}


def write(folder: Path) -> Path:
    """Write them all into a folder."""
    for name, content in FOLDER.items():
        (folder / name).write_text(json.dumps(content))
    return folder
