"""The column of an amount: exact up to fifteen digits on every database."""

from decimal import Decimal
from typing import Any

from django.db import models

from policies.engine.values.money import MAX_DECIMALS


class AmountField(models.DecimalField):
    """A decimal that is read without the zeros that its column adds."""

    def __init__(self, *args: Any, **options: Any) -> None:
        # Wider than any stored amount, because a query may compare with a multiple of one.
        options |= {"max_digits": 2 * MAX_DECIMALS, "decimal_places": MAX_DECIMALS}
        super().__init__(*args, **options)

    def from_db_value(self, value: Decimal | None, expression: Any, connection: Any) -> Decimal | None:
        """The amount with the decimals that it needs."""
        if value is None:
            return None
        text = f"{value:f}"
        return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
