"""What a payload looks like, read from one example or from a JSON Schema; pure values, nothing is stored."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from approvals.services.catalog.kinds import field_kinds
from approvals.services.catalog.kinds.field_kinds import (
    AMOUNT,
    CHOICE,
    CURRENCY,
    EMAIL,
    LIST,
    LONG,
    NUMBER,
    OTHER,
    SINGLE,
    TEXT,
    Schema,
)
from policies.engine.values import json_pointer

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_FIELDS, MAX_DEPTH, MAX_TITLE = 120, 4, 120
# As the columns of an action type hold them.
MAX_POINTER, MAX_SUMMARY = 120, 240
MAX_ITEMS = 50

_WORDS = re.compile(r"[_\-.\s]+|(?<=[a-z0-9])(?=[A-Z])")
_SUBJECT = re.compile(
    r"customer|client|supplier|vendor|issuer|payee|recipient|beneficiary|company|employee|person|patient|account"
    r"|user|member|kunde|lieferant|empf|^to$|name|subject|email",
    re.I,
)
_REFERENCE = re.compile(r"(number|reference|ref|id|code|no|nr|key|nummer|num(é|e)ro)$", re.I)
_TOTAL = re.compile(r"total|amount|gross|betrag|summe|montant", re.I)


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the payload: where it is, what it is called, and what kind of value it holds."""

    pointer: str
    group: str
    title: str
    kind: str
    is_required: bool
    choices: tuple[str, ...] = ()

    @property
    def may_change(self) -> bool:
        """Whether a person may choose another kind."""
        return self.kind in field_kinds.CHOSEN


@dataclass(frozen=True, slots=True)
class Roles:
    """Pointers to what the queue shows and policy compares; empty where no field fits."""

    amount: str = ""
    currency: str = ""
    subject: str = ""
    reference: str = ""


def is_schema(value: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a schema rather than an example."""
    is_described = value.get("type") == "object" and isinstance(value.get("properties"), dict)
    return is_described or str(value.get("$schema", "")).startswith(("http://json-schema", "https://json-schema"))


def infer(payload: Mapping[str, Any]) -> Schema:
    """The schema that an example suggests: each of its fields, named as a person would; other fields are let in."""
    return {"$schema": DIALECT, **_of_object(payload, 0)}


def _of_object(value: Mapping[str, Any], depth: int) -> Schema:
    found: Schema = {"type": "object", "additionalProperties": True}
    required = [name for name, each in value.items() if each not in (None, "", [], {})]
    if required and depth == 0:
        found["required"] = required
    if depth <= MAX_DEPTH:
        found["properties"] = {name: _of_value(name, each, depth + 1) for name, each in value.items()}
    return found


def _of_value(name: str, value: Any, depth: int) -> Schema:
    title = {"title": title_of(name)}
    if isinstance(value, dict):
        return _of_object(value, depth) | title
    if isinstance(value, list):
        return {"type": "array", **title, **_of_items(value, depth)}
    if value is None:
        return title
    return field_kinds.schema_of(field_kinds.guess(name, value)) | title


def _of_items(values: Sequence[Any], depth: int) -> Schema:
    """What a list holds, where all that the example lists is alike: objects by all their members, texts and numbers."""
    some = values[:MAX_ITEMS]
    if depth <= MAX_DEPTH and some and len(some) == len(values) and all(isinstance(each, dict) for each in some):
        members: dict[str, Any] = {}
        kinds: dict[str, set[str]] = {}
        for name, each in ((name, each) for item in some for name, each in item.items()):
            members.setdefault(name, each)
            kinds.setdefault(name, set()).add(_shape(name, each))
        described = {
            name: _of_value(name, each, depth + 1) if len(kinds[name]) == 1 else {"title": title_of(name)}
            for name, each in members.items()
        }
        return {"items": {"type": "object", "additionalProperties": True, "properties": described}}
    if some and len(some) == len(values) and all(isinstance(each, str) for each in some):
        return {"items": {"type": "string"}}
    return {}


def _shape(name: str, value: Any) -> str:
    """What tells values of one column apart; lists and objects may differ inside, so they are never alike."""
    return (
        "empty" if value is None else field_kinds.guess(name, value) + ("*" if isinstance(value, dict | list) else "")
    )


def title_of(name: str) -> str:
    """A field's name as a person would write it: `invoice_number` is “Invoice number”."""
    words = " ".join(part for part in _WORDS.split(name) if part)
    plain = words if words.isupper() else words.lower()
    return (plain[:1].upper() + plain[1:])[:MAX_TITLE] or '""'


def rows(schema: Mapping[str, Any]) -> list[Row]:
    """The fields that a schema describes, outermost first in their written order; objects are opened."""
    return list(_rows(schema, "", "", 0))


def _rows(node: Mapping[str, Any], pointer: str, group: str, depth: int) -> Iterator[Row]:
    required = node.get("required")
    needed = required if isinstance(required, list) else []
    for name, member in _properties(node).items():
        inner, title = f"{pointer}{json_pointer.join(name)}", title_in(member, name)
        if _properties(member) and depth < MAX_DEPTH:
            yield from _rows(member, inner, f"{group} › {title}" if group else title, depth + 1)
        else:
            kind = field_kinds.of_node(member)
            yield Row(inner, group, title, kind, depth == 0 and name in needed, _choices(member))


def title_in(node: Mapping[str, Any], name: str) -> str:
    """A field's title as its schema has it, or its name as a person would write it."""
    said = node.get("title")
    return said.strip() if isinstance(said, str) and said.strip() else title_of(name)


def _properties(node: Mapping[str, Any]) -> Mapping[str, Any]:
    found = node.get("properties")
    return {name: each for name, each in found.items() if isinstance(each, dict)} if isinstance(found, dict) else {}


def _choices(node: Mapping[str, Any]) -> tuple[str, ...]:
    found = node.get("enum")
    return tuple(str(each) for each in found) if isinstance(found, list) else ()


def edited(schema: Mapping[str, Any], wanted: Iterable[Row]) -> Schema:
    """The schema with titles, kinds and required fields as a person wants them; the rest stays."""
    found, before = deepcopy(dict(schema)), {row.pointer: row for row in rows(schema)}
    required = found.get("required")
    needed = list(required) if isinstance(required, list) else []
    for row in wanted:
        was = before.get(row.pointer)
        if was is None:
            continue
        _edit(found, row, was)
        name = json_pointer.parts(row.pointer)[0]
        if row.pointer.count("/") == 1 and row.is_required != was.is_required:
            needed = [*needed, name] if row.is_required else [each for each in needed if each != name]
    return {name: each for name, each in found.items() if name != "required"} | ({"required": needed} if needed else {})


def _edit(root: Schema, row: Row, was: Row) -> None:
    *way, name = json_pointer.parts(row.pointer)
    parent: Any = root
    for part in way:
        parent = parent["properties"][part]
    node = parent["properties"][name]
    is_other = row.kind != was.kind and row.kind in field_kinds.CHOSEN
    if is_other or (row.kind == CHOICE and row.choices != was.choices):
        node = field_kinds.changed(node, row.kind, row.choices)
    parent["properties"][name] = node | {"title": row.title}


def roles(found: Sequence[Row]) -> Roles:
    """Which fields are most likely the amount, its currency, who it is about, and the number of the document."""
    usable = [row for row in found if len(row.pointer) <= MAX_POINTER]
    amounts = [row for row in usable if row.kind == AMOUNT]
    amount = _first(amounts, _TOTAL) or _first(amounts)
    currency = _first([row for row in usable if row.kind == CURRENCY])
    single = [row for row in usable if row.kind in SINGLE]
    texts = [row for row in single if row.kind in (TEXT, NUMBER)]
    reference = _first([row for row in texts if row.group == ""], _REFERENCE) or _first(texts, _REFERENCE)
    named = [row for row in single if row.kind in (TEXT, EMAIL) and row.pointer != reference]
    subject = _first(named, _SUBJECT)
    return Roles(amount, currency if amount else "", subject, reference)


def _first(found: Iterable[Row], pattern: re.Pattern[str] | None = None) -> str:
    fits = (row for row in found if pattern is None or pattern.search(json_pointer.parts(row.pointer)[-1]))
    return next((row.pointer for row in fits), "")


def summary(title: str, chosen: Roles, found: Sequence[Row] = ()) -> str:
    """The sentence that names an action: the title, then what tells one from the next."""
    fallback = [row.pointer for row in found if row.kind in (TEXT, EMAIL)][:1]
    pointers = [each for each in (chosen.subject, chosen.reference) if each] or fallback
    parts = [f"{{{each}}}" for each in pointers if "{" not in each and "}" not in each]
    parts += ["{amount}"] if chosen.amount else []
    plain = title.replace("{", "(").replace("}", ")")[:MAX_TITLE]
    sentence = f"{plain}: {', '.join(parts)}" if parts else plain
    return sentence if len(sentence) <= MAX_SUMMARY else plain


def data_classes(found: Iterable[Row]) -> list[str]:
    """The data classes that the fields suggest."""
    kinds = {row.kind for row in found}
    said = [("contact", EMAIL in kinds), ("financial", AMOUNT in kinds)]
    return [name for name, is_so in said if is_so] or ["internal"]


def example_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A payload that a schema describes, from its examples and defaults, and else from each field's kind."""
    given = schema.get("examples")
    if isinstance(given, list) and given and isinstance(given[0], dict):
        return dict(given[0])
    return {name: _example(member) for name, member in _properties(schema).items()}


def _example(node: Mapping[str, Any]) -> Any:
    examples = node.get("examples")
    if isinstance(examples, list) and examples:
        return examples[0]
    for key in ("default", "const"):
        if key in node:
            return node[key]
    if isinstance(values := node.get("enum"), list) and values:
        return values[0]
    if _properties(node):
        return example_of(node)
    return _PLACEHOLDERS.get(field_kinds.of_node(node), "…")


_PLACEHOLDERS: Mapping[str, Any] = {
    AMOUNT: "100.00",
    CURRENCY: "EUR",
    field_kinds.DATE: "2026-12-01",
    EMAIL: "someone@example.com",
    NUMBER: 1,
    field_kinds.TRUTH: True,
    LIST: [],
    LONG: "…",
    TEXT: "…",
    OTHER: {},
}
