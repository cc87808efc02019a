"""What is wrong with a kind of action before it is saved: its schema, its pointers, where it would be sent. Steps."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from approvals.authority.visibility import fields_of_summary, reads_everything
from approvals.connectors.registry import can_reverse, faults_of
from approvals.documents.kinds import MediaType
from approvals.services.payloads.schema_validator import nodes, pattern_faults
from approvals.states import DecisionType, Ends, ExecutionMode, RejectNeeds
from policies.engine.values import json_pointer
from policies.queries import in_force

# Schemas inside these are about the same value, so a circle of them never ends.
_IN_PLACE_LISTS = ("allOf", "anyOf", "oneOf")
_IN_PLACE = ("not", "if", "then", "else")


def faults_of_schema(schema: Any) -> Iterator[str]:
    """What is wrong with an action type's schema: no JSON Schema (2020-12), references elsewhere, endless circles."""
    if not isinstance(schema, dict):
        yield "The schema must be a JSON object. Write its keywords in braces."
        return
    try:
        # Without its formats: what is wrong with a pattern is said below, and no other format is a schema's.
        Draft202012Validator.check_schema(schema, format_checker=FormatChecker(formats=()))
    except SchemaError as error:
        yield f"This is not a valid JSON Schema (2020-12): {error.message}"
        return
    faults = [*_of_references(schema), *pattern_faults(schema)]
    yield from faults
    done: set[int] = set()
    if not faults and any(_is_endless(schema, node, (), done) for node in nodes(schema)):
        yield "A $ref refers to itself in an endless loop. Remove it."


def faults_of_pointers(pointers: Any) -> Iterator[str]:
    """Which of these are no JSON Pointers (RFC 6901)."""
    if not isinstance(pointers, list):
        yield 'Enter a list of JSON Pointers, for example ["/amount", "/issuer"].'
        return
    for pointer in pointers:
        if not json_pointer.is_pointer(pointer):
            yield f"{pointer!r} is not a JSON Pointer. Start it with a slash, for example /invoice_number."


def faults_of_attachments(types: Any) -> Iterator[str]:
    """Which of these are no media types that attachments can have."""
    known = [str(kind) for kind in MediaType]
    if types is not None and (not isinstance(types, list) or not all(each in known for each in types)):
        yield f"Enter a list of media types. Use one or more of {', '.join(known)}."


def faults_of_reject_needs(needs: str, reasons: Any) -> Iterator[str]:
    """Whether a predefined reason is needed where none fits a rejection."""
    fitting = [each for each in reasons or () if not each.get("for") or DecisionType.REJECT in each["for"]]
    if needs == RejectNeeds.CODE and not fitting:
        yield "No reason code fits a rejection. Add one, or ask for a reason in words."


def faults_of_summary(template: str) -> Iterator[str]:
    """Which fields of the summary sentence name nothing."""
    for name in fields_of_summary(template):
        if name not in ("amount", "until") and not json_pointer.is_pointer(name):
            yield f"{{{name}}} is not a field. Use {{amount}}, {{until}} or a pointer such as {{/issuer}}."


def faults_of_sending(mode: str, name: str, target: Any) -> Iterator[str]:
    """What is wrong with the connector and where it would send."""
    if mode == ExecutionMode.CONNECTOR:
        yield from faults_of(name, target)
    elif name:
        yield "The agent runs this action itself. Leave the connector empty."


def faults_of_ends(data: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Fields with why actions could not end as they say."""
    if data.get("longest_seconds") is not None and data.get("ends") == Ends.NEVER:
        yield "longest_seconds", ["Actions of this type have no end. Leave the longest duration empty."]
    if data.get("ends") in {None, "", Ends.NEVER} or "connector" not in data:
        return
    if data.get("execution") == ExecutionMode.AGENT:
        yield "ends", ["The agent runs this action itself, so HITL cannot end it. Choose Never."]
    elif not can_reverse(data["connector"], data.get("target")):
        yield "ends", [f"The connector {data['connector']} cannot reverse an action at this target. Choose Never."]


def faults_of_policy(name: str) -> Iterator[str]:
    """Why no policy of this name can judge."""
    if name and in_force.in_force(name) is None:
        yield f"No policy named {name} is in force. Publish it first, or choose another."


def faults_of_answering(data: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Fields with why those named there could not do what they are named for."""
    if data.get("low_confidence") is not None and not (data.get("confidence_person") or data.get("confidence_group")):
        yield "low_confidence", ["Choose a person or a group to notify when confidence is low."]
    for name in ("confidence_person", "edge_case_owner"):
        person, desk = data.get(name), data.get("desk")
        if person and desk and not (person.memberships.filter(desk=desk).exists() or reads_everything(person)):
            yield name, [f"{person} cannot see actions of the desk {desk}. Add them to the desk first."]


def faults_of_reversal(data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the kind that is named to undo this one, in sentences."""
    other = data.get("reversal_type")
    if other is None:
        return
    if other.name == data.get("name"):
        yield "An action type cannot reverse itself. Choose another one."
    if "desk" in data and other.desk != data["desk"]:
        yield f"{other} belongs to {other.desk}. Choose an action type of the same desk."


def _of_references(schema: dict[str, Any]) -> Iterator[str]:
    for node in nodes(schema):
        if "$dynamicRef" in node or ("$id" in node and node is not schema):
            yield "Use $ref with a pointer into this schema. $dynamicRef and a nested $id are not supported."
        reference = node.get("$ref", "#")
        if not isinstance(reference, str) or not reference.startswith("#"):
            yield f"{reference!r} is an external reference, which is not supported. Copy the definition into $defs."
        elif _target(schema, reference) is None:
            yield f"{reference!r} does not exist in this schema. Correct the reference."


def _target(schema: dict[str, Any], reference: str) -> Any:
    resource = DRAFT202012.create_resource(schema)
    try:
        return Registry().with_resource("", resource).resolver().lookup(reference).contents
    except Unresolvable:
        return None


def _is_endless(schema: dict[str, Any], node: Any, path: tuple[int, ...], done: set[int]) -> bool:
    if not isinstance(node, dict) or id(node) in path:
        return isinstance(node, dict)
    if id(node) in done:
        return False
    inner = [node[key] for key in _IN_PLACE if key in node]
    inner += [each for key in _IN_PLACE_LISTS for each in node.get(key, ())]
    inner += [_target(schema, node["$ref"])] if isinstance(node.get("$ref"), str) else []
    if any(_is_endless(schema, each, (*path, id(node)), done) for each in inner):
        return True
    # Each node is followed once: a schema that shares its parts would otherwise take exponential time.
    done.add(id(node))
    return False
