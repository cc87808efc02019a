"""The most entries that a list or an object of a payload may have where its schema does not say. Steps."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema.exceptions import ValidationError

from policies.engine.values import json_pointer, schemas

MAX_ENTRIES = 10_000


def errors(schema: Mapping[str, Any], payload: Any) -> Iterator[ValidationError]:
    """Yield each list and object that is too large, and whose own schema sets no bound."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), payload)]
    while waiting:
        path, value = waiting.pop()
        keyword = "maxItems" if isinstance(value, list) else "maxProperties"
        if len(value) > MAX_ENTRIES and not _is_bounded(schema, path, keyword):
            yield ValidationError("", validator=keyword, validator_value=MAX_ENTRIES, instance=value, path=path)
        inner = enumerate(value) if isinstance(value, list) else value.items()
        waiting.extend(((*path, name), each) for name, each in inner if isinstance(each, list | dict))


def _is_bounded(schema: Mapping[str, Any], path: tuple[str | int, ...], keyword: str) -> bool:
    return any(keyword in each for each in schemas.at(schema, json_pointer.join(*path)))
