"""Canonical bytes beside ECMAScript's own JSON, which RFC 8785 is written after; needs Node.js."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import IO, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.engine.values.canonical import canonical_bytes
from tests.proof import times

NODE = shutil.which("node")
pytestmark = [pytest.mark.proof, pytest.mark.skipif(NODE is None, reason="Node.js is not installed")]

# What the package `canonicalize` does: JSON.stringify, with the keys of each object sorted by UTF-16 code units.
SCRIPT = """
const sorted = (v) => Array.isArray(v) ? "[" + v.map(sorted).join(",") + "]"
  : v !== null && typeof v === "object"
    ? "{" + Object.keys(v).sort().map((k) => JSON.stringify(k) + ":" + sorted(v[k])).join(",") + "}"
    : JSON.stringify(v);
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(sorted(JSON.parse(line))) + "\\n");
});
"""
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
NUMBERS = (
    st.integers(-(2**53) + 1, 2**53 - 1)
    | st.decimals(-(10**9), 10**9, places=4).map(float)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not 2**53 <= abs(number) < 1e21)
)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def node() -> Iterator[subprocess.Popen[str]]:
    """A process that answers each line of JSON with its canonical text."""
    with subprocess.Popen(
        [str(NODE), "-e", SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", bufsize=1
    ) as process:
        yield process
        process.kill()


@settings(max_examples=times(200, 100_000), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON)
def test_are_what_ecmascript_writes(node: subprocess.Popen[str], value: Any) -> None:
    asked, answered = node.stdin, node.stdout
    assert asked is not None
    assert answered is not None
    assert canonical_bytes(value).decode() == _ask(asked, answered, value)


def _ask(asked: IO[str], answered: IO[str], value: Any) -> str:
    asked.write(json.dumps(value) + "\n")
    asked.flush()
    written: str = json.loads(answered.readline())
    return written
