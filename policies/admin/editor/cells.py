"""Fields of forms: how a document's value is shown, and how the typed text is read.

A form changes only what was edited; all other values stay exactly as written.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.formats import get_format
from django.utils.functional import Promise

from policies.engine.document.source_text import SourceFault, read
from policies.engine.values import json_pointer, typed_numbers

Path = tuple[str | int, ...]
Choices = Sequence[tuple[str, "str | Promise"]]
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+")


class Kind(Enum):
    """How a value is typed."""

    TEXT = "text"
    LONG = "long"
    CODE = "code"
    CONDITION = "condition"
    ASSIGNEE = "assignee"
    NUMBER = "number"
    AMOUNT = "amount"
    WORD = "word"
    WORDS = "words"
    TRUTH = "truth"
    JSON = "json"


class _Absent:
    """The value of a field that a document leaves out."""


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a form or a column of a table; ``usual`` is shown if the document has no value."""

    key: str
    label: "str | Promise"
    kind: Kind = Kind.TEXT
    choices: Choices = ()
    usual: str = ""
    help: "str | Promise" = ""
    width: int = 0

    def shown(self, value: Any) -> str:
        """Return the text that the field shows for a value."""
        if value is ABSENT:
            return self.usual
        if self.kind is Kind.JSON:
            text = json.dumps(value, ensure_ascii=False)
            # Escaped, because YAML refuses invisible characters. Objects and lists are read as JSON.
            is_json = isinstance(value, dict | list)
            return "".join(char if char.isprintable() else _escaped(char, is_json=is_json) for char in text)
        if self.kind is Kind.WORDS and isinstance(value, list):
            return ", ".join(map(_text, value))
        return _text(value)

    def read(self, typed: str) -> Any:
        """Parse the typed text; a text that does not fit stays text and is reported as a fault later."""
        text = typed.strip()
        if self.kind is Kind.TRUTH:
            return typed == "true"
        if not text:
            return ABSENT
        if self.kind is Kind.NUMBER:
            return _number(text)
        if self.kind is Kind.AMOUNT:
            return _amount(text)
        if self.kind is Kind.WORDS:
            return [word.strip() for word in text.split(",") if word.strip()]
        return _json(text) if self.kind is Kind.JSON else text


@dataclass(frozen=True, slots=True)
class Cell:
    """A field on the page: its column, form name, value and faults."""

    column: Column
    path: Path
    value: str
    faults: Sequence[Any] = ()
    builder: Any = None

    @property
    def name(self) -> str:
        """The field's name in the form."""
        return name_of(self.path)

    @property
    def is_known(self) -> bool:
        """Whether the value is among the choices; an unknown value is offered too, so that it is not lost."""
        return any(value == self.value for value, _ in self.column.choices)

    @property
    def asked_kind(self) -> str:
        """Of an assignee, the kind: a word such as `desk`, or with a colon if a name follows."""
        kind, colon, _name = self.value.partition(":")
        return kind + colon

    @property
    def is_odd(self) -> bool:
        """Of an assignee, whether it is none of the kinds."""
        return bool(self.value) and all(self.asked_kind != value for value, _ in self.column.choices)

    @property
    def asked_name(self) -> str:
        """Of an assignee, the name."""
        return self.value.partition(":")[2]

    @property
    def widget(self) -> str:
        """The kind of input that the template renders."""
        return self.column.kind.value


def name_of(path: Path) -> str:
    """Return the form name of a path in a document."""
    return json_pointer.join(*path).removeprefix("/")


def path_of(name: str) -> Path:
    """Return the path of a form name; whole numbers are list indexes."""
    parts = json_pointer.parts(f"/{name}")
    return tuple(int(part) if part.isdecimal() and len(part) < 6 else part for part in parts)


def place_of(path: Path) -> str:
    """Return the path as faults name it, such as `rules[0].when`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def edited(old: Mapping[str, Any], columns: Sequence[Column], typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the mapping with the edited fields; everything else stays unchanged."""
    new = dict(old)
    for column in columns:
        before = old.get(column.key, ABSENT)
        text = typed.get(column.key, "" if column.kind is Kind.TRUTH else None)
        if text is None or _plain(text) == _plain(column.shown(before)):
            continue
        value = column.read(text)
        if value is ABSENT:
            new.pop(column.key, None)
        else:
            new[column.key] = value
    return new


def _plain(text: str) -> str:
    # Browsers send other line endings than files have, and surrounding blanks mean nothing.
    return text.replace("\r\n", "\n").strip()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    if value is None:
        return "null"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _number(text: str) -> Any:
    if _WHOLE.fullmatch(text) and len(text) < 16:
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) and len(text) < 20 else text


def _amount(text: str) -> str:
    # Steps are in several currencies, so three decimals are always unclear in a language with a decimal comma.
    try:
        return typed_numbers.read(text, get_format("DECIMAL_SEPARATOR"))
    except (typed_numbers.NotANumber, typed_numbers.Unclear):
        return text


def _escaped(char: str, *, is_json: bool) -> str:
    return json.dumps(char)[1:-1] if is_json else f"\\U{ord(char):08x}"


def _json(text: str) -> Any:
    try:
        return read(text)
    except SourceFault:
        return text
