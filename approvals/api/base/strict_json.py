"""A strict JSON reader that refuses ambiguous documents and values that a database cannot store.

No duplicate keys, NaN, Infinity, overflowing numbers, integers beyond 2^53 - 1, lone surrogates or U+0000; at most 32
levels deep. The depth is measured before anything is parsed, so that no input can exhaust the stack.
"""

import json
import math
import re
from typing import Any, NoReturn

from approvals.errors import Malformed
from policies.engine.values import json_pointer

MAX_DEPTH = 32
LARGEST_INTEGER = 2**53 - 1

# Whole strings first, so that a bracket inside one is not counted. Nothing is tried twice: the parts are possessive,
# and a string that nobody closes takes the rest; else a body of escaped quotes would cost the square of its length.
_STRING_OR_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_OPENING = (b"[", b"{")
_CLOSING = (b"]", b"}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def parse(body: bytes) -> Any:
    """Read one JSON document in UTF-8.

    :raises Malformed: the document is not valid JSON, or holds values that are not accepted.
    """
    _measure(body)
    try:
        value = _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Malformed(f"The body is not valid UTF-8 at byte {error.start}. Send JSON encoded as UTF-8.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Malformed(f"The body is not valid JSON at {where}: {error.msg}.") from error
    # Only an escape can bring a lone surrogate or U+0000 in: raw ones are refused as UTF-8 or as JSON.
    if b"\\u" in body:
        _inspect(value, "")
    return value


def _measure(body: bytes) -> None:
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(body):
        token = match.group()
        if token in _OPENING:
            depth += 1
            if depth > MAX_DEPTH:
                raise Malformed(f"The body is nested deeper than {MAX_DEPTH} levels. Flatten it.")
        elif token in _CLOSING:
            depth -= 1


def _inspect(value: Any, pointer: str) -> None:
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            where = pointer or "the document"
            raise Malformed(f"The string at {where} contains U+0000 or an unpaired surrogate. Remove it.")
    elif isinstance(value, dict):
        for key, item in value.items():
            _inspect(key, f"{pointer} (a key)")
            _inspect(item, f"{pointer}{json_pointer.join(key)}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _inspect(item, f"{pointer}/{index}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Malformed(f"The key {twice[:100]!a} appears twice in one object. Send each key once.")
    return result


def _integer(text: str) -> int:
    # The length is asked first: turning a million digits into an integer costs more than the request is worth.
    if len(text) > 17 or abs(int(text)) > LARGEST_INTEGER:
        raise Malformed(f"The integer {text[:40]} is larger than 2^53 - 1. Send it as a string.")
    return int(text)


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise Malformed(f"The number {text[:40]} is too large. Send it as a string.")
    return value


def _constant(name: str) -> NoReturn:
    raise Malformed(f"{name} is not valid JSON. Omit the field or send null.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant, strict=True
)
