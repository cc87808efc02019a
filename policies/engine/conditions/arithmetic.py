"""Calculate by value: 3 and 3.0 are the same number, whether a document or a payload contains it.

CEL keeps whole numbers and decimals apart and refuses `3 + 1.5`. A compiled condition is therefore rewritten before it
runs: a calculation with operands that may differ in kind calls a function that takes both.
"""

import math
import operator
from collections.abc import Callable, Mapping

from cel_expr_python import cel

from policies.engine.conditions.wire import (
    ARGUMENT,
    CALL,
    ENTRY,
    FUNCTION,
    ID,
    IN_ENTRY,
    INSIDE,
    KEY,
    STRUCT,
    TARGET,
    TREE,
    TYPE,
    TYPES,
    VALUE,
    Field,
    as_bytes,
    read,
    written,
)

_LARGEST = 2**63 - 1
_KINDS = (cel.Type.INT, cel.Type.DOUBLE)
_INT, _DOUBLE = b"\x18\x02", b"\x18\x04"
Number = int | float


def _finite(calculate: Callable[[Number, Number], Number]) -> Callable[[Number, Number], Number]:
    def finite(left: Number, right: Number) -> Number:
        found = calculate(left, right)
        if not math.isfinite(found):
            raise OverflowError("double out of int64 range")
        return found if isinstance(found, float) or abs(found) <= _LARGEST else float(found)

    return finite


def _divided(left: Number, right: Number) -> Number:
    """Return the quotient by value: 7 / 2 is 3.5, as 7.0 / 2 is."""
    if right == 0:
        raise ZeroDivisionError("divide by zero")
    return left / right


_BY_VALUE: Mapping[bytes, tuple[str, Callable[[Number, Number], Number]]] = {
    b"_+_": ("sum_by_value", operator.add),
    b"_-_": ("difference_by_value", operator.sub),
    b"_*_": ("product_by_value", operator.mul),
    b"_/_": ("quotient_by_value", _divided),
}


def declarations() -> list[cel.FunctionDecl]:
    """Return the functions that rewritten conditions call."""
    return [
        cel.FunctionDecl(name, [*_overloads(name, _finite(calculate)), *_of_texts(name, sign)])
        for sign, (name, calculate) in _BY_VALUE.items()
    ]


def _overloads(name: str, calculate: Callable[[Number, Number], Number]) -> list[cel.Overload]:
    return [
        cel.Overload(
            id=f"{name}_{left.name().lower()}_{right.name().lower()}",
            return_type=cel.Type.DYN,
            parameters=[left, right],
            is_member=False,
            impl=calculate,
        )
        for left in _KINDS
        for right in _KINDS
    ]


def _of_texts(name: str, sign: bytes) -> list[cel.Overload]:
    if sign != b"_+_":
        return []
    text = cel.Type.STRING
    return [
        cel.Overload(id=f"{name}_texts", return_type=text, parameters=[text, text], is_member=False, impl=operator.add)
    ]


def by_value(serialized: bytes) -> bytes | None:
    """Return a serialized condition that calculates by value, or None if it already does."""
    outer = list(read(serialized))
    inner = [field for number, _, value in outer if number == VALUE for field in read(as_bytes(value))]
    rewriter = _Rewriter(_types(inner))
    changed = [
        (number, kind, rewriter.expression(as_bytes(value)) if number == TREE else value)
        for number, kind, value in inner
    ]
    if not rewriter.changes:
        return None
    body = written(changed)
    return written([(number, kind, body if number == VALUE else value) for number, kind, value in outer])


class _Rewriter:
    """Renames the calculations of one condition whose operands may differ in kind."""

    def __init__(self, types: Mapping[int, bytes]) -> None:
        self.types = types
        self.changes = 0

    def expression(self, data: bytes) -> bytes:
        return written([(number, kind, self._part(number, value)) for number, kind, value in read(data)])

    def _part(self, number: int, value: int | bytes) -> int | bytes:
        if number == CALL:
            return self._call(as_bytes(value))
        if number == STRUCT:
            return _each(as_bytes(value), {ENTRY}, lambda entry: _each(entry, IN_ENTRY, self.expression))
        return _each(as_bytes(value), INSIDE[number], self.expression) if number in INSIDE else value

    def _call(self, call: bytes) -> bytes:
        fields = list(read(call))
        sign = next((as_bytes(value) for number, _, value in fields if number == FUNCTION), b"")
        operands = [self._type(as_bytes(value)) for number, _, value in fields if number == ARGUMENT]
        is_renamed = sign in _BY_VALUE and _may_differ(sign, operands)
        self.changes += is_renamed
        return written([self._changed(field, _BY_VALUE[sign][0] if is_renamed else "") for field in fields])

    def _changed(self, field: Field, name: str) -> Field:
        number, kind, value = field
        if number in (TARGET, ARGUMENT):
            return number, kind, self.expression(as_bytes(value))
        return (number, kind, name.encode()) if number == FUNCTION and name else field

    def _type(self, data: bytes) -> bytes:
        return self.types.get(next((int(value) for number, _, value in read(data) if number == ID), 0), b"")


def _may_differ(sign: bytes, operands: list[bytes]) -> bool:
    known = [kind for kind in operands if not _is_unknown(kind)]
    if len(operands) != 2 or any(kind not in (_INT, _DOUBLE) for kind in known):
        return False
    # CEL drops the remainder of a quotient of whole numbers.
    return len(known) < 2 or known[0] != known[1] or (sign == b"_/_" and known[0] == _INT)


def _is_unknown(kind: bytes) -> bool:
    return not kind or next(iter(read(kind)))[0] == 1


def _types(checked: list[Field]) -> dict[int, bytes]:
    entries = ({part: found for part, _, found in read(as_bytes(value))} for no, _, value in checked if no == TYPES)
    return {int(entry.get(KEY, 0)): as_bytes(entry.get(TYPE, b"")) for entry in entries}


def _each(data: bytes, places: set[int] | frozenset[int], change: Callable[[bytes], bytes]) -> bytes:
    return written([(no, kind, change(as_bytes(value)) if no in places else value) for no, kind, value in read(data)])
