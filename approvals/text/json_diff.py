"""Differences between two payloads, field by field."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policies.engine.values import json_pointer


class Absent:
    """Marks an absent field, which is different from null."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Change:
    """One changed field: its JSON Pointer, old and new value; `ABSENT` if it does not exist."""

    pointer: str
    before: Any
    after: Any


def between(before: Any, after: Any, pointer: str = "") -> Iterator[Change]:
    """Yield each difference at its deepest path; lists are compared item by item."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from between(before.get(key, ABSENT), after.get(key, ABSENT), f"{pointer}{json_pointer.join(key)}")
    elif isinstance(before, list) and isinstance(after, list):
        for place in range(max(len(before), len(after))):
            yield from between(_item(before, place), _item(after, place), f"{pointer}/{place}")
    elif not is_same(before, after):
        yield Change(pointer, before, after)


def spelled(change: Change) -> Iterator[Change]:
    """A change for display; an added or removed object becomes one change per value."""
    before, after = ({} if value is ABSENT else value for value in (change.before, change.after))
    if change.before is change.after or not (isinstance(before, dict) and isinstance(after, dict)) or before == after:
        yield change
        return
    for inner in between(before, after, change.pointer):
        yield from spelled(inner)


def is_same(before: Any, after: Any) -> bool:
    """Whether two values are the same JSON; true is not 1, and absent is not null."""
    return type(before) is type(after) and bool(before == after)


def _item(values: list[Any], place: int) -> Any:
    return values[place] if place < len(values) else ABSENT
