"""Differences between two versions of a policy, as readable lines."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from policies.engine.conditions import tree
from policies.engine.document.parse import Document, PolicyFault, load

MAX_LINES = 200
MAX_LENGTH = 300
NOTHING = object()


def differences(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> list[str]:
    """Return the differences between two documents as plain JSON values; for a first version, everything.

    There are at most 200 lines of at most 300 characters; the last line then counts the rest.
    """
    lines = [line if len(line) <= MAX_LENGTH else f"{line[: MAX_LENGTH - 1]}…" for line in _between(old or {}, new, "")]
    if len(lines) <= MAX_LINES:
        return lines
    return [*lines[: MAX_LINES - 1], f"and {len(lines) - MAX_LINES + 1} more"]


def is_same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Return whether two documents say the same, however they write it: `250.00` is `250`, and `1d` is `24h`."""
    try:
        return _meaning(load(old)) == _meaning(load(new))
    except PolicyFault:
        # What cannot be read says nothing that could be compared.
        return not differences(old, new)


def _meaning(document: Document) -> tuple[Document, list[str], str]:
    """The document without its written form, and what decides by kinds of values as text: true is not 1 there."""
    rules = tuple(replace(rule, when="") for rule in document.rules)
    plain = replace(document, rules=rules, tests=(), digest="", canonical=b"")
    return plain, [_condition(rule.when) for rule in document.rules], repr(document.tests)


def _condition(text: str) -> str:
    """A condition without its spacing; one that its tree does not tell entirely stays as it is written."""
    said = tree.of(text)
    return text if any(isinstance(part, tree.Other) for part in tree.walk(said)) else repr(said)


def _between(old: Any, new: Any, place: str) -> Iterator[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys((*old, *new)):
            yield from _between(old.get(name, NOTHING), new.get(name, NOTHING), f"{place} › {name}" if place else name)
    elif _is_named(old) and _is_named(new):
        yield from _between(_by_name(old), _by_name(new), place)
        yield from _order(old, new, place)
    elif old == new and type(old) is type(new):
        return
    elif old is NOTHING:
        yield f"{place}: added, {_words(new)}"
    elif new is NOTHING:
        yield f"{place}: removed, was {_words(old)}"
    else:
        yield f"{place}: changed from {_words(old)} to {_words(new)}"


def _order(old: list[Any], new: list[Any], place: str) -> Iterator[str]:
    """Report a changed order; it does not change evaluations, but readers should know."""
    before, after = ([item["name"] for item in items] for items in (old, new))
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield f"{place}: order changed"


def _is_named(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) and "name" in item for item in value)


def _by_name(items: list[Any]) -> dict[str, Any]:
    return {item["name"]: {name: value for name, value in item.items() if name != "name"} for item in items}


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_words(inner)}" for name, inner in value.items()) or "empty"
    if isinstance(value, list):
        return "; ".join(map(_words, value)) or "empty"
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
