"""Every fault of a payload is a sentence with the title of its field, without the words of the validator."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.errors import SchemaFault
from approvals.models import ActionType
from approvals.services.payloads import revisions

FIELDS: dict[str, Any] = {
    "system": {"title": "System", "enum": ["Salesforce", "Payroll desk"]},
    "amount": {"title": "Amount", "type": "number", "minimum": 0, "maximum": 100, "multipleOf": 0.5},
    "note": {"title": "Note", "type": "string", "minLength": 1, "maxLength": 5, "pattern": "^[a-z]*$"},
    "day": {"title": "Day", "type": "string", "format": "date"},
    "either": {"title": "Either", "anyOf": [{"type": "string", "maxLength": 3}, {"type": "null"}]},
    "fixed": {"title": "Fixed", "const": 3},
    "lines": {
        "title": "Lines",
        "type": "array",
        "maxItems": 3,
        "minItems": 1,
        "uniqueItems": True,
        "items": {
            "type": "object",
            "required": ["price"],
            "properties": {"price": {"title": "Price", "type": "number"}},
        },
    },
}
SCHEMA = {"type": "object", "properties": FIELDS, "required": ["system"], "additionalProperties": False}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-200, 200) | st.floats(-9, 9) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["price", "x"]), inner, max_size=2),
    max_leaves=8,
)
# How the validator, and Python, would say it.
FOREIGN = re.compile(
    r"is not (one of|of type|valid under)|does not match|None|True|False|\{'|\['|is a required property"
)


def faults(payload: dict[str, Any], schema: dict[str, Any] = SCHEMA) -> list[dict[str, str]]:
    try:
        revisions.check_schema(ActionType(name="a.b", schema=schema), payload)
    except SchemaFault as refusal:
        return list(refusal.details["faults"])
    return []


class TestSentences:
    @given(st.dictionaries(st.sampled_from([*FIELDS, "strange"]), JSON, max_size=4))
    def test_name_the_field_and_stay_short(self, payload: dict[str, Any]) -> None:
        for fault in faults(payload):
            assert not FOREIGN.search(fault["message"]), fault
            assert fault["message"].endswith(".")
            assert len(fault["message"]) < 250
            title = fault["pointer"].split("/")[1].capitalize() if fault["pointer"] else ""
            assert title in fault["message"] or "Price" in fault["message"]

    @pytest.mark.parametrize(
        ("payload", "sentence"),
        [
            ({"system": "Payroll"}, "System must be one of these values: Salesforce, Payroll desk."),
            ({}, "System is missing. Enter a value."),
            ({"system": "Salesforce", "amount": "5"}, "Amount must be a number."),
            ({"system": "Salesforce", "amount": 101}, "Amount must be at most 100."),
            ({"system": "Salesforce", "note": "abcdefgh"}, "Note can have at most 5 characters, but has 8."),
            ({"system": "Salesforce", "note": ""}, "Note is empty. Enter a value."),
            ({"system": "Salesforce", "day": "tomorrow"}, "Day must be a date, for example 2026-12-25."),
            ({"system": "Salesforce", "fixed": 4}, "Fixed must be 3."),
            ({"system": "Salesforce", "either": "long text"}, "Either can have at most 3 characters, but has 9."),
            ({"system": "Salesforce", "lines": [{"price": n} for n in range(501)]},
             "Lines can have at most 3 entries, but has 501."),
            ({"system": "Salesforce", "lines": [{"price": 1}, {"price": "x"}]}, "Price (line 2) must be a number."),
            ({"system": "Salesforce", "lines": [{}]}, "Price is missing. Enter a value."),
            ({"system": "Salesforce", "strange": 1}, "Remove this unknown field: strange."),
        ],
    )  # fmt: skip
    def test_say_what_to_do(self, payload: dict[str, Any], sentence: str) -> None:
        assert [fault["message"] for fault in faults(payload)] == [sentence]
