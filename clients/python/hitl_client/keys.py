"""Idempotency keys that are made from the work, so that a restarted agent proposes nothing twice."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class _Named:
    name: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


_UNNAMED = _Named()
_work: ContextVar[_Named] = ContextVar("hitl_work")


@contextmanager
def work(name: str, **fields: Any) -> Iterator[None]:
    """Name the piece of work that follows, such as a ticket or a message.

    The same call in the same work is one action. In another work it is another action. `fields` are fields of its
    proposals, such as `instruction` or `on_behalf_of`. The name is the `thread`, unless they say otherwise.
    """
    token = _work.set(_Named(name, fields))
    try:
        yield
    finally:
        _work.reset(token)


def current_name() -> str:
    """Return the name of the current work, or an empty text."""
    return _work.get(_UNNAMED).name


def current_fields() -> dict[str, Any]:
    """Return the fields that the current work gives to its proposals."""
    named = _work.get(_UNNAMED)
    return {**({"thread": named.name[:200]} if named.name else {}), **named.fields}


def plain(value: Any) -> Any:
    """Return the value as JSON has it. Decimals, times, paths and UUIDs become text; models become objects.

    :raises TypeError: JSON has nothing for it.
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID | PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return _of_model(value)


def _of_model(value: Any) -> Any:
    if callable(dump := getattr(value, "model_dump", None)):
        return plain(dump(mode="json"))
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    raise TypeError(f"{type(value).__name__} has no form in JSON. Pass text, numbers, lists or dictionaries.")


def canonical(value: Any) -> str:
    """Return one text for each value, so that values can be compared as JSON: 1, 1.0 and true differ."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def key_of(action_type: str, payload: Mapping[str, Any], *, name: str | None = None) -> str:
    """Return the key of this payload in the current work, or in the work of this name."""
    parts = {"action_type": action_type, "payload": payload, "work": current_name() if name is None else name}
    # The key is compared only with keys of this client, so that the order of names is all that must be fixed.
    return "py-" + hashlib.sha256(canonical(parts).encode()).hexdigest()
