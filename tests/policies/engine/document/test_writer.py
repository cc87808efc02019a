"""Writing a document back: the value is kept whatever it is, and the text wherever nothing changed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.document.parse import FIELDS, parse
from policies.engine.document.source_text import SourceFault, read
from policies.engine.document.writer import rewrite, write
from policies.queries import templates

TEXT = """\
# What this is for.
policy: travel
title: Travel   # as people call it

# Below the tables come the rules.
rules:
  # Nobody flies first class.
  - name: first-class
    when: "payload.seat == 'first'"   # as the booking says
    outcome: block
    says: Nobody flies first class.
  # The rest is looked at.
  - {name: rest, when: 'true', outcome: review, says: A person looks.}

# How sure it has to be.
score: {review: 40}
# The end.
"""
KEYS = st.text(min_size=1, max_size=12)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=12
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=4)


class TestWrite:
    @given(DOCUMENTS)
    def test_gives_a_text_that_reads_as_the_same_value(self, value: dict[str, Any]) -> None:
        assert repr(read(write(value))) == repr(value)

    @pytest.mark.parametrize(
        "text", ["true", "1", "1.5e5", "~", "- a", "a: b", "a #b", " a", "yes", "é", "\x85", "\u2028", "A?", "A?b"]
    )
    def test_keeps_a_text_a_text(self, text: str) -> None:
        assert read(write({"a": text, "b": [text], "c": [{"when": text}]})) == {
            "a": text,
            "b": [text],
            "c": [{"when": text}],
        }

    @pytest.mark.parametrize("text", ["A?", "A?b", "A: b", "A,"])
    def test_keeps_a_key_a_key(self, text: str) -> None:
        assert read(write({"a": {text: None}, text: [{text: [text]}]})) == {"a": {text: None}, text: [{text: [text]}]}


class TestRewrite:
    @pytest.mark.parametrize("name", templates.names())
    def test_leaves_a_text_alone_that_says_the_same(self, name: str) -> None:
        source = templates.source(name)
        assert rewrite(source, read(source)) == source  # type: ignore[arg-type]

    @given(old=DOCUMENTS, new=DOCUMENTS)
    def test_says_the_new_value_whatever_the_old_text(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        assert read(rewrite(write(old), new)) == new

    def test_keeps_comments_of_what_did_not_change(self) -> None:
        value: Any = read(TEXT)
        value["rules"][1]["outcome"] = "escalate"
        text = rewrite(TEXT, value)
        assert read(text) == value
        for kept in ("# What this is for.", "as people call it", "# Nobody flies", "# as the booking", "# The rest is"):
            assert kept in text
        assert text.endswith("# How sure it has to be.\nscore: {review: 40}\n# The end.\n")

    def test_moves_an_item_with_its_comment(self) -> None:
        value: Any = read(TEXT)
        value["rules"].reverse()
        text = rewrite(TEXT, value)
        assert read(text) == value
        assert text.index("# The rest is looked at.") < text.index("name: rest") < text.index("# Nobody flies")

    def test_puts_a_new_section_where_its_kind_stands(self) -> None:
        value: Any = read(TEXT) | {"confidence": {"absent": "ignore"}, "tests": []}  # type: ignore[operator]
        text = rewrite(TEXT, value, FIELDS)
        assert text.index("rules:") < text.index("confidence:") < text.index("score:") < text.index("tests:")
        assert parse(text).title == "Travel"

    def test_takes_a_section_out(self) -> None:
        value: Any = read(TEXT)
        del value["rules"]
        assert "first-class" not in rewrite(TEXT, value)
        assert "# How sure it has to be." in rewrite(TEXT, value)

    def test_keeps_json_json(self) -> None:
        assert read(rewrite('{"policy": "a"}', {"policy": "b"})) == {"policy": "b"}
        assert rewrite('{"policy": "a"}', {"policy": "b"}).startswith("{")

    def test_refuses_a_text_that_cannot_be_read(self) -> None:
        with pytest.raises(SourceFault):
            rewrite("a: [", {})
