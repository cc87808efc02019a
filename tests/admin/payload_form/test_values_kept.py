"""A form that comes back untouched changes nothing, byte for byte, whatever was put into it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from approvals.admin.payload_form.edits import edited
from approvals.admin.payload_form.fields import CHOSEN, Field
from approvals.admin.payload_form.layout import Reading
from policies.engine.values.canonical import canonical_bytes

# What a browser does to the texts that it is given (WHATWG HTML, value sanitization): lines, and its own inputs.
DAY = re.compile(r"(\d{4,})-(\d\d)-(\d\d)", re.ASCII)

plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
MOMENTS = (
    "2026-03-02 0000-01-01 99999-01-01 2026-02-30 2026-03-02T10:00Z 2026-03-02t10:00:00z 2026-03-02T10:00:00.5Z "
    "2026-03-02T10:00:00+02:00 2026-03-02T10:00:30Z 0001-01-01T00:00:00+14:00 9999-12-31T23:59:59-12:00 "
    "2026-03-02T10:00 23:59:60Z 24:00:00Z \u0662\u0660\u0662\u0666-03-02"
)
FIGURES = "0 -0 1e5 1E+2 001 1.50 1234567.5 true null a@b <p>a</p> NL91ABNA0417164300"
LINES = ["", " ", "\r", "\n", "\r\n", "a\r\nb", "\ta", "> quoted\nnot", "\u202ea", "https://a@b.example/\\c"]
odd = st.sampled_from([*LINES, *MOMENTS.split(), *FIGURES.split(), "9" * 400])
texts = plain | odd
numbers = st.integers(1 - 2**53, 2**53 - 1) | st.floats(-9e15, 9e15)
leaves = texts | numbers | st.booleans() | st.none()
KINDS: list[dict[str, Any]] = [
    {},
    {"type": "string"},
    *({"type": "string", "format": name} for name in ("date", "date-time", "time", "email", "uri")),
    *({"type": "string", "x-expect": {"kind": kind}} for kind in ("date", "iban", "email")),
    *({"type": "string", "contentMediaType": f"text/{kind}"} for kind in ("plain", "html")),
    {"type": ["string", "number", "null"], "x-unit": "EUR"},
    {"type": "number", "x-unit": "fraction"},
    {"enum": ["a", 1, None, True, "1"]},
    {"oneOf": [{"const": "a", "title": "An A"}, {"const": 1, "title": "One"}, {"const": False}]},
    {"type": "boolean"},
    {"type": "integer"},
]
schemas = st.sampled_from(KINDS)
objects = st.dictionaries(st.sampled_from(["to", "subject", "body", "a", "b/c", "d~e", ""]), schemas, max_size=5)


@st.composite
def documents(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A schema with a payload of its keys and of others; whether a value fits is for others to say."""
    described = draw(objects)
    inner = draw(objects)
    described |= {"lines": {"type": "array", "items": {"type": "object", "properties": inner}}}
    described |= {"list": {"type": "array", "items": draw(schemas)}, "in": {"type": "object", "properties": inner}}
    known = st.dictionaries(st.sampled_from([*described, "x"]), leaves, max_size=6)
    lines = st.lists(st.dictionaries(st.sampled_from([*inner, "x"]), leaves, max_size=3), max_size=3)
    payload = draw(known) | {"lines": draw(lines), "list": draw(st.lists(leaves, max_size=3))}
    payload |= draw(st.sampled_from([{}, {"in": {"x": 1, **{key: draw(leaves) for key in inner}}}]))
    return {"type": "object", "properties": described, "required": list(described)[:2]}, payload


def leaves_of(fields: tuple[Field, ...]) -> Iterator[Field]:
    return (inner for field in fields for inner in field.walk() if inner.is_leaf)


def as_browser(field: Field) -> str:
    """What a browser sends for an input that nobody touched."""
    if field.kind in CHOSEN:
        return field.input_choice if field.input_choice in {value for value, _label in field.choices} else ""
    text = field.input_text
    if field.is_long:
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    if field.input_type == "date":
        found = DAY.fullmatch(text)
        return text if not text or (found and int(found[1]) > 0) else ""
    if field.input_type == "datetime-local":
        return text.removesuffix(":00") if text.count(":") == 2 else text
    return text.replace("\r", "").replace("\n", "")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(documents(), st.booleans())
def test_an_untouched_form_gives_the_same_bytes(document: tuple[dict[str, Any], dict[str, Any]], grows: bool) -> None:
    schema, payload = document
    before = canonical_bytes(payload)
    fields = Reading(schema, {}, "/a", currency="/b~1c", is_growing=grows).fields(payload)
    sent = {field.name: as_browser(field) for field in leaves_of(fields)}
    result, faults = edited(payload, fields, sent)
    assert not faults
    assert canonical_bytes(result) == before


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_what_is_shown_of_a_value_is_its_text(document: tuple[dict[str, Any], dict[str, Any]]) -> None:
    schema, payload = document
    for field in leaves_of(Reading(schema, {}, "/a", currency="/b~1c").fields(payload)):
        if field.parts:
            assert "".join(text for _role, text in field.parts) == field.text
        assert "".join(run.text for run in field.runs) == field.text
        assert json.dumps(field.reading)


@pytest.mark.parametrize("text", ["2026-03-02T10:00:00Z", "2026-03-02T10:00:30+02:00", "2026-03-02T10:00"])
def test_a_moment_is_in_an_input_of_its_own_and_comes_back_whole(text: str) -> None:
    schema = {"properties": {"at": {"type": "string", "format": "date-time"}}}
    fields = Reading(schema, {}).fields({"at": text})
    assert fields[0].input_type == "datetime-local"
    result, faults = edited({"at": text}, fields, {fields[0].name: fields[0].input_text})
    assert (result, faults) == ({"at": text}, {})
