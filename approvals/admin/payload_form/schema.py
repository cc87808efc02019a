"""Reads a JSON Schema for a form: the type and label of each value."""

from collections.abc import Mapping
from typing import Any

from policies.engine.values import json_pointer

Schema = Mapping[str, Any]
FORMATS = {"date": "date", "date-time": "datetime", "email": "email", "uri": "uri", "time": "time"}
EXPECTED = {"date": "date", "email": "email", "iban": "iban"}
MEDIA = {"text/plain": "letter", "text/html": "html"}
TYPE_OF = {str: "string", bool: "boolean", int: "integer", float: "number", dict: "object", list: "array"}
MAX_REFERENCES = 8


def resolved(schema: Any, root: Schema, value: Any = None) -> Schema:
    """The schema with local references resolved and the matching branch chosen."""
    found: Schema = schema if isinstance(schema, Mapping) else {}
    for _ in range(MAX_REFERENCES):
        if "$ref" in found:
            found = {**_at(root, str(found["$ref"])), **{key: found[key] for key in found if key != "$ref"}}
        elif "allOf" in found:
            found = _merged([{key: found[key] for key in found if key != "allOf"}, *found["allOf"]], root)
        elif ("anyOf" in found or "oneOf" in found) and not options(found):
            branches = found.get("anyOf") or found.get("oneOf") or []
            rest = {key: found[key] for key in found if key not in {"anyOf", "oneOf"}}
            found = _merged([rest, _branch(branches, root, value)], root)
        else:
            return found
    return {}


def types(schema: Schema) -> tuple[str, ...]:
    """The allowed JSON types in schema order; empty means any."""
    named = schema.get("type")
    if isinstance(named, str):
        return (named,)
    return tuple(str(name) for name in named) if isinstance(named, list) else ()


def type_of(value: Any) -> str:
    """The JSON type of a value."""
    return TYPE_OF.get(type(value), "null")


def properties(schema: Schema) -> Mapping[str, Any]:
    """The properties that the schema describes, in its order."""
    found = schema.get("properties")
    return found if isinstance(found, Mapping) else {}


def options(schema: Schema) -> list[tuple[Any, str]]:
    """The allowed values with titles, from `enum` or from a `oneOf` of titled constants."""
    if isinstance(schema.get("enum"), list):
        return [(value, "") for value in schema["enum"]]
    branches = schema.get("oneOf") or schema.get("anyOf")
    if not isinstance(branches, list) or not all(isinstance(each, Mapping) and "const" in each for each in branches):
        return []
    return [(branch["const"], str(branch.get("title", ""))) for branch in branches]


def kind_of_text(schema: Schema) -> str:
    """The kind of text, from its media type, its format, or its expected content."""
    expected = schema.get("x-expect")
    name = expected.get("kind") if isinstance(expected, Mapping) else ""
    media = MEDIA.get(str(schema.get("contentMediaType", "")).partition(";")[0].strip().lower())
    return media or FORMATS.get(str(schema.get("format", ""))) or EXPECTED.get(str(name)) or "text"


def label(key: str, schema: Schema) -> str:
    """The label of a field: its schema title, or its key in words."""
    title = schema.get("title")
    return str(title) if title else key.replace("_", " ").replace("-", " ").strip().capitalize() or key


def name_of(pointer: str, root: Schema) -> str:
    """The label of the field at a JSON Pointer, as far as the schema describes it."""
    schema, key = root, pointer
    for key in json_pointer.parts(pointer):
        here = resolved(schema, root)
        schema = here.get("items", {}) if key.isdigit() else properties(here).get(key, {})
    return label(key, resolved(schema, root))


def _at(root: Schema, reference: str) -> Schema:
    found = json_pointer.find(root, reference[1:]) if reference.startswith("#") else None
    return found if isinstance(found, Mapping) else {}


def _merged(parts: list[Any], root: Schema) -> Schema:
    merged: dict[str, Any] = {}
    for part in parts:
        schema = _at(root, str(part["$ref"])) if isinstance(part, Mapping) and "$ref" in part else part
        if not isinstance(schema, Mapping):
            continue
        described = {**properties(merged), **properties(schema)}
        required = [*merged.get("required", []), *schema.get("required", [])]
        merged = {**merged, **schema, "properties": described, "required": required}
    return merged


def _branch(branches: list[Any], root: Schema, value: Any) -> Any:
    readable = [resolved(branch, root, value) for branch in branches]
    fitting = [branch for branch in readable if type_of(value) in types(branch)]
    return next(iter(fitting or readable), {})
