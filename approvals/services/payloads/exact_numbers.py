"""Numbers of a payload that JSON cannot hold as they were sent: a person would decide on another value."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from approvals.models import ActionType
from approvals.text.json_numbers import SpelledNumber
from policies.engine.values import json_pointer
from policies.engine.values.currencies import exponent

_SHOWN = 40


def faults(kind: ActionType, payload: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Yield the pointer of each such number, and a sentence."""
    found = json_pointer.find(payload, kind.currency_pointer) if kind.currency_pointer else ""
    places = exponent(found.upper()) if isinstance(found, str) else 2
    for pointer, number in _spelled(payload, ""):
        text = number.text[:_SHOWN]
        if not number.is_exact:
            message = f"{text} has more digits than a JSON number keeps exactly; it would become {float(number)!r}."
            yield {"pointer": pointer, "message": f"{message} Send fewer digits, or send it as text."}
        elif pointer == kind.amount_pointer and places < len(text.partition(".")[2]):
            grouped = text.replace(".", "")
            message = (
                f"{text} can mean {Decimal(text).normalize():f} or {grouped}. Send the amount without the last zero"
            )
            yield {"pointer": pointer, "message": f"{message}, or without the point."}


def _spelled(value: Any, pointer: str) -> Iterator[tuple[str, SpelledNumber]]:
    if isinstance(value, SpelledNumber):
        yield pointer, value
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, dict | list | SpelledNumber):
                yield from _spelled(item, f"{pointer}{json_pointer.join(key)}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict | list | SpelledNumber):
                yield from _spelled(item, f"{pointer}/{index}")
