"""JSON Schema (2020-12) in time linear in the payload: RE2, counted references, entries compared once. Steps."""

import json
import threading
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry

from policies.engine.text import patterns

# A schema follows a reference a few times for each value. With branches that refer to themselves, it could follow it
# a number of times that grows exponentially with the depth of the payload.
MAX_REFERENCES = 50_000
MAX_FOR_ONE_VALUE = 32
MAX_URI_TEMPLATE = 4_000
# The contents of these are values, not schemas.
_VALUES = frozenset({"const", "enum", "default", "examples"})
_STANDARD = Draft202012Validator.VALIDATORS
# Keywords that look at nothing but the value, and those that only say something about it.
_ASKED = frozenset(
    {"type", "enum", "const", "format", "pattern", "minLength", "maxLength"}
    | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
)
_TYPES: Mapping[str, frozenset[type]] = {
    "string": frozenset({str}),
    "number": frozenset({int, float}),
    "integer": frozenset({int}),
    "boolean": frozenset({bool}),
    "object": frozenset({dict}),
    "array": frozenset({list}),
    "null": frozenset({type(None)}),
}
_PLAIN = _ASKED | {"title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment"}


class Unsupported(ValueError):
    """A schema has a pattern that RE2 does not accept."""


class TooComplex(ValueError):
    """A payload follows more references of its schema than allowed."""


class _Followed(threading.local):
    def __init__(self) -> None:
        self.by_value: Counter[tuple[str, int]] = Counter()
        self.total = 0
        # A batch has one schema, as a rule: it is written down and looked up once. Nobody changes one in its place.
        self.last: tuple[Mapping[str, Any], Any] | None = None


_followed = _Followed()


def errors(schema: Mapping[str, Any], value: Any, part: Any = None) -> Iterator[ValidationError]:
    """Yield the faults of a value by a schema, or by a part of it.

    :raises Unsupported: the schema has a pattern that RE2 does not accept.
    :raises TooComplex: the schema follows too many references.
    """
    last = _followed.last
    validator = last[1] if last and last[0] is schema else _validator(json.dumps(schema, sort_keys=True))
    _followed.last = schema, validator
    _followed.by_value.clear()
    _followed.total = 0
    yield from (validator if part is None else validator.evolve(schema=_plain(part))).iter_errors(value)


def pattern_faults(schema: Any) -> Iterator[str]:
    """Yield why patterns in a schema are not supported, as sentences."""
    for node in nodes(schema):
        named = node.get("patternProperties")
        for pattern in (node.get("pattern"), *(named if isinstance(named, dict) else ())):
            if isinstance(pattern, str) and (fault := patterns.fault(pattern)):
                yield f"The pattern {pattern!r} is not supported: {fault}. Write it for RE2, without look-around."
    keywords = {keyword for node in nodes(schema) for keyword in node}
    if {"patternProperties", "unevaluatedProperties"} <= keywords:
        yield "unevaluatedProperties is not supported beside patternProperties. Use additionalProperties."


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a schema."""
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
        waiting.extend(node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())


@lru_cache(maxsize=512)
def _validator(schema: str) -> Any:
    plain = _plain(json.loads(schema))
    if any(True for _ in pattern_faults(plain)):
        raise Unsupported
    # An empty registry: a reference to elsewhere is never fetched.
    return _Linear(plain, format_checker=FORMATS, registry=Registry())


def _plain(node: Any) -> Any:
    """Return a schema without `$schema`: where it names a draft, the library would take that draft's own validator."""
    if isinstance(node, list):
        return [_plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {name: value for name, value in node.items() if name != "$schema" or isinstance(value, dict)}
    return {name: value if name in _VALUES else _plain(value) for name, value in kept.items()}


def _reference(validator: Any, reference: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    _followed.total += 1
    # Equal numbers and texts can be one object, so only lists and objects are counted one by one.
    if isinstance(instance, dict | list):
        _followed.by_value[reference, id(instance)] += 1
    if _followed.total > MAX_REFERENCES or _followed.by_value[reference, id(instance)] > MAX_FOR_ONE_VALUE:
        raise TooComplex
    yield from _STANDARD["$ref"](validator, reference, instance, schema)


def _properties(validator: Any, properties: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    for name, inner in properties.items():
        if name in instance and not _is_plainly_fine(validator, inner, instance[name]):
            yield from validator.descend(instance[name], inner, path=name, schema_path=name)


def _is_plainly_fine(validator: Any, schema: Any, value: Any) -> bool:
    """Whether a value passes a schema that needs no validator of its own, which costs more than what it asks."""
    if type(schema) is not dict or not _PLAIN.issuperset(schema):
        return False
    asked = ((validator.VALIDATORS[keyword], wanted) for keyword, wanted in schema.items() if keyword in _ASKED)
    return not any(True for ask, wanted in asked for _ in ask(validator, wanted, value, schema) or ())


def _type(validator: Any, wanted: Any, instance: Any, schema: Any) -> Any:
    # Most values have the one type that is asked for, which costs no generator.
    if type(wanted) is str and type(instance) in _TYPES.get(wanted, ()):
        return None
    return _STANDARD["type"](validator, wanted, instance, schema)


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not patterns.is_found(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(validator: Any, named: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    for pattern, inner in named.items():
        for name in (name for name in instance if patterns.is_found(pattern, name)):
            yield from validator.descend(instance[name], inner, path=name, schema_path=pattern)


def _additional_properties(validator: Any, inner: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    known, named = schema.get("properties", {}), schema.get("patternProperties", {})
    others = [
        name for name in instance if name not in known and not any(patterns.is_found(each, name) for each in named)
    ]
    if isinstance(inner, dict):
        for name in others:
            yield from validator.descend(instance[name], inner, path=name)
    elif others and not inner:
        yield ValidationError(f"Additional properties are not allowed: {others!r}")


def _unique_items(validator: Any, is_wanted: bool, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if is_wanted and isinstance(instance, list) and len({_comparable(each) for each in instance}) < len(instance):
        yield ValidationError("An entry appears twice")


def _comparable(value: Any) -> Hashable:
    """Return what is equal for equal JSON values: 1 and 1.0 are equal, 1 and true are not."""
    if isinstance(value, dict):
        return "object", frozenset((name, _comparable(each)) for name, each in value.items())
    if isinstance(value, list):
        return "array", tuple(map(_comparable, value))
    return ("boolean", value) if isinstance(value, bool) else value


def _is_regex(value: object) -> bool:
    return not isinstance(value, str) or not patterns.fault(value)


def _is_uri_template(value: object) -> bool:
    # Its parser takes quadratic time.
    return not isinstance(value, str) or (len(value) <= MAX_URI_TEMPLATE and bool(_parse_template(value)))


_parse_template, _template_faults = Draft202012Validator.FORMAT_CHECKER.checkers["uri-template"]
FORMATS = FormatChecker(formats=())
FORMATS.checkers = {
    **Draft202012Validator.FORMAT_CHECKER.checkers,
    "regex": (_is_regex, ()),
    "uri-template": (_is_uri_template, _template_faults),
}
# The stubs leave this function untyped.
_Linear = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    validators={
        "$ref": _reference,
        "type": _type,
        "properties": _properties,
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "uniqueItems": _unique_items,
    },
)
