"""Payload fields for display and editing, and text for values that are too large."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from approvals.admin.payload_form import dates, email_body, numbers
from approvals.admin.payload_form import schema as schemas
from approvals.admin.payload_form.render import drawn
from approvals.admin.payload_form.schema import Schema
from approvals.admin.payload_form.sources import Source
from approvals.display.fragments import what_is_odd
from approvals.text import links
from approvals.text.json_diff import ABSENT, is_same
from approvals.text.unicode import is_plain
from policies.engine.checks import characters
from policies.engine.text.markup import reader
from policies.engine.values.currencies import CODES

PREFIX = "value:"
REMOVE = "remove:"
LONG = 4000
MANY_LINES = 80
MAX_INPUTS = 900
CONTAINERS = frozenset({"object", "list", "table", "mail"})
BLOCKS = frozenset({"long", "bulk", "letter", "html"})
CHOSEN = frozenset({"choice", "boolean"})
# The flags that the sentences about a link say.
_LINKS = {"uri": "malformed_url"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on a value: `missing`, `odd` or `fault`, with its sentence, and the code of the flag that it says."""

    level: str
    sentence: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    label: str
    is_number: bool
    is_beyond_schema: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a payload, or an empty place; ``text`` is its display and input text."""

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
    unit: str = ""
    fields: tuple["Field", ...] = ()
    columns: tuple[Column, ...] = ()
    typed: str | None = None
    is_removed: bool = False
    sources: tuple[Source, ...] = ()

    @property
    def name(self) -> str:
        """The input name."""
        return PREFIX + self.pointer

    @property
    def remove_name(self) -> str:
        """The name of the remove checkbox."""
        return REMOVE + self.pointer

    @property
    def input_text(self) -> str:
        """The input value: the entered text or the payload's value."""
        return self.offered if self.typed is None else self.typed

    @property
    def offered(self) -> str:
        """The initial input value, without what a browser input cannot hold."""
        return dates.offered(self.kind, self.text)

    @property
    def input_type(self) -> str:
        """The browser input type that preserves the value."""
        return dates.input_type(self.kind, self.input_text)

    @property
    def zone(self) -> str:
        """The time zone of a moment, if its input does not show it."""
        return dates.zone_of(self.text) if self.input_type == "datetime-local" else ""

    @property
    def input_choice(self) -> str:
        """The selected option."""
        return self.chosen if self.typed is None else self.typed

    @property
    def is_absent(self) -> bool:
        """Whether the payload does not contain it."""
        return self.value is ABSENT

    @property
    def is_leaf(self) -> bool:
        """Whether it holds a single value."""
        return self.kind not in CONTAINERS and self.kind not in {"bulk", "gap"}

    @property
    def count(self) -> int:
        """The number of values it holds, rendered or not."""
        return len(self.value) if isinstance(self.value, dict | list) else 0

    @property
    def is_number(self) -> bool:
        """Whether it is shown as digits."""
        return self.kind in {"number", "integer"}

    @property
    def is_figure(self) -> bool:
        """Whether it is an amount or has a unit, also where the payload writes it as text."""
        expected = self.schema.get("x-expect")
        is_total = isinstance(expected, dict) and expected.get("kind") == "total"
        return self.is_money or is_total or bool(self.unit and self.unit != numbers.FRACTION)

    @property
    def currency(self) -> str | None:
        """The currency of an amount, empty if unknown; None for other values."""
        return self.unit if self.is_figure and (self.is_money or self.unit in CODES) else None

    @property
    def is_long(self) -> bool:
        """Whether it is shown as a block of text."""
        return self.kind in BLOCKS

    @property
    def is_simple(self) -> bool:
        """Whether the plain value is enough, as in most table cells."""
        return not (self.marks or self.sources or self.is_long or self.value is ABSENT)

    @property
    def is_new(self) -> bool:
        """Whether it is an added row that the payload does not contain yet."""
        return self.value is ABSENT and self.kind == "object" and bool(self.fields)

    @property
    def exact(self) -> Any:
        """The exact text: numbers as JSON, all other values unchanged."""
        return self.text if self.is_number and self.value not in (ABSENT, None) else self.value

    @property
    def said(self) -> str:
        """The meaning of the value in words; empty for most values."""
        if self.kind in dates.KINDS:
            return dates.said(self.kind, self.text)
        if self.kind == "choice":
            return next((title for value, title in schemas.options(self.schema) if is_same(value, self.value)), "")
        if self.unit == numbers.FRACTION:
            return numbers.percentage(self.text)
        return numbers.in_words(self.text, self.unit) if self.is_number or self.is_figure else ""

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """The text split into parts with roles; joined, the parts equal the text."""
        if not self.text or not is_plain(self.text):
            return ()
        if self.kind in {"email", "uri"}:
            return links.parts(self.kind, self.text)
        groups: tuple[str, ...] = ()
        if self.kind == "iban":
            groups = numbers.fours(self.text)
        elif self.is_money or (self.unit and self.unit != numbers.FRACTION):
            groups = numbers.thousands(self.text)
        return tuple(("group", group) for group in groups) if len(groups) > 1 else ()

    @property
    def reading(self) -> str:
        """The value as safe HTML."""
        said = self.said
        unit = "" if self.unit == numbers.FRACTION or self.value in ("", None, ABSENT) else self.unit
        return drawn(self.exact, self.parts, "" if said == self.text else said, unit)

    @property
    def runs(self) -> list[email_body.Run]:
        """The message split into quoted and other lines."""
        return email_body.runs(self.text)

    @property
    def page(self) -> email_body.Shown:
        """The extracted text and links of an HTML message."""
        return email_body.Shown(reader.read(self.text))

    @property
    def must_open(self) -> bool:
        """Whether the text is collapsed and must be opened before approval."""
        return self.is_long and len(self.text) > LONG

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The options as (form text, label)."""
        if self.kind == "boolean":
            return [("true", _("Yes")), ("false", _("No"))]
        return [(json.dumps(value), _choice(value, title)) for value, title in schemas.options(self.schema)]

    @property
    def chosen(self) -> str:
        """The option that matches the payload, as the form spells it."""
        return "" if self.is_absent or self.value is None else json.dumps(self.value)

    def walk(self) -> Iterator["Field"]:
        """This field and all nested fields."""
        yield self
        for field in self.fields:
            yield from field.walk()


def paths(fields: Iterable[Field], way: str = "") -> dict[str, str]:
    """Field labels by pointer, with the list and row they are in, such as Lines 2: Price."""
    found: dict[str, str] = {}
    for field in fields:
        name = f"{way}{field.label}"
        found[field.pointer] = name
        inner = f"{name} " if field.kind in {"list", "table"} else "" if field.kind == "mail" else f"{name}: "
        found |= paths(field.fields, inner)
    return found


def marks_of(missing: list[str], flags: list[Any]) -> dict[str, list[Mark]]:
    """Marks by pointer: values that automation misses and anomalies that scorers found."""
    marks: dict[str, list[Mark]] = {}
    for pointer in missing:
        marks.setdefault(pointer, []).append(
            Mark("missing", _("Missing. The action cannot run automatically without this value."))
        )
    for flag in flags:
        told = flag if isinstance(flag, dict) else {"pointer": "", "sentence": str(flag), "code": ""}
        # The field's label is next to it and names the field already.
        marks.setdefault(told["pointer"], []).append(Mark("odd", what_is_odd(told), told["code"]))
    return marks


def joined(flagged: Iterable[Mark], own: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks of a value from its flags and from its text; each anomaly is said once."""
    said = {mark.code for mark in own if mark.code}
    return (*(mark for mark in flagged if mark.code not in said), *own)


def kind_of(value: Any, schema: Schema) -> str:
    """How to show a value: by its actual type, or by its schema if it is absent."""
    is_there = value is not ABSENT and value is not None
    name = schemas.type_of(value) if is_there else next((t for t in schemas.types(schema) if t != "null"), "string")
    options = schemas.options(schema) if name not in {"object", "array"} else []
    if options and (not is_there or any(is_same(option, value) for option, _title in options)):
        return "choice"
    if name == "object":
        return "object" if is_there or schemas.properties(schema) else "text"
    if name == "array":
        return "list"
    if name == "string":
        return _kind_of_text(value if is_there else "", schema)
    return name


def text_of(value: Any) -> str:
    """A value as exact text: JSON for numbers, empty for null and absent values."""
    if value is ABSENT or value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def own_marks(value: Any, kind: str = "", schema: Schema = MappingProxyType({})) -> list[Mark]:
    """Suspicious properties of the text itself, independent of scorers."""
    if not isinstance(value, str):
        return []
    sentences = {
        characters.HIDDEN: _("Contains invisible characters, shown here as codes."),
        characters.MIXED: _("Mixes letters from several scripts, which is typical of look-alike names."),
        characters.LOOK_ALIKE: _("Contains letters that look like plain Latin letters."),
    }
    odd = [Mark("odd", sentences[code], code) for code in characters.codes(value)]
    odd += [Mark("odd", sentence, code) for code, sentence in email_body.oddities(kind, value)]
    odd += [Mark("odd", sentence, _LINKS.get(kind, "")) for sentence in links.oddities(kind, value)]
    if kind in dates.KINDS and "format" in schema and value and not dates.is_readable(kind, value):
        odd.append(Mark("odd", _("This date or time does not exist. Enter a valid date and time.")))
    return odd


def _kind_of_text(value: str, schema: Schema) -> str:
    kind = schemas.kind_of_text(schema)
    if kind in schemas.MEDIA.values():
        return kind
    if "\n" in value or "\r" in value or len(value) > MANY_LINES or schema.get("maxLength", 0) > LONG / 4:
        return "long"
    return kind


def _choice(value: Any, title: str) -> str:
    """An option label with its title and its actual value, since titles are free text."""
    text = text_of(value)
    return f"{title} ({text})" if title and title != text else text
