"""The reader takes plain JSON and refuses, with a sentence, whatever two programs could read in two ways."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approvals.api.base.strict_json import parse
from approvals.errors import Malformed

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=20)


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


class TestParse:
    @given(VALUES)
    def test_reads_what_json_writes(self, value: object) -> None:
        assert parse(json.dumps(value).encode()) == value
        assert parse(json.dumps(value, ensure_ascii=False).encode()) == value

    def test_keeps_numbers_as_they_were(self) -> None:
        assert str(parse(b'[717.97, 3, 1e2, "\\ud83d\\ude00"]')) == "[717.97, 3, 100.0, '😀']"

    def test_takes_thirty_two_levels(self) -> None:
        assert parse(nested(32))

    def test_does_not_count_brackets_in_text(self) -> None:
        text = "[" * 100 + '\\" {{{'
        assert parse(json.dumps(text).encode()) == text

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            (b"", "not valid JSON"),
            (b"{", "not valid JSON at line 1"),
            (b"[1] x", "not valid JSON"),
            (b"\xef\xbb\xbf{}", "not valid JSON"),
            (b'"\xff"', "not valid UTF-8 at byte 1"),
            (b'{"a": 1, "b": 2, "a": 3}', "'a' appears twice"),
            (b'{"x": {"a": 1, "a": 1}}', "'a' appears twice"),
            (b"[NaN]", "NaN is not valid JSON"),
            (b"[Infinity]", "Infinity is not valid JSON"),
            (b"[-Infinity]", "-Infinity is not valid JSON"),
            (b"[1e999]", "1e999 is too large"),
            (b"[-1e999]", "-1e999 is too large"),
            (b"[9007199254740992]", "larger than 2^53"),
            (b"[-9007199254740992]", "larger than 2^53"),
            (b"[" + b"9" * 100_000 + b"]", "larger than 2^53"),
            (b'["\\ud800"]', "an unpaired surrogate"),
            (b'[{"a": "\\udc00\\ud800"}]', "string at /0/a"),
            (b'{"\\ud800": 1}', "a key"),
            (b'["\\u0000"]', "U+0000"),
            (b'["\x00"]', "not valid JSON"),
            (b'["a\nb"]', "not valid JSON"),
            (nested(33), "deeper than 32"),
            (nested(10_000), "deeper than 32"),
            (b'{"a":' * 10_000, "deeper than 32"),
            (b"[" * 1_000_000, "deeper than 32"),
        ],
        ids=lambda value: str(value)[:20],
    )
    def test_refuses(self, body: bytes, said: str) -> None:
        with pytest.raises(Malformed, match=said.replace("^", r"\^").replace("+", r"\+")):
            parse(body)

    @given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
    def test_fails_in_no_other_way(self, body: bytes) -> None:
        try:
            parse(body)
        except Malformed:
            return

    @pytest.mark.parametrize("body", [b'"' + b'\\"' * 8_000_000, b'"' * 16_000_001, b'"' + b"\\" * 16_000_001], ids=len)
    def test_refuses_a_string_without_an_end_in_time(self, body: bytes) -> None:
        started = time.perf_counter()
        with pytest.raises(Malformed):
            parse(body)
        assert time.perf_counter() - started < 10

    def test_reads_a_full_batch_in_time(self) -> None:
        item = {"idempotency_key": "k", "payload": {"text": "[" * 1000, "lines": [{"a": 1.5}] * 20}}
        body = json.dumps([item] * 9000).encode()
        started = time.perf_counter()
        parse(body)
        assert len(body) > 10_000_000
        assert time.perf_counter() - started < 5
