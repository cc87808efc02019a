"""The wire form of protocol buffers, as compiled conditions are serialized: messages as lists of fields.

The names below are the fields of `cel.expr.CheckedExpr` and `cel.expr.Expr`.
"""

from collections.abc import Iterator, Sequence

Field = tuple[int, int, int | bytes]

VARINT, FIXED64, BYTES = 0, 1, 2
VALUE = 2  # of Any
TYPES, TREE = 3, 4  # of CheckedExpr
KEY, TYPE = 1, 2  # of an entry of its map of types
ANY, PRIMITIVE, WRAPPED, DOUBLE = 1, 3, 4, 4
ID, CONST, IDENT, SELECT, CALL, LIST, STRUCT, LOOP = 2, 3, 4, 5, 6, 7, 8, 9  # of Expr
CONST_BOOL, CONST_DOUBLE = 1, 5
TARGET, FUNCTION, ARGUMENT = 1, 2, 3
# Where expressions stand in each kind of expression; a struct has entries, and each of those two more.
INSIDE = {SELECT: {1}, LIST: {1}, LOOP: {2, 4, 5, 6, 7}}
ENTRY, IN_ENTRY = 2, frozenset({3, 4})


def as_bytes(value: int | bytes) -> bytes:
    """Return the value of a field that holds a message or a text.

    :raises ValueError: it holds a number.
    """
    if isinstance(value, int):
        raise ValueError("This is no serialized condition: a number stands where a message should.")
    return value


def read(data: bytes) -> Iterator[Field]:
    """Yield the fields of a message: number, kind and value."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == VARINT:
            value, at = _varint(data, at)
            yield number, kind, value
            continue
        length, at = (8, at) if kind == FIXED64 else _varint(data, at)
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


def written(fields: Sequence[Field]) -> bytes:
    """Return the message with these fields."""
    parts: list[bytes] = []
    for number, kind, value in fields:
        parts.append(_number(number << 3 | kind))
        if isinstance(value, int):
            parts.append(_number(value))
        else:
            parts += [value] if kind == FIXED64 else [_number(len(value)), value]
    return b"".join(parts)


def _number(value: int) -> bytes:
    parts = bytearray()
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    parts.append(value)
    return bytes(parts)
