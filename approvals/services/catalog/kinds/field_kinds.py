"""The kinds of fields that a payload is made of, and the JSON Schema of each; pure values."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from policies.engine.values.currencies import CODES

Schema = dict[str, Any]

TEXT, LONG, AMOUNT, CURRENCY, DATE, EMAIL, CHOICE = "text", "long", "amount", "currency", "date", "email", "choice"
NUMBER, TRUTH, LIST, OTHER = "number", "truth", "list", "other"
CHOSEN = (TEXT, LONG, AMOUNT, CURRENCY, DATE, EMAIL, CHOICE, NUMBER, TRUTH)
"""The kinds that a person may choose for a single value; lists and what a schema says otherwise stay as they are."""
SINGLE = frozenset({TEXT, LONG, AMOUNT, CURRENCY, DATE, EMAIL, CHOICE, NUMBER})

MAX_LENGTH, MAX_LONG = 1_000, 131_072
AMOUNT_PATTERN = "^-?[0-9]{1,15}([.][0-9]{1,15})?$"
CURRENCY_PATTERN = "^[A-Z]{3}$"
_SCHEMAS: Mapping[str, Schema] = {
    TEXT: {"type": "string", "maxLength": MAX_LENGTH},
    LONG: {"type": "string", "maxLength": MAX_LONG},
    AMOUNT: {"type": ["string", "number"], "pattern": AMOUNT_PATTERN},
    CURRENCY: {"type": "string", "pattern": CURRENCY_PATTERN},
    DATE: {"type": "string", "maxLength": 40, "x-expect": {"kind": "date"}},
    EMAIL: {"type": "string", "maxLength": 254, "x-expect": {"kind": "email"}},
    NUMBER: {"type": ["number", "string"]},
    TRUTH: {"type": "boolean"},
}
# What the templates say; the rest of a node, such as its description, stays when its kind changes.
_OWN = frozenset({"type", "maxLength", "pattern", "x-expect", "enum", "format", "minLength", "items", "const"})

_MONEY = re.compile(
    r"amount|total|price|net|gross|sum\b|cost|fee\b|salary|budget|value|betrag|summe|preis|montant|prix|somme", re.I
)
_CURRENCY = re.compile(r"currency|w(ae|ä)hrung|devise", re.I)
_AMOUNT = re.compile(AMOUNT_PATTERN.replace("[0-9]", r"\d"), re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_LONG_AT = 200


def guess(name: str, value: Any) -> str:
    """The kind of one value of an example, by what it is and what its field is called."""
    if isinstance(value, bool):
        return TRUTH
    if isinstance(value, int | float):
        return AMOUNT if _MONEY.search(name) and _AMOUNT.fullmatch(_spelled(value)) else NUMBER
    if isinstance(value, str):
        return _of_text(name, value)
    return LIST if isinstance(value, list) else OTHER


def _of_text(name: str, value: str) -> str:
    if _MONEY.search(name) and _AMOUNT.fullmatch(value):
        return AMOUNT
    if re.fullmatch(CURRENCY_PATTERN, value) and (value in CODES or _CURRENCY.search(name)):
        return CURRENCY
    if _DATE.fullmatch(value) and len(value) <= 40:
        return DATE
    if _EMAIL.fullmatch(value) and len(value) <= 254:
        return EMAIL
    return LONG if len(value) > _LONG_AT or "\n" in value else TEXT


def _spelled(value: float) -> str:
    return str(getattr(value, "text", value))


def of_node(node: Mapping[str, Any]) -> str:
    """The kind that a schema describes; `other` where it says something that no kind covers."""
    expected = node.get("x-expect")
    kind = expected.get("kind") if isinstance(expected, Mapping) else None
    if isinstance(node.get("enum"), list):
        return CHOICE
    if kind in (DATE, EMAIL):
        return str(kind)
    if kind is not None or "$ref" in node:
        return OTHER
    return _of_format(node)


def _of_format(node: Mapping[str, Any]) -> str:
    formats = {"date": DATE, "date-time": DATE, "email": EMAIL}
    patterns = {AMOUNT_PATTERN: AMOUNT, CURRENCY_PATTERN: CURRENCY}
    # What a schema calls a format or a pattern may be anything at all.
    for key, known in (("format", formats), ("pattern", patterns)):
        if isinstance(said := node.get(key), str) and said in known:
            return known[said]
    return _of_type(node)


def _of_type(node: Mapping[str, Any]) -> str:
    said = node.get("type")
    types = {each for each in (said if isinstance(said, list) else [said]) if isinstance(each, str)} - {"null"}
    if types & {"number", "integer"} and types <= {"number", "integer", "string"}:
        return NUMBER
    longest = node.get("maxLength", 0)
    if types == {"string"}:
        return LONG if isinstance(longest, int) and longest > MAX_LENGTH else TEXT
    return {"boolean": TRUTH, "array": LIST}.get(next(iter(types)), OTHER) if len(types) == 1 else OTHER


def schema_of(kind: str, choices: Sequence[str] = ()) -> Schema:
    """The JSON Schema of a kind, without a title; a choice needs its values."""
    if kind == CHOICE:
        return {"enum": list(choices)}
    return dict(_SCHEMAS.get(kind, {}))


def changed(node: Mapping[str, Any], kind: str, choices: Sequence[str] = ()) -> Schema:
    """A node of another kind: its title and what else it says stay."""
    kept = {name: value for name, value in node.items() if name not in _OWN}
    return schema_of(kind, choices) | kept
