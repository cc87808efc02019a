"""Idempotency keys that are made from the work, so that a restarted agent proposes nothing twice."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any
from uuid import UUID

_work: ContextVar[str] = ContextVar("hitl_work", default="")


@contextmanager
def work(name: str) -> Iterator[None]:
    """Name the piece of work that follows, such as a ticket or a message.

    The same call in the same work is one action. In another work it is another action.
    """
    token = _work.set(name)
    try:
        yield
    finally:
        _work.reset(token)


def plain(value: Any) -> Any:
    """Return the value as JSON has it. Decimals, times, paths and UUIDs become text.

    :raises TypeError: JSON has nothing for it.
    """
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
    raise TypeError(f"{type(value).__name__} has no form in JSON. Pass text, numbers, lists or dictionaries.")


def key_of(action_type: str, payload: Mapping[str, Any], *, name: str | None = None) -> str:
    """Return the key of this payload in the current work, or in the work of this name."""
    parts = {"action_type": action_type, "payload": payload, "work": _work.get() if name is None else name}
    # The key is compared only with keys of this client, so that the order of names is all that must be fixed.
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return "py-" + hashlib.sha256(text.encode()).hexdigest()
