"""Rewrite conditions so that every number that is not finite is an error.

CEL follows IEEE 754: every comparison with NaN is false, and an overflow is larger than any limit. A compiled condition
is therefore rewritten before it runs. Each call that can return such a number gets a check, as if written
`cel.bind(v, call, v - v == 0.0 ? v : int(v))`: CEL raises an error for an integer that is not finite. A condition
without such calls stays unchanged and has no extra cost.
"""

import itertools
import math
import struct
from collections.abc import Callable, Collection, Iterator

from policies.engine.conditions.wire import (
    ANY,
    ARGUMENT,
    BYTES,
    CALL,
    CONST,
    CONST_BOOL,
    CONST_DOUBLE,
    DOUBLE,
    ENTRY,
    FIXED64,
    FUNCTION,
    ID,
    IDENT,
    IN_ENTRY,
    INSIDE,
    KEY,
    LIST,
    LOOP,
    PRIMITIVE,
    STRUCT,
    TARGET,
    TREE,
    TYPE,
    TYPES,
    VALUE,
    VARINT,
    WRAPPED,
    Field,
    as_bytes,
    read,
    written,
)

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
    outer = list(read(serialized))
    inner = [field for number, _, value in outer if number == VALUE for field in read(as_bytes(value))]
    guard = _Guard(inner)
    changed = [
        (number, kind, guard.expression(as_bytes(value)) if number == TREE else value) for number, kind, value in inner
    ]
    if not guard.checks:
        return None
    body = written(changed)
    return written([(number, kind, body if number == VALUE else value) for number, kind, value in outer])


class _Guard:
    """Rewrites the expressions of one condition from the inside out."""

    def __init__(self, checked: list[Field]) -> None:
        self.types = dict(_types(checked))
        self.next_id = max(self.types, default=0) + len(checked) + 1_000_000
        self.checks = 0

    def expression(self, data: bytes, is_asked: bool = False) -> bytes:
        """Return the expression with its checks; `is_asked` means that an outer check covers its result."""
        fields = list(read(data))
        is_maker = self._can_overflow(fields)
        changed = [(number, kind, self._part(number, value, is_maker or is_asked)) for number, kind, value in fields]
        result = written(changed)
        return self._checked(result, self._kind(fields)) if is_maker and not is_asked else result

    def _part(self, number: int, value: int | bytes, is_asked: bool) -> int | bytes:
        if number == CONST:
            _check_literal(as_bytes(value))
        if number == CALL:
            return self._operands(as_bytes(value), is_asked)
        if number == STRUCT:
            return self._each(as_bytes(value), {ENTRY}, lambda entry: self._each(entry, IN_ENTRY, self.expression))
        return self._each(as_bytes(value), INSIDE[number], self.expression) if number in INSIDE else value

    def _operands(self, call: bytes, is_asked: bool) -> bytes:
        """Return the call with its operands; sums and products pass on a non-finite operand, divisors do not."""
        passes = _PASSING.get(_function(call), 0) if is_asked else 0
        places = itertools.count()

        def operand(data: bytes) -> bytes:
            return self.expression(data, is_asked=next(places) < passes)

        return self._each(call, {TARGET, ARGUMENT}, operand)

    def _each(self, data: bytes, places: Collection[int], change: Callable[[bytes], bytes]) -> bytes:
        found = read(data)
        return written([(no, kind, change(as_bytes(each)) if no in places else each) for no, kind, each in found])

    def _kind(self, fields: list[Field]) -> bytes:
        return self.types.get(_id(fields), b"")

    def _can_overflow(self, fields: list[Field]) -> bool:
        calls = [as_bytes(value) for number, _, value in fields if number == CALL]
        makers = [call for call in calls if _function(call) in _MAKERS]
        return bool(makers) and (_is_double(self._kind(fields)) or _is_unknown(self._kind(fields)))

    def _checked(self, call: bytes, kind: bytes) -> bytes:
        self.checks += 1
        name = f"@finite{self.checks}".encode()
        test = self._is_finite(name) if _is_double(kind) else self._is_no_infinity(name)
        result = self._call(b"_?_:_", test, self._ident(name), self._call(b"int", self._ident(name)))
        loop = [
            (1, BYTES, b"#unused"),
            (2, BYTES, self._node(LIST, b"")),
            (3, BYTES, name),
            (4, BYTES, call),
            (5, BYTES, self._node(CONST, written([(CONST_BOOL, VARINT, 0)]))),
            (6, BYTES, self._ident(name)),
            (7, BYTES, result),
        ]
        return self._node(LOOP, written(loop))

    def _is_finite(self, name: bytes) -> bytes:
        difference = self._call(b"_-_", self._ident(name), self._ident(name))
        return self._call(b"_==_", difference, self._number(0.0))

    def _is_no_infinity(self, name: bytes) -> bytes:
        """Check a value of dynamic type: it must equal itself and neither infinity."""
        tests = [self._call(b"_==_", self._ident(name), self._ident(name))]
        tests += [self._call(b"_!=_", self._ident(name), self._number(sign * _INFINITY)) for sign in (1, -1)]
        return self._call(b"_&&_", self._call(b"_&&_", tests[0], tests[1]), tests[2])

    def _call(self, function: bytes, *arguments: bytes) -> bytes:
        fields: list[Field] = [(FUNCTION, BYTES, function)]
        return self._node(CALL, written(fields + [(ARGUMENT, BYTES, argument) for argument in arguments]))

    def _ident(self, name: bytes) -> bytes:
        return self._node(IDENT, written([(1, BYTES, name)]))

    def _number(self, value: float) -> bytes:
        return self._node(CONST, written([(CONST_DOUBLE, FIXED64, struct.pack("<d", value))]))

    def _node(self, kind: int, data: bytes) -> bytes:
        self.next_id += 1
        return written([(ID, VARINT, self.next_id), (kind, BYTES, data)])


def _check_literal(data: bytes) -> None:
    for number, _, value in read(data):
        if number == CONST_DOUBLE and not math.isfinite(struct.unpack("<d", as_bytes(value))[0]):
            raise NotFinite


def _types(checked: list[Field]) -> Iterator[tuple[int, bytes]]:
    for number, _, value in checked:
        if number == TYPES:
            entry = {part: found for part, _, found in read(as_bytes(value))}
            yield int(entry.get(KEY, 0)), as_bytes(entry.get(TYPE, b""))


def _is_double(kind: bytes) -> bool:
    return any(number in (PRIMITIVE, WRAPPED) and value == DOUBLE for number, _, value in read(kind))


def _is_unknown(kind: bytes) -> bool:
    """Return whether the type is known only at run time; the type map omits it or marks it as dynamic."""
    return not kind or any(number == ANY for number, _, _ in read(kind))


def _id(fields: list[Field]) -> int:
    return next((int(value) for number, kind, value in fields if number == ID and kind == VARINT), 0)


def _function(call: bytes) -> bytes:
    return next((as_bytes(value) for number, _, value in read(call) if number == FUNCTION), b"")
