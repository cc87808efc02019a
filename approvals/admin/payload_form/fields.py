"""The fields that a payload is shown and edited by, and the texts that stand for what is too much for fields."""

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
from approvals.text import links
from approvals.text.json_diff import ABSENT, is_same
from approvals.text.unicode import is_plain, suspicions

PREFIX = "value:"
REMOVE = "remove:"
LONG = 4000
MANY_LINES = 80
MAX_INPUTS = 900
CONTAINERS = frozenset({"object", "list", "table", "mail"})
BLOCKS = frozenset({"long", "bulk", "letter", "html"})
CHOSEN = frozenset({"choice", "boolean"})


@dataclass(frozen=True, slots=True)
class Mark:
    """What is odd about a value: `missing`, `odd` or `fault`, and the sentence that says so."""

    level: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table of lines."""

    label: str
    is_number: bool
    is_beyond_schema: bool


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
    unit: str = ""
    fields: tuple["Field", ...] = ()
    columns: tuple[Column, ...] = ()
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
        return self.offered if self.typed is None else self.typed

    @property
    def offered(self) -> str:
        """What its input holds as long as nothing was typed: its text, without what a browser's input leaves out."""
        return dates.offered(self.kind, self.text)

    @property
    def input_type(self) -> str:
        """The browser's input that holds it unchanged."""
        return dates.input_type(self.kind, self.input_text)

    @property
    def zone(self) -> str:
        """The zone of a moment whose input does not show it."""
        return dates.zone_of(self.text) if self.input_type == "datetime-local" else ""

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
        return self.kind not in CONTAINERS and self.kind not in {"bulk", "gap"}

    @property
    def count(self) -> int:
        """How many values it holds, drawn or not."""
        return len(self.value) if isinstance(self.value, dict | list) else 0

    @property
    def is_number(self) -> bool:
        """Whether it is read by its digits."""
        return self.kind in {"number", "integer"}

    @property
    def is_long(self) -> bool:
        """Whether it is shown as a block of text."""
        return self.kind in BLOCKS

    @property
    def is_simple(self) -> bool:
        """Whether its value alone says everything about it: most cells of a table are so."""
        return not (self.marks or self.is_long or self.value is ABSENT)

    @property
    def is_new(self) -> bool:
        """Whether it is a line that the payload does not hold, to be filled in."""
        return self.value is ABSENT and self.kind == "object" and bool(self.fields)

    @property
    def exact(self) -> Any:
        """What is shown of it: a number as JSON writes it, anything else as it is."""
        return self.text if self.is_number and self.value not in (ABSENT, None) else self.value

    @property
    def said(self) -> str:
        """What the value means in words, shown beside the value itself; most values need none."""
        if self.kind in dates.KINDS:
            return dates.said(self.kind, self.text)
        if self.kind == "choice":
            return next((title for value, title in schemas.options(self.schema) if is_same(value, self.value)), "")
        return numbers.percentage(self.text) if self.unit == numbers.FRACTION else ""

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Its text in parts with the role of each, where that helps to read it; put together they are the text."""
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
        """Its value as it is read, in markup of ours."""
        said = self.said
        unit = "" if self.unit == numbers.FRACTION or self.value in ("", None, ABSENT) else self.unit
        return drawn(self.exact, self.parts, "" if said == self.text else said, unit)

    @property
    def runs(self) -> list[email_body.Run]:
        """A letter in runs of quoted and of other lines."""
        return email_body.runs(self.text)

    @property
    def page(self) -> email_body.Page:
        """What a letter in HTML says, and where its links go."""
        return email_body.read(self.text)

    @property
    def must_open(self) -> bool:
        """Whether its text is too long to be shown at once, so that it must be opened before approval."""
        return self.is_long and len(self.text) > LONG

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be chosen, as (text in the form, text to read)."""
        if self.kind == "boolean":
            return [("true", _("Yes")), ("false", _("No"))]
        return [(json.dumps(value), _choice(value, title)) for value, title in schemas.options(self.schema)]

    @property
    def chosen(self) -> str:
        """The choice that the payload holds, as the form spells it."""
        return "" if self.is_absent or self.value is None else json.dumps(self.value)

    def walk(self) -> Iterator["Field"]:
        """This field and all that lie in it."""
        yield self
        for field in self.fields:
            yield from field.walk()


def paths(fields: Iterable[Field], way: str = "") -> dict[str, str]:
    """What each field is called, by its pointer: with the list and the line that it lies in, such as Lines 2: Price."""
    found: dict[str, str] = {}
    for field in fields:
        name = f"{way}{field.label}"
        found[field.pointer] = name
        inner = f"{name} " if field.kind in {"list", "table"} else "" if field.kind == "mail" else f"{name}: "
        found |= paths(field.fields, inner)
    return found


def marks_of(missing: list[str], flags: list[Any]) -> dict[str, list[Mark]]:
    """What is marked where: pointers that automation misses, and the exceptions that scorers found."""
    marks: dict[str, list[Mark]] = {}
    for pointer in missing:
        marks.setdefault(pointer, []).append(
            Mark("missing", _("Missing. The action cannot run automatically without this value."))
        )
    for flag in flags:
        pointer, sentence = (flag["pointer"], flag["sentence"]) if isinstance(flag, dict) else ("", str(flag))
        # It stands beside the field's label, which names the field already.
        said = sentence.removeprefix(f"{pointer.rsplit('/', 1)[-1]} ")
        marks.setdefault(pointer, []).append(Mark("odd", said))
    return marks


def kind_of(value: Any, schema: Schema) -> str:
    """How a value is shown: by what it is where it is there, by what its schema asks for where it is not."""
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
    """A value as text, exactly: numbers as JSON writes them, nothing for null and for what is absent."""
    if value is ABSENT or value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def own_marks(value: Any, kind: str = "", schema: Schema = MappingProxyType({})) -> list[Mark]:
    """What is suspicious about a text itself, whatever the scorers found."""
    if not isinstance(value, str):
        return []
    sentences = {
        "hidden": _("Contains invisible characters, shown here as codes."),
        "mixed": _("Mixes letters from several scripts, which is typical of look-alike names."),
    }
    found = [sentences[code] for code in suspicions(value)]
    found += [*links.oddities(kind, value), *email_body.oddities(kind, value)]
    if kind in dates.KINDS and "format" in schema and value and not dates.is_readable(kind, value):
        found.append(_("This date or time does not exist."))
    return [Mark("odd", sentence) for sentence in found]


def _kind_of_text(value: str, schema: Schema) -> str:
    kind = schemas.kind_of_text(schema)
    if kind in schemas.MEDIA.values():
        return kind
    if "\n" in value or "\r" in value or len(value) > MANY_LINES or schema.get("maxLength", 0) > LONG / 4:
        return "long"
    return kind


def _choice(value: Any, title: str) -> str:
    """A choice as a list has it: its title, and the value that is sent, which a title may say anything about."""
    text = text_of(value)
    return f"{title} ({text})" if title and title != text else text
