"""The CEL that rows write."""

from policies.engine.inputs import usual, windows
from policies.lab.builder.rows import LISTED, Comparison, Group, Row, Scalar, atoms, normal

_WITH_PARTS = frozenset({"payload", "fetched", "history"})
_DECIMALS = frozenset({"amount", "amount_base", "confidence", usual.RATIO, *windows.SUMS})
_SIGNS = {
    Comparison.IS: "==",
    Comparison.IS_NOT: "!=",
    Comparison.ABOVE: ">",
    Comparison.AT_LEAST: ">=",
    Comparison.BELOW: "<",
    Comparison.AT_MOST: "<=",
}
_METHODS = {
    Comparison.CONTAINS: "contains",
    Comparison.LACKS: "contains",
    Comparison.STARTS: "startsWith",
    Comparison.ENDS: "endsWith",
}
_NEGATED = frozenset({Comparison.LACKS, Comparison.NONE_OF, Comparison.EXCLUDES, Comparison.MISSING})


def written(group: Group) -> str:
    """Return the condition in CEL; empty without rows."""
    return _joined(normal(group))


def _joined(group: Group) -> str:
    sign = " || " if group.is_any else " && "
    return sign.join(_part(item, group.is_any) for item in group.items)


def _part(item: Row | Group, is_any: bool) -> str:
    if isinstance(item, Group):
        return f"({_joined(item)})"
    found = [_comparison(row) for row in atoms(item)]
    text = " && ".join(found)
    return f"({text})" if is_any and len(found) > 1 else text


def _comparison(row: Row) -> str:
    text = _positive(row)
    if row.comparison not in _NEGATED:
        return text
    # A call binds tighter than its negation, and `in` does not.
    return f"!{text}" if text.endswith(")") else f"!({text})"


def _positive(row: Row) -> str:
    name, values = row.field, [literal(value, row.field) for value in row.values]
    if row.comparison in (Comparison.GIVEN, Comparison.MISSING):
        return f"has({name})" if _has_parts(name) else f"{_quoted(name)} in known"
    if row.comparison in (Comparison.EMPTY, Comparison.FILLED):
        return f"size({name}) {'==' if row.comparison is Comparison.EMPTY else '>'} 0"
    if row.comparison in LISTED:
        return f"{name} in [{', '.join(values)}]"
    if row.comparison in (Comparison.INCLUDES, Comparison.EXCLUDES):
        return f"{values[0]} in {name}"
    if row.comparison in _METHODS:
        return f"{name}.{_METHODS[row.comparison]}({values[0]})"
    return f"{name} {_SIGNS[row.comparison]} {values[0]}"


def _has_parts(name: str) -> bool:
    return name.partition(".")[0] in _WITH_PARTS and "." in name


def literal(value: Scalar, field: str = "") -> str:
    """Return a value as CEL writes it; fields with decimals are compared with decimals."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    return repr(float(value)) if field in _DECIMALS else repr(value)


def _quoted(text: str) -> str:
    return f"'{''.join(map(_escaped, text))}'"


def _escaped(char: str) -> str:
    if char in "\\'":
        return f"\\{char}"
    return char if char.isprintable() else f"\\U{ord(char):08x}"
