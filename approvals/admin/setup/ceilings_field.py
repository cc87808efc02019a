"""Amounts by currency, such as ceilings, as pairs of ordinary fields."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from approvals.text import local_numbers, money
from policies.engine.values.money import MAX_DIGITS

# Empty pairs that a form offers below those that are filled in.
SPARE = 2
MAX = 40

Pair = tuple[str, str]


class PairsWidget(forms.Widget):
    """A currency and an amount on each line."""

    template_name = "setup/ceilings.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give the template the pairs, with empty ones to fill in."""
        pairs = [*(value or ()), *[("", "")] * SPARE]
        return super().get_context(name, value, attrs) | {"pairs": pairs, "name": name}

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> Any:
        """Use a template of the project, which Django's own renderer of widgets does not find."""
        return render_to_string(template_name, context)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Pair]:
        """Return the pairs as they were typed, without the empty ones."""
        currencies, amounts = _listed(data, f"{name}-currency"), _listed(data, f"{name}-amount")
        length = max(len(currencies), len(amounts))
        filled = [*currencies, *[""] * (length - len(currencies))], [*amounts, *[""] * (length - len(amounts))]
        return [pair for pair in zip(*filled, strict=True) if any(part.strip() for part in pair)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Say whether the form was sent without these fields."""
        return f"{name}-currency" not in data and f"{name}-amount" not in data

    def id_for_label(self, id_: str) -> str:
        """Return the id of the first field."""
        return f"{id_}_0" if id_ else id_


class CeilingsField(forms.Field):
    """A mapping of currencies to amounts as decimal text."""

    widget = PairsWidget

    def prepare_value(self, value: Any) -> list[Pair]:
        """Return the stored amounts as the reader writes them; what was typed stays as it was typed."""
        if isinstance(value, Mapping):
            return [(name, str(amount).replace(".", local_numbers.mark())) for name, amount in value.items()]
        return list(value or ())

    def clean(self, value: Any) -> dict[str, str]:
        """Return the amounts as decimal text by currency.

        :raises ValidationError: a line is incomplete or no amount; says which.
        """
        found: dict[str, str] = {}
        faults: list[ValidationError] = []
        for number, pair in enumerate(value or (), 1):
            try:
                currency, amount = _read(number, pair)
                if currency in found:
                    said = _("The currency %(name)s appears twice. Use each currency once.")
                    raise ValidationError(said, params={"name": currency})
                found[currency] = amount
            except ValidationError as fault:
                faults.append(fault)
        if len(found) > MAX:
            said = _("You can enter at most %(most)d currencies. Remove some currencies.")
            faults.append(ValidationError(said, params={"most": MAX}))
        if faults:
            raise ValidationError(faults)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether an amount differs, and not only how it is written."""
        try:
            now = self.clean(data)
        except ValidationError:
            return True
        return not is_same(initial or {}, now)


def is_same(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether two mappings hold the same amounts."""
    return _numbers(before) == _numbers(after)


def in_words(amounts: Mapping[str, str]) -> str:
    """Amounts by currency as a person reads them."""
    said = [money.money(Decimal(amount), currency) for currency, amount in sorted(amounts.items())]
    return ", ".join(said) or _("no limit")


def _numbers(amounts: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(amount) for name, amount in amounts.items()}


def _listed(data: Any, name: str) -> list[str]:
    if hasattr(data, "getlist"):
        return list(data.getlist(name))
    found = data.get(name, [])
    return list(found) if isinstance(found, list | tuple) else [found]


def _read(number: int, pair: Pair) -> Pair:
    name, text = (part.strip() for part in pair)
    if not name or not text:
        said = _("Line %(number)d: enter a currency and an amount, or leave both empty.")
        raise ValidationError(said, params={"number": number})
    currency = name.upper()
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise ValidationError(
            _("%(name)s is not a currency code. Use a three-letter code, such as EUR."), params={"name": name}
        )
    return currency, _amount(text, currency)


def _amount(text: str, currency: str) -> str:
    try:
        amount = Decimal(local_numbers.typed(text, currency))
    except local_numbers.Unreadable as fault:
        raise ValidationError(str(fault)) from fault
    if not amount.is_finite() or amount < 0 or amount.adjusted() >= MAX_DIGITS:
        raise ValidationError(_("%(value)s is not an amount. Use this format: 5000.00."), params={"value": text})
    return f"{amount:f}"
