"""One field of a form, and one value of a document: how the value is shown, and how what was typed is read.

What nobody changed keeps its value exactly, however it was written: a form only ever changes what was edited.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.functional import Promise

from policies.engine.document.source_text import SourceFault, read
from policies.engine.values import json_pointer

Path = tuple[str | int, ...]
Choices = Sequence[tuple[str, "str | Promise"]]
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+")


class Kind(Enum):
    """How a value is typed."""

    TEXT = "text"
    LONG = "long"
    CODE = "code"
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
    """A field of a form or a column of a table; ``usual`` is shown where the document says nothing."""

    key: str
    label: "str | Promise"
    kind: Kind = Kind.TEXT
    choices: Choices = ()
    usual: str = ""
    help: "str | Promise" = ""
    width: int = 0

    def shown(self, value: Any) -> str:
        """What the field shows of a value."""
        if value is ABSENT:
            return self.usual
        if self.kind is Kind.JSON:
            text = json.dumps(value, ensure_ascii=False)
            # As YAML reads it again, which takes nothing invisible as it stands.
            return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in text)
        if self.kind is Kind.WORDS and isinstance(value, list):
            return ", ".join(map(_text, value))
        return _text(value)

    def read(self, typed: str) -> Any:
        """The value that was typed, as a document holds it; what does not fit stays text, and is found fault with."""
        text = typed.strip()
        if self.kind is Kind.TRUTH:
            return typed == "true"
        if not text:
            return ABSENT
        if self.kind is Kind.NUMBER:
            return _number(text)
        if self.kind is Kind.WORDS:
            return [word.strip() for word in text.split(",") if word.strip()]
        return _json(text) if self.kind is Kind.JSON else text


@dataclass(frozen=True, slots=True)
class Cell:
    """A field as it is on the page: its column, its name in the form, what it shows, and what is wrong there."""

    column: Column
    path: Path
    value: str
    faults: Sequence[Any] = ()

    @property
    def name(self) -> str:
        """The field's name in the form."""
        return name_of(self.path)

    @property
    def is_known(self) -> bool:
        """Whether the value is among the choices; one that is not is offered too, so that it is not lost."""
        return any(value == self.value for value, _ in self.column.choices)

    @property
    def widget(self) -> str:
        """Which kind of input the template makes."""
        return self.column.kind.value


def name_of(path: Path) -> str:
    """A form's name for a place in a document."""
    return json_pointer.join(*path).removeprefix("/")


def path_of(name: str) -> Path:
    """The place that a form's name means; whole numbers are places in lists."""
    parts = json_pointer.parts(f"/{name}")
    return tuple(int(part) if part.isdecimal() and len(part) < 6 else part for part in parts)


def place_of(path: Path) -> str:
    """The place as the judge names it when it finds fault, such as `rules[0].when`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def edited(old: Mapping[str, Any], columns: Sequence[Column], typed: Mapping[str, str]) -> dict[str, Any]:
    """A mapping with what was typed in place of what the fields showed; everything else stays as it was."""
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
    # Browsers send other line ends than files have, and nobody means the blanks around a value.
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


def _json(text: str) -> Any:
    try:
        return read(text)
    except SourceFault:
        return text
