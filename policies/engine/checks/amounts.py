"""What is odd about an amount: its spelling, digits, decimals, value and currency."""

import re
from decimal import Decimal

from policies.engine.values import money
from policies.engine.values.currencies import CODES, exponent

Odd = tuple[str, str]
"""The code of an anomaly, and the rest of a sentence that starts with the value."""

# As JSON writes a number, without exponent; systems that read other spellings disagree about their value.
_PLAIN = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")


def amount(value: object, currency: str) -> Odd | None:
    """Return what is odd about an amount, the worst first."""
    found = money.written(value)
    if found is None:
        return "malformed_amount", _unreadable(value)
    if money.decimals(found) > exponent(currency):
        return "too_many_decimals", _decimals(found, value, currency)
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        return "malformed_amount", "is not written as a plain number. Use digits and a decimal point, such as 1234.50."
    if (digits := money.digits(found)) > money.MAX_DIGITS:
        return "too_many_digits", f"has {digits} digits. Systems keep at most {money.MAX_DIGITS} exactly."
    return ("zero_amount", "is zero.") if not found else None


def currency(value: object) -> Odd | None:
    """Return what is odd about a currency; ISO 4217 has a list of them."""
    if isinstance(value, str) and (not value or value.upper() in CODES):
        return None
    return "unknown_currency", "is not a currency code of ISO 4217, such as EUR."


def _decimals(amount: Decimal, value: object, currency: str) -> str:
    count, most = money.decimals(amount), exponent(currency)
    said = f"has {count} {'decimal' if count == 1 else 'decimals'}, but {currency or 'an unknown currency'} allows"
    # In half of Europe, 1.080 is one thousand and eighty.
    is_unclear = isinstance(value, str) and _GROUPED.fullmatch(value)
    return f"{said} {most or 'none'}.{' The point may separate thousands.' if is_unclear else ''}"


def _unreadable(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "is too large for an amount."
    return "is not an amount. Use digits and a decimal point, such as 1234.50."
