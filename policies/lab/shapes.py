"""What a JSON Schema says of the values in a payload: their kinds, their names, and whether they may be absent."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies.engine.values import json_pointer, schemas

Schema = Mapping[str, Any]
TEXT, NUMBER, TRUTH, LIST, OBJECT, NULL, TIME = "text", "number", "truth", "list", "object", "null", "time"
Kinds = frozenset[str]
_KINDS = {
    "string": TEXT,
    "number": NUMBER,
    "integer": NUMBER,
    "boolean": TRUTH,
    "array": LIST,
    "object": OBJECT,
    "null": NULL,
}
MAX_ALTERNATIVES = 32
NEAR = 0.75


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything that a schema says of one value: the schemas that may describe it; none means anything."""

    alternatives: tuple[Sequence[Schema], ...]
    root: Schema
    is_optional: bool = False

    @property
    def kinds(self) -> Kinds | None:
        """The kinds that the value may have, or None if the schema allows any."""
        found = [_kinds(each) for each in self.alternatives]
        known = [kinds for kinds in found if kinds is not None]
        return frozenset().union(*known) if found and len(known) == len(found) else None

    @property
    def values(self) -> tuple[Any, ...] | None:
        """The only values that are allowed, or None if there are others."""
        found = [_values(each) for each in self.alternatives]
        known = [values for values in found if values is not None]
        return tuple(value for values in known for value in values) if found and len(known) == len(found) else None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the members that the schema describes."""
        found = (each.get("properties") for schemas_ in self.alternatives for each in schemas_)
        return tuple(dict.fromkeys(name for named in found if isinstance(named, Mapping) for name in named))

    @property
    def is_closed(self) -> bool:
        """Whether the schema allows no other members than those that it describes."""
        words = ("additionalProperties", "unevaluatedProperties")
        return bool(self.alternatives) and all(
            any(each.get(word) is False for each in found for word in words) for found in self.alternatives
        )

    def member(self, key: str | int) -> "Shape | None":
        """Return the shape of a member or an item, or None if the schema does not describe it."""
        found = [part for each in self.alternatives for part in _members(each, key)]
        if not found:
            return None
        is_required = bool(self.alternatives) and all(
            any(key in _names(each.get("required")) for each in schemas_) for schemas_ in self.alternatives
        )
        return _shape(found, self.root, is_optional=not is_required)

    def items(self) -> "Shape":
        """Return the shape of the items of a list."""
        found = [part for each in self.alternatives for part in _members(each, 0)]
        return _shape(found, self.root)

    def nearest(self, name: str) -> str:
        """Return the described member whose name is nearest to this one, or nothing."""
        return nearest(name, self.names)


def of(schema: Schema) -> Shape:
    """Return the shape of a whole payload."""
    return _shape([schema], schema)


def at(schema: Schema, pointer: str) -> Shape | None:
    """Return the shape at a JSON Pointer, or None if the schema describes nothing there."""
    found: Shape | None = of(schema)
    for part in json_pointer.parts(pointer):
        found = found.member(int(part) if part.isdecimal() and LIST in (found.kinds or ()) else part) if found else None
    return found


def pointers(schema: Schema, *, deepest: int = 4) -> Iterator[str]:
    """Yield the pointers to every value that a schema describes outside lists."""
    yield from _below(of(schema), "", deepest)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is nearest to another, or nothing."""
    return next(iter(difflib.get_close_matches(name, tuple(known), n=1, cutoff=0.6)), "")


def _below(shape: Shape, pointer: str, deepest: int) -> Iterator[str]:
    for name in shape.names if deepest else ():
        inner = f"{pointer}{json_pointer.join(name)}"
        yield inner
        if (member := shape.member(name)) is not None:
            yield from _below(member, inner, deepest - 1)


def _shape(found: Sequence[Any], root: Schema, *, is_optional: bool = False) -> Shape:
    alternatives = [each for schema in found for each in _alternatives(schema, root)]
    return Shape(tuple(alternatives[:MAX_ALTERNATIVES]), root, is_optional)


def _alternatives(schema: Any, root: Schema) -> Iterator[Sequence[Schema]]:
    """Yield the schemas of each branch together with those that always apply."""
    always = schemas.in_place(schema, root)
    branches = [branch for each in always for word in ("anyOf", "oneOf") for branch in _branches(each, word)]
    if not branches:
        yield always
    for branch in branches:
        yield [*always, *schemas.in_place(branch, root)]


def _branches(schema: Schema, word: str) -> Sequence[Any]:
    found = schema.get(word)
    return found if isinstance(found, list | tuple) else ()


def _members(found: Sequence[Schema], key: str | int) -> Iterator[Any]:
    for schema in found:
        properties = schema.get("properties")
        if isinstance(key, str) and isinstance(properties, Mapping) and key in properties:
            yield properties[key]
        elif isinstance(key, str) and isinstance(others := schema.get("additionalProperties"), Mapping):
            yield others
        elif isinstance(key, int):
            first = schema.get("prefixItems")
            inner = first[key] if isinstance(first, list | tuple) and key < len(first) else schema.get("items")
            yield from [inner] if isinstance(inner, Mapping) else []


def _kinds(found: Sequence[Schema]) -> Kinds | None:
    kinds: Kinds | None = None
    for schema in found:
        if (said := _said(schema)) is not None:
            kinds = said if kinds is None else kinds & said
    return kinds


def _said(schema: Schema) -> Kinds | None:
    said = schema.get("type")
    names = [said] if isinstance(said, str) else said
    if isinstance(names, list | tuple):
        return frozenset(_KINDS[name] for name in names if name in _KINDS)
    values = _values([schema])
    return None if values is None else frozenset(map(kind_of, values))


def kind_of(value: Any) -> str:
    """Return the kind of a JSON value."""
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, TRUTH),
        ((int, float), NUMBER),
        (str, TEXT),
        ((list, tuple), LIST),
        (Mapping, OBJECT),
    )
    return next((kind for types, kind in kinds if isinstance(value, types)), NULL)


def _values(found: Sequence[Schema]) -> tuple[Any, ...] | None:
    for schema in found:
        if "const" in schema:
            return (schema["const"],)
        if isinstance(values := schema.get("enum"), list | tuple):
            return tuple(values)
    return None


def _names(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()
