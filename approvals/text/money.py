"""Amounts for display: digit for digit, as the reader's language writes them; machines read them plain."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from policies import words
from policies.engine.values import json_pointer
from policies.engine.values.currencies import exponent
from policies.engine.values.money import decimals, needed, storable, written

if TYPE_CHECKING:
    from approvals.models import Action


# Longer figures are shown as the payload writes them, such as 1e999.
_LONGEST = 60
_FIGURE = re.compile(r"-?[0-9]{1,200}(\.[0-9]{1,200})?", re.ASCII)


def exact(action: "Action", payload: dict[str, Any]) -> Decimal | None:
    """The action's amount with all digits of this payload; the column stores only fifteen of them."""
    amount: Decimal | None = action.amount
    if amount is None or not action.action_type.amount_pointer:
        return amount
    found = written(_value(action, payload))
    # Where the pointer has changed since, what was read then still counts.
    is_same = found is not None and storable(found) == amount
    return found if is_same else amount


def shown(action: "Action", payload: dict[str, Any]) -> Decimal | None:
    """The same for people and agents, also of an amount that its column cannot hold, which policy takes as unknown."""
    if action.amount is not None:
        return exact(action, payload)
    value = _value(action, payload)
    found = written(value)
    if found is None and isinstance(value, str) and _FIGURE.fullmatch(value):
        return Decimal(value)
    return found if found is not None and storable(found) is None else None


def said(action: "Action", locale: str = "") -> str:
    """The action's amount with the decimals of its payload, such as EUR 717.97; empty if none.

    :param locale: instead of the reader's, which is that of the language that is active now.
    """
    amount = shown(action, action.revision.payload)
    if amount is None:
        return ""
    if amount is not action.amount and len(f"{amount:f}") > _LONGEST:
        return f"{action.currency} {_value(action, action.revision.payload)}".strip()
    if amount is not action.amount and not action.currency:
        # The usual number of decimals is unknown: 1.000 can mean a thousand, so keep it as written.
        return f"{amount:f}"
    # The column keeps no zeros at the end; only the payload shows them.
    places = needed(amount, action.currency) if amount is action.amount else decimals(amount)
    return _formatted(f"{amount:.{max(places, exponent(action.currency))}f}", action.currency, locale)


def money(amount: Decimal | None, currency: str, locale: str = "") -> str:
    """An amount with all its decimals, at least those of the currency; empty if none."""
    return "" if amount is None else _formatted(f"{amount:.{needed(amount, currency)}f}", currency, locale)


def as_written(amount: Decimal) -> str:
    """A machine-readable amount with the zeros of its payload, at least two decimals."""
    return f"{amount:.{max(needed(amount, ''), decimals(amount))}f}"


def plain(amount: Decimal) -> str:
    """A machine-readable amount with all its decimals, at least two."""
    return f"{amount:.{needed(amount, '')}f}"


def _value(action: "Action", payload: dict[str, Any]) -> Any:
    pointer = action.action_type.amount_pointer
    return json_pointer.find(payload, pointer) if pointer else None


def _formatted(text: str, currency: str, locale: str) -> str:
    if not currency:
        # The usual number of decimals is unknown.
        return text.rstrip("0").rstrip(".") if "." in text else text
    return words.written(text, currency, locale or words.locale())
