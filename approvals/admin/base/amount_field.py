"""A form field for an amount, typed as the reader's language writes it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from approvals.text import local_numbers


class AmountField(forms.DecimalField):
    """A decimal; `12,50` is understood where it is written so, and an unclear amount is refused."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.currency = ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Show a keyboard for numbers."""
        return super().widget_attrs(widget) | {"inputmode": "decimal"}

    def prepare_value(self, value: Any) -> Any:
        """The amount with the reader's decimal mark; a typed text stays as it was typed."""
        return f"{value:f}".replace(".", local_numbers.mark()) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        """The amount that was typed."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return super().to_python(local_numbers.typed(value, self.currency))
        except local_numbers.Unreadable as fault:
            raise ValidationError(str(fault)) from fault
