"""Sentences with values: canonical English for the record, with all that another language needs to say the same.

A value is a text, a whole number, a figure, a day, another sentence, or a list of them.

A sentence is stored in English, so that digests do not depend on a language. Its template and its values are stored
with it; pages translate the template and fill in the values. `manage.py makemessages` collects the templates.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any


class Said(str):
    """An English sentence that knows its template and its values."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Any]

    def __reduce__(self) -> tuple[Any, ...]:
        return say, (self.template, self.values)


class Figure(str):
    """A decimal number as it stands in an English sentence; it knows its digits and its currency."""

    __slots__ = ("currency", "digits")
    digits: str
    currency: str

    def __reduce__(self) -> tuple[Any, ...]:
        return as_figure, (str(self), self.digits, self.currency)


def as_figure(text: str, digits: str, currency: str = "") -> Figure:
    """Return a figure: its English text, its digits with a decimal point, and its currency."""
    figure = Figure(text)
    figure.digits, figure.currency = digits, currency
    return figure


def say(template: str, given: Mapping[str, Any] | None = None, /, **values: Any) -> Said:
    """Return the sentence with its values."""
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


def restored(text: str, said: Mapping[str, Any] | None) -> str:
    """Return a stored sentence with its template and values again, if it has any."""
    return _restored(said) if said else text


def in_a_row(sentences: Sequence[str]) -> str:
    """Return several sentences as one text."""
    found = sentences[-1] if sentences else ""
    for sentence in sentences[-2::-1]:
        found = say("{one} {other}", one=sentence, other=found)
    return found


def _restored(value: Any) -> Any:
    if isinstance(value, list):
        return [_restored(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if "day" in value:
        return date.fromisoformat(value["day"])
    if "figure" in value:
        places = len(value["figure"].partition(".")[2])
        text = f"{value['currency']} {Decimal(value['figure']):,.{places}f}".strip()
        return as_figure(text, value["figure"], value["currency"])
    return say(value["template"], {name: _restored(each) for name, each in value["values"].items()})


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Said):
        return {"template": value.template, "values": {name: _plain(each) for name, each in value.values.items()}}
    if isinstance(value, Figure):
        return {"figure": value.digits, "currency": value.currency}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value if isinstance(value, int) else str(value)
