"""Canonical JSON (RFC 8785) of hashed values, and SHA-256 over it."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import rfc8785

MAX_DEPTH = 64
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_LARGEST = 2**53 - 1
# Types whose values Python's encoder always writes so; it writes no lone surrogate.
_ALWAYS = frozenset({str, bool, type(None)})
# Written in C. It counts no depth and looks for no cycles: that is asked before.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)


def canonical_bytes(value: object) -> bytes:
    """Return the RFC 8785 bytes of a JSON value.

    :raises ValueError: the value holds something that RFC 8785 cannot: NaN, a whole number beyond 2^53, a lone
        surrogate, a key that is no text, a type that is no JSON, or nesting deeper than 64.
    """
    if not _is_usual(value, MAX_DEPTH):
        return _by_library(value)
    try:
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError:
        # A lone surrogate: the library says so.
        return _by_library(value)


def object_of(texts: Mapping[str, str]) -> str:
    """Return the RFC 8785 text of an object whose values are such texts already; its keys are names in ASCII."""
    return "{" + ",".join([f'"{name}":{texts[name]}' for name in sorted(texts)]) + "}"


def holds_nul(written: bytes) -> bool:
    """Return whether canonical bytes contain an escaped U+0000, which database texts cannot store."""
    # The search knows an escaped backslash before it, and costs more than looking whether there is anything.
    return b"\\u0000" in written and _NUL.search(written) is not None


def digest(value: object) -> str:
    """Return SHA-256 over the canonical bytes, as 64 lowercase hexadecimal digits.

    :raises ValueError: the value has no canonical form.
    """
    return bytes_digest(canonical_bytes(value))


def bytes_digest(written: bytes) -> str:
    """Return SHA-256 over bytes that are canonical already, as 64 lowercase hexadecimal digits."""
    return hashlib.sha256(written).hexdigest()


def plain(value: object) -> Any:
    """Return the value with lists for tuples and text for enum members, as a JSON column returns it.

    :raises ValueError: it holds something that is not JSON, or is nested deeper than 64 levels.
    """
    return _plain(value, MAX_DEPTH)


def _plain(value: object, depth: int) -> Any:
    if isinstance(value, str):
        return str(value)
    # RFC 8785 writes such a float without exponent; read again it is an integer beyond 2^53, which has no such form.
    if isinstance(value, float) and 2**53 <= abs(value) < 1e21:
        raise ValueError(f"The number {value:.0f} exceeds 2^53, so it is not exact. Send it as text.")
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth == 0:
        raise ValueError(f"This value is nested deeper than {MAX_DEPTH} levels. Flatten it.")
    if isinstance(value, Mapping):
        return {_key(key): _plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, depth - 1) for item in value]
    raise ValueError(f"A value of type {type(value).__name__} is not valid JSON. Send it as text.")


def _key(key: object) -> str:
    # json.dumps would quietly turn 1 and "1" into the same key; two documents must not share a digest by that.
    if not isinstance(key, str):
        raise ValueError(f"The key {key!r} is not text. JSON objects can only have text keys.")
    return key


def _is_usual(value: object, depth: int) -> bool:
    """Return whether Python's encoder writes the value as RFC 8785 wants it; of texts only those that are UTF-8."""
    kind = type(value)
    if kind in _ALWAYS:
        return True
    if isinstance(value, int):
        return -_LARGEST <= value <= _LARGEST
    if isinstance(value, float):
        # Here both write the shortest digits without an exponent, and Python no ".0".
        return 1e-4 <= abs(value) < 2**53 and not value.is_integer()
    if isinstance(value, str):
        # A member of an enumeration; some are not written as their value.
        return str(value) == value
    if depth == 0:
        return False
    # Most of what is hashed is flat: only what is nested costs a call.
    if isinstance(value, dict):
        return kind is dict and _is_usual_object(value, depth)
    return (
        isinstance(value, list | tuple)
        and kind in (list, tuple)
        and not any(type(item) not in _ALWAYS and not _is_usual(item, depth - 1) for item in value)
    )


def _is_usual_object(value: Mapping[Any, object], depth: int) -> bool:
    for key, item in value.items():
        # By code points a key has the same place as by UTF-16, which differ beyond U+FFFF.
        if type(key) is not str or (not key.isascii() and max(key) > "\uffff"):
            return False
        if type(item) not in _ALWAYS and not _is_usual(item, depth - 1):
            return False
    return True


def _by_library(value: object) -> bytes:
    try:
        return rfc8785.dumps(plain(value))
    except rfc8785.CanonicalizationError as error:
        raise ValueError(f"This value has no canonical JSON form: {error}. Send it as text or correct it.") from error
