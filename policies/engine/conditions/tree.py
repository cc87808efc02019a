"""A compiled condition as a tree of expressions, for those who check what it says without running it."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from policies.engine.conditions import cel
from policies.engine.conditions.wire import (
    ARGUMENT,
    CALL,
    CONST,
    CONST_DOUBLE,
    ENTRY,
    FUNCTION,
    IDENT,
    IN_ENTRY,
    LIST,
    LOOP,
    SELECT,
    STRUCT,
    TARGET,
    TREE,
    VALUE,
    Field,
    as_bytes,
    read,
)

# Fields of cel.expr.Constant, Select and Comprehension.
_NULL, _TRUTH, _INT, _UINT, _TEXT = 1, 2, 3, 4, 6
_OPERAND, _FIELD, _ONLY_TESTS = 1, 2, 3
_VARIABLE, _OVER, _START, _STEP = 1, 2, 4, 6


@dataclass(frozen=True, slots=True)
class Const:
    """A literal value: null, true or false, a number, or a text."""

    value: bool | int | float | str | bytes | None


@dataclass(frozen=True, slots=True)
class Path:
    """An input or a loop variable, and the keys and indexes that follow it, such as `payload.lines[0].price`."""

    root: str
    keys: tuple[str | int, ...] = ()

    @property
    def name(self) -> str:
        """The path as conditions write it."""
        keys = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys)
        return self.root + "".join(keys)


@dataclass(frozen=True, slots=True)
class Has:
    """Whether a path exists."""

    path: Path


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator, such as `_>_`, with its operands; a method's own value comes first."""

    function: str
    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list as a condition writes it."""

    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop over a list: all, exists, exists_one or filter."""

    kind: str
    variable: str
    over: "Expression"
    body: "Expression"


@dataclass(frozen=True, slots=True)
class Other:
    """Everything else, with the expressions in it."""

    parts: tuple["Expression", ...]


Expression = Const | Path | Has | Call | ListOf | Loop | Other


@lru_cache(maxsize=1024)
def of(text: str) -> Expression:
    """Return the tree of a condition.

    :raises ConditionFault: it does not compile.
    """
    outer = read(cel.serialized(text))
    inner = [field for number, _, value in outer if number == VALUE for field in read(as_bytes(value))]
    return _expression(next(as_bytes(value) for number, _, value in inner if number == TREE))


def parts(tree: Expression) -> tuple[Expression, ...]:
    """Return the expressions directly inside another."""
    if isinstance(tree, Call):
        return tree.operands
    if isinstance(tree, ListOf):
        return tree.items
    if isinstance(tree, Loop):
        return tree.over, tree.body
    if isinstance(tree, Has):
        return (tree.path,)
    return tree.parts if isinstance(tree, Other) else ()


def walk(tree: Expression) -> Iterator[Expression]:
    """Yield an expression and all expressions inside it."""
    yield tree
    for part in parts(tree):
        yield from walk(part)


def _expression(data: bytes) -> Expression:
    for number, _, value in read(data):
        if number in _READERS:
            return _READERS[number](list(read(as_bytes(value))))
    return Other(())


def _const(fields: list[Field]) -> Expression:
    for number, _, value in fields:
        if number == CONST_DOUBLE:
            return Const(struct.unpack("<d", as_bytes(value))[0])
        if number == _TEXT:
            return Const(as_bytes(value).decode("utf-8", "replace"))
        if number == _TRUTH:
            return Const(bool(value))
        if number in (_INT, _UINT) and isinstance(value, int):
            return Const(value - 2**64 if number == _INT and value >= 2**63 else value)
        if number == _NULL:
            return Const(None)
    return Other(())


def _ident(fields: list[Field]) -> Expression:
    root, _, keys = _text(fields, 1).partition(".")
    return Path(root, tuple(keys.split(".")) if keys else ())


def _select(fields: list[Field]) -> Expression:
    operand = _expression(_message(fields, _OPERAND))
    path = _after(operand, _text(fields, _FIELD))
    is_test = any(number == _ONLY_TESTS and value for number, _, value in fields)
    return Has(path) if is_test and isinstance(path, Path) else path


def _after(operand: Expression, key: str | int) -> Expression:
    return Path(operand.root, (*operand.keys, key)) if isinstance(operand, Path) else Other((operand,))


def _call(fields: list[Field]) -> Expression:
    name = _text(fields, FUNCTION)
    operands = tuple(_expression(as_bytes(value)) for number, _, value in fields if number in (TARGET, ARGUMENT))
    if name == "dyn":
        return operands[0]
    if name == "-_" and isinstance(found := operands[0], Const) and isinstance(found.value, int | float):
        return Const(-found.value)
    if name == "_[_]" and isinstance(key := operands[1], Const) and isinstance(key.value, str | int):
        return _after(operands[0], key.value)
    return Call(name, operands)


def _list(fields: list[Field]) -> Expression:
    return ListOf(tuple(_expression(as_bytes(value)) for number, _, value in fields if number == 1))


def _struct(fields: list[Field]) -> Expression:
    entries = [as_bytes(value) for number, _, value in fields if number == ENTRY]
    return Other(
        tuple(_expression(as_bytes(value)) for entry in entries for no, _, value in read(entry) if no in IN_ENTRY)
    )


def _loop(fields: list[Field]) -> Expression:
    start, step = _expression(_message(fields, _START)), _expression(_message(fields, _STEP))
    over = _expression(_message(fields, _OVER))
    if not isinstance(step, Call) or not step.operands:
        return Other((over, step))
    kind, body = {
        "_&&_": ("all", step.operands[-1]),
        "_||_": ("exists", step.operands[-1]),
        "_?_:_": ("filter" if isinstance(start, ListOf) else "exists_one", step.operands[0]),
    }.get(step.function, ("", step))
    return Loop(kind, _text(fields, _VARIABLE), over, body) if kind else Other((over, step))


def _text(fields: list[Field], number: int) -> str:
    return next((as_bytes(value).decode() for no, _, value in fields if no == number), "")


def _message(fields: list[Field], number: int) -> bytes:
    return next((as_bytes(value) for no, _, value in fields if no == number), b"")


_READERS = {CONST: _const, IDENT: _ident, SELECT: _select, CALL: _call, LIST: _list, STRUCT: _struct, LOOP: _loop}
