"""A payload as a form and back: nothing is hidden, and what was not touched stays as it was."""

import json
from typing import Any

import pytest

from approvals.admin.payload_form.edits import edited
from approvals.admin.payload_form.fields import LONG, PREFIX, REMOVE, Field, Mark, marks_of
from approvals.admin.payload_form.layout import Reading
from approvals.admin.payload_form.schema import name_of
from approvals.text.json_diff import ABSENT

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["issuer"],
    "$defs": {"place": {"type": "object", "title": "Place", "properties": {"city": {"type": "string"}}}},
    "properties": {
        "issuer": {"type": "string", "title": "Issuer", "minLength": 1},
        "amount": {"type": "number"},
        "count": {"type": "integer"},
        "paid": {"type": "boolean"},
        "kind": {"type": "string", "enum": ["invoice", "credit"]},
        "day": {"type": "string", "format": "date"},
        "mail": {"type": ["string", "null"], "format": "email"},
        "vat": {"type": ["string", "integer"]},
        "place": {"$ref": "#/$defs/place"},
        "remark": {"type": "string"},
        "lines": {
            "type": "array",
            "items": {"type": "object", "properties": {"name": {"type": "string"}, "price": {"type": "number"}}},
        },
    },
}
PAYLOAD: dict[str, Any] = {
    "issuer": "Mill",
    "amount": 717.97,
    "count": 3,
    "paid": True,
    "kind": "invoice",
    "day": "2026-03-02",
    "mail": None,
    "vat": 7740001454,
    "place": {"city": "Rotterdam", "zip": "3012"},
    "lines": [{"name": "Paper", "price": 1.5}, {"name": "Ink", "note": "blue"}],
    "stray": [1, [2, {"deep": "x"}]],
}


def fields(payload: dict[str, Any] = PAYLOAD, **marks: list[Mark]) -> tuple[Field, ...]:
    return Reading(SCHEMA, {f"/{name}": found for name, found in marks.items()}, "/amount").fields(payload)


def everything(payload: dict[str, Any] = PAYLOAD) -> dict[str, Field]:
    return {inner.pointer: inner for field in fields(payload) for inner in field.walk()}


def typed(**changes: str) -> dict[str, str]:
    """The form as a browser sends it back: every input, with some changed; `__` stands for a slash."""
    sent = {}
    for field in everything().values():
        if field.is_leaf:
            sent[field.name] = field.chosen if field.kind in {"choice", "boolean"} else field.text
    return sent | {f"{PREFIX}/{name.replace('__', '/')}": text for name, text in changes.items()}


def change(**changes: str) -> tuple[dict[str, Any], dict[str, str]]:
    return edited(PAYLOAD, fields(), typed(**changes))


class TestReading:
    def test_gives_every_value_a_field_also_those_that_the_schema_does_not_know(self) -> None:
        found = everything()
        assert found["/place/zip"].is_beyond_schema
        assert found["/lines/1/note"].is_beyond_schema
        assert found["/stray/1/1/deep"].text == "x"
        leaves = [field for field in found.values() if field.is_leaf and not field.is_absent]
        assert sum(1 for _ in _values(PAYLOAD)) == len(leaves)

    def test_names_kinds_by_value_and_schema(self) -> None:
        kinds = {pointer: field.kind for pointer, field in everything().items()}
        assert kinds["/amount"] == "number"
        assert kinds["/count"] == "integer"
        assert kinds["/paid"] == "boolean"
        assert kinds["/kind"] == "choice"
        assert kinds["/day"] == "date"
        assert kinds["/mail"] == "email"
        assert kinds["/place"] == "object"
        assert kinds["/lines"] == "table"
        assert kinds["/stray"] == "list"

    def test_shows_a_number_as_json_writes_it(self) -> None:
        assert everything()["/amount"].text == "717.97"

    def test_keeps_a_place_for_what_is_absent(self) -> None:
        assert everything()["/remark"].is_absent

    def test_marks_what_is_missing_odd_or_hidden_where_it_is(self) -> None:
        marks = marks_of(["/remark"], [{"code": "x", "pointer": "/amount", "sentence": "Too round."}])
        found = {field.pointer: field for field in Reading(SCHEMA, marks).fields(PAYLOAD | {"issuer": "M\u200bill"})}
        assert found["/remark"].marks[0].level == "missing"
        assert found["/amount"].marks[0].sentence == "Too round."
        assert [mark.level for mark in found["/issuer"].marks] == ["odd"]

    def test_demands_that_a_very_long_text_is_opened(self) -> None:
        assert everything({"issuer": "x" * (LONG + 1)})["/issuer"].must_open
        assert not everything({"issuer": "x" * LONG})["/issuer"].must_open

    def test_calls_a_field_by_its_title_wherever_it_is(self) -> None:
        assert name_of("/issuer", SCHEMA) == "Issuer"
        assert name_of("/place/city", SCHEMA) == "City"
        assert name_of("/lines/0/price", SCHEMA) == "Price"


class TestEditing:
    def test_changes_nothing_when_nothing_was_typed(self) -> None:
        assert change() == (PAYLOAD, {})

    def test_leaves_line_ends_alone_that_a_browser_rewrote(self) -> None:
        payload = PAYLOAD | {"remark": "one\ntwo"}
        sent = typed() | {f"{PREFIX}/remark": "one\r\ntwo"}
        assert edited(payload, fields(payload), sent) == (payload, {})

    @pytest.mark.parametrize(
        ("name", "text", "value"),
        [
            ("amount", "700.5", 700.5),
            ("amount", "700", 700),
            ("count", "4", 4),
            ("paid", "false", False),
            ("kind", '"credit"', "credit"),
            ("mail", "a@example.com", "a@example.com"),
            ("vat", "7740001455", 7740001455),
            ("vat", "PL7740001454", "PL7740001454"),
            ("remark", "new", "new"),
            ("issuer", "0042", "0042"),
        ],
    )
    def test_keeps_the_type_that_the_value_had(self, name: str, text: str, value: Any) -> None:
        result, faults = change(**{name: text})
        assert not faults
        assert result[name] == value
        assert type(result[name]) is type(value)
        assert json.dumps({**result, name: 0}) == json.dumps({**PAYLOAD, name: 0}) or name == "remark"

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("amount", "1.234,56"),
            ("amount", "seven"),
            ("amount", "NaN"),
            ("amount", "1e999"),
            ("amount", "0.12345678901234567890"),
            ("count", "1.5"),
            ("count", "99999999999999999999"),
            ("kind", '"gift"'),
            ("paid", "maybe"),
            ("issuer", ""),
        ],
    )
    def test_refuses_what_is_no_value_of_the_kind(self, name: str, text: str) -> None:
        result, faults = change(**{name: text})
        assert list(faults) == [f"/{name}"]
        assert result[name] == PAYLOAD[name]

    def test_takes_an_optional_value_away_when_it_is_cleared(self) -> None:
        result, faults = change(amount="", day="")
        assert not faults
        assert "amount" not in result
        assert "day" not in result

    def test_leaves_null_null_and_absent_absent(self) -> None:
        result, _faults = change(issuer="Other")
        assert result["mail"] is None
        assert "remark" not in result

    def test_reaches_into_objects_and_lines(self) -> None:
        result, faults = change(place__city="Delft", lines__1__price="2.25")
        assert not faults
        assert result["place"] == {"city": "Delft", "zip": "3012"}
        assert result["lines"][1] == {"name": "Ink", "note": "blue", "price": 2.25}

    def test_removes_lines_without_moving_the_others_under_the_pen(self) -> None:
        sent = typed(lines__1__name="Toner") | {f"{REMOVE}/lines/0": "1"}
        result, _faults = edited(PAYLOAD, fields(), sent)
        assert result["lines"] == [{"name": "Toner", "note": "blue"}]

    def test_never_touches_the_payload_that_it_was_given(self) -> None:
        before = json.dumps(PAYLOAD)
        change(place__city="Delft")
        assert json.dumps(PAYLOAD) == before

    def test_knows_absent_from_null(self) -> None:
        assert everything()["/remark"].value is ABSENT
        assert everything()["/mail"].value is None


def _values(value: Any) -> Any:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _values(inner)
    else:
        yield value
