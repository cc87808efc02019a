"""Lays out a payload as fields and tables within a budget; the rest becomes one text."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from django.utils.translation import ngettext

from approvals.admin.payload_form import email_group, list_rows
from approvals.admin.payload_form import schema as schemas
from approvals.admin.payload_form.fields import (
    CONTAINERS,
    PREFIX,
    REMOVE,
    Column,
    Field,
    Mark,
    joined,
    kind_of,
    own_marks,
    text_of,
)
from approvals.admin.payload_form.schema import Schema
from approvals.admin.payload_form.sources import Source
from approvals.text.json_diff import ABSENT
from policies.engine.values import json_pointer

# Limits the rendering cost, because agents control payloads; one field costs as much as several cells.
BUDGET = 2_400
PRICE_OF_A_FIELD = 6
MAX_CELLS = 2_000
MAX_COLUMNS = 30
MAX_ALIKE = 100
MAX_KEY = 200
MAX_UNIT = 12
MAX_DEPTH = 6
# No real pointer contains this: a tilde is always followed by 0 or 1.
REST = "/~rest"


class Reading:
    """Lays out one payload under one schema and marks missing and unusual values.

    ``money`` and ``currency`` are pointers; ``is_growing`` offers a free place behind each list. ``sources`` are by
    pointer, too.
    """

    def __init__(
        self,
        schema: Schema,
        marks: Mapping[str, list[Mark]],
        money: str = "",
        typed: Mapping[str, str] = MappingProxyType({}),
        currency: str = "",
        is_growing: bool = False,
        sources: Mapping[str, tuple[Source, ...]] = MappingProxyType({}),
    ) -> None:
        self.root = schema
        self.marks = marks
        self.money = money
        self.typed = typed
        self.currency = currency
        self.is_growing = is_growing
        self.sources = sources
        self.ends = list_rows.ends(typed, PREFIX) if is_growing else {}
        self.payload: Mapping[str, Any] = {}
        self.left = BUDGET

    def fields(self, payload: Mapping[str, Any]) -> tuple[Field, ...]:
        """The payload's fields in schema order; unknown fields come last."""
        self.left, self.payload = BUDGET, payload
        return self._object("", payload, schemas.resolved(self.root, self.root, payload))

    def _field(self, pointer: str, key: str, value: Any, schema: Schema, is_known: bool = True) -> Field:
        found = schemas.resolved(schema, self.root, None if value is ABSENT else value)
        kind = kind_of(value, found)
        return Field(
            pointer=pointer,
            key=key,
            # Unknown fields keep their exact key as label.
            label=schemas.label(key, found) if is_known else key or '""',
            kind=kind,
            value=value,
            schema=found,
            text="" if kind in CONTAINERS else text_of(value),
            hint=str(found.get("description", "")),
            marks=joined(self.marks.get(pointer, ()), own_marks(value, kind, found)),
            is_beyond_schema=not is_known,
            is_money=bool(self.money) and pointer == self.money,
            unit=self._unit(pointer, found),
            typed=self.typed.get(PREFIX + pointer),
            is_removed=bool(self.typed.get(REMOVE + pointer)),
            sources=self.sources.get(pointer, ()),
        )

    def _unit(self, pointer: str, schema: Schema) -> str:
        """The unit of a value, from its schema or from the payload field that the schema names."""
        unit = schema.get("x-unit", self.currency if self.money and pointer == self.money else "")
        if isinstance(unit, str) and unit.startswith("/"):
            unit = json_pointer.find(self.payload, unit)
        return unit if isinstance(unit, str) and len(unit) <= MAX_UNIT else ""

    def _filled(self, field: Field) -> Field:
        """The field with its nested fields, within the budget."""
        grows = self.is_growing and field.kind == "list" and list_rows.is_described(field.schema.get("items"))
        if field.kind not in CONTAINERS or not (field.value or field.value is ABSENT or grows):
            return field
        if field.pointer.count("/") > MAX_DEPTH or self.left < PRICE_OF_A_FIELD:
            return field if field.value is ABSENT else _bulk(field)
        if field.kind == "object":
            return replace(field, fields=self._object(field.pointer, field.value, field.schema))
        return self._list(field, grows) if grows or field.value is not ABSENT else field

    def _object(self, pointer: str, value: Any, schema: Schema) -> tuple[Field, ...]:
        held: Mapping[str, Any] = {} if value is ABSENT else value
        described = schemas.properties(schema)
        strangers = [key for key in held if key not in described]
        usual = [key for key in strangers if len(key) <= MAX_KEY][:MAX_ALIKE]
        drawn = dict.fromkeys(self._granted([*described, *usual]))
        is_open = not described and schema.get("additionalProperties") is not False and bool(schema)
        required = schema.get("required", [])
        fields = [
            replace(
                self._field(
                    f"{pointer}{json_pointer.join(key)}",
                    key,
                    held.get(key, ABSENT),
                    described.get(key, {}),
                    is_open or key in described,
                ),
                is_required=key in required,
            )
            for key in drawn
        ]
        # Offer only one level of absent fields, because a schema can be recursive.
        filled = fields if value is ABSENT else [self._filled(field) for field in fields]
        return (
            *email_group.gathered(pointer, filled),
            *_rest(pointer, {key: held[key] for key in held if key not in drawn}),
        )

    def _list(self, field: Field, grows: bool = False) -> Field:
        values, schema = field.value or [] if field.value is not ABSENT else [], field.schema.get("items", {})
        places = list_rows.places(len(values), self.ends.get(field.pointer, 0)) if grows else range(0)
        keys = _columns(values)
        if grows and (keys or not values):
            keys = list(dict.fromkeys([*keys, *list_rows.flat_keys(schemas.resolved(schema, self.root), self.root)]))
        cells = len(keys) * (len(values) + len(places))
        if 0 < cells <= min(MAX_CELLS, self.left) and len(keys) <= MAX_COLUMNS:
            self.left -= cells
            return self._table(field, keys, [*values, *(ABSENT for _place in places)], schema)
        drawn = self._granted(values[:MAX_ALIKE])
        items = [self._field(f"{field.pointer}/{at}", str(at + 1), item, schema) for at, item in enumerate(drawn)]
        free = self._granted([self._field(f"{field.pointer}/{at}", str(at + 1), ABSENT, schema) for at in places])
        rest = _rest(field.pointer, values[len(drawn) :])
        return replace(field, fields=(*(self._filled(item) for item in (*items, *free)), *rest))

    def _table(self, field: Field, keys: Sequence[str], values: Sequence[Any], schema: Schema) -> Field:
        """A table for a list of flat objects, with a column for each key."""
        rows = [self._field(f"{field.pointer}/{at}", str(at + 1), row, schema) for at, row in enumerate(values)]
        wanted = dict.fromkeys([*keys, *self._missed(field.pointer)])
        order = [key for key in schemas.properties(rows[0].schema) if key in wanted]
        columns = dict.fromkeys([*order, *wanted])
        filled = tuple(replace(row, fields=tuple(self._cell(row, key) for key in columns)) for row in rows)
        headings = tuple(_column([row.fields[at] for row in filled]) for at in range(len(columns)))
        return replace(field, kind="table", fields=filled, columns=headings)

    def _missed(self, pointer: str) -> list[str]:
        """Keys with marks in the rows of a list, such as a missing price."""
        tails = [
            json_pointer.parts(mark.removeprefix(pointer)) for mark in self.marks if mark.startswith(f"{pointer}/")
        ]
        return [tail[1] for tail in tails if len(tail) == 2]

    def _cell(self, row: Field, key: str) -> Field:
        described = schemas.properties(row.schema)
        is_known = key in described or (not described and bool(row.schema))
        held = {} if row.value is ABSENT else row.value
        value, pointer = held.get(key, ABSENT), f"{row.pointer}{json_pointer.join(key)}"
        if value is ABSENT and key not in described and pointer not in self.marks:
            return Field(pointer, key, key, "gap", ABSENT, {})
        cell = self._field(pointer, key, value, described.get(key, {}), is_known)
        return replace(cell, is_required=key in row.schema.get("required", []))

    def _granted(self, wanted: list[Any]) -> list[Any]:
        """As many items as the budget allows; they are deducted from it."""
        granted = wanted[: self.left // PRICE_OF_A_FIELD]
        self.left -= len(granted) * PRICE_OF_A_FIELD
        return granted


def _columns(values: Sequence[Any]) -> list[str]:
    """The columns for a list of flat objects; empty if it is not one, or too large."""
    keys: dict[str, None] = {}
    for value in values[: MAX_CELLS + 1]:
        if not isinstance(value, dict) or len(value) > MAX_COLUMNS or any(map(_is_container, value.values())):
            return []
        keys |= dict.fromkeys(value)
        if len(keys) > MAX_COLUMNS:
            return []
    return [] if any(len(key) > MAX_KEY for key in keys) else list(keys)


def _column(cells: Sequence[Field]) -> Column:
    held = [cell for cell in cells if not cell.is_absent]
    named = next((cell for cell in cells if cell.kind != "gap"), cells[0])
    is_number = bool(held) and all(cell.is_number for cell in held)
    return Column(named.label, is_number, any(cell.is_beyond_schema for cell in held))


def _is_container(value: Any) -> bool:
    return isinstance(value, dict | list)


def _rest(pointer: str, values: Any) -> tuple[Field, ...]:
    """The rest of an object or list, as one field."""
    if not values:
        return ()
    label = ngettext("%(count)d more value", "%(count)d more values", len(values)) % {"count": len(values)}
    return (_bulk(Field(f"{pointer}{REST}", "", label, "bulk", values, {})),)


def _bulk(field: Field) -> Field:
    """The field and its content as one JSON text."""
    text = json.dumps(field.value, ensure_ascii=False)
    return replace(field, kind="bulk", text=text, marks=joined(field.marks, own_marks(text)))
