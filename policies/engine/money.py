"""Amounts as whole minor units, so that money is compared exactly."""

from decimal import Decimal

# ISO 4217 exponents that are not 2.
_NO_PLACES = (
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"),
    *("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
)
_EXPONENTS = {
    **dict.fromkeys(_NO_PLACES, 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
_LARGEST = 2**53 - 1


def exponent(currency: str) -> int:
    """Return how many decimal places the currency has by ISO 4217: 0 for JPY, 3 for KWD, 2 for most."""
    return _EXPONENTS.get(currency, 2)


def amount_minor(amount: Decimal | None, currency: str | None) -> int | None:
    """Return the amount in whole minor units, or None where it is unknown or not a whole number of them."""
    if amount is None or currency is None or not amount.is_finite() or amount.adjusted() > 15:
        return None
    minor = amount.scaleb(exponent(currency))
    # Rounding here would let 500.004 equal 500.00: an amount that cannot be paid is no amount.
    if minor != minor.to_integral_value() or abs(minor) > _LARGEST:
        return None
    return int(minor)


def money(amount: Decimal, currency: str) -> str:
    """Return an amount as people read it, with the currency's own number of decimal places."""
    return f"{currency} {amount:,.{exponent(currency)}f}"
