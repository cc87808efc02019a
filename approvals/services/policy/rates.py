"""Exchange rates by the day of a desk: which one applies, and what is said where it is too old to be used. Steps."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from approvals import conf
from approvals.models import ExchangeRate
from policies.engine.values.said import Said, say


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency is worth in the base currency, since when, and whether that is too long ago."""

    currency: str
    value: Decimal
    valid_from: date
    is_stale: bool

    @property
    def usable(self) -> Decimal | None:
        """The value; None where it is too old."""
        return None if self.is_stale else self.value

    @property
    def why_stale(self) -> Said:
        """What a person reads of a rate that is too old."""
        return say(
            "The latest exchange rate from {currency} to {base} is from {on}, more than {days} days ago. "
            "The value in {base} is unknown.",
            currency=self.currency,
            base=conf.base_currency(),
            on=self.valid_from,
            days=conf.rate_max_age().days,
        )


def latest(currency: str, on: date) -> Rate | None:
    """The rate of a currency that is valid on a day; None without one, and for the base currency."""
    if not currency or currency == conf.base_currency():
        return None
    row = ExchangeRate.objects.filter(currency=currency, valid_from__lte=on).order_by("-valid_from").first()
    # Without its seal somebody wrote the rate past HITL: then the value is unknown.
    if row is None or not row.is_sealed:
        return None
    return Rate(currency, row.rate, row.valid_from, on - row.valid_from > conf.rate_max_age())
