"""Exact amounts, as written and in whole minor units.

Decimal arithmetic rounds to 28 digits, even `abs` and `normalize`. An agent may send more, so none is used here.
"""

import math
import re
from decimal import ROUND_UP, Context, Decimal

from policies.engine.values.currencies import exponent
from policies.engine.values.said import Figure, as_figure

_LARGEST = 2**53 - 1
_MAX_LENGTH = 40
# What a double holds exactly, and so every database; the columns of amounts have as many decimals.
MAX_DIGITS, MAX_DECIMALS = 15, 18
_WORTH = Decimal("0.0001")
_WIDE = Context(prec=2 * _MAX_LENGTH, rounding=ROUND_UP)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")


def written(value: object) -> Decimal | None:
    """Return the exact amount of a payload value, or None; a text keeps its trailing zeros."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    # repr gives the shortest text of the same float: 717.97 stays 717.97.
    text = value if isinstance(value, str) else repr(value)
    # Decimal also accepts 1_000, blanks and other scripts' digits, which the target may read differently.
    if len(text) > _MAX_LENGTH or not _NUMBER.fullmatch(text):
        return None
    # JSON writes 500.0 as 500: a number has no trailing zeros.
    return Decimal(text) if isinstance(value, str) else Decimal(text).normalize()


def decimals(amount: Decimal) -> int:
    """Return the number of decimal places of the amount, including trailing zeros."""
    return len(f"{amount:f}".partition(".")[2])


def digits(amount: Decimal) -> int:
    """Return the number of digits of the amount, without zeros that do not change it."""
    whole, _, fraction = f"{amount.copy_abs():f}".partition(".")
    return len(f"{whole}{fraction.rstrip('0')}".lstrip("0"))


def storable(amount: Decimal) -> Decimal | None:
    """Return the amount as columns hold it: exact up to 15 digits; None if it is 10^15 or more.

    Longer amounts are rounded away from zero, so that none passes a limit that it exceeds.
    """
    if not amount.is_finite() or amount.adjusted() >= MAX_DIGITS:
        return None
    places = min(MAX_DECIMALS, MAX_DIGITS - 1 - amount.adjusted()) if amount else 0
    if len(f"{amount:f}".partition(".")[2].rstrip("0")) <= places:
        return amount
    rounded = amount.quantize(Decimal(1).scaleb(-places), context=_WIDE)
    return rounded if rounded.adjusted() < MAX_DIGITS else None


def converted(amount: Decimal, rate: Decimal) -> Decimal | None:
    """Return the worth at a rate, in four decimals, rounded away from zero; None if it cannot be stored."""
    return storable(_WIDE.multiply(amount, rate).quantize(_WORTH, context=_WIDE))


def needed(amount: Decimal, currency: str) -> int:
    """Return the number of decimal places to show: all significant ones, and at least the currency's."""
    return max(exponent(currency), len(f"{amount:f}".partition(".")[2].rstrip("0")))


def amount_minor(amount: Decimal | None, currency: str | None) -> int | None:
    """Return the amount in whole minor units, or None if it is unknown or not a whole number of them."""
    if amount is None or currency is None or not amount.is_finite() or amount.adjusted() > 15:
        return None
    # Rounding here would let 500.004 equal 500.00: an amount that cannot be paid is no amount.
    if needed(amount, currency) > exponent(currency):
        return None
    minor = int(amount.scaleb(exponent(currency)))
    return None if abs(minor) > _LARGEST else minor


def money(amount: Decimal, currency: str) -> Figure:
    """Format an amount with its currency, never rounded."""
    return _figure(amount, needed(amount, currency), currency)


def as_written(amount: Decimal, currency: str) -> Figure:
    """Format an amount with all zeros that its payload wrote, because 1.080 may be more than 1.08."""
    return _figure(amount, max(exponent(currency), decimals(amount)), currency)


def figure(number: float) -> Figure:
    """Format a number other than an amount, never rounded."""
    text = f"{Decimal(repr(number)):f}".removesuffix(".0")
    return as_figure(text, text)


def plain(amount: Decimal) -> Figure:
    """Format an amount without a currency, never rounded."""
    return _figure(amount, needed(amount, ""), "")


def _figure(amount: Decimal, places: int, currency: str) -> Figure:
    return as_figure(f"{currency} {amount:,.{places}f}".strip(), f"{amount:.{places}f}", currency)


def double(amount: Decimal) -> float:
    """Return the amount as a double for conditions, never closer to zero than it is."""
    found = float(amount)
    exact = Decimal(repr(found))
    if exact == amount or exact.copy_abs() > amount.copy_abs():
        return found
    return math.nextafter(found, math.copysign(math.inf, found))
