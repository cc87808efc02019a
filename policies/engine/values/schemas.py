"""Walk a JSON Schema along with a value; nothing is ever fetched from elsewhere."""

from collections.abc import Iterator, Mapping, Sequence

from policies.engine.values import json_pointer

Schema = Mapping[str, object]
MAX_IN_PLACE = 64
# Where a schema describes the same value elsewhere, and where it describes the values inside.
ELSEWHERE = frozenset({"$ref", "allOf", "anyOf", "oneOf"})
INSIDE = frozenset({"properties", "additionalProperties", "prefixItems", "items"})


def in_place(schema: object, root: Schema) -> Sequence[Schema]:
    """Return all schemas for the same value: references, `allOf`, and the only branch that is not null."""
    if not isinstance(schema, Mapping):
        return ()
    if ELSEWHERE.isdisjoint(schema):
        return (schema,)
    found: list[Schema] = []
    waiting: list[object] = [schema]
    while waiting and len(found) < MAX_IN_PLACE:
        each = waiting.pop(0)
        if not isinstance(each, Mapping) or any(each is other for other in found):
            continue
        found.append(each)
        waiting.extend(_beside(each, root))
    return found


def members(value: Mapping[str, object], schema: Schema) -> Iterator[tuple[str, object]]:
    """Yield the members of an object with their schemas."""
    properties = schema.get("properties")
    named = properties if isinstance(properties, Mapping) else {}
    yield from ((name, part) for name, part in named.items() if name in value)
    if isinstance(others := schema.get("additionalProperties"), Mapping):
        yield from ((name, others) for name in value if name not in named)


def items(value: Sequence[object], schema: Schema) -> Iterator[tuple[int, object]]:
    """Yield the indexes of a list with their schemas."""
    first = schema.get("prefixItems")
    first = first if isinstance(first, list | tuple) else ()
    for index in range(len(value)):
        yield index, first[index] if index < len(first) else schema.get("items")


def at(root: Schema, pointer: str) -> list[Schema]:
    """Return all schemas for the value at a pointer."""
    found: list[Schema] = list(in_place(root, root))
    for part in json_pointer.parts(pointer):
        inner = [each for schema in found for each in _inside(schema, part)]
        found = [each for schema in inner for each in in_place(schema, root)]
    return found


def title_at(root: Schema, pointer: str) -> str:
    """Return the title of the field at a pointer, or its name in words."""
    parts = json_pointer.parts(pointer)
    titles = [title for schema in at(root, pointer) if isinstance(title := schema.get("title"), str) and title.strip()]
    names = [part for part in parts if not part.isdecimal()]
    return titles[0].strip() if titles and parts else (names[-1].replace("_", " ") if names else pointer)


def _inside(schema: Schema, part: str) -> Iterator[object]:
    properties = schema.get("properties")
    if isinstance(properties, Mapping) and part in properties:
        yield properties[part]
    elif part.isdecimal():
        yield from (each for _, each in items([None] * (min(int(part), 1000) + 1), schema) if each is not None)


def _beside(schema: Schema, root: Schema) -> Iterator[object]:
    reference = schema.get("$ref")
    if isinstance(reference, str) and (reference == "#" or reference.startswith("#/")):
        yield json_pointer.find(root, reference[1:])
    yield from _list(schema.get("allOf"))
    for name in ("anyOf", "oneOf"):
        branches = [each for each in _list(schema.get(name)) if not _is_null(each)]
        # With several branches, it is unknown which one the value matches.
        yield from branches if len(branches) == 1 else ()


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _is_null(schema: object) -> bool:
    return isinstance(schema, Mapping) and (schema.get("type") == "null" or schema.get("const", 0) is None)
