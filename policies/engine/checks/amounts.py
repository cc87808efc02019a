"""Amounts: sums that do not add up, and decimals that a currency does not have."""

from decimal import Decimal, InvalidOperation

from policies.engine.checks.flag import Flag, Place
from policies.engine.values import json_pointer, money

_TOLERANCE, _MAX_DIGITS = Decimal("0.01"), 28


def total(place: Place) -> Flag | None:
    """Compare an amount with the sum of others, unless one of them is absent."""
    pointers = place.expected.get("of")
    pointers = pointers if isinstance(pointers, list | tuple) else ()
    total = _decimal(place.value)
    parts = [_decimal(json_pointer.find(place.facts.payload, str(pointer))) for pointer in pointers]
    numbers = [part for part in parts if part is not None]
    if total is None or not parts or len(numbers) < len(parts):
        return None
    if not all(number.is_finite() and number.adjusted() < _MAX_DIGITS for number in (total, *numbers)):
        return place.flag("totals_do_not_add_up", "or one of its parts is not a number that can be added.")
    sum_of_parts = sum(numbers, Decimal(0))
    if abs(total - sum_of_parts) <= _TOLERANCE:
        return None
    return place.flag("totals_do_not_add_up", f"does not equal the sum of its parts, {sum_of_parts:f}.")


def amount(place: Place) -> Flag | None:
    """Check the written decimals: in half of Europe, 1.080 is one thousand and eighty."""
    amount, currency = money.written(place.value), place.facts.currency or ""
    if amount is None or money.decimals(amount) <= money.exponent(currency):
        return None
    most = money.exponent(currency)
    allowed = f"{currency or 'an unknown currency'} allows {most or 'none'}"
    count = money.decimals(amount)
    return place.flag("too_many_decimals", f"has {count} {'decimal' if count == 1 else 'decimals'}, but {allowed}.")


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
