"""Any object that an agent may send becomes a valid kind of action, or a clear sentence."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.models import ActionType
from approvals.services.catalog.kinds import examples, inference, sketch
from approvals.services.catalog.kinds.field_kinds import AMOUNT, CHOICE, CURRENCY, DATE, EMAIL, LIST, LONG, TEXT
from approvals.services.catalog.kinds.inference import Roles, Row
from approvals.services.payloads import revisions
from tests.admin.shapes import SHAPES

QUOTE: dict[str, Any] = {
    "customer": "Harbor Lights Ltd",
    "quote_number": "Q-2041",
    "total": "717.97",
    "currency": "EUR",
    "valid_until": "2026-12-31",
    "contactEmail": "ada@harbor.example",
    "text": "Dear Ada,\nhere is our quote.",
    "lines": [{"item": "Lamp", "price": 12.5}, {"item": "Bulb", "price": 2}],
}
KEYS = st.text(max_size=12) | st.sampled_from(
    [
        "amount",
        "total",
        "currency",
        "customer",
        "number",
        "to",
        "properties",
        "$ref",
        "x-expect",
        "type",
        "a/b",
        "~",
        "{x}",
    ]
)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
    | st.sampled_from(["EUR", "12.50", "2026-12-01", "a@b.example", "-0", "1e5"])
)  # fmt: skip
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5))
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=8)


def found(payload: dict[str, Any] = QUOTE) -> dict[str, Row]:
    return {row.pointer: row for row in inference.rows(inference.infer(payload))}


class TestAnExample:
    def test_says_what_each_field_is(self) -> None:
        assert {row.pointer: row.kind for row in found().values()} == {
            "/customer": TEXT, "/quote_number": TEXT, "/total": AMOUNT, "/currency": CURRENCY, "/valid_until": DATE,
            "/contactEmail": EMAIL, "/text": LONG, "/lines": LIST,
        }  # fmt: skip

    def test_names_fields_as_a_person_would(self) -> None:
        titles = [row.title for row in found().values()]
        assert titles[:6] == ["Customer", "Quote number", "Total", "Currency", "Valid until", "Contact email"]

    def test_suggests_what_the_queue_shows(self) -> None:
        assert inference.roles(list(found().values())) == Roles("/total", "/currency", "/customer", "/quote_number")

    def test_makes_the_sentence_that_names_an_action(self) -> None:
        assert sketch.begun("Send a quote", QUOTE).summary == "Send a quote: {/customer}, {/quote_number}, {amount}"

    def test_opens_objects(self) -> None:
        row = found({"order": {"buyer": {"name": "Ada"}}})["/order/buyer/name"]
        assert (row.group, row.title) == ("Order › Buyer", "Name")

    def test_is_an_example_of_its_own_schema(self) -> None:
        revisions.check_schema(ActionType(name="q", schema=inference.infer(QUOTE)), QUOTE)

    def test_is_not_automatic_without_what_it_had(self) -> None:
        assert "/total" in sketch.begun("Send a quote", QUOTE).required()


class TestAnEdit:
    def row(self, pointer: str, **changes: Any) -> Row:
        one = found()[pointer]
        values = {name: getattr(one, name) for name in one.__slots__}
        return Row(**(values | changes))

    def edited(self, pointer: str, **changes: Any) -> dict[str, Any]:
        return inference.edited(inference.infer(QUOTE), [self.row(pointer, **changes)])

    def test_renames_a_field(self) -> None:
        assert self.edited("/customer", title="Buyer")["properties"]["customer"]["title"] == "Buyer"

    def test_changes_a_kind(self) -> None:
        node = self.edited("/customer", kind=CHOICE, choices=("A", "B"))["properties"]["customer"]
        assert node == {"enum": ["A", "B"], "title": "Customer"}

    def test_makes_a_field_optional(self) -> None:
        assert "customer" not in self.edited("/customer", is_required=False)["required"]

    def test_of_nothing_changes_nothing(self) -> None:
        schema = inference.infer(QUOTE)
        assert inference.edited(schema, inference.rows(schema)) == schema


class TestASchema:
    @pytest.mark.parametrize("source", [{"type": "object", "properties": {"a": {}}}, {"$schema": inference.DIALECT}])
    def test_is_known_as_one(self, source: dict[str, Any]) -> None:
        assert inference.is_schema(source)

    def test_keeps_what_no_kind_covers(self) -> None:
        node = {"type": "string", "format": "uri", "description": "Where it is."}
        source = {"type": "object", "properties": {"link": node}}
        after = inference.edited(source, inference.rows(source))
        assert after["properties"]["link"] == node | {"title": "Link"}

    def test_gives_an_example(self) -> None:
        schema = inference.infer(QUOTE)
        revisions.check_schema(ActionType(name="q", schema=schema), inference.example_of(schema))


def become(payload: dict[str, Any]) -> None:
    """Be a kind that every check of the long form accepts, and that takes the example; or a sentence."""
    try:
        source = examples.read(json.dumps(payload))
    except examples.NotAnExample as sentence:
        refusal = str(sentence)
    else:
        refusal = ""
    if refusal:
        assert refusal.endswith(".")
        return
    made = sketch.begun("Do it", source)
    faults = dict(made.faults(frozenset({"policy", "data_classes"})))
    if faults:
        # Only a name that a schema itself uses can be in the way.
        assert any(word in json.dumps(payload) for word in ("x-expect", "$ref", "properties", "$schema", "$id"))
        return
    assert len(made.summary) <= 240 and len(made.name) <= 80
    assert all(len(getattr(made.roles, name)) <= 120 for name in sketch.POINTERS)
    if not inference.is_schema(source):
        revisions.check_schema(ActionType(name="q", schema=made.schema), source)


@pytest.mark.django_db
class TestAnyObjectThatAnAgentMaySend:
    @given(payload=OBJECTS)
    def test_becomes_a_valid_kind_or_a_sentence(self, payload: dict[str, Any]) -> None:
        become(payload)

    @pytest.mark.parametrize("name", sorted(SHAPES))
    def test_does_so_at_any_size(self, name: str) -> None:
        become(SHAPES[name])


class TestATextThatIsNoExample:
    @pytest.mark.parametrize(
        "text",
        ["", "[]", "{}", "{", '{"a": NaN}', '{"a": 1, "a": 2}', '{"a": "\\u0000"}', '{"a":' * 60 + "1" + "}" * 60,
         '{"a": ' + "9" * 400 + "}", '{"a": ' + "9" * 5_000 + "}", '{"a": "' + "x" * 140_000 + '"}', "[" * 90_000],
    )  # fmt: skip
    def test_is_refused_in_words(self, text: str) -> None:
        with pytest.raises(examples.NotAnExample, match=r"\.$"):
            examples.read(text)
