"""Conditions that the schema of an action type decides are named when the policy is written."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.lab import findings
from policies.lab.action_types import TypeInfo
from tests.policies.lab.test_findings import policy

NEVER, ALWAYS = "No payload that the schema allows", "Every payload that the schema allows"
SIGNS = ("<", "<=", ">", ">=", "==", "!=")
FIELDS: Mapping[str, Any] = {
    "count": {"type": "integer", "minimum": 1, "maximum": 10},
    "open": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    "any": {"type": "integer"},
    "code": {"type": "string", "minLength": 3, "maxLength": 3},
    "lines": {"type": "array", "minItems": 1, "items": {"type": "object"}},
    "either": {"anyOf": [{"type": "integer", "minimum": 5}, {"type": "integer", "maximum": -5}]},
    "place": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "street": {"type": "string"}},
        "required": ["city"],
    },
    "note": {"type": "string"},
}


def about(name: str = "invoice.post", **changed: Any) -> TypeInfo:
    required = [field for field in FIELDS if field != "note"]
    schema = {"type": "object", "properties": {**FIELDS, **changed}, "required": required}
    return TypeInfo(name=name, schema=schema)


def said(when: str, *types: TypeInfo) -> list[str]:
    return [str(found.sentence) for found in findings.of(policy(when), types or (about(),))]


@pytest.mark.parametrize(
    "when",
    [
        "payload.count > 5 && payload.count < 6",
        "payload.any > 5 && payload.any < 6",
        "payload.any >= 5.1 && payload.any <= 5.9",
        "payload.any == 5.5",
        "payload.count > 10",
        "payload.count < 1",
        "payload.count == 11",
        "payload.count == 0 || payload.count == 11",
        "payload.open >= 1.0",
        "payload.open <= 0.0",
        "size(payload.code) == 4",
        "size(payload.code) < 3",
        "size(payload.lines) == 0",
        "!has(payload.count)",
        "!has(payload.place.city)",
        "!(has(payload.count) && has(payload.code))",
    ],
)
def test_what_no_payload_meets_is_named(when: str) -> None:
    assert any(each.startswith(NEVER) for each in said(when))


@pytest.mark.parametrize(
    "when",
    [
        "has(payload.count)",
        "has(payload.place.city)",
        "has(payload.note) || has(payload.count)",
        "payload.count >= 1",
        "payload.count < 11",
        "payload.open < 1.0",
        "size(payload.code) == 3",
        "size(payload.lines) > 0",
        "payload.any <= 5 || payload.any >= 6",
    ],
)
def test_what_every_payload_meets_is_named(when: str) -> None:
    assert any(each.startswith(ALWAYS) for each in said(when))


@pytest.mark.parametrize(
    "when",
    [
        "payload.count > 5 && payload.count < 7",
        "payload.count == 10",
        "payload.open > 0.5",
        "has(payload.note)",
        "has(payload.place.street)",
        "size(payload.note) == 0",
        "payload.either == -5",
        "payload.either > 4",
        "has(payload.note) && payload.count > 9",
    ],
)
def test_what_a_payload_may_meet_or_not_is_not(when: str) -> None:
    assert not any(each.startswith((NEVER, ALWAYS)) for each in said(when))


def test_what_one_of_several_types_allows_is_not() -> None:
    other = about("invoice.draft", count={"type": "integer"})
    assert any(each.startswith(NEVER) for each in said("payload.count > 10", about(), about("invoice.void")))
    assert not any(each.startswith((NEVER, ALWAYS)) for each in said("payload.count > 10", about(), other))


@given(
    low=st.integers(-3, 3), high=st.integers(-3, 3), one=st.sampled_from(SIGNS), other=st.sampled_from(SIGNS),
    first=st.sampled_from([-2.0, -1.5, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0]),
    second=st.sampled_from([-2.0, -1.5, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0]), joined=st.sampled_from(["&&", "||"]),
)  # fmt: skip
def test_is_said_just_where_trying_every_whole_number_finds_it(
    low: int, high: int, one: str, other: str, first: float, second: float, joined: str
) -> None:
    kind = about(any={"type": "integer", "minimum": min(low, high), "maximum": max(low, high)})
    found = said(f"payload.any {one} {first} {joined} payload.any {other} {second}", kind)
    word = "and" if joined == "&&" else "or"
    met = [
        bool(eval(f"n {one} {first} {word} n {other} {second}", {"n": number}))
        for number in range(min(low, high), max(low, high) + 1)
    ]
    # What holds or fails for every number at all is said without the schema.
    by_itself = any("can never be true" in each or "is always true" in each for each in found)
    assert any(each.startswith(NEVER) for each in found) or by_itself or any(met)
    assert any(each.startswith(ALWAYS) for each in found) or by_itself or not all(met)
    assert not (any(each.startswith(NEVER) for each in found) and any(met))
    assert not (any(each.startswith(ALWAYS) for each in found) and not all(met))
