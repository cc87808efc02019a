"""Whether an amount is the sum that its schema declares: of other values, or of one value of each line."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Context, Decimal, InvalidOperation

from policies.engine.checks.flag import Odd
from policies.engine.values import json_pointer, money
from policies.engine.values.said import Figure, as_figure, message

CODE = "totals_do_not_add_up"
_EACH = "*"
_MAX_DIGITS = 28
# Wide enough for the product of two amounts, so that nothing is rounded.
_WIDE = Context(prec=200)


class _Unknown(Exception):
    """A part is absent, so the sum cannot be known."""


def total(value: object, expected: Mapping[str, object], payload: object, currency: str) -> Odd | None:
    """Return how an amount differs from a declared sum whose parts are all there."""
    amount, allowed = _decimal(value), _decimal(expected.get("tolerance")) or Decimal(0)
    for parts in _sums(expected.get("of")) if amount is not None else ():
        try:
            numbers = [number for part in parts for number in _values(part, payload)]
        except _Unknown:
            continue
        if numbers and (found := _difference(amount, numbers, allowed, currency)):
            return found
    return None


def _sums(declared: object) -> Sequence[Sequence[object]]:
    """Return the declared sums; a list of lists declares several."""
    if not isinstance(declared, list | tuple):
        return ()
    several = [part for part in declared if isinstance(part, list | tuple)]
    return several if several else [declared]


def _difference(amount: Decimal | None, numbers: list[Decimal | None], allowed: Decimal, currency: str) -> Odd | None:
    known = [number for number in (amount, *numbers) if number is not None and number.is_finite()]
    if len(known) <= len(numbers) or any(number.adjusted() >= _MAX_DIGITS for number in known):
        return Odd(CODE, message("{value} cannot be checked because it or one of its parts is not a valid number."))
    whole, result = known[0], Decimal(0)
    for number in known[1:]:
        result = _WIDE.add(result, number)
    if _WIDE.subtract(whole, result).copy_abs() <= allowed:
        return None
    template = message("{value} does not equal the sum of its parts: {whole} is not {sum}.")
    return Odd(CODE, template, {"whole": _shown(whole, currency), "sum": _shown(result, currency)})


def _values(part: object, payload: object) -> Iterator[Decimal | None]:
    """Yield the numbers of one part of a sum, None for a value that is no number.

    :raises _Unknown: a part that is not optional is absent.
    """
    if isinstance(part, Mapping) and "product" in part:
        yield from _products(part, payload)
        return
    is_optional = isinstance(part, Mapping)
    pointer = part.get("optional") if isinstance(part, Mapping) else part
    # A line without the value, such as a note between lines, adds nothing.
    found = [value for value in _at(payload, json_pointer.parts(str(pointer))) if value is not None]
    if not found and not is_optional:
        raise _Unknown
    yield from (_decimal(value) for value in found)


def _products(part: Mapping[str, object], payload: object) -> Iterator[Decimal | None]:
    """Yield for each line the product of its values, such as quantity and price."""
    lines, factors = json_pointer.find(payload, str(part.get("each"))), part["product"]
    if not isinstance(lines, list | tuple) or not isinstance(factors, list | tuple) or not factors:
        raise _Unknown
    rows = [[json_pointer.find(line, str(factor)) for factor in factors] for line in lines]
    rows = [row for row in rows if any(value is not None for value in row)]
    if not rows:
        raise _Unknown
    for row in rows:
        product: Decimal | None = Decimal(1)
        for number in map(_decimal, row):
            product = None if product is None or number is None else _WIDE.multiply(product, number)
        yield product


def _at(value: object, parts: list[str]) -> Iterator[object]:
    """Yield what stands at a pointer; a star is every item of a list."""
    if _EACH not in parts:
        yield json_pointer.find(value, json_pointer.join(*parts))
        return
    star = parts.index(_EACH)
    items = json_pointer.find(value, json_pointer.join(*parts[:star]))
    for item in items if isinstance(items, list | tuple) else ():
        yield from _at(item, parts[star + 1 :])


def _shown(amount: Decimal, currency: str) -> Figure:
    return money.money(amount, currency) if currency else as_figure(f"{amount:,f}", f"{amount:f}")


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
