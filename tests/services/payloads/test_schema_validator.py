"""A schema is checked in time linear in the payload, whatever its patterns, references, and bounds are."""

import time
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from approvals.errors import SchemaFault
from approvals.models import ActionType
from approvals.services.payloads import revisions, schema_validator, sizes
from policies.engine.text import patterns

# Each took more than eight seconds, or never ended, with a backtracking engine.
CATASTROPHIC = (
    *("^(a+)+$", "^((a+))+$", "^(a|a)*$", "^(a|aa)+$", "^((a|b)|(a|c))*$", "^a*a*a*a*a*b$", "^(.*,){20}x$"),
    *("^(a?){30}a{30}$", "^([a-z]+){20}$", r"^(\w+\s?)*$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a*)*b"),
)
HOSTILE = ("a" * 100_000 + "!", "a," * 50_000, "x" * 100_000, "aA" * 50_000 + "!")
SECONDS = 2.0
# Values that JSON can hold and that a schema compares: numbers of two spellings, truth beside numbers, nested ones.
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.0, 1.0, "", "a", "1", "array", "boolean"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=6,
)
NAMES = st.sampled_from(["a", "ab", "b", "1", "a1", "x-y"])
PATTERNS = st.sampled_from(["^a", "b$", "[0-9]", "^x-", "a+b", "^(a|b)+$"])
INNER = st.sampled_from([True, False, {"type": "integer"}, {"type": "string", "pattern": "^a"}, {"maxLength": 1}])
PLAIN = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "number", "integer", "boolean", "null", ["string", "null"]]),
        "enum": st.lists(st.sampled_from([1, True, "a", None, 1.5]), min_size=1, max_size=3),
        "const": st.sampled_from([1, True, "a"]),
        "minLength": st.integers(0, 2),
        "maxLength": st.integers(0, 2),
        "minimum": st.integers(0, 2),
        "exclusiveMaximum": st.integers(0, 2),
        "multipleOf": st.sampled_from([1, 0.5]),
        "title": st.just("A"),
        "not": st.just({"const": "ab"}),
    },
)
OBJECTS = st.fixed_dictionaries(
    {},
    optional={
        "properties": st.dictionaries(NAMES, INNER, max_size=2),
        "patternProperties": st.dictionaries(PATTERNS, INNER, max_size=2),
        "additionalProperties": INNER,
    },
)


def said(errors: Iterable[ValidationError]) -> list[tuple[str, str, str]]:
    return sorted((error.json_path, str(error.validator), error.message) for error in errors)


def faults(schema: Any, payload: Any) -> list[Any]:
    try:
        revisions.check_schema(ActionType(name="a.b", schema=schema), payload)
    except SchemaFault as fault:
        return list(fault.details["faults"]) or [str(fault)]
    return []


def timed(schema: Any, payload: Any) -> list[Any]:
    began = time.process_time()
    found = faults(schema, payload)
    assert time.process_time() - began < SECONDS
    return found


class TestAPattern:
    @pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:4])
    @pytest.mark.parametrize("pattern", CATASTROPHIC)
    def test_takes_linear_time_wherever_it_is(self, pattern: str, text: str) -> None:
        inner = {"type": "string", "pattern": pattern}
        timed({"properties": {"a": inner}}, {"a": text})
        timed({"patternProperties": {pattern: True}, "additionalProperties": False}, {text: 1})
        timed({"propertyNames": inner}, {text: 1})
        timed({"$defs": {"a": {"$schema": Draft202012Validator.META_SCHEMA["$id"], **inner}},
               "additionalProperties": {"$ref": "#/$defs/a"}}, {"a": text})  # fmt: skip
        timed({"not": {"items": inner}}, [text])

    @pytest.mark.parametrize("pattern", ["^(?=a)b", r"(a)\1", "(", "(?<!a)b", "a{1001}", r"\Z"])
    def test_that_is_stored_but_not_supported_is_never_matched(self, pattern: str) -> None:
        for schema in ({"properties": {"a": {"pattern": pattern}}}, {"not": {"patternProperties": {pattern: False}}}):
            assert "contains a pattern that is not supported" in faults(schema, {"a": "b"})[0]

    def test_is_about_the_whole_text_and_ascii(self) -> None:
        schema = {"properties": {"a": {"pattern": r"^\d+$"}}}
        assert (faults(schema, {"a": "12"}), len(faults(schema, {"a": "12\n"})), len(faults(schema, {"a": "١"}))) == (
            [],
            1,
            1,
        )

    def test_of_an_expected_number_takes_linear_time(self) -> None:
        began = time.process_time()
        for pattern in CATASTROPHIC:
            patterns.is_found(pattern, HOSTILE[0])
        assert time.process_time() - began < SECONDS

    def test_as_a_value_takes_linear_time(self) -> None:
        assert timed({"properties": {"a": {"format": "regex"}}}, {"a": "(" * 50_000})
        assert timed({"properties": {"a": {"format": "regex"}}}, {"a": "^a+$"}) == []

    def test_is_needed_by_no_other_format(self) -> None:
        hostile = (*HOSTILE, "{" * 100_000, "http://" + "a:" * 50_000, "[" * 100_000, "%20" * 30_000, "P1" * 50_000)
        for name in schema_validator.FORMATS.checkers:
            for text in hostile:
                timed({"properties": {"a": {"format": name}}}, {"a": text})
        assert timed({"properties": {"a": {"format": "uri-template"}}}, {"a": "/{id}"}) == []

    def test_matches_half_a_surrogate_pair_as_an_unknown_character(self) -> None:
        assert patterns.is_found("^.$", "\ud800") and not patterns.is_found("a", "\ud800")


class TestTheValidator:
    @given(schema=OBJECTS, value=st.dictionaries(NAMES, st.sampled_from([1, "a", "ab", "", None]), max_size=4))
    def test_says_of_objects_what_the_standard_says(self, schema: Any, value: Any) -> None:
        assert self.is_valid(schema, value) is Draft202012Validator(schema).is_valid(value)

    @given(
        plain=st.dictionaries(NAMES, PLAIN, max_size=3),
        value=st.dictionaries(NAMES, st.sampled_from([0, 1, 1.0, 1.5, 2, True, "", "a", "ab", None]), max_size=3),
    )
    def test_says_of_plain_values_word_for_word_what_the_standard_says(self, plain: Any, value: Any) -> None:
        schema = {"properties": plain}
        assert said(schema_validator.errors(schema, value)) == said(Draft202012Validator(schema).iter_errors(value))

    @given(value=st.lists(VALUES, max_size=5))
    def test_says_of_unique_entries_what_the_standard_says(self, value: Any) -> None:
        schema = {"uniqueItems": True}
        assert self.is_valid(schema, value) is Draft202012Validator(schema).is_valid(value)

    def is_valid(self, schema: Any, value: Any) -> bool:
        return not list(schema_validator.errors(schema, value))

    def test_compares_many_entries_in_linear_time(self) -> None:
        entries = [{"k": at, "l": [at]} for at in range(8_000)]
        schema = {"properties": {"a": {"uniqueItems": True}}}
        assert timed(schema, {"a": entries}) == []
        assert (
            timed(schema, {"a": [*entries, {"l": [1.0], "k": 1}]})[0]["message"]
            == "A contains duplicate entries. Remove the duplicates."
        )

    def test_follows_no_reference_again_and_again(self) -> None:
        shared = {f"d{at}": {"allOf": [{"$ref": f"#/$defs/d{at + 1}"}] * 2} for at in range(60)} | {"d60": {}}
        for schema in ({"$ref": "#/$defs/d0"}, {"properties": {"a": {"$ref": "#/$defs/d0"}}}):
            assert "takes too long." in timed({"$defs": shared, **schema}, {"a": 1})[0]
        node = {"anyOf": [{"required": ["x"], "properties": {"n": {"$ref": "#/$defs/node"}}}] * 3}
        deep: Any = {}
        for _ in range(30):
            deep = {"n": deep}
        assert timed({"$defs": {"node": node}, "$ref": "#/$defs/node"}, deep)
        many: Any = {"x": [{"n": {"n": {"n": {"n": {}}}}} for _ in range(3_000)]}
        items = {"properties": {"x": {"items": {"$ref": "#/$defs/node"}}}}
        assert timed({"$defs": {"node": node}, **items}, many)

    def test_follows_the_references_of_a_long_list(self) -> None:
        schema = {"$defs": {"n": {"type": "integer"}}, "properties": {"a": {"items": {"$ref": "#/$defs/n"}}}}
        assert timed(schema, {"a": [1] * sizes.MAX_ENTRIES}) == []


class TestASize:
    @pytest.mark.parametrize(
        ("value", "said"),
        [
            ([1] * 10_001, "A can have at most 10000 entries, but has 10001."),
            ({f"k{at}": 1 for at in range(10_001)}, "A can have at most 10000 fields, but has 10001."),
        ],
        ids=["list", "object"],
    )
    def test_has_a_default_bound_everywhere(self, value: Any, said: str) -> None:
        assert faults({}, {"a": value}) == [{"pointer": "/a", "message": said}]
        assert faults({"properties": {"b": {"items": {}}}}, {"b": [{"a": value}]})[0]["pointer"] == "/b/0/a"

    def test_may_be_larger_where_the_schema_says_so(self) -> None:
        schema = {"properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"maxItems": 10_002}}}
        assert faults(schema, {"a": [1] * 10_002}) == []
        assert faults(schema, {"a": [1] * 10_003})[0]["message"] == "A can have at most 10002 entries, but has 10003."
