"""Read a condition as rows, if its shapes are those that rows can write."""

from policies.engine.conditions import tree
from policies.engine.conditions.cel import ConditionFault
from policies.engine.conditions.tree import Call, Const, Expression, Has, ListOf, Path
from policies.lab.builder.rows import MAX_ROWS, Comparison, Group, Row, Scalar, is_name, normal, number
from policies.lab.builder.writer import written

_SIGNS = {
    "_==_": Comparison.IS,
    "_!=_": Comparison.IS_NOT,
    "_>_": Comparison.ABOVE,
    "_>=_": Comparison.AT_LEAST,
    "_<_": Comparison.BELOW,
    "_<=_": Comparison.AT_MOST,
}
# What a comparison becomes when its sides change places.
_TURNED = {"_>_": "_<_", "_<_": "_>_", "_>=_": "_<=_", "_<=_": "_>=_"}
_METHODS = {"contains": Comparison.CONTAINS, "startsWith": Comparison.STARTS, "endsWith": Comparison.ENDS}
_OPPOSITES = {
    Comparison.GIVEN: Comparison.MISSING,
    Comparison.CONTAINS: Comparison.LACKS,
    Comparison.ONE_OF: Comparison.NONE_OF,
    Comparison.INCLUDES: Comparison.EXCLUDES,
    Comparison.IS: Comparison.IS_NOT,
}
_LOGIC = {"_&&_": False, "_||_": True}


def read(text: str) -> Group | None:
    """Return a condition as rows in their normal form, or None if rows cannot say the same.

    A text with a comment stays text, because rows would lose the comment.
    """
    if not text.strip() or "//" in text:
        return None
    try:
        found = _group(tree.of(text))
        rows = None if found is None else normal(found)
        is_fit = rows is not None and _count(rows) <= MAX_ROWS and _depth(rows) <= 2 and _same(rows)
    except ConditionFault:
        return None
    return rows if is_fit else None


def _same(rows: Group) -> bool:
    """Whether what the rows write reads back the same: the last check before a form stands for a text."""
    found = _group(tree.of(written(rows)))
    return found is not None and normal(found) == rows


def _group(expression: Expression) -> Group | None:
    if not isinstance(expression, Call) or expression.function not in _LOGIC:
        row = _row(expression)
        return None if row is None else Group(False, (row,))
    items: list[Row | Group] = []
    for operand in expression.operands:
        found = _group(operand)
        if found is None:
            return None
        items.append(found)
    return Group(_LOGIC[expression.function], tuple(items))


def _row(expression: Expression) -> Row | None:
    if isinstance(expression, Path):
        return _about(expression, Comparison.IS, True) if expression.name in _TRUTHS else None
    if isinstance(expression, Has):
        return _about(expression.path, Comparison.GIVEN)
    if not isinstance(expression, Call):
        return None
    if expression.function == "!_":
        return _negated(expression.operands[0])
    if expression.function == "@in":
        return _contained(*expression.operands)
    if expression.function in _METHODS and len(expression.operands) == 2:
        path, value = expression.operands
        text = value.value if isinstance(value, Const) else None
        return _about(path, _METHODS[expression.function], text) if isinstance(text, str) else None
    return _compared(expression) if expression.function in _SIGNS else None


# Inputs that are true or false, and so conditions of their own.
_TRUTHS = frozenset({"external", "first_for_subject"})


def _negated(expression: Expression) -> Row | None:
    if isinstance(expression, Path):
        return _about(expression, Comparison.IS, False) if expression.name in _TRUTHS else None
    row = _row(expression)
    if row is None or row.comparison not in _OPPOSITES:
        return None
    return Row(row.field, _OPPOSITES[row.comparison], row.values)


def _contained(value: Expression, listed: Expression) -> Row | None:
    if isinstance(value, Path) and isinstance(listed, ListOf):
        texts = [item.value for item in listed.items if isinstance(item, Const) and isinstance(item.value, str)]
        is_plain = texts and len(texts) == len(listed.items)
        return _about(value, Comparison.ONE_OF, *texts) if is_plain else None
    if not isinstance(value, Const) or not isinstance(value.value, str) or not isinstance(listed, Path):
        return None
    if listed == Path("known"):
        return Row(value.value, Comparison.GIVEN) if is_name(value.value) else None
    return _about(listed, Comparison.INCLUDES, value.value)


def _compared(call: Call) -> Row | None:
    (left, right), function = call.operands, call.function
    if isinstance(left, Const):
        left, right, function = right, left, _TURNED.get(function, function)
    if not isinstance(right, Const):
        return None
    if isinstance(left, Call) and left.function == "size" and isinstance(left.operands[0], Path):
        sizes = {"_==_": Comparison.EMPTY, "_>_": Comparison.FILLED}
        is_zero = right.value == 0 and not isinstance(right.value, bool) and function in sizes
        return _about(left.operands[0], sizes[function]) if is_zero else None
    value = _scalar(right.value)
    if value is None or not isinstance(left, Path):
        return None
    return _about(left, _SIGNS[function], value)


def _about(path: Expression, comparison: Comparison, *values: Scalar) -> Row | None:
    if not isinstance(path, Path) or not all(isinstance(key, str) for key in path.keys):
        return None
    return Row(path.name, comparison, values) if is_name(path.name) else None


def _scalar(value: object) -> Scalar | None:
    if isinstance(value, bool | str):
        return value
    return number(value) if isinstance(value, int | float) else None


def _count(group: Group) -> int:
    return sum(_count(item) if isinstance(item, Group) else 1 for item in group.items)


def _depth(group: Group) -> int:
    return 1 + max((_depth(item) for item in group.items if isinstance(item, Group)), default=0)
