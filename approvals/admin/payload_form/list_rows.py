"""Rows that a reviewer adds to a list: one empty row is always available."""

from collections.abc import Mapping
from typing import Any

from approvals.admin.payload_form import schema as schemas
from approvals.admin.payload_form.schema import Schema

# Limits the added rows, because a browser can send any number.
MAX_NEW = 20


def ends(typed: Mapping[str, str], prefix: str) -> dict[str, int]:
    """For each list, the position after the last row with input."""
    found: dict[str, int] = {}
    for name, text in typed.items():
        if not text or not name.startswith(prefix):
            continue
        parts = name.removeprefix(prefix).split("/")
        for at, part in enumerate(parts):
            if part.isdecimal() and part.isascii() and len(part) < 6:
                pointer = "/".join(parts[:at])
                found[pointer] = max(found.get(pointer, 0), int(part) + 1)
    return found


def places(count: int, end: int) -> range:
    """The positions for new rows after the existing items."""
    filled = min(max(0, end - count), MAX_NEW - 1)
    return range(count, count + filled + 1)


def flat_keys(schema: Schema, root: Schema) -> list[str]:
    """The keys of a table row according to the schema; empty if rows are not flat objects."""
    keys = []
    for key, described in schemas.properties(schema).items():
        inner = schemas.resolved(described, root)
        if {"object", "array"} & set(schemas.types(inner)) or schemas.properties(inner):
            return []
        keys.append(key)
    return keys


def is_described(schema: Any) -> bool:
    """Whether the list's schema describes its items, so that rows can be added."""
    return isinstance(schema, Mapping) and bool(schema)
