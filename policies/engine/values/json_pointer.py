"""JSON Pointers (RFC 6901): how a place inside a JSON value is written, and what stands there."""

import re
from collections.abc import Mapping
from typing import Any

_POINTER = re.compile(r"(/([^/~]|~[01])*)+")
# A place in a list: without leading zeros, and no longer than any list is.
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


def is_pointer(text: object) -> bool:
    """Whether a text is a pointer to a place inside a value; an empty one names the whole and is none."""
    return isinstance(text, str) and _POINTER.fullmatch(text) is not None


def escape(key: object) -> str:
    """A key or an index as a pointer spells it."""
    return str(key).replace("~", "~0").replace("/", "~1")


def unescape(part: str) -> str:
    """The key that a part of a pointer names."""
    # In this order: "~01" is the key "~1", not a slash.
    return part.replace("~1", "/").replace("~0", "~")


def join(*keys: object) -> str:
    """The pointer that leads through these keys and indexes."""
    return "".join(f"/{escape(key)}" for key in keys)


def parts(pointer: str) -> list[str]:
    """The keys and indexes that a pointer leads through."""
    return [unescape(part) for part in pointer.split("/")[1:]]


def find(value: Any, pointer: str, default: Any = None) -> Any:
    """What stands at a pointer, or the default; lists are walked by index, an empty pointer names the whole."""
    if pointer and not pointer.startswith("/"):
        return default
    for part in parts(pointer):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list | tuple) and _INDEX.fullmatch(part) and int(part) < len(value):
            value = value[int(part)]
        else:
            return default
    return value
