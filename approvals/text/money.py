"""Amounts for display: digit for digit and the same on every page."""

from decimal import Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from babel.numbers import format_currency

from policies.engine.values import json_pointer
from policies.engine.values.currencies import exponent
from policies.engine.values.money import needed, storable, written

if TYPE_CHECKING:
    from approvals.models import Action

# Amounts have up to 40 characters; the default context rounds to 28 digits.
_DIGITS = 60


def exact(action: "Action", payload: dict[str, Any]) -> Decimal | None:
    """The action's amount with all digits of this payload; the column stores only fifteen of them."""
    pointer = action.action_type.amount_pointer
    if action.amount is None or not pointer:
        return action.amount
    found = written(json_pointer.find(payload, pointer))
    # Where the pointer has changed since, what was read then still counts.
    is_same = found is not None and storable(found) == action.amount
    return found if is_same else action.amount


def said(action: "Action", locale: str = "en") -> str:
    """The action's amount as its payload writes it, such as EUR 717.97; empty if none."""
    amount = exact(action, action.revision.payload)
    if amount is None:
        return ""
    if amount is not action.amount and not action.currency:
        # The usual number of decimals is unknown: 1.000 can mean a thousand, so keep it as written.
        return f"{amount:f}"
    decimals = f"{amount:f}".partition(".")[2]
    # Stored amounts always have four decimals; only the payload shows the original zeros.
    places = needed(amount, action.currency) if amount is action.amount else len(decimals)
    return _formatted(f"{amount:.{max(places, exponent(action.currency))}f}", action.currency, locale)


def money(amount: Decimal | None, currency: str, locale: str = "en") -> str:
    """An amount with all its decimals, at least those of the currency; empty if none."""
    return "" if amount is None else _formatted(f"{amount:.{needed(amount, currency)}f}", currency, locale)


def plain(amount: Decimal) -> str:
    """A machine-readable amount with all its decimals, at least two."""
    return f"{amount:.{needed(amount, '')}f}"


@lru_cache(maxsize=4_096)
def _formatted(text: str, currency: str, locale: str) -> str:
    if not currency:
        # The usual number of decimals is unknown.
        return text.rstrip("0").rstrip(".") if "." in text else text
    places = len(text.partition(".")[2])
    pattern = "¤¤ #,##0" + ("." + "0" * places if places else "")
    with localcontext(prec=_DIGITS):
        return format_currency(Decimal(text), currency, format=pattern, locale=locale, currency_digits=False)
