"""Rewrite conditions so that every number that is not finite is an error.

CEL follows IEEE 754: every comparison with NaN is false, and an overflow is larger than any limit. A compiled condition
is therefore rewritten before it runs. Each call that can return such a number gets a check, as if written
`cel.bind(v, call, v - v == 0.0 ? v : int(v))`: CEL raises an error for an integer that is not finite. A condition
without such calls stays unchanged and has no extra cost.

The rewritten format is the wire form of `cel.expr.CheckedExpr` (protocol buffers); the names below are its fields.
"""

import itertools
import math
import struct
from collections.abc import Callable, Collection, Iterator, Sequence

Field = tuple[int, int, int | bytes]

_VARINT, _FIXED64, _BYTES = 0, 1, 2
_VALUE = 2  # of Any
_TYPES, _TREE = 3, 4  # of CheckedExpr
_KEY, _TYPE = 1, 2  # of an entry of its map of types
_ANY, _PRIMITIVE, _WRAPPED, _DOUBLE = 1, 3, 4, 4
_ID, _CONST, _IDENT, _SELECT, _CALL, _LIST, _STRUCT, _LOOP = 2, 3, 4, 5, 6, 7, 8, 9  # of Expr
_CONST_BOOL, _CONST_DOUBLE = 1, 5
_TARGET, _FUNCTION, _ARGUMENT = 1, 2, 3
# Where expressions stand in each kind of expression; a struct has entries, and each of those two more.
_INSIDE = {_SELECT: {1}, _LIST: {1}, _LOOP: {2, 4, 5, 6, 7}}
_ENTRY, _IN_ENTRY = 2, frozenset({3, 4})
# Calls that can return such a number, with the number of operands that pass one on.
_MAKERS = {b"double": 1, b"_+_": 2, b"_-_": 2, b"_*_": 2, b"_/_": 1}
_PASSING = {**_MAKERS, b"-_": 1}
_INFINITY = math.inf


class NotFinite(ValueError):
    """A condition with a literal number beyond any double."""


def guarded(serialized: bytes) -> bytes | None:
    """Return a serialized condition with its checks, or None if it needs none.

    :raises NotFinite: a literal in it is too large to be a number.
    """
    outer = list(_read(serialized))
    inner = [field for number, _, value in outer if number == _VALUE for field in _read(_as_bytes(value))]
    guard = _Guard(inner)
    changed = [
        (number, kind, guard.expression(_as_bytes(value)) if number == _TREE else value)
        for number, kind, value in inner
    ]
    if not guard.checks:
        return None
    body = _written(changed)
    return _written([(number, kind, body if number == _VALUE else value) for number, kind, value in outer])


class _Guard:
    """Rewrites the expressions of one condition from the inside out."""

    def __init__(self, checked: list[Field]) -> None:
        self.types = dict(_types(checked))
        self.next_id = max(self.types, default=0) + len(checked) + 1_000_000
        self.checks = 0

    def expression(self, data: bytes, is_asked: bool = False) -> bytes:
        """Return the expression with its checks; `is_asked` means that an outer check covers its result."""
        fields = list(_read(data))
        is_maker = self._can_overflow(fields)
        changed = [(number, kind, self._part(number, value, is_maker or is_asked)) for number, kind, value in fields]
        written = _written(changed)
        return self._checked(written, self._kind(fields)) if is_maker and not is_asked else written

    def _part(self, number: int, value: int | bytes, is_asked: bool) -> int | bytes:
        if number == _CONST:
            _check_literal(_as_bytes(value))
        if number == _CALL:
            return self._operands(_as_bytes(value), is_asked)
        if number == _STRUCT:
            return self._each(_as_bytes(value), {_ENTRY}, lambda entry: self._each(entry, _IN_ENTRY, self.expression))
        return self._each(_as_bytes(value), _INSIDE[number], self.expression) if number in _INSIDE else value

    def _operands(self, call: bytes, is_asked: bool) -> bytes:
        """Return the call with its operands; sums and products pass on a non-finite operand, divisors do not."""
        passes = _PASSING.get(_function(call), 0) if is_asked else 0
        places = itertools.count()

        def operand(data: bytes) -> bytes:
            return self.expression(data, is_asked=next(places) < passes)

        return self._each(call, {_TARGET, _ARGUMENT}, operand)

    def _each(self, data: bytes, places: Collection[int], change: Callable[[bytes], bytes]) -> bytes:
        found = _read(data)
        return _written([(no, kind, change(_as_bytes(each)) if no in places else each) for no, kind, each in found])

    def _kind(self, fields: list[Field]) -> bytes:
        return self.types.get(_id(fields), b"")

    def _can_overflow(self, fields: list[Field]) -> bool:
        calls = [_as_bytes(value) for number, _, value in fields if number == _CALL]
        makers = [call for call in calls if _function(call) in _MAKERS]
        return bool(makers) and (_is_double(self._kind(fields)) or _is_unknown(self._kind(fields)))

    def _checked(self, call: bytes, kind: bytes) -> bytes:
        self.checks += 1
        name = f"@finite{self.checks}".encode()
        test = self._is_finite(name) if _is_double(kind) else self._is_no_infinity(name)
        result = self._call(b"_?_:_", test, self._ident(name), self._call(b"int", self._ident(name)))
        loop = [
            (1, _BYTES, b"#unused"),
            (2, _BYTES, self._node(_LIST, b"")),
            (3, _BYTES, name),
            (4, _BYTES, call),
            (5, _BYTES, self._node(_CONST, _written([(_CONST_BOOL, _VARINT, 0)]))),
            (6, _BYTES, self._ident(name)),
            (7, _BYTES, result),
        ]
        return self._node(_LOOP, _written(loop))

    def _is_finite(self, name: bytes) -> bytes:
        difference = self._call(b"_-_", self._ident(name), self._ident(name))
        return self._call(b"_==_", difference, self._number(0.0))

    def _is_no_infinity(self, name: bytes) -> bytes:
        """Check a value of dynamic type: it must equal itself and neither infinity."""
        tests = [self._call(b"_==_", self._ident(name), self._ident(name))]
        tests += [self._call(b"_!=_", self._ident(name), self._number(sign * _INFINITY)) for sign in (1, -1)]
        return self._call(b"_&&_", self._call(b"_&&_", tests[0], tests[1]), tests[2])

    def _call(self, function: bytes, *arguments: bytes) -> bytes:
        fields: list[Field] = [(_FUNCTION, _BYTES, function)]
        return self._node(_CALL, _written(fields + [(_ARGUMENT, _BYTES, argument) for argument in arguments]))

    def _ident(self, name: bytes) -> bytes:
        return self._node(_IDENT, _written([(1, _BYTES, name)]))

    def _number(self, value: float) -> bytes:
        return self._node(_CONST, _written([(_CONST_DOUBLE, _FIXED64, struct.pack("<d", value))]))

    def _node(self, kind: int, data: bytes) -> bytes:
        self.next_id += 1
        return _written([(_ID, _VARINT, self.next_id), (kind, _BYTES, data)])


def _check_literal(data: bytes) -> None:
    for number, _, value in _read(data):
        if number == _CONST_DOUBLE and not math.isfinite(struct.unpack("<d", _as_bytes(value))[0]):
            raise NotFinite


def _types(checked: list[Field]) -> Iterator[tuple[int, bytes]]:
    for number, _, value in checked:
        if number == _TYPES:
            entry = {part: found for part, _, found in _read(_as_bytes(value))}
            yield int(entry.get(_KEY, 0)), _as_bytes(entry.get(_TYPE, b""))


def _is_double(kind: bytes) -> bool:
    return any(number in (_PRIMITIVE, _WRAPPED) and value == _DOUBLE for number, _, value in _read(kind))


def _is_unknown(kind: bytes) -> bool:
    """Return whether the type is known only at run time; the type map omits it or marks it as dynamic."""
    return not kind or any(number == _ANY for number, _, _ in _read(kind))


def _id(fields: list[Field]) -> int:
    return next((int(value) for number, kind, value in fields if number == _ID and kind == _VARINT), 0)


def _function(call: bytes) -> bytes:
    return next((_as_bytes(value) for number, _, value in _read(call) if number == _FUNCTION), b"")


def _as_bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise ValueError("This is not a serialized condition: it has a number where a message should be.")
    return value


def _read(data: bytes) -> Iterator[Field]:
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield number, kind, value
            continue
        length, at = (8, at) if kind == _FIXED64 else _varint(data, at)
        yield number, kind, data[at : at + length]
        at += length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        shift, at = shift + 7, at + 1
        if byte < 128:
            return value, at


def _written(fields: Sequence[Field]) -> bytes:
    parts: list[bytes] = []
    for number, kind, value in fields:
        parts.append(_number(number << 3 | kind))
        if isinstance(value, int):
            parts.append(_number(value))
        else:
            parts += [value] if kind == _FIXED64 else [_number(len(value)), value]
    return b"".join(parts)


def _number(value: int) -> bytes:
    parts = bytearray()
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    parts.append(value)
    return bytes(parts)
