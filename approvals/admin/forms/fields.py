"""A payload as fields to show and to edit: every value that it holds has one, whether its schema knows it or not."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from approvals.admin.forms import schema as schemas
from approvals.admin.forms.schema import Schema
from approvals.queries.changes import ABSENT, escaped
from approvals.queries.characters import suspicions

PREFIX = "value:"
REMOVE = "remove:"
LONG = 4000
MANY_LINES = 80
MOST_FIELDS = 900


@dataclass(frozen=True, slots=True)
class Mark:
    """What is odd about a value: `missing`, `odd` or `fault`, and the sentence that says so."""

    level: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a payload, or a place for one; ``text`` is how it is shown and what its input holds."""

    pointer: str
    key: str
    label: str
    kind: str
    value: Any
    schema: Schema
    text: str = ""
    hint: str = ""
    marks: tuple[Mark, ...] = ()
    is_required: bool = False
    is_beyond_schema: bool = False
    is_money: bool = False
    fields: tuple["Field", ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    typed: str | None = None
    is_removed: bool = False

    @property
    def name(self) -> str:
        """The name of its input."""
        return PREFIX + self.pointer

    @property
    def remove_name(self) -> str:
        """The name of the box that takes it away."""
        return REMOVE + self.pointer

    @property
    def input_text(self) -> str:
        """What its input holds: what was typed before, or what the payload holds."""
        return self.text if self.typed is None else self.typed

    @property
    def input_choice(self) -> str:
        """What is chosen in its list."""
        return self.chosen if self.typed is None else self.typed

    @property
    def is_absent(self) -> bool:
        """Whether the payload does not hold it."""
        return self.value is ABSENT

    @property
    def is_leaf(self) -> bool:
        """Whether it holds a single value."""
        return self.kind not in {"object", "list", "table"}

    @property
    def is_number(self) -> bool:
        """Whether it is read by its digits."""
        return self.kind in {"number", "integer"}

    @property
    def must_open(self) -> bool:
        """Whether its text is too long to be shown at once, so that it must be opened before approval."""
        return self.kind == "long" and len(self.text) > LONG

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be chosen, as (text in the form, text to read)."""
        if self.kind == "boolean":
            return [("true", _("Yes")), ("false", _("No"))]
        return [(json.dumps(choice), text_of(choice)) for choice in self.schema.get("enum", [])]

    @property
    def chosen(self) -> str:
        """The choice that the payload holds, as the form spells it."""
        return "" if self.is_absent or self.value is None else json.dumps(self.value)

    def walk(self) -> Iterator["Field"]:
        """This field and all that lie in it."""
        yield self
        for field in self.fields:
            yield from field.walk()


class Reading:
    """Builds the fields of one payload under one schema, with what is missing and odd marked where it is."""

    def __init__(
        self,
        schema: Schema,
        marks: Mapping[str, list[Mark]],
        money: str = "",
        typed: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.root = schema
        self.marks = marks
        self.money = money
        self.typed = typed

    def fields(self, payload: Mapping[str, Any]) -> tuple[Field, ...]:
        """The payload's fields, in the order of the schema, what the schema does not know last."""
        return self._object("", payload, schemas.resolved(self.root, self.root, payload))

    def _field(self, pointer: str, key: str, value: Any, schema: Schema, is_known: bool) -> Field:
        found = schemas.resolved(schema, self.root, None if value is ABSENT else value)
        kind = kind_of(value, found)
        field = Field(
            pointer=pointer,
            key=key,
            label=schemas.label(key, found),
            kind=kind,
            value=value,
            schema=found,
            text="" if kind in {"object", "list"} else text_of(value),
            hint=str(found.get("description", "")),
            marks=(*self.marks.get(pointer, ()), *_own_marks(value)),
            is_beyond_schema=not is_known,
            is_money=bool(self.money) and pointer == self.money,
            typed=self.typed.get(PREFIX + pointer),
            is_removed=bool(self.typed.get(REMOVE + pointer)),
        )
        return self._filled(field, value, found) if kind in {"object", "list"} else field

    def _filled(self, field: Field, value: Any, schema: Schema) -> Field:
        if field.kind == "object":
            return replace(field, fields=self._object(field.pointer, {} if value is ABSENT else value, schema))
        items = [
            self._field(f"{field.pointer}/{place}", str(place + 1), item, schema.get("items", {}), True)
            for place, item in enumerate([] if value is ABSENT else value)
        ]
        return _as_table(replace(field, fields=tuple(items)))

    def _object(self, pointer: str, value: Mapping[str, Any], schema: Schema) -> tuple[Field, ...]:
        described = schemas.properties(schema)
        is_open = not described and schema.get("additionalProperties") is not False and bool(schema)
        required = schema.get("required", [])
        return tuple(
            replace(
                self._field(
                    f"{pointer}/{escaped(key)}",
                    key,
                    value.get(key, ABSENT),
                    described.get(key, {}),
                    is_open or key in described,
                ),
                is_required=key in required,
            )
            for key in [*described, *(key for key in value if key not in described)]
        )


def marks_of(missing: list[str], flags: list[Any]) -> dict[str, list[Mark]]:
    """What is marked where: pointers that automation misses, and the exceptions that scorers found."""
    marks: dict[str, list[Mark]] = {}
    for pointer in missing:
        marks.setdefault(pointer, []).append(Mark("missing", _("Missing: without it, it cannot run by itself.")))
    for flag in flags:
        pointer, sentence = (flag["pointer"], flag["sentence"]) if isinstance(flag, dict) else ("", str(flag))
        marks.setdefault(pointer, []).append(Mark("odd", sentence))
    return marks


def kind_of(value: Any, schema: Schema) -> str:
    """How a value is shown: by what it is where it is there, by what its schema asks for where it is not."""
    is_there = value is not ABSENT and value is not None
    name = schemas.type_of(value) if is_there else next((t for t in schemas.types(schema) if t != "null"), "string")
    if "enum" in schema and name not in {"object", "array"} and (not is_there or value in schema["enum"]):
        return "choice"
    if name == "object":
        return "object" if is_there or schemas.properties(schema) else "text"
    if name == "array":
        return "list"
    if name == "string":
        return _kind_of_text(value if is_there else "", schema)
    return name


def text_of(value: Any) -> str:
    """A value as text, exactly: numbers as JSON writes them, nothing for null and for what is absent."""
    if value is ABSENT or value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _kind_of_text(value: str, schema: Schema) -> str:
    if "\n" in value or "\r" in value or len(value) > MANY_LINES or schema.get("maxLength", 0) > LONG / 4:
        return "long"
    return schemas.FORMATS.get(str(schema.get("format", "")), "text")


def _own_marks(value: Any) -> list[Mark]:
    sentences = {
        "hidden": _("Holds characters that cannot be seen; they are shown as codes."),
        "mixed": _("Mixes letters of several scripts, as look-alike names do."),
    }
    return [Mark("odd", sentences[code]) for code in suspicions(value)] if isinstance(value, str) else []


def _as_table(field: Field) -> Field:
    """A list of flat objects is shown as a table, with a column for every key that occurs."""
    rows = field.fields
    if not rows or not all(row.kind == "object" and all(cell.is_leaf for cell in row.fields) for row in rows):
        return field
    columns = {cell.key: cell.label for row in rows for cell in row.fields if not _is_empty_column(cell.key, rows)}
    return replace(field, kind="table", columns=tuple(columns.items()))


def _is_empty_column(key: str, rows: tuple[Field, ...]) -> bool:
    return all(cell.is_absent and not cell.marks for row in rows for cell in row.fields if cell.key == key)
