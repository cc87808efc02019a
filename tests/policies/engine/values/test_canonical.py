"""Canonical bytes and digests."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.engine.values.canonical import canonical_bytes, digest, holds_nul, plain
from policies.engine.values.vocabulary import Route
from tests.proof import times

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)
JSON = st.recursive(
    SCALARS | st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not 2**53 <= abs(number) < 1e21),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5).filter(str.isprintable), inner, max_size=4)
    ),
    max_leaves=12,
)


class TestCanonicalBytes:
    def test_sort_keys_and_write_numbers_shortest(self) -> None:
        assert canonical_bytes({"b": 1.0, "a": [True, None, "é"], "c": 1e21}) == (
            '{"a":[true,null,"é"],"b":1,"c":1e+21}'.encode()
        )

    def test_take_tuples_as_lists_and_named_words_as_text(self) -> None:
        assert canonical_bytes((Route.AUTO, 1)) == b'["auto",1]'

    @settings(max_examples=times(100, 100_000))
    @given(JSON)
    def test_come_back_as_the_same_value_and_the_same_bytes(self, value: object) -> None:
        first = canonical_bytes(value)
        assert canonical_bytes(json.loads(first)) == first

    @pytest.mark.parametrize(
        ("value", "sentence"),
        [
            (math.nan, "no canonical JSON form"),
            (math.inf, "no canonical JSON form"),
            (2**53, "no canonical JSON form"),
            (2.0**53, "not exact"),
            ("\ud800", "no canonical JSON form"),
            ({1: "x"}, "is not text"),
            ({"x": {1, 2}}, "A value of type set is not valid JSON"),
            (b"bytes", "A value of type bytes is not valid JSON"),
        ],
    )
    def test_refuse_what_json_cannot_hold(self, value: object, sentence: str) -> None:
        with pytest.raises(ValueError, match=sentence):
            canonical_bytes(value)

    def test_refuse_what_is_nested_too_deep(self) -> None:
        value: object = 1
        for _ in range(10_000):
            value = [value]
        with pytest.raises(ValueError, match="nested deeper than 64"):
            canonical_bytes(value)


class TestHoldsNul:
    @pytest.mark.parametrize(
        ("text", "is_there"),
        [("\x00", True), ("a\\\x00", True), ("\\u0000", False), ("\\\\u0000", False), ("u0000", False), ("", False)],
    )
    def test_tells_the_character_from_its_spelling(self, text: str, is_there: bool) -> None:
        assert holds_nul(canonical_bytes({"text": text})) is is_there


class TestDigest:
    def test_is_sha_256_in_lowercase_hexadecimal(self) -> None:
        assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

    def test_does_not_depend_on_the_order_of_keys(self) -> None:
        assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


class TestPlain:
    def test_is_what_a_json_column_gives_back(self) -> None:
        value = {"outcome": Route.AUTO, "plan": ({"tier": None},)}
        assert plain(value) == json.loads(json.dumps(value))
