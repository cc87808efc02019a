"""Sentences with values: canonical English for the record, with all that another language needs to say the same.

A sentence is stored in English, so that digests do not depend on a language. Its template and its values are stored
with it; pages translate the template and fill in the values. `manage.py makemessages` collects the templates.
"""

from collections.abc import Mapping
from typing import Any


class Said(str):
    """An English sentence that knows its template and its values."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Any]

    def __reduce__(self) -> tuple[Any, ...]:
        return say, (self.template, self.values)


def say(template: str, given: Mapping[str, Any] | None = None, /, **values: Any) -> Said:
    """Return the sentence; a value is a text, a number, another sentence, or a list of them."""
    values = {**(given or {}), **values}
    said = Said(template.format_map({name: english(value) for name, value in values.items()}))
    said.template, said.values = template, values
    return said


def message(text: str) -> str:
    """Return a template as it is; `makemessages` finds it by this call."""
    return text


def english(value: Any) -> str:
    """Return a value as it stands in the English sentence."""
    return ", ".join(map(english, value)) if isinstance(value, list | tuple) else str(value)


def as_json(text: str) -> dict[str, Any] | None:
    """Return the template and the values of a sentence; None for a text without values."""
    if not isinstance(text, Said) or not text.values:
        return None
    found: dict[str, Any] = _plain(text)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Said):
        return {"template": value.template, "values": {name: _plain(each) for name, each in value.values.items()}}
    return value if isinstance(value, int) else str(value)
