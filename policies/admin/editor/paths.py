"""Read, set, remove and move values of a document by path."""

from collections.abc import Mapping
from copy import deepcopy
from itertools import pairwise
from typing import Any

from policies.admin.editor.cells import ABSENT, Path


def at(body: Any, path: Path) -> Any:
    """Return the value at a path, or ABSENT."""
    for part in path:
        in_mapping = isinstance(body, Mapping) and isinstance(part, str) and part in body
        in_list = isinstance(body, list) and isinstance(part, int) and part < len(body)
        if not in_mapping and not in_list:
            return ABSENT
        body = body[part]
    return body


def put(body: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """Set the value at a path; ABSENT removes it and any parent that becomes empty."""
    if _same(at(body, path), value):
        return body
    new = deepcopy(body)
    holder: Any = new
    for part, following in pairwise(path):
        if at(holder, (part,)) is ABSENT:
            _set(holder, part, [] if isinstance(following, int) else {})
        holder = at(holder, (part,))
    if value is ABSENT:
        holder.pop(path[-1])
        return put(new, path[:-1], ABSENT) if not holder and len(path) > 1 else new
    _set(holder, path[-1], value)
    return new


def moved(body: dict[str, Any], path: Path, by: int) -> dict[str, Any]:
    """Move a list item up (-1) or down (1); at either end it stays."""
    items, place = at(body, path[:-1]), path[-1]
    if not isinstance(items, list) or not isinstance(place, int) or not 0 <= place + by < len(items):
        return body
    items = list(items)
    items.insert(place + by, items.pop(place))
    return put(body, path[:-1], items)


def _set(holder: Any, part: str | int, value: Any) -> None:
    if isinstance(holder, list) and part == len(holder):
        holder.append(value)
    else:
        holder[part] = value


def _same(old: Any, new: Any) -> bool:
    return type(old) is type(new) and repr(old) == repr(new)
