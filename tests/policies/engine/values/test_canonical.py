"""Canonical bytes and digests."""

import json
import math
from collections.abc import Callable
from enum import Enum, IntEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policies.engine.values.canonical import canonical_bytes, digest, holds_nul, object_of, plain
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
# Where Python's own encoder and RFC 8785 could part: sizes of numbers, the order of keys, what is escaped.
BOUNDS = [
    0.0,
    -0.0,
    1.0,
    1e-4,
    9.999e-5,
    1e-7,
    1e16,
    1.5e15,
    2.0**53,
    float(2**53 - 1),
    1e21,
    5e-324,
    717.97,
    0.1 + 0.2,
]


# A text that is not written as its value.
Odd = Enum("Odd", {"WORD": "word"}, type=str)
Level = IntEnum("Level", {"HIGH": 7})


class Spelled(float):
    """A number that keeps more than its value."""

    def __repr__(self) -> str:
        return "spelled"


EDGES = st.sampled_from(
    [*BOUNDS, *(-each for each in BOUNDS), 2**53 - 1, 2**53, -(2**53), 10**30, True, Route.AUTO, Odd.WORD]
)
ODD_TEXT = st.text(
    st.sampled_from('a\x00\x1f\x7f"\\/\b\f\n\r\t<é\u2028\ud7ff\ud800\udfff\ue000\uffff\U00010000\U0010ffff'), max_size=6
)
UNUSUAL = st.recursive(
    EDGES | ODD_TEXT | SCALARS | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(ODD_TEXT | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)

# What is said around the library's words.
FORMLESS = ("This value has no canonical JSON form: ", ". Send it as text or correct it.")


def told(write: Callable[[Any], bytes], value: Any) -> bytes | str:
    """What a writer writes, or why it does not."""
    try:
        return write(value)
    except ValueError as refusal:
        return str(refusal).removeprefix(FORMLESS[0]).removesuffix(FORMLESS[1])


class TestCanonicalBytes:
    @settings(max_examples=times(300, 100_000))
    @given(UNUSUAL)
    @example({"\ue000": 1, "\U00010000": 2})
    @example([-0.0, 77.0, 1e-4, 123456789012345.6])
    def test_are_the_librarys_bytes_or_its_refusal(self, value: Any) -> None:
        assert told(canonical_bytes, value) == told(lambda each: rfc8785.dumps(plain(each)), value)

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


@given(value=st.dictionaries(st.from_regex(r"[A-Za-z_]{1,8}", fullmatch=True), JSON, max_size=5))
def test_an_object_is_put_together_from_the_texts_of_its_values(value: dict[str, Any]) -> None:
    texts = {name: canonical_bytes(each).decode() for name, each in value.items()}
    assert object_of(texts).encode() == canonical_bytes(value)


@given(value=JSON)
def test_a_text_that_is_read_and_written_again_is_the_same(value: Any) -> None:
    written = canonical_bytes(value)
    assert canonical_bytes(json.loads(written)) == written
