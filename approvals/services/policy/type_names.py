"""What an action type names in its own schema and in the vocabulary, and whether that exists. Steps."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from approvals.authority.visibility import fields_of_summary
from approvals.connectors.lookups.base import PLACE
from approvals.models import ActionType
from policies.engine.checks.find import KINDS
from policies.engine.document.parse import HOUSE
from policies.engine.values import json_pointer
from policies.engine.values.said import Said, message, say
from policies.engine.values.vocabulary import DATA_CLASSES, DOMAINS
from policies.lab import shapes
from policies.lab.operators import NAMES
from policies.lab.shapes import NUMBER, TEXT
from policies.queries import in_force

POINTERS: Mapping[str, frozenset[str]] = {
    "amount_pointer": frozenset({NUMBER, TEXT}),
    "currency_pointer": frozenset({TEXT}),
    "subject_pointer": frozenset({NUMBER, TEXT}),
    "reference_pointer": frozenset({NUMBER, TEXT}),
}
"""The pointers of an action type, with the kinds of values that they may point at."""
MAX_LISTED = 20
Faults = Iterator[tuple[str, Said]]


def faults(data: Mapping[str, Any], regulated: frozenset[str] | None = None) -> Faults:
    """Yield each field of an action type that names something unknown, with the sentence that says what exists.

    `regulated` holds the data classes that policies in force define; they are read unless given.
    """
    schema = data.get("schema")
    if isinstance(schema, dict):
        yield from _of_pointers(data, schema)
        yield from _of_lookups(data.get("lookups"), schema)
        yield from (("schema", sentence) for sentence in _of_expectations(schema))
        yield from _of_reversal(data, schema)
    yield from _of_vocabulary(data, regulated)


def listed(schema: Mapping[str, Any]) -> list[str]:
    """Return the pointers to the fields that a schema describes, for those who choose one."""
    return list(shapes.pointers(schema))


def _of_pointers(data: Mapping[str, Any], schema: dict[str, Any]) -> Faults:
    for name, kinds in POINTERS.items():
        if pointer := data.get(name):
            yield from ((name, sentence) for sentence in _of_pointer(pointer, schema, kinds))
    required = data.get("automation_requires")
    for pointer in required if isinstance(required, list) else ():
        yield from (("automation_requires", sentence) for sentence in _of_pointer(pointer, schema))
    for pointer in fields_of_summary(str(data.get("summary") or "")):
        if pointer == "amount" and data.get("amount_pointer") == "":
            yield "summary", say("The summary shows an amount, but the amount pointer is empty. Set the pointer.")
        elif pointer != "amount":
            yield from (("summary", sentence) for sentence in _of_pointer(pointer, schema))


def _of_pointer(pointer: Any, schema: dict[str, Any], kinds: frozenset[str] | None = None) -> Iterator[Said]:
    """Yield why a pointer leads to nothing that the schema describes; a schema without fields describes nothing."""
    if not json_pointer.is_pointer(pointer) or not shapes.of(schema).names:
        return
    # A star stands for each item of a list, so the first has to exist.
    found = shapes.at(schema, re.sub(r"/\*(?=/|$)", "/0", pointer))
    if found is None:
        known = listed(schema)
        near = shapes.nearest(pointer, known)
        cure = (
            say("Did you mean “{near}”?", near=near) if near else say("Use one of: {names}.", names=known[:MAX_LISTED])
        )
        yield say("The schema has no field “{pointer}”. {cure}", pointer=pointer, cure=cure)
    elif kinds is not None and found.kinds is not None and not found.kinds & kinds:
        needed, kind = ([say(NAMES[each]) for each in sorted(some)] for some in (kinds, found.kinds))
        yield say("“{pointer}” is {kind}, but it must be {needed}.", pointer=pointer, kind=kind, needed=needed)


def _of_lookups(lookups: Any, schema: dict[str, Any]) -> Faults:
    for entry in lookups if isinstance(lookups, list) else ():
        written = json.dumps(entry.get("target") if isinstance(entry, dict) else None)
        for pointer in dict.fromkeys(PLACE.findall(written)):
            yield from (("lookups", sentence) for sentence in _of_pointer(pointer, schema))


def _of_expectations(schema: dict[str, Any]) -> Iterator[Said]:
    for node in _nodes(schema):
        expected = node.get("x-expect")
        if expected is None:
            continue
        kind = expected.get("kind") if isinstance(expected, dict) else None
        if kind not in KINDS:
            template = message("“{kind}” is not a valid kind in x-expect. Use one of: {names}.")
            yield say(template, kind=str(kind), names=list(KINDS))
        for pointer in _named_by(expected) if isinstance(expected, dict) else ():
            yield from _of_pointer(pointer, schema)


def _named_by(expected: Mapping[str, Any]) -> Iterator[str]:
    """Yield the pointers of an expectation: to another date, and to the parts of a sum."""
    if isinstance(other := expected.get("not_before"), str):
        yield other
    waiting = [expected.get("of")]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, str):
            yield part
        elif isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            waiting.append(part.get("optional"))
            factors = part.get("product")
            waiting += [f"{part.get('each')}/*{factor}" for factor in (factors if isinstance(factors, list) else ())]


def _of_reversal(data: Mapping[str, Any], schema: dict[str, Any]) -> Faults:
    other = data.get("reversal_type")
    if isinstance(other, ActionType) and not other.is_active:
        yield "reversal_type", say("{name} is not active. Activate it, or choose another action type.", name=str(other))


def _of_vocabulary(data: Mapping[str, Any], regulated: frozenset[str] | None) -> Faults:
    domain = data.get("domain")
    if domain and domain not in DOMAINS:
        yield "domain", _unknown(message("There is no domain named “{name}”. {cure}"), domain, DOMAINS)
    classes = data.get("data_classes")
    allowed = {*DATA_CLASSES, *(_regulated(str(data.get("policy") or "")) if regulated is None else regulated)}
    if classes is not None and not isinstance(classes, list):
        yield "data_classes", say("Enter a list of data classes. Allowed values: {names}.", names=sorted(DATA_CLASSES))
        return
    for name in classes or ():
        if name not in allowed:
            yield "data_classes", _unknown(message("There is no data class named “{name}”. {cure}"), str(name), allowed)


def _regulated(policy: str) -> frozenset[str]:
    """Return the data classes that the policies in force define."""
    documents = in_force.in_force_with_house(policy or HOUSE)
    return frozenset().union(*(document.regulated for document in documents))


def _unknown(template: str, name: str, known: Iterable[str]) -> Said:
    near = shapes.nearest(name, known)
    cure = say("Did you mean “{near}”?", near=near) if near else say("Use one of: {names}.", names=sorted(known))
    return say(template, name=name, cure=cure)


def _nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for value in inner:
        yield from _nodes(value)
