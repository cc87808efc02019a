"""What is odd about an amount: its spelling, digits, decimals, value and currency."""

import re
from decimal import Decimal

from policies.engine.checks.flag import Odd
from policies.engine.values import money
from policies.engine.values.currencies import CODES, exponent
from policies.engine.values.said import message, say

# As JSON writes a number, without exponent; systems that read other spellings disagree about their value.
_PLAIN = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")

_NOT_PLAIN = message("{value} is not a plain number. Use digits and, if needed, a decimal point, for example 1234.50.")
_TOO_LONG = message("{value} has {digits} digits. At most {most} digits can be stored exactly.")
_DECIMALS = message("{value} has {count} decimal places, but {currency} allows {most}.{hint}")
_NO_DECIMALS = message("{value} has decimal places, but {currency} allows none.{hint}")


def amount(value: object, currency: str) -> Odd | None:
    """Return what is odd about an amount, the worst first."""
    found = money.written(value)
    if found is None:
        return Odd("malformed_amount", _unreadable(value))
    if money.decimals(found) > exponent(currency):
        return _decimals(found, value, currency)
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        return Odd("malformed_amount", _NOT_PLAIN)
    if (digits := money.digits(found)) > money.MAX_DIGITS:
        return Odd("too_many_digits", _TOO_LONG, {"digits": digits, "most": money.MAX_DIGITS})
    return Odd("zero_amount", message("{value} is zero.")) if not found else None


def currency(value: object) -> Odd | None:
    """Return what is odd about a currency; ISO 4217 has a list of them."""
    if isinstance(value, str) and (not value or value.upper() in CODES):
        return None
    return Odd("unknown_currency", message("{value} is not an ISO 4217 currency code. Use a code such as EUR."))


def _decimals(amount: Decimal, value: object, currency: str) -> Odd:
    # In half of Europe, 1.080 is one thousand and eighty.
    is_unclear = isinstance(value, str) and _GROUPED.fullmatch(value)
    known: dict[str, object] = {
        "count": money.decimals(amount),
        "most": exponent(currency),
        "currency": currency or say("an unknown currency"),
        "hint": say(" The point might be a thousands separator.") if is_unclear else "",
    }
    return Odd("too_many_decimals", _DECIMALS if known["most"] else _NO_DECIMALS, known)


def _unreadable(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return message("{value} is too large for an amount.")
    return message("{value} is not an amount. Use digits and, if needed, a decimal point, for example 1234.50.")
