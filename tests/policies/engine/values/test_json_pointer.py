"""JSON Pointers: how keys are spelled, and that walking agrees with a reference that knows one step only."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.values import json_pointer

KEYS = st.text(st.sampled_from("ab01~/ \u00e9-"), max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
NOWHERE = object()
# The document of section 5 of RFC 6901.
DOCUMENT: dict[str, Any] = {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "m~n": 8, "~1": 9, " ": 7}


def places(value: Any, keys: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    """Every place inside a value, with what stands there."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(keys, value), *(found for key, each in inner for found in places(each, (*keys, key)))]


@given(KEYS)
def test_a_key_comes_back_as_it_was_escaped(key: str) -> None:
    assert json_pointer.unescape(json_pointer.escape(key)) == key


@given(st.lists(KEYS | st.integers(0, 20), max_size=5))
def test_a_pointer_leads_through_the_keys_that_it_was_joined_of(keys: list[str | int]) -> None:
    assert json_pointer.parts(json_pointer.join(*keys)) == [str(key) for key in keys]


@given(st.lists(KEYS, min_size=1, max_size=5))
def test_what_was_joined_is_a_pointer(keys: list[str]) -> None:
    assert json_pointer.is_pointer(json_pointer.join(*keys))


@given(VALUES)
def test_every_place_is_found_by_its_pointer(value: Any) -> None:
    for keys, standing in places(value):
        assert json_pointer.find(value, json_pointer.join(*keys), NOWHERE) is standing


@given(VALUES, st.lists(KEYS, max_size=3))
def test_nothing_is_found_where_there_is_no_place(value: Any, keys: list[str]) -> None:
    known = {tuple(str(key) for key in way) for way, _ in places(value)}
    is_there = json_pointer.find(value, json_pointer.join(*keys), NOWHERE) is not NOWHERE
    assert is_there == (tuple(keys) in known)


@pytest.mark.parametrize(
    ("pointer", "found"),
    [("", DOCUMENT), ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/m~0n", 8),
     ("/~01", 9), ("/ ", 7)],
)  # fmt: skip
def test_reads_the_document_of_the_standard(pointer: str, found: Any) -> None:
    assert json_pointer.find(DOCUMENT, pointer, NOWHERE) == found


@pytest.mark.parametrize("pointer", ["/foo/2", "/foo/-", "/foo/-1", "/foo/01", "/foo/\u0661", "/foo/" + "9" * 5000])
def test_finds_nothing_in_a_list_but_at_an_index(pointer: str) -> None:
    assert json_pointer.find(DOCUMENT, pointer, NOWHERE) is NOWHERE


def test_a_null_that_is_there_is_not_the_default() -> None:
    assert json_pointer.find({"a": None}, "/a", NOWHERE) is None


@pytest.mark.parametrize("text", ["", "a", "a/b", "/a~", "/a~2b", None, 7])
def test_what_is_no_pointer_is_told_apart(text: object) -> None:
    assert not json_pointer.is_pointer(text)


def test_what_does_not_start_with_a_slash_names_nothing() -> None:
    assert json_pointer.find({"a": 1}, "a", NOWHERE) is NOWHERE
