"""What a page draws is bounded, whatever an agent sends; and whatever it sends is shown, or counted and opened."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from approvals.admin.payload_form.fields import Field, Mark
from approvals.admin.payload_form.layout import BUDGET, MAX_CELLS, MAX_COLUMNS, REST, Reading
from approvals.text.unicode import MAX_CHIPS, pieces
from tests.admin.pages import address, press, show
from tests.admin.shapes import SHAPES
from tests.world import World

ITEMS = {"type": "object", "properties": {"name": {"type": "string"}, "price": {"type": "number"}}}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"amount": {"type": "number"}, "lines": {"type": "array", "items": ITEMS}},
}
TREE: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "left": {"$ref": "#"}, "right": {"$ref": "#"}},
}


def drawn(payload: dict[str, Any], schema: dict[str, Any] = SCHEMA) -> list[Field]:
    return [inner for field in Reading(schema, {}).fields(payload) for inner in field.walk()]


def by_pointer(payload: dict[str, Any], schema: dict[str, Any] = SCHEMA) -> dict[str, Field]:
    return {field.pointer: field for field in drawn(payload, schema)}


class TestTheBudget:
    @pytest.mark.parametrize("name", SHAPES)
    def test_bounds_what_is_drawn_of_any_payload(self, name: str) -> None:
        fields = drawn({"amount": 1} | SHAPES[name])
        assert len(fields) <= BUDGET
        assert len([field for field in fields if field.must_open]) <= 32

    @pytest.mark.parametrize("name", SHAPES)
    def test_loses_nothing(self, name: str) -> None:
        payload = {"amount": 1} | SHAPES[name]
        found = [leaf for field in drawn(payload) for leaf in _held(field)]
        assert sorted(map(json.dumps, found)) == sorted(map(json.dumps, _leaves(payload)))

    def test_draws_what_the_schema_knows_first(self) -> None:
        found = by_pointer({f"k{at}": at for at in range(9_000)} | {"amount": 5, "lines": [{"name": "Ink"}]})
        assert found["/amount"].text == "5"
        assert found["/lines"].kind == "table"

    def test_counts_what_it_leaves_out(self) -> None:
        assert by_pointer({"x": [1] * 1_000})[f"/x{REST}"].label == "900 more values"

    def test_keeps_a_short_rest_in_sight_and_has_a_long_one_opened(self) -> None:
        assert not by_pointer({"x": [1] * 110})[f"/x{REST}"].must_open
        assert by_pointer({"x": [1] * 9_000})[f"/x{REST}"].must_open

    def test_cannot_be_taken_for_a_key_of_the_payload(self) -> None:
        pointers = [field.pointer for field in drawn({REST[1:]: 1, "~rest": 2} | {f"k{at}": at for at in range(200)})]
        assert pointers.count(REST) == 1
        assert len(set(pointers)) == len(pointers)

    def test_ends_where_a_schema_describes_itself(self) -> None:
        assert len(drawn({"name": "a"}, TREE)) < 20
        assert by_pointer({"left": {"right": {"name": "b"}}}, TREE)["/left/right/name"].text == "b"


class TestATable:
    def test_is_one_while_it_is_small(self) -> None:
        table = by_pointer({"lines": [{"name": "Ink", "price": at} for at in range(900)]})["/lines"]
        assert table.kind == "table"
        assert [(column.label, column.is_number) for column in table.columns] == [("Name", False), ("Price", True)]

    def test_may_be_as_large_as_said(self) -> None:
        row = {f"k{at}": 1 for at in range(MAX_COLUMNS)}
        rows = MAX_CELLS // MAX_COLUMNS
        assert by_pointer({"lines": [row] * rows})["/lines"].kind == "table"
        assert by_pointer({"lines": [row] * (rows + 1)})["/lines"].kind == "list"
        assert by_pointer({"lines": [row | {"k": 1}]})["/lines"].kind == "list"

    def test_says_which_columns_the_schema_does_not_know(self) -> None:
        columns = by_pointer({"lines": [{"name": "Ink"}, {"name": "Pen", "note": "red"}]})["/lines"].columns
        assert [(column.label, column.is_beyond_schema) for column in columns] == [("Name", False), ("note", True)]

    def test_has_a_column_for_what_is_missed(self) -> None:
        marks = {"/lines/0/price": [Mark("missing", "Missing.")]}
        table = Reading(SCHEMA, marks).fields({"lines": [{"name": "Ink"}]})[1]
        assert [column.label for column in table.columns] == ["Name", "Price"]
        assert table.fields[0].fields[1].marks

    def test_takes_null_for_a_list_or_an_object(self) -> None:
        schema = {"properties": {"lines": {"type": ["array", "null"]}, "x": {"properties": {"a": {}}}}}
        assert [field.fields for field in Reading(schema, {}).fields({"lines": None, "x": None})] == [(), ()]


class TestThePage:
    @pytest.mark.parametrize("name", SHAPES)
    def test_stays_small_whatever_was_sent(self, here: World, junior: Client, name: str) -> None:
        action = here.pending(**SHAPES[name])
        pages = [show(junior, action), show(junior, action, "?edit=1")]
        pages.append(press(junior, action, "reject", digest="0" * 64).content.decode())
        for page in pages:
            assert page.count('class="field') + page.count('class="group') <= 410
            assert page.count("<td") <= 2 * MAX_CELLS
            assert page.count('class="chip"') <= 16_000
            assert page.count('<a href="#at-') <= 60
            assert len(page) < 600_000

    def test_has_the_rest_opened_before_approval(self, here: World, junior: Client) -> None:
        action = here.pending(x=[1] * 9_000)
        assert f'value="/x{REST}"' in show(junior, action)
        assert press(junior, action, "approve").status_code == 422
        assert press(junior, action, "approve", opened=f"/x{REST}").status_code == 302

    def test_edits_what_is_drawn_and_leaves_the_rest_alone(self, here: World, junior: Client) -> None:
        action = here.pending(x=[1] * 5_000)
        page = junior.post(
            address(action, "modify"),
            {"revision": 1, "digest": action.revision.digest, "value:/amount": "700.5", f"value:/x{REST}": "gone"},
        )
        assert "Confirm 1 change" in page.content.decode()


class TestChips:
    def test_are_few_and_the_rest_are_codes_in_the_text(self) -> None:
        found = list(pieces("a" + "\u200b" * 1_000))
        assert sum(bool(piece.chip) for piece in found) == MAX_CHIPS
        assert found[-1].text == "[U+200B]" * (1_000 - MAX_CHIPS)


def _leaves(value: Any) -> Iterator[Any]:
    """Every value that holds no other; an empty list or object is one."""
    if isinstance(value, dict | list) and value:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)
    else:
        yield value


def _held(field: Field) -> Iterator[Any]:
    """The values that this one field shows, those inside its inner fields not."""
    if field.kind == "bulk":
        assert json.loads(field.text) == field.value
        yield from _leaves(field.value)
    elif not field.fields and not field.is_absent:
        yield field.value
